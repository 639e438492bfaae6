#include "ingest/lines.h"

#include <stdint.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/sql.h"
#include "base/table.h"
#include "base/text.h"
#include "ingest/meter.h"

static const char *const kind_names[] = {"other",  "usage",    "discounted",   "covered", "negation", "flat_rate",
                                         "ri_fee", "plan_fee", "plan_upfront", "fee",     "discount", "refund"};

static long long kind_number(const char *name) {
    for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
        if (text_equal(kind_names[i], name)) return (long long)i;
    return LINE_OTHER;
}

/* The rows of `table` (three text columns) as VALUES of (?, ?, ?, …) made by `write`, in batches that the parser likes. */
typedef void (*WriteRow)(Sql *sql, Arena *arena, const Table *table, size_t row, void *context);

static bool insert_rows(Arena *arena, DuckSession *session, const char *into, const Table *table, WriteRow write, void *context,
                        Err *err) {
    for (size_t row = 0; row < table->row_count;) {
        Arena *batch = arena_make();
        Sql *sql = sql_make(batch);
        sql_add(sql, "INSERT INTO %I VALUES ", into);
        sql_list_start(sql);
        for (size_t i = 0; i < SQL_INSERT_ROWS && row < table->row_count; i++, row++) {
            sql_list_next(sql, ", ");
            write(sql, batch, table, row, context);
        }
        bool inserted = duck_run(session, sql_text(sql), err);
        arena_free(batch);
        if (!inserted) return false;
    }
    (void)arena;
    return true;
}

static void add_text(Sql *sql, const char *text) {
    if (text)
        sql_add(sql, "%S", text);
    else
        sql_add(sql, "NULL");
}

static void write_meter(Sql *sql, Arena *arena, const Table *table, size_t row, void *context) {
    const char *code = table_cell(table, row, 0), *usage_type = table_cell(table, row, 1);
    Meter meter = meter_of(arena, context, code, usage_type);
    sql_add(sql, "(%S, %S, ", code, usage_type);
    add_text(sql, *meter.meter ? meter.meter : NULL);
    sql_add(sql, ", ");
    add_text(sql, meter.instance_type);
    sql_add(sql, ", ");
    add_text(sql, meter.volume_type);
    sql_add(sql, ")");
}

static bool make_meters(Arena *arena, DuckSession *session, Err *err) {
    Table *table = NULL;
    if (!duck_run(
            session,
            "CREATE OR REPLACE TEMP TABLE meters (code VARCHAR, usage_type VARCHAR, meter VARCHAR, meter_instance VARCHAR, "
            "volume_type VARCHAR)",
            err))
        return false;
    if (!duck_rows(arena, session, "SELECT DISTINCT coalesce(code, ''), coalesce(usage_type, '') FROM probe ORDER BY ALL",
                   &table, err))
        return false;
    const Knowledge *prefixes = knowledge_table(arena, "region_prefixes.tsv");
    void *context = (void *)(uintptr_t)prefixes;
    return insert_rows(arena, session, "meters", table, write_meter, context, err);
}

/* A table of knowledge as a temporary table of texts. */
static bool make_knowledge(Arena *arena, DuckSession *session, const char *name, const Knowledge *table,
                           const char *const *columns, size_t count, Err *err) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "CREATE OR REPLACE TEMP TABLE %I AS SELECT * FROM (VALUES ", name);
    for (size_t row = 0; row < table->row_count; row++) {
        sql_add(sql, row ? ", (" : "(");
        for (size_t i = 0; i < count; i++) {
            const char *field = knowledge_field(table, row, columns[i]);
            if (text_equal(columns[i], "kind"))
                sql_add(sql, i ? ", %d" : "%d", kind_number(field));
            else
                sql_add(sql, i ? ", %S" : "%S", field);
        }
        sql_add(sql, ")");
    }
    sql_add(sql, ") AS k(");
    for (size_t i = 0; i < count; i++) sql_add(sql, i ? ", %I" : "%I", columns[i]);
    sql_add(sql, ")");
    return duck_run(session, sql_text(sql), err);
}

