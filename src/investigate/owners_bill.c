#include "investigate/owners_bill.h"

#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "base/text.h"
#include "investigate/owners_extract.h"
#include "investigate/owners_names.h"

static const double month_days = 30.4375;

/* The columns of the statement, in order; labels follow. owners_extract.c gives the same, with all tags in one column of JSON. */
enum {
    AT_ID,
    AT_ACCOUNT,
    AT_ACCOUNT_NAME,
    AT_REGION,
    AT_ZONE,
    AT_SERVICE,
    AT_INSTANCE,
    AT_NAME,
    AT_PARENT,
    AT_USAGE_TYPE,
    AT_FIRST,
    AT_LAST,
    AT_LEAST_HOUR,
    AT_MOST_HOUR,
    AT_COST,
    AT_OWNER_LEAST,
    AT_OWNER_MOST,
    AT_TAGGED_COST,
    AT_QUARTER,
    AT_WEEKEND = AT_QUARTER + 4,
    AT_USAGE,
    AT_LABELS
};

static bool is_wanted(Arena *arena, const CatalogColumn *column, const char *key) {
    return column->class == CLASS_TAG && column->tag_key && text_starts(column->name, "tag_") &&
           text_equal(text_name_key(arena, column->tag_key), text_name_key(arena, key));
}

/* What people call owners, the likeliest first. */
static const char *usual_tag(Arena *arena, const Catalog *catalog) {
    static const char *const keys[] = {"team",        "owner",         "project",    "application", "app",  "service",
                                       "cost-center", "business-unit", "department", "product",     "name", "workload"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        for (size_t i = 0; i < catalog->column_count; i++)
            if (is_wanted(arena, &catalog->columns[i], keys[k])) return catalog->columns[i].tag_key;
    return NULL;
}

static const char *list_keys(Arena *arena, const Catalog *catalog) {
    Buffer out = {.arena = arena};
    size_t count = 0;
    for (size_t i = 0; i < catalog->column_count && count < OWNERS_KEYS_NAMED; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (column->class != CLASS_TAG || !text_starts(column->name, "tag_") || text_starts(column->name, "tag_aws_")) continue;
        buffer_printf(&out, "%s%s", count++ ? ", " : "", text_printable(arena, column->tag_key));
    }
    return count ? buffer_text(&out) : NULL;
}

static bool choose_tag(Arena *arena, const Catalog *catalog, const char *tag, OwnersBill *out, Err *err) {
    const char *keys = list_keys(arena, catalog);
    long long lines = -1;
    if (!catalog->is_bill || !catalog_column(catalog, "ResourceId") || !catalog->has_resources)
        return err_set_code(
            err, ERR_REFUSED, "NO_RESOURCES",
            "This data names no resources, so there is nothing to find owners of: an export with resource ids has them");
    if (!keys)
        return err_set_code(err, ERR_REFUSED, "NO_TAGS",
                            "This bill has no tags to learn owners from: activate cost allocation tags in the billing console");
    out->tag = tag ? tag : usual_tag(arena, catalog);
    if (!out->tag)
        return err_set_code(err, ERR_REFUSED, "UNKNOWN_TAG", "Which tag names the owner? Say --tag KEY; this bill has %s",
                            keys);
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        if (!is_wanted(arena, column, out->tag)) continue;
        out->column_count++;
        if (catalog->row_count - column->missing > lines) tag = column->tag_key;
        if (catalog->row_count - column->missing > lines) lines = catalog->row_count - column->missing;
    }
    if (!out->column_count)
        return err_set_code(err, ERR_REFUSED, "UNKNOWN_TAG", "This bill has no tag “%.80s”; it has %s",
                            text_printable(arena, out->tag), keys);
    out->tag = tag;
    if (lines <= 0)
        return err_set_code(err, ERR_REFUSED, "EMPTY_TAG",
                            "No line of this bill carries the tag “%.80s”, so nothing can be learned",
                            text_printable(arena, out->tag));
    return true;
}

static LabelClass label_class(const char *column) {
    if (text_starts(column, "costcategory_")) return LABEL_CATEGORY;
    if (text_starts(column, "tag_aws_created")) return LABEL_CREATOR;
    return text_starts(column, "tag_aws_") ? LABEL_SYSTEM : LABEL_TAG;
}

