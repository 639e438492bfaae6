/* Concepts of tables/concepts.tsv against the data: which groups can match, and about how many lines and how much cost.
 *
 * The counts come from the value dictionaries, so that loading a catalog runs no query over lines: a clause matches the lines of its
 * values exactly, a group at most as many as its rarest clause. */
#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalog/dataset.h"

/* A dictionary in lower case, made when the first clause asks for the column. */
typedef struct {
    const char **lower;
} LowerValues;

typedef struct {
    Arena *arena;
    Catalog *catalog;
    LowerValues *lowered; /* one per column of the catalog */
} Matcher;

/* Lines that fit, and their cost; `all` = it could not be told (no dictionary): every line may. */
typedef struct {
    long long rows;
    Decimal cost;
    bool all;
} Bound;

typedef struct {
    ClauseGroup group;
    bool usable; /* the data has every column */
    Bound bound;
} Candidate;

static ClauseOp read_op(const char *name) {
    static const char *const names[] = {"in", "not_in", "contains", "starts", "ends", "empty", "not_empty"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(names[i], name)) return (ClauseOp)i;
    return CLAUSE_IN;
}

static const char *const *lower_values(const Matcher *matcher, const CatalogColumn *column) {
    LowerValues *slot = &matcher->lowered[column - matcher->catalog->columns];
    if (slot->lower) return slot->lower;
    slot->lower = arena_array(matcher->arena, column->value_count, sizeof *slot->lower);
    for (size_t i = 0; i < column->value_count; i++) slot->lower[i] = text_lower(matcher->arena, column->values[i].text);
    return slot->lower;
}

static bool value_fits(ClauseOp op, const char *value, const char *wanted) {
    switch (op) {
    case CLAUSE_IN:
    case CLAUSE_NOT_IN: return strcmp(value, wanted) == 0;
    case CLAUSE_CONTAINS: return strstr(value, wanted) != NULL;
    case CLAUSE_STARTS: return text_starts(value, wanted);
    case CLAUSE_ENDS: return text_ends(value, wanted);
    default: return false;
    }
}

static Bound bound_of_values(const Matcher *matcher, const CatalogColumn *column, const Clause *clause) {
    Bound bound = {0};
    const char *const *lower = lower_values(matcher, column);
    const char **wanted = arena_array(matcher->arena, clause->value_count, sizeof *wanted);
    for (size_t w = 0; w < clause->value_count; w++) wanted[w] = text_lower(matcher->arena, clause->values[w]);
    for (size_t i = 0; i < column->value_count; i++) {
        bool fits = false;
        for (size_t w = 0; w < clause->value_count && !fits; w++) fits = value_fits(clause->op, lower[i], wanted[w]);
        if (!fits) continue;
        bound.rows += column->values[i].row_count;
        if (!decimal_add(bound.cost, column->values[i].cost, &bound.cost)) bound.all = true;
    }
    return bound;
}

static Bound bound_of_clause(const Matcher *matcher, const Clause *clause) {
    const CatalogColumn *column = catalog_column(matcher->catalog, clause->column);
    long long filled = matcher->catalog->row_count - column->missing;
    if (clause->op == CLAUSE_EMPTY) return (Bound){.rows = column->missing, .all = column->missing > 0};
    if (clause->op == CLAUSE_NOT_EMPTY) return (Bound){.rows = filled, .all = filled > 0};
    if (!column->values_complete || !column->value_count || column->value_count > CONCEPT_VALUES)
        return (Bound){.rows = matcher->catalog->row_count, .all = true};
    Bound bound = bound_of_values(matcher, column, clause);
    if (clause->op != CLAUSE_NOT_IN) return bound;
    return (Bound){.rows = matcher->catalog->row_count - bound.rows, .all = true};
}

/* The rarest clause decides; among equals the first whose cost is known. */
static Bound bound_of_group(const Matcher *matcher, const ClauseGroup *group) {
    Bound least = {.rows = matcher->catalog->row_count, .all = true};
    for (size_t i = 0; i < group->clause_count && least.rows; i++) {
        Bound bound = bound_of_clause(matcher, &group->clauses[i]);
        if (bound.rows < least.rows || (bound.rows == least.rows && least.all)) least = bound;
    }
    return least;
}

