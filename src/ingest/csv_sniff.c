/* ingest/csv_sniff.c: reads the first records under each delimiter and takes the one under which they have the same number of fields.
 *
 * Quoting is RFC 4180's. Records of bills may be ragged here and there, so most of them must agree with the header, not all. */
#include "ingest/csv_sniff.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

typedef struct {
    const char *data;
    size_t size;
    bool whole;
} Bytes;

typedef struct {
    Arena *arena;
    size_t count;
    size_t room;
    const char **fields; /* NULL when only counted */
} Record;

static void record_add(Record *record, const char *text) {
    if (record->count == record->room) {
        size_t room = record->room ? record->room * 2 : 64;
        record->fields =
            arena_grow(record->arena, record->fields, record->room * sizeof *record->fields, room * sizeof *record->fields);
        record->room = room;
    }
    record->fields[record->count++] = text;
}

/* Reads a quoted field from after its opening quote; `*at` ends behind the closing one. False when the bytes end before it. */
static bool read_quoted(const Bytes *bytes, size_t *at, Buffer *field) {
    for (; *at < bytes->size; (*at)++) {
        char c = bytes->data[*at];
        if (c != '"') {
            buffer_add_char(field, c);
        } else if (*at + 1 < bytes->size && bytes->data[*at + 1] == '"') {
            buffer_add_char(field, '"');
            (*at)++;
        } else {
            (*at)++;
            return true;
        }
    }
    return false;
}

/* One record from `*at`, which moves behind its line end. False at the end of the bytes, and for a record that they cut off. */
static bool read_record(const Bytes *bytes, size_t *at, char delimiter, Record *record) {
    if (*at >= bytes->size) return false;
    record->count = 0;
    Buffer field = {.arena = record->arena};
    while (*at < bytes->size && record->count <= SOURCE_COLUMNS) {
        char c = bytes->data[*at];
        if (c == '"' && field.size == 0) {
            (*at)++;
            if (!read_quoted(bytes, at, &field)) return false;
        } else if (c == delimiter || c == '\n' || c == '\r') {
            record_add(record, arena_text(record->arena, buffer_text(&field)));
            field = (Buffer){.arena = record->arena};
            (*at)++;
            if (c == '\r' && *at < bytes->size && bytes->data[*at] == '\n') (*at)++;
            if (c != delimiter) return true;
        } else {
            buffer_add_char(&field, c);
            (*at)++;
        }
    }
    if (record->count > SOURCE_COLUMNS) return true;
    record_add(record, arena_text(record->arena, buffer_text(&field)));
    return bytes->whole;
}

static bool is_blank(const Record *record) {
    return record->count == 1 && record->fields[0][0] == 0;
}

/* What the first records look like under one delimiter. */
typedef struct {
    char delimiter;
    bool header_complete;
    size_t columns; /* of the header */
    size_t rows;    /* records read after it */
    size_t agreeing;
    size_t single; /* rows of one field */
} Trial;

static Trial try_delimiter(const Bytes *bytes, char delimiter) {
    Trial trial = {.delimiter = delimiter};
    Arena *arena = arena_make();
    Record record = {.arena = arena};
    size_t at = 0;
    if (read_record(bytes, &at, delimiter, &record)) {
        trial.header_complete = true;
        trial.columns = record.count;
        while (trial.rows < SOURCE_SNIFF_RECORDS && read_record(bytes, &at, delimiter, &record)) {
            if (is_blank(&record)) continue;
            trial.rows++;
            trial.agreeing += record.count == trial.columns;
            trial.single += record.count == 1;
        }
    }
    arena_free(arena);
    return trial;
}

static bool mostly_agrees(const Trial *trial) {
    return trial->agreeing * 2 >= trial->rows;
}

/* Agreement first, then the share that agrees, then the number of columns. */
static bool is_better(const Trial *a, const Trial *b) {
    if (mostly_agrees(a) != mostly_agrees(b)) return mostly_agrees(a);
    size_t left = a->agreeing * (b->rows ? b->rows : 1);
    size_t right = b->agreeing * (a->rows ? a->rows : 1);
    if (left != right && (left * 10 < right * 9 || right * 10 < left * 9)) return left > right;
    return a->columns > b->columns;
}

