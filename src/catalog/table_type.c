/* What the rows of a table are: volumes, buckets, functions. A type is recognised by an anchor (a header that only this type
 * has, or values of its shape) or by three of its supporting headers; when two services fit about equally well, none is named. */
#include <regex.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "catalog/classify.h"

/* Points of evidence, by how few other types share it: values beat headers. */
static const double POINTS_SHAPE = 4, POINTS_ANCHOR = 3, POINTS_HEADER = 1;
/* The first column of a table names its rows, where a later one may name what they belong to (a volume's instance). */
static const double POINTS_FIRST = 4;
static const double POINTS_ENOUGH = 3;
/* The best service must beat the next one by this factor, else the evidence is ambiguous. */
static const double LEAD = 1.3;

typedef struct {
    double points;
    const CatalogColumn *anchor; /* the column that names the rows */
} TypeScore;

/* Athena results put the table's prefix before a name: "line_item_resource_id", "product_instance_type". */
static const char *header_key(Arena *arena, const char *header) {
    static const char *const prefixes[] = {"lineitem", "product", "pricing", "bill"};
    const char *key = text_name_key(arena, header);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (text_starts(key, prefixes[i]) && text_starts(key + strlen(prefixes[i]), "instance"))
            return key + strlen(prefixes[i]);
    return key;
}

static bool in_list(Arena *arena, const char *list, const char *key) {
    size_t count = 0;
    const char **parts = text_split(arena, list, '|', &count);
    for (size_t i = 0; i < count; i++)
        if (*parts[i] && text_equal(parts[i], key)) return true;
    return false;
}

static void score_headers(Arena *arena, const Catalog *catalog, const Knowledge *types, TypeScore *scores) {
    for (size_t i = 0; i < catalog->column_count; i++) {
        const char *key = header_key(arena, catalog->columns[i].name);
        size_t sharing = 0;
        for (size_t row = 0; row < types->row_count; row++)
            sharing += in_list(arena, knowledge_field(types, row, "headers"), key) ||
                       in_list(arena, knowledge_field(types, row, "anchors"), key);
        for (size_t row = 0; sharing && row < types->row_count; row++) {
            if (in_list(arena, knowledge_field(types, row, "anchors"), key)) {
                scores[row].points += POINTS_ANCHOR;
                if (!scores[row].anchor) scores[row].anchor = &catalog->columns[i];
            } else if (in_list(arena, knowledge_field(types, row, "headers"), key)) {
                scores[row].points += POINTS_HEADER / (double)sharing;
            }
        }
    }
}

/* Whether at least four fifths of the column's sampled values (and at least one) fit the shape. */
static bool values_fit(const regex_t *shape, const Table *sample, int column) {
    size_t filled = 0, fitting = 0;
    for (size_t row = 0; column >= 0 && row < sample->row_count; row++) {
        const char *value = table_cell(sample, row, (size_t)column);
        if (text_is_empty(value)) continue;
        filled++;
        fitting += regexec(shape, value, 0, NULL, 0) == 0;
    }
    return fitting && fitting * 5 >= filled * 4;
}

static void score_values(Arena *arena, const Catalog *catalog, const Knowledge *types, const Table *sample, TypeScore *scores) {
    const Knowledge *shapes = knowledge_table(arena, "id_shapes.tsv");
    for (size_t s = 0; s < shapes->row_count; s++) {
        regex_t shape;
        if (regcomp(&shape, knowledge_field(shapes, s, "shape"), REG_EXTENDED | REG_NOSUB) != 0)
            continue; /* test/unit compiles them all */
        for (size_t i = 0; i < catalog->column_count; i++) {
            const CatalogColumn *column = &catalog->columns[i];
            if (column->type != CELL_TEXT || !values_fit(&shape, sample, table_find(sample, column->name))) continue;
            for (size_t row = 0; row < types->row_count; row++) {
                if (!text_equal(knowledge_field(types, row, "type"), knowledge_field(shapes, s, "type"))) continue;
                bool names_rows = column->class == CLASS_IDENTIFIER;
                scores[row].points += names_rows ? POINTS_SHAPE : POINTS_HEADER;
                if (names_rows) scores[row].anchor = column;
            }
        }
        regfree(&shape);
    }
}

