#include "investigate/features.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/knowledge.h"
#include "base/sql.h"
#include "base/text.h"

/* Kept relations carry this and the number of the run before their name: no table of a user's goes by it, nor one of a run at the
 * same time. */
#define KEPT_NAME "x_feature_%llu_%s"

/* Tables of tables/ that rules may read as they stand. */
static const char *const knowledge_relations[] = {"rates", "instance_family", "region_prefixes"};
enum { KNOWLEDGE_RELATIONS = sizeof knowledge_relations / sizeof *knowledge_relations, BASE_RELATIONS = 4 };

typedef enum { RELATION_BASE, RELATION_KNOWLEDGE, RELATION_FEATURE } RelationKind;

typedef struct {
    const char *name;
    RelationKind kind;
    const char *sql; /* of base relations: a SELECT; of features: what is embedded */
    const Feature *feature;
    const char *kept; /* table that holds its rows, NULL before it was made */
} Relation;

struct Features {
    Arena *arena;
    Desk desk; /* with a guard of our own */
    const Dialect *dialect;
    RulePeriod period;
    unsigned long long run; /* in names of kept tables */
    size_t count;
    Relation *relations; /* none reads a later one */
};

/* --- The month ---------------------------------------------------------------------------------------------------------- */

static double step_hours(const Catalog *catalog) {
    if (text_equal(catalog->granularity, "daily")) return 24;
    return text_equal(catalog->granularity, "monthly") ? 730 : 1;
}

bool features_period(Arena *arena, const Catalog *catalog, const char *month, RulePeriod *out, Err *err) {
    const CatalogMonth *chosen = NULL;
    for (size_t i = 0; i < catalog->month_count; i++) {
        const CatalogMonth *one = &catalog->months[i];
        bool wanted = month ? text_equal(one->name, month) : one->start <= catalog->as_of;
        if (wanted && (month || one->complete || !chosen || !chosen->complete)) chosen = one;
    }
    if (!chosen && month)
        return err_set_code(err, ERR_INPUT, "NO_SUCH_DATA", "The data has no usage in “%.20s”; months are written like %s",
                            month, catalog->month_count ? catalog->months[catalog->month_count - 1].name : "2026-09");
    if (!chosen)
        return err_set_code(err, ERR_REFUSED, "NO_SUCH_DATA",
                            "The data has no days: an architecture is read from a bill with dates");
    const Day start = date_month(chosen->start, 0), end = date_month(chosen->start, 1);
    const char *through = catalog->data_through ? catalog->data_through : date_text(arena, catalog->last_day + 1);
    *out = (RulePeriod){.start = start,
                        .end = end,
                        .complete = chosen->complete,
                        .days = (double)(end - start),
                        .hours = (double)(end - start) * 24,
                        .data_start = arena_printf(arena, "%s 00:00:00", date_text(arena, catalog->first_day)),
                        .data_end = through,
                        .first_day = catalog->first_day,
                        .last_day = catalog->last_day,
                        .step_hours = step_hours(catalog)};
    Day through_day = DAY_NONE;
    if (date_parse(through, &through_day) && through_day < out->last_day) out->last_day = through_day;
    return true;
}

/* --- Relations ---------------------------------------------------------------------------------------------------------- */

static void add_relation(Features *features, Relation relation) {
    features->relations[features->count++] = relation;
}

static void add_base(Features *features, const BaseRelations *base) {
    add_relation(features, (Relation){.name = "period", .sql = base->period});
    add_relation(features, (Relation){.name = "line", .sql = base->line});
    add_relation(features, (Relation){.name = "line_day", .sql = base->line_day});
    add_relation(features, (Relation){.name = "fee", .sql = base->fee});
}

/* Relations whose lines another engine has put together need no bill; the guard knows all names from the beginning. */
static bool open_guard(Features *features, const Desk *desk, Err *err) {
    const char **tables = arena_array(features->arena, features->count + 2, sizeof *tables);
    size_t count = 0;
    tables[count++] = desk->catalog->dataset;
    if (desk->catalog->rollup) tables[count++] = desk->catalog->rollup;
    for (size_t i = 0; i < features->count; i++)
        if (features->relations[i].kind != RELATION_BASE)
            tables[count++] = arena_printf(features->arena, KEPT_NAME, features->run, features->relations[i].name);
    return guard_open(features->arena, tables, count, &features->desk.guard, err);
}