/* False when the bytes are no table under any delimiter. */
static bool choose_delimiter(const Bytes *bytes, Trial *out) {
    static const char delimiters[] = {',', ';', '\t', '|', '\x01'};
    bool found = false;
    bool all_single = true;
    Trial comma = {0};
    for (size_t i = 0; i < sizeof delimiters; i++) {
        Trial trial = try_delimiter(bytes, delimiters[i]);
        if (i == 0) comma = trial;
        if (trial.columns != 1 || trial.single != trial.rows) all_single = false;
        if (!trial.header_complete || trial.columns < 2) continue;
        if (!found || is_better(&trial, out)) *out = trial;
        found = true;
    }
    if (!found) {
        *out = comma;
        return comma.header_complete && all_single;
    }
    return mostly_agrees(out);
}

typedef enum { VALUE_EMPTY, VALUE_NUMBER, VALUE_TIME, VALUE_TEXT } ValueKind;

/* "-1.5E-6" is a number, "2026-09-01T00:00:00Z" a time; both are only told from words here. */
static ValueKind value_kind(const char *text) {
    if (!*text || text_equal(text, "\\N")) return VALUE_EMPTY;
    size_t digits = strspn(text, "0123456789");
    if (digits == 4 && text[4] == '-' && strspn(text + 5, "0123456789") == 2) return VALUE_TIME;
    char *end = NULL;
    strtod(text, &end);
    bool starts_as_number = strchr("+-.0123456789", text[0]) != NULL;
    return starts_as_number && end && *end == 0 ? VALUE_NUMBER : VALUE_TEXT;
}

/* "2026" is as good a name of a column as a number in a row. */
static bool is_year(const char *text) {
    return strlen(text) == 4 && strspn(text, "0123456789") == 4 && (text_starts(text, "19") || text_starts(text, "20"));
}

/* The first line is a row like the others when it holds numbers, times or gaps, and each of them just where the next row does. A header
 * of months ("service,2026-07,2026-08") does not: the cells below it are amounts. */
static bool first_line_is_row(const Record *first, const Record *second) {
    size_t values = 0;
    if (first->count != second->count) return false;
    for (size_t i = 0; i < first->count; i++) {
        ValueKind kind = is_year(first->fields[i]) ? VALUE_TEXT : value_kind(first->fields[i]);
        ValueKind below = value_kind(second->fields[i]);
        if (kind == VALUE_NUMBER || kind == VALUE_TIME) values++;
        if (kind == VALUE_EMPTY || below == VALUE_EMPTY) continue;
        if (kind != below) return false;
    }
    return values > 0;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name that occurs twice, or NULL. Empty names are numbered by their position and so never the same. */
static const char *find_repeated(Arena *arena, const char *const *names, size_t count) {
    const char **sorted = arena_array(arena, count + 1, sizeof *sorted);
    for (size_t i = 0; i < count; i++) sorted[i] = names[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < count; i++) {
        if (sorted[i][0] && text_equal(sorted[i], sorted[i - 1])) return sorted[i];
    }
    return NULL;
}

/* Bytes that no text file in UTF-8 holds; a character that the end of the head cuts in two is none of them. */
static bool check_encoding(const Bytes *bytes, const char *shown, Err *err) {
    const unsigned char *data = (const unsigned char *)bytes->data;
    if (bytes->size >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF))) {
        return err_set(err, ERR_INPUT, "%s is UTF-16 text: convert it with \"iconv -f UTF-16 -t UTF-8\" and give the result",
                       shown);
    }
    if (bytes->size >= 4 && ((!data[1] && !data[3]) || (!data[0] && !data[2]))) {
        return err_set(err, ERR_INPUT, "%s is UTF-16 text: convert it with \"iconv -f UTF-16LE -t UTF-8\" and give the result",
                       shown);
    }
    if (memchr(data, 0, bytes->size)) {
        return err_set(err, ERR_INPUT, "%s is neither text nor Parquet: give a CSV or Parquet file", shown);
    }
    size_t size = bytes->size;
    for (size_t cut = 0; cut < 4 && cut <= size; cut++) {
        if (text_is_utf8(bytes->data, size - cut)) return true;
        if (bytes->whole) break;
    }
    return err_set(err, ERR_INPUT,
                   "%s is not UTF-8 text: convert it, for example with \"iconv -f WINDOWS-1252 -t UTF-8\", and give the result",
                   shown);
}

