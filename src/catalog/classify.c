#include "catalog/classify.h"

#include <ctype.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"

/* --- Words of headers ------------------------------------------------------------------------------------------------- */

static bool is_letter(char c) {
    return isalpha((unsigned char)c) != 0;
}

/* Whether a new word begins at `at` of a header: after punctuation, at a capital after a small letter, and at the last
 * capital of a run ("DBInstanceId" is db, instance, id). */
static bool begins_word(const char *text, size_t at) {
    if (!at) return true;
    char before = text[at - 1], here = text[at], after = text[at + 1];
    if (!isupper((unsigned char)here)) return false;
    return islower((unsigned char)before) || (isupper((unsigned char)before) && islower((unsigned char)after));
}

const char *classify_label(Arena *arena, const char *header) {
    Buffer out = {.arena = arena};
    bool gap = false;
    for (size_t i = 0; header[i]; i++) {
        char c = header[i];
        bool punctuation = (unsigned char)c < 0x80 && !isalnum((unsigned char)c) && c != '%';
        if (punctuation) {
            gap = true;
            continue;
        }
        if (out.size && (gap || (is_letter(c) && begins_word(header, i)))) buffer_add_char(&out, ' ');
        buffer_add_char(&out, (char)tolower((unsigned char)c));
        gap = false;
    }
    return out.size ? buffer_text(&out) : arena_text(arena, header);
}

const char *classify_plural(Arena *arena, const char *noun) {
    size_t length = strlen(noun);
    if (!length) return noun;
    char last = noun[length - 1], before = length > 1 ? noun[length - 2] : ' ';
    if (last == 'y' && !strchr("aeiou", before)) return arena_printf(arena, "%.*sies", (int)length - 1, noun);
    if (last == 's' && before != 's') return noun;
    if (strchr("sxz", last) || (last == 'h' && strchr("cs", before))) return arena_printf(arena, "%ses", noun);
    return arena_printf(arena, "%ss", noun);
}

/* What the words of one header say. */
typedef struct {
    bool cost, metric, identifier, dimension;
    bool ends_with_identifier; /* "volume id", not "id type" */
    const char *currency, *unit;
} HeaderWords;

static void read_word(Arena *arena, const Knowledge *words, const char *word, bool last, HeaderWords *out) {
    out->ends_with_identifier = false;
    for (size_t row = 0; row < words->row_count; row++) {
        if (!text_equal(knowledge_field(words, row, "word"), word)) continue;
        const char *class = knowledge_field(words, row, "class"), *unit = knowledge_field(words, row, "unit");
        if (text_equal(class, "cost")) {
            out->cost = true;
            if (*unit) out->currency = unit;
        } else if (text_equal(class, "metric")) {
            out->metric = true;
            if (*unit) out->unit = unit;
        } else if (text_equal(class, "identifier")) {
            out->identifier = true;
            out->ends_with_identifier = last;
        } else if (text_equal(class, "dimension")) {
            out->dimension = true;
        }
        return;
    }
    if ((text_equal(word, "month") || text_equal(word, "months") || text_equal(word, "mo")) && out->unit)
        out->unit = arena_printf(arena, "%s-months", out->unit);
}

static HeaderWords read_header(Arena *arena, const Knowledge *words, const char *label) {
    HeaderWords out = {0};
    size_t count = 0;
    const char **parts = text_split(arena, label, ' ', &count);
    for (size_t i = 0; i < count; i++) read_word(arena, words, parts[i], i + 1 == count, &out);
    return out;
}

bool classify_tag_header(Arena *arena, const char *header, const char **key) {
    static const char *const prefixes[] = {"resource_tags_user_",
                                           "resource_tags_aws_",
                                           "resourceTags/user:",
                                           "resourceTags/aws:",
                                           "resource_tags_",
                                           "tags.",
                                           "tags_",
                                           "tag_",
                                           "tag:",
                                           "tag.",
                                           "user:",
                                           "label_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (!text_starts_fold(header, prefixes[i]) || !header[strlen(prefixes[i])]) continue;
        *key = arena_text(arena, header + strlen(prefixes[i]));
        return true;
    }
    const Knowledge *words = knowledge_table(arena, "header_words.tsv");
    const char *whole = text_name_key(arena, header);
    for (size_t row = 0; row < words->row_count; row++) {
        if (!text_equal(knowledge_field(words, row, "class"), "tag")) continue;
        if (!text_equal(knowledge_field(words, row, "word"), whole)) continue;
        *key = arena_text(arena, header);
        return true;
    }
    return false;
}