static void drop_kept(void *context) {
    Features *features = context;
    for (size_t i = 0; i < features->count; i++)
        if (features->relations[i].kept) engine_drop(features->desk.engine, features->relations[i].kept);
}

bool features_open(Arena *arena, const Desk *desk, const RuleBook *book, const RulePeriod *period, Features **out, Err *err) {
    Features *features = arena_alloc(arena, sizeof *features);
    BaseRelations base = {0};
    features->arena = arena;
    features->desk = *desk;
    features->period = *period;
    features->run = engine_number(desk->engine);
    arena_on_free(arena, drop_kept, features);
    features->relations =
        arena_array(arena, BASE_RELATIONS + KNOWLEDGE_RELATIONS + book->feature_count, sizeof *features->relations);
    if (!dialect_find(arena, "duckdb", &features->dialect, err)) return false;
    if (!relations_of_bill(arena, desk->catalog, period, &base, err)) return false;
    add_base(features, &base);
    for (size_t i = 0; i < KNOWLEDGE_RELATIONS; i++)
        add_relation(features, (Relation){.name = knowledge_relations[i], .kind = RELATION_KNOWLEDGE});
    for (size_t i = 0; i < book->feature_count; i++)
        add_relation(features, (Relation){.name = book->features[i].name,
                                          .kind = RELATION_FEATURE,
                                          .sql = book->features[i].sql,
                                          .feature = &book->features[i]});
    *out = features;
    return open_guard(features, desk, err);
}

/* A table of tables/ as a SELECT: "-" is NULL, columns that hold nothing but numbers are numbers. */
static const char *knowledge_select(Arena *arena, const char *name) {
    const Knowledge *table = knowledge_table(arena, arena_printf(arena, "%s.tsv", name));
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ");
    sql_list_start(sql);
    for (size_t c = 0; c < table->column_count; c++) {
        bool numbers = true;
        Decimal ignored = {0};
        for (size_t row = 0; row < table->row_count; row++) {
            const char *field = table->fields[row * table->column_count + c];
            numbers &= !*field || decimal_parse(field, &ignored);
        }
        sql_list_next(sql, ", ");
        if (numbers)
            sql_add(sql, "CAST(%I AS DOUBLE) AS %I", table->names[c], table->names[c]);
        else
            sql_add(sql, "%I", table->names[c]);
    }
    sql_add(sql, " FROM (VALUES ");
    sql_list_start(sql);
    for (size_t row = 0; row < table->row_count; row++) {
        sql_list_next(sql, ", ");
        for (size_t c = 0; c < table->column_count; c++) {
            const char *field = table->fields[row * table->column_count + c];
            sql_add(sql, c ? ", " : "(");
            if (*field)
                sql_add(sql, "%S", field);
            else
                sql_add(sql, "NULL");
        }
        sql_add(sql, ")");
    }
    sql_add(sql, ") AS t(");
    sql_list_start(sql);
    for (size_t c = 0; c < table->column_count; c++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "%I", table->names[c]);
    }
    sql_add(sql, ")");
    return sql_text(sql);
}

bool feature_sql(Arena *arena, const Feature *feature, const RulePeriod *period, const Dialect *dialect, const char **out,
                 Err *err) {
    const RuleParameter constants[] = {
        {.name = "start_day", .sql = sql_format(arena, "DATE %S", date_text(arena, period->start))},
        {.name = "end_day", .sql = sql_format(arena, "DATE %S", date_text(arena, period->end))},
        {.name = "data_end", .sql = sql_format(arena, "TIMESTAMP %S", period->data_end)},
    };
    const size_t own = feature->parameter_count, count = own + sizeof constants / sizeof *constants;
    RuleParameter *parameters = arena_array(arena, count, sizeof *parameters);
    if (own) memcpy(parameters, feature->parameters, own * sizeof *parameters);
    memcpy(parameters + own, constants, sizeof constants);
    return rule_sql(arena, feature->file, feature->sql, parameters, count, dialect, out, err);
}

static bool make(Arena *arena, Features *features, size_t index, Err *err);

