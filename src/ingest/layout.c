/* ingest/layout.c: reads folder names; opens nothing. */
#include "ingest/layout.h"

#include <string.h>

#include "base/text.h"

static bool are_digits(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
    }
    return true;
}

static const char *month_text(Arena *arena, const char *year, const char *month) {
    int number = (month[0] - '0') * 10 + (month[1] - '0');
    if (number < 1 || number > 12) return NULL;
    return arena_printf(arena, "%.4s-%.2s", year, month);
}

/* "20260901-20261001" is the billing period that begins on 1 September. */
static const char *legacy_period(Arena *arena, const char *part) {
    if (strlen(part) != 17 || part[8] != '-' || !are_digits(part, 8) || !are_digits(part + 9, 8)) return NULL;
    return month_text(arena, part, part + 4);
}

static const char *export_period(Arena *arena, const char *part) {
    static const char prefix[] = "billing_period=";
    if (!text_starts_fold(part, prefix)) return NULL;
    const char *value = part + sizeof prefix - 1;
    if (strlen(value) < 7 || !are_digits(value, 4) || value[4] != '-' || !are_digits(value + 5, 2)) return NULL;
    if (value[7] && value[7] != '-') return NULL;
    return month_text(arena, value, value + 5);
}

/* "year=2026" followed by "month=9" or "month=09". */
static const char *partition_period(Arena *arena, const char *year, const char *month) {
    if (!text_starts_fold(year, "year=") || !text_starts_fold(month, "month=")) return NULL;
    year += 5;
    month += 6;
    size_t digits = strlen(month);
    if (strlen(year) != 4 || !are_digits(year, 4) || digits < 1 || digits > 2 || !are_digits(month, digits)) return NULL;
    char two[3] = {'0', month[0], 0};
    if (digits == 2) memcpy(two, month, 2);
    return month_text(arena, year, two);
}

/* "team=payments": a folder of a partitioned table, which divides its rows and is no version of them. */
static bool is_partition(const char *part) {
    const char *sign = strchr(part, '=');
    return sign && sign > part;
}

/* A number of one or two digits, at least 1 and at most `most`. */
static bool is_number_to(const char *part, int most) {
    size_t size = strlen(part);
    if (size < 1 || size > 2 || !are_digits(part, size)) return false;
    int number = size == 1 ? part[0] - '0' : (part[0] - '0') * 10 + (part[1] - '0');
    return number >= 1 && number <= most;
}

static bool is_year(const char *part) {
    return strlen(part) == 4 && are_digits(part, 4) && (text_starts(part, "19") || text_starts(part, "20"));
}

/* The number of parts before the folders that only divide a loose table: "team=x", "2026/07", "2026/07/31". */
static size_t undivided(const char *const *parts, size_t count) {
    for (;;) {
        if (count >= 1 && is_partition(parts[count - 1])) {
            count -= 1;
        } else if (count >= 2 && is_year(parts[count - 2]) && is_number_to(parts[count - 1], 12)) {
            count -= 2;
        } else if (count >= 3 && is_year(parts[count - 3]) && is_number_to(parts[count - 2], 12) &&
                   is_number_to(parts[count - 1], 31)) {
            count -= 3;
        } else {
            return count;
        }
    }
}

static char *join_parts(Arena *arena, const char *const *parts, size_t from, size_t to) {
    Buffer out = {.arena = arena};
    for (size_t i = from; i < to; i++) {
        if (i > from) buffer_add_char(&out, '/');
        buffer_add(&out, parts[i]);
    }
    return arena_text(arena, buffer_text(&out));
}

/* What lies between a period's folder and the file, without partitions. */
static const char *version_of(Arena *arena, const char *const *parts, size_t from, size_t to) {
    Buffer out = {.arena = arena};
    for (size_t i = from; i < to; i++) {
        if (is_partition(parts[i])) continue;
        if (out.size > 0) buffer_add_char(&out, '/');
        buffer_add(&out, parts[i]);
    }
    return arena_text(arena, buffer_text(&out));
}

/* The folder made of the first `count` parts: "/" for an absolute path of none, "." for a relative one. */
static const char *folder_of_parts(Arena *arena, const char *const *parts, size_t count) {
    if (count == 0) return ".";
    const char *folder = join_parts(arena, parts, 0, count);
    return folder[0] ? folder : "/";
}

void layout_of(Arena *arena, const char *path, Layout *out) {
    size_t count = 0;
    const char **parts = text_split(arena, path, '/', &count);
    size_t file = count - 1; /* the last part is the file's own name */
    size_t root = file;
    size_t below = file; /* first part after the period */
    *out = (Layout){.kind = LAYOUT_LOOSE, .version = ""};
    for (size_t i = file; i-- > 0 && out->kind == LAYOUT_LOOSE;) {
        const char *period = NULL;
        if ((period = export_period(arena, parts[i]))) {
            out->kind = LAYOUT_EXPORT;
            out->metadata = i > 0 && text_equal(parts[i - 1], "metadata");
            root = i > 0 && (out->metadata || text_equal(parts[i - 1], "data")) ? i - 1 : i;
        } else if ((period = legacy_period(arena, parts[i]))) {
            out->kind = LAYOUT_LEGACY;
            root = i;
        } else if (i > 0 && i + 1 == file && (period = partition_period(arena, parts[i - 1], parts[i]))) {
            out->kind = LAYOUT_PARTITIONED;
            root = i - 1;
        }
        out->period = period;
        below = i + 1;
    }
    if (out->kind == LAYOUT_LOOSE) root = undivided(parts, root);
    if (out->kind != LAYOUT_LOOSE) out->version = version_of(arena, parts, below, file);
    out->root = folder_of_parts(arena, parts, root);
    out->report = root > 0 ? parts[root - 1] : "";
}