/* The tags beside the wanted one, the most filled first when there are too many. Names are read as names, not as labels. */
static void choose_labels(Arena *arena, OwnersBill *out) {
    const Catalog *catalog = out->catalog;
    const CatalogColumn **chosen = arena_array(arena, catalog->column_count + 1, sizeof(const CatalogColumn *));
    size_t count = 0;
    for (size_t i = 0; i < catalog->column_count; i++) {
        const CatalogColumn *column = &catalog->columns[i];
        bool label = text_starts(column->name, "tag_") || text_starts(column->name, "costcategory_");
        if (!label || column->class != CLASS_TAG || is_wanted(arena, column, out->tag)) continue;
        if (column->missing >= catalog->row_count || text_equal(column->name, "tag_name")) continue;
        size_t at = count < OWNERS_LABELS ? count++ : OWNERS_LABELS;
        for (; at > 0 && chosen[at - 1]->missing > column->missing; at--)
            if (at < OWNERS_LABELS) chosen[at] = chosen[at - 1];
        if (at < OWNERS_LABELS) chosen[at] = column;
    }
    out->labels = arena_array(arena, count + 1, sizeof *out->labels);
    for (size_t i = 0; i < count; i++)
        out->labels[out->label_count++] = (OwnersLabel){
            chosen[i]->name, chosen[i]->tag_key ? chosen[i]->tag_key : chosen[i]->name, label_class(chosen[i]->name)};
}

/* --- the statement --- */

/* max(column), or NULL where the bill has none. */
static void add_text(Sql *sql, const Catalog *catalog, const char *function, const char *column) {
    if (catalog_column(catalog, column))
        sql_add(sql, ", %R(nullif(%I, ''))", function, column);
    else
        sql_add(sql, ", CAST(NULL AS VARCHAR)");
}

/* The wanted tag of a line: the first of its spellings that says something. */
static const char *wanted_value(Arena *arena, const OwnersBill *bill) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "coalesce(");
    size_t count = 0;
    for (size_t i = 0; i < bill->catalog->column_count; i++) {
        const CatalogColumn *column = &bill->catalog->columns[i];
        if (is_wanted(arena, column, bill->tag))
            sql_add(sql, count++ ? ", nullif(trim(%I), '')" : "nullif(trim(%I), '')", column->name);
    }
    sql_add(sql, ")");
    return sql_text(sql);
}

static const char *cost_column(const Catalog *catalog) {
    return catalog_column(catalog, "EffectiveCost") ? "EffectiveCost" : "BilledCost";
}

/* Lines that say when a resource ran: usage of at most a day. Where a bill has no categories or ends of periods, all do. */
static const char *metered(Arena *arena, const Catalog *catalog) {
    Sql *sql = sql_make(arena);
    sql_add(sql, "TRUE");
    if (catalog_column(catalog, "ChargeCategory")) sql_add(sql, " AND ChargeCategory = 'Usage'");
    if (catalog_column(catalog, "ChargePeriodEnd"))
        sql_add(sql, " AND coalesce(ChargePeriodEnd <= ChargePeriodStart + INTERVAL 1 DAY, TRUE)");
    return sql_text(sql);
}

