/* Names and values that do not exist, with the nearest that do. */
#include <string.h>

#include "base/text.h"
#include "question/check.h"

/* At most this many names are suggested, and only such as a slip of the pen could have meant. */
enum { NEAREST = 3 };

typedef struct {
    const char *names[NEAREST];
    unsigned distances[NEAREST];
    size_t count;
} Nearest;

static void offer(Arena *arena, Nearest *nearest, const char *wanted, const char *name) {
    const char *left = text_name_key(arena, wanted), *right = text_name_key(arena, name);
    const unsigned ceiling = (unsigned)(strlen(left) / 3) + 1;
    unsigned distance = text_distance(left, right, ceiling);
    if (distance > ceiling && strlen(left) >= 3 && strstr(right, left)) distance = ceiling;
    if (distance > ceiling) return;
    size_t at = nearest->count < NEAREST ? nearest->count++ : NEAREST;
    for (; at > 0 && nearest->distances[at - 1] > distance; at--) {
        if (at == NEAREST) continue;
        nearest->names[at] = nearest->names[at - 1];
        nearest->distances[at] = nearest->distances[at - 1];
    }
    if (at == NEAREST) return;
    nearest->names[at] = name;
    nearest->distances[at] = distance;
}

static const char *listed(Arena *arena, const Nearest *nearest, const char *before, const char *otherwise) {
    if (!nearest->count) return otherwise;
    Buffer out = {.arena = arena};
    buffer_add(&out, before);
    for (size_t i = 0; i < nearest->count; i++)
        buffer_printf(&out, "%s%s", i ? (i + 1 == nearest->count ? " or " : ", ") : "",
                      text_printable(arena, nearest->names[i]));
    return buffer_text(&out);
}

bool check_no_measure(Arena *arena, const Catalog *catalog, const char *name, Err *err) {
    Nearest nearest = {0};
    Buffer all = {.arena = arena};
    size_t shown = 0;
    for (size_t i = 0; i < catalog->measure_count; i++) {
        const Measure *measure = &catalog->measures[i];
        if (!measure->available || measure->internal) continue;
        offer(arena, &nearest, name, measure->name);
        offer(arena, &nearest, name, measure->label);
        if (shown++ < 8) buffer_printf(&all, "%s%s", shown > 1 ? ", " : "", measure->name);
    }
    const char *instead = arena_printf(arena, "; there are %s", buffer_text(&all));
    return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "There is no measure \"%s\"%s", text_printable(arena, name),
                        listed(arena, &nearest, "; did you mean ", instead));
}

bool check_column(Arena *arena, const Catalog *catalog, const char *name, Err *err) {
    if (name && catalog_column(catalog, name)) return true;
    if (!name) return err_set_code(err, ERR_REFUSED, "UNSUPPORTED_SHAPE", "The plan leaves out the name of a column");
    Nearest nearest = {0};
    Buffer tags = {.arena = arena};
    size_t shown = 0;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        offer(arena, &nearest, name, column->name);
        if (column->class == CLASS_TAG && shown++ < 10) buffer_printf(&tags, "%s%s", shown > 1 ? ", " : "", column->label);
    }
    const char *instead = "";
    if (text_starts(name, "tag_"))
        instead = shown ? arena_printf(arena, "; the tag keys of this data are: %s", buffer_text(&tags))
                        : "; this data has no tag keys";
    return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA", "This data has no column \"%s\"%s", text_printable(arena, name),
                        listed(arena, &nearest, "; did you mean ", instead));
}

bool check_value(Arena *arena, const CatalogColumn *column, const char *value, Err *err) {
    if (column->type != CELL_TEXT || column->class == CLASS_IDENTIFIER || !column->values_complete || !column->value_count)
        return true;
    for (size_t i = 0; i < column->value_count; i++)
        if (text_equal(column->values[i].text, value)) return true;
    Nearest nearest = {0};
    for (size_t i = 0; i < column->value_count; i++) offer(arena, &nearest, value, column->values[i].text);
    Nearest biggest = {0}; /* dictionaries have the highest cost first */
    for (size_t i = 0; i < column->value_count && i < NEAREST; i++) biggest.names[biggest.count++] = column->values[i].text;
    const char *instead = listed(arena, &biggest, "; the biggest are ", "");
    return err_set_code(err, ERR_REFUSED, "UNKNOWN_VALUE", "No %s is called \"%s\" in this data%s", column->label,
                        text_printable(arena, value), listed(arena, &nearest, "; the closest are ", instead));
}

bool check_no_lines(Arena *arena, const Catalog *catalog, const Concept *concept, Err *err) {
    Nearest nearest = {0};
    const char *first = arena_text_n(arena, concept->label, strcspn(concept->label, " "));
    for (size_t i = 0; i < catalog->concept_count; i++) {
        const Concept *other = &catalog->concepts[i];
        if (!other->available || other->row_count == 0 || other->word_count == 0) continue;
        /* "EBS volumes" is nearer to "EBS snapshots" than any word of the same length. */
        const bool kin = strlen(first) >= 3 && text_starts(other->label, first);
        offer(arena, &nearest, kin ? other->label : concept->label, other->label);
    }
    return err_set_code(err, ERR_REFUSED, "UNKNOWN_VALUE", "There are no lines of %s in this data%s", concept->label,
                        listed(arena, &nearest, "; the closest are ", ""));
}
