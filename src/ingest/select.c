/* ingest/select.c: which files of an export count. AWS keeps old versions beside new ones where it is told to, and reading both
 * multiplies the bill; so each billing period of an export is read from one manifest or, without one, from its newest version. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/found.h"
#include "io/file.h"

/* A manifest among others of the same export and billing period. */
typedef struct {
    FoundManifest *manifest;
    const char *period;
    size_t depth;     /* of its path: the one at the top of a period names the version that counts */
    const char *time; /* of the version whose folder it lies in, NULL when that does not say */
} Candidate;

typedef struct {
    const char *name; /* the file's own name */
    FoundFile *file;
} NameEntry;

static size_t count_slashes(const char *path) {
    size_t count = 0;
    for (; *path; path++) count += *path == '/';
    return count;
}

static int compare_text(const char *a, const char *b) {
    if (!a || !b) return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_numbers(long long a, long long b) {
    return a < b ? -1 : a > b;
}

/* Manifests of one export and period are neighbours, the one that counts first. */
static int compare_group(const Candidate *left, const Candidate *right) {
    int order = strcmp(left->manifest->layout.root, right->manifest->layout.root);
    if (order == 0) order = compare_text(left->period, right->period);
    if (order == 0) order = strcmp(left->manifest->content.report, right->manifest->content.report);
    return order;
}

/* The time with which the folder of a version begins, as 14 digits: "2026-10-12T09:00:00.000Z-…" (Data Exports), "202610120900/…" (Azure);
 * NULL for other names. */
static const char *version_time(Arena *arena, const char *version) {
    char digits[] = "00000000000000";
    size_t count = 0;
    bool marked = false; /* with a T between date and time no number can be meant by chance */
    const char *c = version;
    for (; *c && count < 14; c++) {
        if (*c >= '0' && *c <= '9') {
            digits[count++] = *c;
        } else if (*c == 'T' && count == 8) {
            marked = true;
        } else if (!strchr("-:", *c)) {
            break;
        }
    }
    bool plain = (count == 12 || count == 14) && strspn(version, "0123456789") == count && text_starts(version, "20");
    return plain || (marked && count == 14) ? arena_text(arena, digits) : NULL;
}

static int compare_candidates(const void *a, const void *b) {
    const Candidate *left = a;
    const Candidate *right = b;
    int order = compare_group(left, right);
    if (order == 0) order = compare_numbers((long long)left->depth, (long long)right->depth);
    if (order == 0 && left->time && right->time) order = strcmp(right->time, left->time);
    if (order == 0) order = compare_numbers(right->manifest->modified_ns, left->manifest->modified_ns);
    return order != 0 ? order : strcmp(right->manifest->logical, left->manifest->logical);
}

/* The period by the manifest's folder, by its own word, or by the paths that it names. */
static const char *manifest_period(Arena *arena, const FoundManifest *manifest) {
    if (manifest->layout.period) return manifest->layout.period;
    if (manifest->content.period) return manifest->content.period;
    if (manifest->content.key_count == 0) return NULL;
    Layout layout;
    layout_of(arena, manifest->content.keys[0], &layout);
    return layout.period;
}

static int compare_name_entries(const void *a, const void *b) {
    const NameEntry *left = a;
    const NameEntry *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : strcmp(left->file->logical, right->file->logical);
}

static NameEntry *index_names(const Found *found) {
    NameEntry *entries = arena_array(found->arena, found->file_count + 1, sizeof *entries);
    for (size_t i = 0; i < found->file_count; i++)
        entries[i] = (NameEntry){file_name(found->files[i].logical), &found->files[i]};
    qsort(entries, found->file_count, sizeof *entries, compare_name_entries);
    return entries;
}

/* How many parts two paths have in common from their ends. "BILLING_PERIOD=2026-09" and "billing_period=2026-09" are the same. */
static size_t common_parts(const char *path, const char *key) {
    const char *path_end = path + strlen(path);
    const char *key_end = key + strlen(key);
    size_t count = 0;
    while (path_end > path && key_end > key) {
        const char *path_part = path_end;
        const char *key_part = key_end;
        while (path_part > path && path_part[-1] != '/') path_part--;
        while (key_part > key && key_part[-1] != '/') key_part--;
        size_t size = (size_t)(key_end - key_part);
        bool partition = memchr(key_part, '=', size) != NULL;
        if ((size_t)(path_end - path_part) != size) break;
        if (partition ? strncasecmp(path_part, key_part, size) != 0 : memcmp(path_part, key_part, size) != 0) break;
        count++;
        path_end = path_part > path ? path_part - 1 : path;
        key_end = key_part > key ? key_part - 1 : key;
    }
    return count;
}

static bool is_inside(const char *path, const char *folder) {
    size_t size = strlen(folder);
    return strncmp(path, folder, size) == 0 && (path[size] == '/' || text_equal(folder, "/"));
}

/* How well a file fits a key: 0 = it is another one. A file in a version's folder must agree on that folder, else the same name in an old
 * version would do; a file whose folders say nothing of periods (a flat copy) may agree in its name alone, near the manifest. */
static size_t fit(const FoundFile *file, const Candidate *candidate, const char *key, const Layout *key_layout) {
    size_t parts = common_parts(file->logical, key);
    bool near = is_inside(file->logical, candidate->manifest->layout.root);
    const char *period = key_layout->period ? key_layout->period : candidate->period;
    if (parts == 0 || file->layout.metadata) return 0;
    if (file->layout.kind != LAYOUT_LOOSE) {
        if (period && !text_equal(file->layout.period, period)) return 0;
        if (key_layout->kind != LAYOUT_LOOSE && !text_equal(file->layout.version, key_layout->version)) return 0;
    }
    if (!near && parts < 3) return 0;
    return parts + (near ? 1000 : 0);
}

static FoundFile *find_key(const Found *found, const NameEntry *names, const Candidate *candidate, const char *key) {
    Layout layout;
    layout_of(found->arena, key, &layout);
    const char *name = file_name(key);
    size_t low = 0;
    for (size_t high = found->file_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    FoundFile *best = NULL;
    size_t best_fit = 0;
    for (size_t i = low; i < found->file_count && text_equal(names[i].name, name); i++) {
        size_t value = fit(names[i].file, candidate, key, &layout);
        if (value > best_fit) {
            best_fit = value;
            best = names[i].file;
        }
    }
    return best;
}

static bool has_files_of(const Found *found, const Candidate *candidate) {
    for (size_t i = 0; i < found->file_count; i++) {
        const FoundFile *file = &found->files[i];
        if (!is_inside(file->logical, candidate->manifest->layout.root)) continue;
        if (file->layout.kind == LAYOUT_LOOSE || text_equal(file->layout.period, candidate->period)) return true;
    }
    return false;
}

static void note_missing(Found *found, const Candidate *candidate, size_t matched, const char *first_missing) {
    const FoundManifest *manifest = candidate->manifest;
    size_t count = manifest->content.key_count;
    const char *key = text_printable(found->arena, first_missing);
    const char *period = candidate->period ? candidate->period : "its period";
    if (matched > 0) {
        found_note(found, "%s names %zu files of which %zu are not there (first: %s): what is read of %s is incomplete.",
                   manifest->shown, count, count - matched, key, period);
    } else if (has_files_of(found, candidate)) {
        found_note(found, "%s names %zu file%s not there (first: %s): what is there was read instead.", manifest->shown, count,
                   count == 1 ? " that is" : "s that are", key);
    } else {
        found_note(found, "%s names %zu file%s not there (first: %s): nothing was read of %s.", manifest->shown, count,
                   count == 1 ? " that is" : "s that are", key, period);
    }
}

/* A report that was switched to another way of delivery leaves its old files where its manifests are. */
static void supersede(Found *found, const Candidate *candidate) {
    const Layout *place = &candidate->manifest->layout;
    if (place->kind == LAYOUT_LOOSE) return;
    for (size_t i = 0; i < found->file_count; i++) {
        FoundFile *file = &found->files[i];
        if (file->claimed || file->layout.kind == LAYOUT_LOOSE || !text_equal(file->layout.root, place->root)) continue;
        if (text_equal(file->layout.period, place->period)) file->superseded = true;
    }
}

static void claim_files(Found *found, const NameEntry *names, const Candidate *candidate) {
    const FoundManifest *manifest = candidate->manifest;
    size_t matched = 0;
    const char *first_missing = NULL;
    for (size_t i = 0; i < manifest->content.key_count; i++) {
        FoundFile *file = find_key(found, names, candidate, manifest->content.keys[i]);
        if (!file) {
            if (!first_missing) first_missing = manifest->content.keys[i];
            continue;
        }
        matched++;
        if (file->claimed) continue; /* by another copy of this manifest */
        file->claimed = true;
        if (manifest->content.report[0]) file->report = manifest->content.report;
        if (manifest->content.version[0]) file->version = manifest->content.version;
        if (!file->layout.period) file->layout.period = candidate->period;
    }
    if (matched > 0) supersede(found, candidate);
    if (first_missing && !(manifest->beside && matched == 0)) note_missing(found, candidate, matched, first_missing);
}

static void follow_manifests(Found *found) {
    Candidate *candidates = arena_array(found->arena, found->manifest_count + 1, sizeof *candidates);
    NameEntry *names = index_names(found);
    for (size_t i = 0; i < found->manifest_count; i++) {
        FoundManifest *manifest = &found->manifests[i];
        candidates[i] = (Candidate){manifest, manifest_period(found->arena, manifest), count_slashes(manifest->logical),
                                    version_time(found->arena, manifest->layout.version)};
    }
    qsort(candidates, found->manifest_count, sizeof *candidates, compare_candidates);
    for (size_t i = 0; i < found->manifest_count; i++) {
        if (i > 0 && compare_group(&candidates[i - 1], &candidates[i]) == 0) continue;
        claim_files(found, names, &candidates[i]);
    }
}

/* Files of one version of one period: files[from] to files[to - 1] of the sorted list. */
typedef struct {
    size_t from, to;
    const char *version;
    const char *time;
    long long modified_ns;
} Version;

static int compare_placed(const void *a, const void *b) {
    const FoundFile *left = *(FoundFile *const *)a;
    const FoundFile *right = *(FoundFile *const *)b;
    int order = strcmp(left->layout.root, right->layout.root);
    if (order == 0) order = strcmp(left->layout.period, right->layout.period);
    if (order == 0) order = strcmp(left->layout.version, right->layout.version);
    return order != 0 ? order : strcmp(left->logical, right->logical);
}

static Version read_version(Arena *arena, FoundFile **files, size_t from, size_t end) {
    Version version = {from, from, files[from]->layout.version, version_time(arena, files[from]->layout.version), 0};
    for (; version.to < end && text_equal(files[version.to]->layout.version, version.version); version.to++) {
        if (files[version.to]->modified_ns > version.modified_ns) version.modified_ns = files[version.to]->modified_ns;
    }
    return version;
}

static bool is_newer(const Version *a, const Version *b) {
    int order = a->time && b->time ? strcmp(a->time, b->time) : 0;
    if (order == 0) order = compare_numbers(a->modified_ns, b->modified_ns);
    return (order != 0 ? order : strcmp(a->version, b->version)) > 0;
}

static const char *version_shown(Arena *arena, const char *version) {
    return *version ? text_printable(arena, version) : "the files directly in its folder";
}

/* No manifest speaks of these files: the newest version of the period counts. */
static void keep_newest(Found *found, FoundFile **files, size_t from, size_t to) {
    Arena *arena = found->arena;
    Version newest = read_version(arena, files, from, to);
    Buffer older = {.arena = arena};
    size_t count = 1;
    for (size_t at = newest.to; at < to; count++) {
        Version next = read_version(arena, files, at, to);
        at = next.to;
        const Version *loser = is_newer(&next, &newest) ? &newest : &next;
        if (older.size > 0) buffer_add(&older, ", ");
        if (count <= 5) buffer_add(&older, version_shown(arena, loser->version));
        if (count == 6) buffer_add(&older, "…");
        if (loser == &newest) newest = next;
    }
    if (count == 1) return;
    for (size_t i = from; i < to; i++) files[i]->passed_over = i < newest.from || i >= newest.to;
    found_note(found, "%s %s has no manifest and %zu versions: the newest, %s, was read; passed over: %s.",
               text_printable(arena, files[from]->report), files[from]->layout.period, count,
               version_shown(arena, newest.version), buffer_text(&older));
}

static void settle_period(Found *found, FoundFile **files, size_t from, size_t to) {
    size_t claimed = 0;
    const FoundFile *example = files[from];
    size_t superseded = 0;
    for (size_t i = from; i < to; i++) {
        claimed += files[i]->claimed;
        superseded += files[i]->superseded;
        if (files[i]->claimed) example = files[i];
    }
    if (claimed == 0 && superseded == 0) {
        keep_newest(found, files, from, to);
        return;
    }
    for (size_t i = from; i < to; i++) files[i]->passed_over = !files[i]->claimed;
    if (claimed < to - from) {
        found_note(found, "%s %s was read as its manifest says: %zu file%s; %zu of other versions passed over.",
                   text_printable(found->arena, example->report), example->layout.period, claimed, claimed == 1 ? "" : "s",
                   to - from - claimed);
    }
}

void found_select(Found *found) {
    FoundFile **placed = arena_array(found->arena, found->file_count + 1, sizeof(FoundFile *));
    size_t count = 0;
    follow_manifests(found);
    for (size_t i = 0; i < found->file_count; i++) {
        FoundFile *file = &found->files[i];
        if (file->layout.metadata) {
            file->passed_over = true;
        } else if (file->layout.kind != LAYOUT_LOOSE) {
            placed[count++] = file;
        }
    }
    qsort(placed, count, sizeof(FoundFile *), compare_placed);
    for (size_t from = 0, to = 0; from < count; from = to) {
        const Layout *first = &placed[from]->layout;
        for (to = from + 1; to < count; to++) {
            const Layout *next = &placed[to]->layout;
            if (!text_equal(first->root, next->root) || !text_equal(first->period, next->period)) break;
        }
        settle_period(found, placed, from, to);
    }
}