static const char *statement(Arena *arena, const OwnersBill *bill) {
    const Catalog *catalog = bill->catalog;
    const char *cost = cost_column(catalog), *when = metered(arena, catalog);
    const char *usage = catalog_column(catalog, "ChargeCategory") ? "ChargeCategory = 'Usage'" : "TRUE";
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ResourceId");
    add_text(sql, catalog, "max", "SubAccountId");
    add_text(sql, catalog, "max", "SubAccountName");
    add_text(sql, catalog, "max", "RegionId");
    add_text(sql, catalog, "max", "AvailabilityZone");
    add_text(sql, catalog, "max", "x_ServiceCode");
    add_text(sql, catalog, "max", "x_InstanceType");
    add_text(sql, catalog, "max", catalog_column(catalog, "tag_name") ? "tag_name" : "ResourceName");
    add_text(sql, catalog, "max", "x_ParentResourceId");
    add_text(sql, catalog, "max", "x_UsageType");
    sql_add(sql, ",\n  min(hour), max(hour), min(hour %% 24), max(hour %% 24), sum(%I)", cost);
    sql_add(sql, ",\n  min(wanted), max(wanted), sum(%I) FILTER (wanted IS NOT NULL)", cost);
    for (long long quarter = 0; quarter < 4; quarter++) sql_add(sql, ", count(*) FILTER (hour %% 24 // 6 = %d)", quarter);
    sql_add(sql, ", count(*) FILTER ((hour // 24 + 3) %% 7 >= 5), count(hour)");
    for (size_t i = 0; i < bill->label_count; i++) sql_add(sql, ", max(nullif(%I, ''))", bill->labels[i].column);
    sql_add(
        sql,
        " FROM (SELECT *, %R AS wanted, CASE WHEN %R THEN epoch_us(ChargePeriodStart) // 3600000000 END AS hour\n  FROM %I"
        " WHERE ResourceId IS NOT NULL AND ResourceId <> '')\nGROUP BY ResourceId HAVING count_if(%R) > 0 ORDER BY ResourceId",
        wanted_value(arena, bill), when, catalog->dataset, usage);
    return sql_text(sql);
}

/* --- what it gives --- */

static const char *cell_text(const Table *table, size_t row, size_t column) {
    const char *cell = table_cell(table, row, column);
    return cell ? cell : "";
}

static long cell_hour(const Table *table, size_t row, size_t column) {
    const char *cell = table_cell(table, row, column);
    return cell ? strtol(cell, NULL, 10) : HOUR_NONE;
}

static void read_profile(const Table *table, size_t row, OwnersResource *out) {
    double hours = desk_double(table, row, AT_USAGE);
    if (hours <= 0) return;
    for (size_t quarter = 0; quarter < 4; quarter++)
        out->share_of_day[quarter] = desk_double(table, row, AT_QUARTER + quarter) / hours;
    out->weekend = desk_double(table, row, AT_WEEKEND) / hours;
}

static void read_resource(Arena *arena, const OwnersBill *bill, const Table *table, size_t row, OwnersResource *out) {
    *out = (OwnersResource){.id = cell_text(table, row, AT_ID),
                            .account = cell_text(table, row, AT_ACCOUNT),
                            .account_name = cell_text(table, row, AT_ACCOUNT_NAME),
                            .region = cell_text(table, row, AT_REGION),
                            .zone = cell_text(table, row, AT_ZONE),
                            .service = cell_text(table, row, AT_SERVICE),
                            .instance_type = cell_text(table, row, AT_INSTANCE),
                            .name = cell_text(table, row, AT_NAME),
                            .parent = cell_text(table, row, AT_PARENT),
                            .usage_type = cell_text(table, row, AT_USAGE_TYPE),
                            .first_hour = cell_hour(table, row, AT_FIRST),
                            .last_hour = cell_hour(table, row, AT_LAST),
                            .owner_text = table_cell(table, row, AT_OWNER_MOST),
                            .owner = OWNER_NONE,
                            .cost = desk_decimal(table, row, AT_COST),
                            .tagged_cost = desk_decimal(table, row, AT_TAGGED_COST),
                            .labels = arena_array(arena, bill->label_count + 1, sizeof(const char *))};
    out->once_a_day = text_equal(table_cell(table, row, AT_LEAST_HOUR), table_cell(table, row, AT_MOST_HOUR)) &&
                      out->last_hour - out->first_hour >= HOURS_OF_DAY;
    const char *other = table_cell(table, row, AT_OWNER_LEAST);
    out->retagged = !text_equal(other, out->owner_text) && other && out->owner_text &&
                    !text_equal(text_name_key(arena, other), text_name_key(arena, out->owner_text));
    out->kind = owners_kind(arena, out->id, out->service);
    read_profile(table, row, out);
    for (size_t i = 0; i < bill->label_count; i++) out->labels[i] = table_cell(table, row, AT_LABELS + i);
}

