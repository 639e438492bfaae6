/* The head of any file either is refused with a sentence or gives columns whose keys are there and all different. The first byte of the
 * input says whether the file ends with it. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/csv_sniff.h"
#include "ingest/recognise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int compare_keys(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_keys(Arena *arena, const SourceColumn *columns, size_t count) {
    const char **keys = arena_array(arena, count + 1, sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        assert(columns[i].key && columns[i].key[0]);
        keys[i] = text_lower(arena, columns[i].key);
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) assert(strcmp(keys[i - 1], keys[i]) != 0);
}

static void recognise(Arena *arena, const CsvShape *shape) {
    static Recogniser *recogniser; /* its tables do not change */
    static Arena *forever;
    if (!recogniser) {
        forever = arena_make();
        recogniser = recogniser_make(forever);
    }
    SourceColumn *columns = arena_array(arena, shape->column_count + 1, sizeof *columns);
    for (size_t i = 0; i < shape->column_count; i++) columns[i] = (SourceColumn){.name = shape->names[i], .type = "VARCHAR"};
    SourceFormat format;
    const char *version = NULL;
    recognise_columns(arena, recogniser, columns, shape->column_count, &format, &version);
    assert(version && (format == FORMAT_FOCUS) == (version[0] != 0));
    check_keys(arena, columns, shape->column_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    Arena *arena = arena_make();
    CsvShape shape;
    Err err = {0};
    if (csv_sniff(arena, (const char *)data + 1, size - 1, data[0] & 1, "bill.csv", &shape, &err)) {
        assert(shape.column_count > 0 && strchr(",;\t|\x01", shape.delimiter));
        recognise(arena, &shape);
    } else {
        assert((err.kind == ERR_INPUT || err.kind == ERR_LIMIT) && strstr(err.message, "bill.csv"));
    }
    arena_free(arena);
    return 0;
}