static bool check_header(Arena *arena, const Bytes *bytes, const Trial *trial, const char *shown, CsvShape *out, Err *err) {
    Record first = {.arena = arena};
    Record second = {.arena = arena};
    size_t at = 0;
    read_record(bytes, &at, trial->delimiter, &first);
    if (first.count > SOURCE_COLUMNS) {
        return err_set(err, ERR_LIMIT, "%s has more than %d columns: give an export with fewer", shown, SOURCE_COLUMNS);
    }
    bool has_second = false;
    while (!has_second && read_record(bytes, &at, trial->delimiter, &second)) has_second = !is_blank(&second);
    if (!has_second && !bytes->whole) {
        return err_set(err, ERR_INPUT, "%s has a line longer than %d MiB: check its quotes", shown,
                       (int)(SOURCE_HEAD_BYTES >> 20));
    }
    if (has_second && first_line_is_row(&first, &second)) {
        return err_set(
            err, ERR_INPUT,
            "%s has no header: its first line holds values. Put a line with the column names before it, or export it again "
            "with a header or as Parquet",
            shown);
    }
    if (!has_second) {
        return err_set(err, ERR_INPUT, "%s has a header but no rows: there is nothing in it to answer questions from", shown);
    }
    const char *repeated = find_repeated(arena, first.fields, first.count);
    if (repeated) {
        return err_set(err, ERR_INPUT, "%s names the column \"%.80s\" twice: rename one of them in the header", shown,
                       text_printable(arena, repeated));
    }
    out->delimiter = trial->delimiter;
    out->column_count = first.count;
    out->names = first.fields;
    return true;
}

/* The first byte that is no white space, 0 when there is none. */
static char first_mark(const Bytes *bytes) {
    for (size_t i = 0; i < bytes->size; i++) {
        if (!strchr(" \t\r\n", bytes->data[i])) return bytes->data[i];
    }
    return 0;
}

bool csv_sniff(Arena *arena, const char *bytes, size_t size, bool whole, const char *shown, CsvShape *out, Err *err) {
    Bytes all = {bytes, size, whole};
    *out = (CsvShape){0};
    if (size == 0) return err_set(err, ERR_INPUT, "%s is empty: export it again", shown);
    if (!check_encoding(&all, shown, err)) return false;
    out->has_bom = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (out->has_bom) all = (Bytes){bytes + 3, size - 3, whole};
    char mark = first_mark(&all);
    if (mark == '{' || mark == '[') {
        return err_set(err, ERR_INPUT, "%s is JSON, not a table: give the CSV or Parquet files, or the folder of the export",
                       shown);
    }
    if (all.size > 0 && (all.data[0] == '\n' || all.data[0] == '\r')) {
        return err_set(err, ERR_INPUT, "%s begins with an empty line: delete what is above the line of column names", shown);
    }
    if (all.size > 4 && memcmp(all.data, "sep=", 4) == 0) {
        return err_set(err, ERR_INPUT, "%s begins with Excel's line \"sep=\": delete it", shown);
    }
    if (mark == '<') return err_set(err, ERR_INPUT, "%s is HTML or XML, not a table: export it as CSV or Parquet", shown);
    Trial trial = {0};
    if (!choose_delimiter(&all, &trial)) {
        if (!trial.header_complete && !whole) {
            return err_set(err, ERR_INPUT, "%s has a line longer than %d MiB: check its quotes", shown,
                           (int)(SOURCE_HEAD_BYTES >> 20));
        }
        return err_set(err, ERR_INPUT,
                       "%s is text but no table: its lines have different numbers of fields under every delimiter", shown);
    }
    return check_header(arena, &all, &trial, shown, out, err);
}