/* A column of product codes or service names that holds one service says it outright. */
static const char *only_service(Arena *arena, const Catalog *catalog, const Table *sample) {
    const Knowledge *services = knowledge_table(arena, "services.tsv");
    for (size_t i = 0; i < catalog->column_count; i++) {
        const char *key = text_name_key(arena, catalog->columns[i].name);
        if (!text_ends(key, "productcode") && !text_ends(key, "servicecode") && !text_ends(key, "service") &&
            !text_ends(key, "servicename"))
            continue;
        const char *only = NULL;
        bool several = false;
        int column = table_find(sample, catalog->columns[i].name);
        for (size_t row = 0; column >= 0 && row < sample->row_count; row++) {
            const char *value = table_cell(sample, row, (size_t)column);
            if (text_is_empty(value)) continue;
            several = several || (only && !text_equal(only, value));
            only = value;
        }
        for (size_t row = 0; only && !several && row < services->row_count; row++)
            if (text_equal_fold(knowledge_field(services, row, "code"), only) ||
                text_equal_fold(knowledge_field(services, row, "name"), only))
                return knowledge_field(services, row, "name");
    }
    return NULL;
}

static const CatalogColumn *first_identifier(const Catalog *catalog) {
    for (size_t i = 0; i < catalog->column_count; i++)
        if (catalog->columns[i].class == CLASS_IDENTIFIER) return &catalog->columns[i];
    return NULL;
}

/* "volume id" names volumes, "bucket name" buckets; "id" alone says nothing. */
static const char *noun_of(Arena *arena, const char *label) {
    static const char *const endings[] = {" id", " arn", " name", " identifier", " ids", " uuid", " url"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends(label, endings[i])) {
            const char *noun = arena_text_n(arena, label, strlen(label) - strlen(endings[i]));
            return text_starts(noun, "line item ") ? noun + strlen("line item ") : noun;
        }
    return NULL;
}

void classify_rows(Arena *arena, Catalog *catalog, const Table *sample) {
    const Knowledge *types = knowledge_table(arena, "table_types.tsv");
    TypeScore *scores = arena_array(arena, types->row_count, sizeof *scores);
    score_headers(arena, catalog, types, scores);
    score_values(arena, catalog, types, sample, scores);
    for (size_t row = 0; row < types->row_count; row++)
        if (scores[row].anchor && scores[row].anchor == catalog->columns) scores[row].points += POINTS_FIRST;
    size_t best = 0;
    double next = 0;
    for (size_t row = 1; row < types->row_count; row++)
        if (scores[row].points > scores[best].points) best = row;
    const char *service = knowledge_field(types, best, "service");
    for (size_t row = 0; row < types->row_count; row++)
        if (!text_equal(knowledge_field(types, row, "service"), service))
            next = scores[row].points > next ? scores[row].points : next;
    bool recognised = scores[best].points >= POINTS_ENOUGH && scores[best].points >= LEAD * next;
    const CatalogColumn *identifier = recognised && scores[best].anchor && scores[best].anchor->class == CLASS_IDENTIFIER
                                          ? scores[best].anchor
                                          : first_identifier(catalog);
    const char *noun = identifier ? noun_of(arena, identifier->label) : NULL;
    catalog->row_identifier = identifier;
    catalog->row_label = noun ? noun : "row";
    catalog->row_plural = classify_plural(arena, catalog->row_label);
    if (recognised && (identifier == scores[best].anchor || !noun)) {
        catalog->row_label = knowledge_field(types, best, "noun");
        catalog->row_plural = knowledge_field(types, best, "plural");
    }
    const char *only = only_service(arena, catalog, sample);
    if (only)
        catalog->detected_service = only;
    else if (recognised && *service)
        catalog->detected_service = service;
}