static bool columns_have_data(const Catalog *catalog, const ClauseGroup *group) {
    for (size_t i = 0; i < group->clause_count; i++) {
        const CatalogColumn *column = catalog_column(catalog, group->clauses[i].column);
        if (!column || !dataset_has_data(catalog, column)) return false;
    }
    return group->clause_count > 0;
}

/* --- Reading one concept ---------------------------------------------------------------------------------------------- */

/* The rows [first, end) of the table that describe one concept. */
typedef struct {
    const Knowledge *table;
    size_t first, end;
} ConceptRows;

static Clause read_clause(Arena *arena, const Knowledge *table, size_t row) {
    Clause clause = {.column = knowledge_field(table, row, "column"), .op = read_op(knowledge_field(table, row, "op"))};
    const char *values = knowledge_field(table, row, "values");
    if (*values) clause.values = text_split(arena, values, '|', &clause.value_count);
    return clause;
}

static ClauseGroup read_group(Arena *arena, ConceptRows rows, const char *name) {
    /* One more: foreign lines, of providers without line item types, are told apart by that. */
    ClauseGroup group = {.clauses = arena_array(arena, rows.end - rows.first + 1, sizeof *group.clauses)};
    for (size_t row = rows.first; row < rows.end; row++) {
        const char *of = knowledge_field(rows.table, row, "group");
        if (text_equal(of, name) || text_equal(of, "*"))
            group.clauses[group.clause_count++] = read_clause(arena, rows.table, row);
    }
    return group;
}

/* Candidates of the groups whose names begin with 'f' (fallback) or do not. Bounds are computed for the usable ones. */
static Candidate *read_candidates(const Matcher *matcher, ConceptRows rows, bool fallback, size_t *count) {
    Candidate *candidates = arena_array(matcher->arena, rows.end - rows.first, sizeof *candidates);
    const char *last = "*";
    for (size_t row = rows.first; row < rows.end; row++) {
        const char *name = knowledge_field(rows.table, row, "group");
        if (text_equal(name, "*") || text_equal(name, last)) continue;
        last = name;
        if ((*name == 'f') != fallback) continue;
        Candidate *candidate = &candidates[(*count)++];
        candidate->group = read_group(matcher->arena, rows, name);
        candidate->usable = columns_have_data(matcher->catalog, &candidate->group);
        if (candidate->usable) candidate->bound = bound_of_group(matcher, &candidate->group);
    }
    return candidates;
}

/* Takes the usable groups that can match; when none can, all usable ones, so that a question about nothing is still valid. */
static void take_groups(Arena *arena, const Catalog *catalog, Concept *concept, const Candidate *candidates, size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++) any = any || (candidates[i].usable && candidates[i].bound.rows);
    concept->groups = arena_array(arena, count, sizeof *concept->groups);
    for (size_t i = 0; i < count; i++) {
        if (!candidates[i].usable || (any && !candidates[i].bound.rows)) continue;
        concept->groups[concept->group_count++] = candidates[i].group;
        /* Groups may name the same lines twice (a meter and its family): the dearest stands for all. */
        if (decimal_compare(candidates[i].bound.cost, concept->cost) > 0 || !concept->row_count)
        concept->cost = candidates[i].bound.cost;
        concept->row_count += candidates[i].bound.rows;
    }
    if (concept->row_count > catalog->row_count) concept->row_count = catalog->row_count;
    concept->available = concept->group_count > 0;
}