/* --- Values ----------------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t filled;   /* rows of the sample with a value */
    size_t distinct; /* different values among them */
} SampleShape;

static SampleShape read_shape(const Table *sample, int column) {
    SampleShape shape = {0};
    if (column < 0) return shape;
    for (size_t row = 0; row < sample->row_count; row++) {
        const char *value = table_cell(sample, row, (size_t)column);
        if (text_is_empty(value)) continue;
        shape.filled++;
        bool seen = false;
        for (size_t before = 0; before < row && !seen; before++)
            seen = text_equal(table_cell(sample, before, (size_t)column), value);
        shape.distinct += !seen;
    }
    return shape;
}

/* Nine tenths of the values differ: they name things. */
static bool is_nearly_unique(SampleShape shape) {
    return shape.filled && shape.distinct * 10 >= shape.filled * 9;
}

/* --- One column ------------------------------------------------------------------------------------------------------- */

static ColumnClass number_class(const HeaderWords *words, SampleShape shape) {
    if (words->cost) return CLASS_COST;
    if (words->unit) return CLASS_METRIC;
    if (words->ends_with_identifier) return is_nearly_unique(shape) ? CLASS_IDENTIFIER : CLASS_DIMENSION;
    return words->dimension ? CLASS_DIMENSION : CLASS_METRIC;
}

static ColumnClass text_class(const HeaderWords *words, SampleShape shape) {
    bool identifier = words->ends_with_identifier || (words->identifier && !words->dimension);
    /* An account or region that differs in every row is the row's subject; with repeats it is a dimension. */
    if (identifier && is_nearly_unique(shape) && (!words->dimension || shape.filled > 3)) return CLASS_IDENTIFIER;
    return CLASS_DIMENSION;
}

/* Queries on billing data print the source's prefixes: "sum_line_item_unblended_cost" is the unblended cost, "product_region_code" the
 * region. What is left must still say something. */
static const char *short_label(Arena *arena, const char *label, ColumnClass class) {
    static const char *const prefixes[] = {"sum ", "line item ", "bill ", "product ", "pricing ", "usage "};
    const char *text = label;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (text_starts(text, prefixes[i]) && strchr(text + strlen(prefixes[i]), ' ')) text += strlen(prefixes[i]);
    if (class != CLASS_DIMENSION) return text;
    if (text_equal(text, "region code")) return "region";
    return text_ends(text, " id") ? arena_text_n(arena, text, strlen(text) - strlen(" id")) : text;
}

static void classify_column(Arena *arena, const Knowledge *words, const Table *sample, CatalogColumn *column) {
    column->label = classify_label(arena, column->name);
    column->plural = classify_plural(arena, column->label);
    HeaderWords header = read_header(arena, words, column->label);
    SampleShape shape = read_shape(sample, table_find(sample, column->name));
    const char *key = NULL;
    switch (column->type) {
    case CELL_DATE:
    case CELL_TIMESTAMP: column->class = CLASS_TIMESTAMP; break;
    case CELL_BOOLEAN: column->class = CLASS_DIMENSION; break;
    case CELL_DECIMAL:
    case CELL_INTEGER: column->class = number_class(&header, shape); break;
    case CELL_TEXT:
        column->class = text_class(&header, shape);
        if (classify_tag_header(arena, column->name, &key)) {
            column->class = CLASS_TAG;
            column->tag_key = key;
            column->label = classify_label(arena, key);
            column->plural = classify_plural(arena, column->label);
        }
        break;
    }
    if (!column->tag_key) {
        column->label = short_label(arena, column->label, column->class);
        column->plural = classify_plural(arena, column->label);
    }
    if (column->class == CLASS_COST) column->unit = header.currency;
    if (column->class == CLASS_METRIC) column->unit = header.unit;
}

bool classify_columns(Arena *arena, DuckSession *session, Catalog *catalog, Err *err) {
    Table *sample = NULL;
    const char *sql = sql_format(arena, "SELECT * FROM %I LIMIT %d", catalog->dataset, (long long)CLASSIFY_SAMPLE_ROWS);
    if (!duck_rows(arena, session, sql, &sample, err)) return false;
    const Knowledge *words = knowledge_table(arena, "header_words.tsv");
    for (size_t i = 0; i < catalog->column_count; i++) classify_column(arena, words, sample, &catalog->columns[i]);
    classify_rows(arena, catalog, sample);
    return true;
}