/* A resource whose tag changed is owned by the latest value. Only then the values are read with their hours. */
static bool read_latest(Arena *arena, const Desk *desk, OwnersBill *bill, Err *err) {
    Table *table = NULL;
    size_t at = 0;
    const char *value = wanted_value(arena, bill);
    for (size_t i = 0; i < bill->resource_count; i++) bill->retagged_count += bill->resources[i].retagged;
    if (!bill->retagged_count) return true;
    const char *sql =
        sql_format(arena,
                   "SELECT id, value FROM (SELECT id, value, row_number() OVER (PARTITION BY id ORDER BY last DESC, lines"
                   " DESC, value) AS place, count(*) OVER (PARTITION BY id) AS many FROM (SELECT ResourceId AS id, %R AS"
                   " value, max(ChargePeriodStart) AS last, count(*) AS lines FROM %I WHERE ResourceId <> '' AND %R IS"
                   " NOT NULL GROUP BY ResourceId, value)) WHERE place = 1 AND many > 1 ORDER BY id",
                   value, desk->catalog->dataset, value);
    if (!desk_run_wide(arena, desk, sql, OWNERS_RESOURCES, OWNERS_BYTES, &table, err)) return false;
    for (size_t row = 0; row < table->row_count; row++) {
        const char *id = table_cell(table, row, 0);
        while (at < bill->resource_count && strcmp(bill->resources[at].id, id) < 0) at++;
        if (at < bill->resource_count && text_equal(bill->resources[at].id, id))
            bill->resources[at].owner_text = table_cell(table, row, 1);
    }
    return true;
}

static bool add_up(OwnersBill *bill) {
    bill->first_hour = bill->last_hour = HOUR_NONE;
    bool hourly = false;
    for (size_t i = 0; i < bill->resource_count; i++) {
        const OwnersResource *resource = &bill->resources[i];
        if (!decimal_add(bill->cost, resource->cost, &bill->cost)) return false;
        if (!decimal_add(bill->tagged_cost, resource->tagged_cost, &bill->tagged_cost)) return false;
        if (resource->first_hour == HOUR_NONE) continue;
        if (bill->first_hour == HOUR_NONE || resource->first_hour < bill->first_hour) bill->first_hour = resource->first_hour;
        if (resource->last_hour > bill->last_hour) bill->last_hour = resource->last_hour;
        hourly = hourly || resource->first_hour % HOURS_OF_DAY || resource->last_hour % HOURS_OF_DAY;
    }
    bill->hourly = hourly;
    const double days = bill->first_hour == HOUR_NONE ? 0 : (double)(bill->last_hour + 1 - bill->first_hour) / HOURS_OF_DAY;
    bill->months = days < month_days ? 1 : days / month_days;
    return true;
}

bool owners_bill_read(Arena *arena, const Desk *desk, const char *tag, OwnersBill *out, Err *err) {
    Table *table = NULL;
    *out = (OwnersBill){.catalog = desk->catalog};
    const bool extract = owners_extract_is(desk->catalog);
    if (!extract && !choose_tag(arena, desk->catalog, tag, out, err)) return false;
    if (!extract) choose_labels(arena, out);
    out->sql = extract ? owners_extract_statement(arena, desk->catalog) : statement(arena, out);
    if (!desk_run_wide(arena, desk, out->sql, OWNERS_RESOURCES, OWNERS_BYTES, &table, err)) return false;
    if (table->truncated)
        return err_set_code(
            err, ERR_LIMIT, "TOO_MANY_RESOURCES",
            "This bill has more than %zu resources, more than owners can be found for at once: give fewer months or "
            "accounts with --data",
            OWNERS_RESOURCES);
    out->resource_count = table->row_count;
    out->resources = arena_array(arena, table->row_count + 1, sizeof *out->resources);
    for (size_t row = 0; row < table->row_count; row++) read_resource(arena, out, table, row, &out->resources[row]);
    if (!out->resource_count)
        return err_set_code(err, ERR_REFUSED, "NO_RESOURCES",
                            "No line of this bill names a resource, so there is nothing to find owners of");
    if (extract && !owners_extract_tags(arena, table, AT_LABELS, tag, out, err)) return false;
    if (!extract && !read_latest(arena, desk, out, err)) return false;
    owners_values_settle(arena, out);
    if (!add_up(out)) return err_set(err, ERR_INTERNAL, "The costs of the resources do not fit in 38 digits");
    return true;
}