static bool make_known(Arena *arena, DuckSession *session, Err *err) {
    static const char *const type_columns[] = {"type", "kind", "charge_category", "charge_frequency"};
    static const char *const service_columns[] = {"code", "name", "category", "provider"};
    return make_knowledge(arena, session, "known_types", knowledge_table(arena, "line_item_types.tsv"), type_columns, 4, err) &&
           make_knowledge(arena, session, "known_services", knowledge_table(arena, "services.tsv"), service_columns, 4, err);
}

/* The name of a service is a function of its code, so that grouping by either gives the same groups. */
static const char *const make_services =
    "CREATE OR REPLACE TEMP TABLE service_names AS "
    "WITH printed AS (SELECT coalesce(code, '') AS code, first(name ORDER BY n DESC, name) FILTER (name IS NOT NULL) AS name "
    "FROM "
    "(SELECT code, name, sum(row_count) AS n FROM probe GROUP BY ALL) GROUP BY ALL) "
    "SELECT p.code, coalesce(k.name, p.name, nullif(p.code, '')) AS service, nullif(coalesce(k.category, ''), '') AS category "
    "FROM printed p LEFT JOIN (SELECT * FROM known_services WHERE provider = 'AWS' AND code <> '') k ON k.code = p.code";

static const char *const make_lines =
    "CREATE OR REPLACE TEMP TABLE lines AS SELECT c.code, c.usage_type, c.type, n.service, n.category AS service_category, "
    "coalesce(k.charge_category, 'Adjustment') AS charge_category, k.charge_frequency, CAST(coalesce(k.kind, 0) AS TINYINT) AS "
    "kind, "
    "m.meter, m.meter_instance, m.volume_type FROM "
    "(SELECT DISTINCT coalesce(code, '') AS code, coalesce(usage_type, '') AS usage_type, coalesce(type, '') AS type FROM "
    "probe) c "
    "JOIN service_names n ON n.code = c.code JOIN meters m ON m.code = c.code AND m.usage_type = c.usage_type "
    "LEFT JOIN known_types k ON k.type = c.type";

static bool tell_unknown(Arena *arena, DuckSession *session, const char ***odd, size_t *odd_count, Err *err) {
    Table *table = NULL;
    if (!duck_rows(
            arena, session,
            "SELECT coalesce(type, '(empty)'), sum(row_count) FROM probe LEFT JOIN known_types k USING (type) WHERE k.kind IS "
            "NULL GROUP BY 1 ORDER BY 1",
            &table, err))
        return false;
    *odd = arena_array(arena, table->row_count + 1, sizeof **odd);
    *odd_count = 0;
    for (size_t i = 0; i < table->row_count; i++)
        (*odd)[(*odd_count)++] = arena_printf(
            arena, "%s lines have the unknown line item type %s: counted in every total, with charge category Adjustment",
            table_cell(table, i, 1), text_printable(arena, table_cell(table, i, 0)));
    return true;
}

bool lines_make(Arena *arena, DuckSession *session, bool has_types, const char ***odd, size_t *odd_count, Err *err) {
    *odd = NULL;
    *odd_count = 0;
    if (!make_known(arena, session, err)) return false;
    if (!has_types && !duck_run(session, "UPDATE probe SET type = 'Usage'", err)) return false;
    if (!make_meters(arena, session, err) || !duck_run(session, make_services, err) || !duck_run(session, make_lines, err))
        return false;
    return !has_types || tell_unknown(arena, session, odd, odd_count, err);
}

const char *lines_join(Arena *arena, bool has_code, bool has_usage_type, bool has_type) {
    return sql_format(arena, " LEFT JOIN lines AS l ON l.code = %R AND l.usage_type = %R AND l.type = %R",
                      has_code ? "coalesce(t.\"x_ServiceCode\", '')" : "''",
                      has_usage_type ? "coalesce(t.\"x_UsageType\", '')" : "''",
                      has_type ? "coalesce(t.\"x_LineItemType\", '')" : "'Usage'");
}