/* The statement with the relations that it names before it, each a name for the table kept or its own SELECT. */
static bool wrap(Arena *arena, Features *features, const char *statement, size_t before, const char **out, Err *err) {
    Sql *sql = sql_make(arena);
    size_t named = 0;
    bool *used = arena_array(arena, before, sizeof *used);
    for (size_t i = 0; i < before; i++) used[i] = rule_sql_names(statement, features->relations[i].name);
    for (size_t i = 0; i < before; i++) {
        const Relation *relation = &features->relations[i];
        if (!used[i]) continue;
        if (relation->kind != RELATION_BASE && !make(arena, features, i, err)) return false;
        sql_add(sql, named++ ? ",\n%I AS (" : "WITH %I AS (", relation->name);
        if (relation->kind == RELATION_BASE)
            sql_add(sql, "%R)", relation->sql);
        else
            sql_add(sql, "SELECT * FROM %I)", relation->kept);
    }
    sql_add(sql, "%RSELECT * FROM (\n%R\n) AS answer", named ? "\n" : "", statement);
    *out = sql_text(sql);
    return *out || err_set(err, ERR_INTERNAL, "A statement over features could not be written");
}

/* Why a feature has no rows here: its columns stay, so that rules that read it still run. */
static bool lacks(Arena *arena, const Features *features, const Relation *relation) {
    return relation->feature && features_missing(arena, features, &relation->feature->needs).count > 0;
}

static bool make(Arena *arena, Features *features, size_t index, Err *err) {
    Relation *relation = &features->relations[index];
    const char *sql = NULL, *name = arena_printf(features->arena, KEPT_NAME, features->run, relation->name);
    const Cleared *cleared = NULL;
    const EngineLimits limits = {.stop = features->desk.stop};
    if (relation->kept) return true;
    if (relation->kind == RELATION_KNOWLEDGE) {
        sql = knowledge_select(arena, relation->name);
    } else {
        if (!feature_sql(arena, relation->feature, &features->period, features->dialect, &sql, err)) return false;
        if (!wrap(arena, features, sql, index, &sql, err)) return false;
        if (lacks(arena, features, relation)) sql = sql_format(arena, "SELECT * FROM (%R) AS nothing WHERE FALSE", sql);
    }
    if (!sql) return err_set(err, ERR_INTERNAL, "The relation %s could not be written", relation->name);
    Err failure = {0};
    if (!guard_clear(arena, features->desk.guard, sql, strlen(sql), GUARD_COMPILED, &cleared, &failure) ||
        !engine_keep(arena, features->desk.engine, name, cleared, &limits, &failure))
        return err_set_code(err, failure.kind, failure.code, "The relation %s: %s", relation->name, failure.message);
    relation->kept = name;
    return true;
}

bool features_prepare(Arena *arena, Features *features, const char *sql, Err *err) {
    const char *ignored = NULL;
    return wrap(arena, features, sql, features->count, &ignored, err);
}

bool features_share(Arena *arena, const Features *features, Features **out, Err *err) {
    Features *shared = arena_alloc(arena, sizeof *shared);
    *shared = *features;
    shared->arena = arena;
    *out = shared;
    return open_guard(shared, &features->desk, err);
}

bool features_query(Arena *arena, Features *features, const char *sql, Table **out, Err *err) {
    const char *statement = NULL;
    return wrap(arena, features, sql, features->count, &statement, err) &&
           desk_run(arena, &features->desk, statement, FEATURE_ROWS, out, err);
}

/* --- What rules need ----------------------------------------------------------------------------------------------------- */

static bool has_column(const Catalog *catalog, const char *name) {
    const CatalogColumn *column = catalog_column(catalog, name);
    return column && column->missing < catalog->row_count;
}

static const char *missing(Arena *arena, const Features *features, const char *need) {
    const Catalog *catalog = features->desk.catalog;
    const RulePeriod *period = &features->period;
    if (text_equal(need, "hourly")) return period->step_hours > 1 ? "hourly lines" : NULL;
    if (text_equal(need, "daily")) return period->step_hours > 24 ? "daily lines" : NULL;
    if (text_starts(need, "history ")) {
        long days = strtol(need + strlen("history "), NULL, 10), have = period->last_day - period->first_day + 1;
        return have < days ? arena_printf(arena, "%ld days of data (there are %ld)", days, have) : NULL;
    }
    return has_column(catalog, need) ? NULL : arena_printf(arena, "the column %s", need);
}

RuleTexts features_missing(Arena *arena, const Features *features, const RuleTexts *needs) {
    RuleTexts out = {.items = arena_array(arena, needs->count + 1, sizeof *out.items)};
    for (size_t i = 0; i < needs->count; i++) {
        const char *text = missing(arena, features, needs->items[i]);
        if (text) out.items[out.count++] = text;
    }
    return out;
}