/* An AWS bill beside exports of other providers: their lines have no line item type, and are found the way FOCUS describes them. */
static void add_foreign_lines(const Matcher *matcher, ConceptRows rows, Concept *concept) {
    const CatalogColumn *type = catalog_column(matcher->catalog, "x_LineItemType");
    if (!type || type->missing == 0) return;
    size_t count = 0;
    Candidate *foreign = read_candidates(matcher, rows, true, &count);
    ClauseGroup *groups = arena_array(matcher->arena, concept->group_count + count, sizeof *groups);
    memcpy(groups, concept->groups, concept->group_count * sizeof *groups);
    for (size_t i = 0; i < count; i++) {
        if (!foreign[i].usable || !foreign[i].bound.rows) continue;
        ClauseGroup *group = &groups[concept->group_count++];
        *group = foreign[i].group;
        group->clauses[group->clause_count++] = (Clause){.column = "x_LineItemType", .op = CLAUSE_EMPTY};
        concept->row_count += foreign[i].bound.rows < type->missing ? foreign[i].bound.rows : type->missing;
    }
    concept->groups = groups;
}

static Concept read_concept(const Matcher *matcher, ConceptRows rows) {
    const char *words = knowledge_field(rows.table, rows.first, "words"),
               *measure = knowledge_field(rows.table, rows.first, "measure");
    Concept concept = {.id = knowledge_field(rows.table, rows.first, "id"),
                       .label = knowledge_field(rows.table, rows.first, "label"),
                       .measure = *measure ? measure : NULL};
    if (*words) concept.words = text_split(matcher->arena, words, '|', &concept.word_count);
    size_t main_count = 0, fallback_count = 0;
    const Candidate *main_groups = read_candidates(matcher, rows, false, &main_count);
    take_groups(matcher->arena, matcher->catalog, &concept, main_groups, main_count);
    /* On a bill with AWS's line item types the meters are known: what they do not show is not there, and a description that happens
     * to fit would be another thing's. */
    bool has_meters = dataset_has_data(matcher->catalog, catalog_column(matcher->catalog, "x_LineItemType"));
    if (has_meters && concept.available) add_foreign_lines(matcher, rows, &concept);
    if (concept.available && (concept.row_count || has_meters)) return concept;
    const Candidate *fallbacks = read_candidates(matcher, rows, true, &fallback_count);
    Concept fallback = {.id = concept.id,
                        .label = concept.label,
                        .measure = concept.measure,
                        .words = concept.words,
                        .word_count = concept.word_count};
    take_groups(matcher->arena, matcher->catalog, &fallback, fallbacks, fallback_count);
    return fallback.available && (fallback.row_count || !concept.available) ? fallback : concept;
}

/* "tagged": any tag key has a value. Made from the tag columns of the data, which no table can know. */
static Concept make_tagged(Arena *arena, const Catalog *catalog) {
    Concept concept = {.id = "tagged", .label = "tagged"};
    concept.groups = arena_array(arena, catalog->column_count, sizeof *concept.groups);
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class != CLASS_TAG || !dataset_has_data(catalog, column)) continue;
        ClauseGroup *group = &concept.groups[concept.group_count++];
        group->clauses = arena_array(arena, 2, sizeof *group->clauses);
        group->clauses[group->clause_count++] = (Clause){.column = column->name, .op = CLAUSE_NOT_EMPTY};
        static const char *usage[] = {"Usage"};
        group->clauses[group->clause_count++] =
            (Clause){.column = "ChargeCategory", .op = CLAUSE_IN, .values = usage, .value_count = 1};
        concept.row_count += catalog->row_count - column->missing;
    }
    if (concept.row_count > catalog->row_count) concept.row_count = catalog->row_count;
    concept.available = concept.group_count > 0;
    return concept;
}

void dataset_concepts(Arena *arena, Catalog *catalog) {
    if (!catalog->is_bill) return;
    const Knowledge *table = knowledge_table(arena, "concepts.tsv");
    Matcher matcher = {
        .arena = arena, .catalog = catalog, .lowered = arena_array(arena, catalog->column_count, sizeof(LowerValues))};
    catalog->concepts = arena_array(arena, table->row_count + 1, sizeof *catalog->concepts);
    for (size_t first = 0; first < table->row_count;) {
        size_t end = first + 1;
        while (end < table->row_count && text_equal(knowledge_field(table, end, "id"), knowledge_field(table, first, "id")))
            end++;
        catalog->concepts[catalog->concept_count++] = read_concept(&matcher, (ConceptRows){table, first, end});
        first = end;
    }
    catalog->concepts[catalog->concept_count++] = make_tagged(arena, catalog);
}
