/* A plan from JSON, strictly: what programs and LLMs send is checked field by field; whether it can be answered is
 * plan_check()'s part. */
#include <limits.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "question/plan.h"
#include "question/plan_names.h"

/* A reader fails once: after that every read gives nothing and changes nothing. */
typedef struct {
    Arena *arena;
    Err *err;
    bool failed;
} Reader;

static void wrong(Reader *reader, const char *field, const char *expected) {
    reader->failed = true;
    err_set_code(reader->err, ERR_INPUT, "INVALID_PLAN", "The plan's field \"%s\" is not valid: expected %s", field, expected);
}

/* The members of `object` must all be among `fields`, a list that ends with NULL. */
typedef struct {
    Reader *reader;
    const char *where;
    const char *const *fields;
} Known;

static bool is_known(void *context, const char *key, const Json *value) {
    const Known *known = context;
    (void)value;
    Buffer list = {.arena = known->reader->arena};
    for (size_t i = 0; known->fields[i]; i++) {
        if (text_equal(known->fields[i], key)) return true;
        buffer_printf(&list, "%s%s", i ? ", " : "", known->fields[i]);
    }
    known->reader->failed = true;
    err_set_code(known->reader->err, ERR_INPUT, "INVALID_PLAN", "The plan has an unknown field \"%s\" in %s; it may have: %s",
                 text_printable(known->reader->arena, key), known->where, buffer_text(&list));
    return false;
}

static bool read_members(Reader *reader, const Json *object, const char *where, const char *const *fields) {
    if (reader->failed) return false;
    if (json_kind(object) != JSON_OBJECT) {
        wrong(reader, where, "an object");
        return false;
    }
    Known known = {reader, where, fields};
    return json_each(object, is_known, &known);
}

static const char *read_text(Reader *reader, const Json *object, const char *key) {
    const Json *value = json_get(object, key);
    if (reader->failed || json_kind(value) == JSON_NULL) return NULL;
    if (json_kind(value) != JSON_TEXT) {
        wrong(reader, key, "text");
        return NULL;
    }
    return arena_text(reader->arena, json_text(value));
}

static bool read_flag(Reader *reader, const Json *object, const char *key) {
    const Json *value = json_get(object, key);
    if (reader->failed || json_kind(value) == JSON_NULL) return false;
    if (json_kind(value) != JSON_BOOL) wrong(reader, key, "true or false");
    return json_get_bool(object, key, false);
}

static long long read_count(Reader *reader, const Json *object, const char *key) {
    const Json *value = json_get(object, key);
    if (reader->failed || json_kind(value) == JSON_NULL) return 0;
    const long long count = json_get_integer(object, key, -1);
    const bool whole = json_kind(value) == JSON_NUMBER && !strpbrk(json_text(value), ".eE");
    if (!whole || count < 0 || count > INT_MAX) {
        wrong(reader, key, "a whole number from 0 on");
        return 0;
    }
    return count;
}

static unsigned read_name(Reader *reader, const Json *object, const char *key, const Names *names) {
    const char *text = read_text(reader, object, key);
    if (!text) return 0;
    const int found = names_find(names, text);
    if (found < 0) wrong(reader, key, names_list(reader->arena, names));
    return found < 0 ? 0 : (unsigned)found;
}

static size_t read_list(Reader *reader, const Json *object, const char *key, size_t most) {
    const Json *array = json_get(object, key);
    if (reader->failed || json_kind(array) == JSON_NULL) return 0;
    if (json_kind(array) != JSON_ARRAY || json_count(array) > most) {
        wrong(reader, key, arena_printf(reader->arena, "a list of at most %zu", most));
        return 0;
    }
    return json_count(array);
}

static const char **read_texts(Reader *reader, const Json *object, const char *key, size_t most, size_t *count) {
    *count = read_list(reader, object, key, most);
    const char **texts = arena_array(reader->arena, *count, sizeof *texts);
    for (size_t i = 0; i < *count; i++) {
        const Json *item = json_at(json_get(object, key), i);
        if (json_kind(item) != JSON_TEXT) wrong(reader, key, "a list of texts");
        texts[i] = json_kind(item) == JSON_TEXT ? arena_text(reader->arena, json_text(item)) : "";
    }
    return texts;
}

/* Exact decimal text: a JSON number or a text that is one. */
static const char *read_decimal(Reader *reader, const Json *object, const char *key) {
    const Json *value = json_get(object, key);
    if (reader->failed || json_kind(value) == JSON_NULL) return NULL;
    const char *text = json_text(value);
    Decimal number;
    if (!text || !decimal_parse(text, &number)) {
        wrong(reader, key, "a number");
        return NULL;
    }
    return decimal_text(reader->arena, number);
}

static Day read_day(Reader *reader, const Json *object, const char *key) {
    const char *text = read_text(reader, object, key);
    Day day = DAY_NONE;
    if (!text) return DAY_NONE;
    if (strlen(text) != strlen("2026-09-30") || !date_parse(text, &day)) wrong(reader, key, "a date such as 2026-09-30");
    return day;
}

static PlanTime read_time(Reader *reader, const Json *object, const char *key) {
    static const char *const fields[] = {"start", "end", "partial", "by_billing_period", "words", NULL};
    const Json *part = json_get(object, key);
    PlanTime time = {.start = DAY_NONE, .end = DAY_NONE};
    if (reader->failed || json_kind(part) == JSON_NULL || !read_members(reader, part, key, fields)) return time;
    time.start = read_day(reader, part, "start");
    time.end = read_day(reader, part, "end");
    time.partial = read_flag(reader, part, "partial");
    time.by_billing_period = read_flag(reader, part, "by_billing_period");
    time.words = read_text(reader, part, "words");
    return time;
}

static void read_filters(Reader *reader, const Json *json, Plan *plan) {
    static const char *const fields[] = {"dimension", "op", "values", "than", "part", NULL};
    static const char *const concept_fields[] = {"id", "negated", "part", NULL};
    plan->filter_count = read_list(reader, json, "filters", PLAN_ITEMS);
    plan->filters = arena_array(reader->arena, plan->filter_count, sizeof *plan->filters);
    for (size_t i = 0; i < plan->filter_count; i++) {
        const Json *part = json_at(json_get(json, "filters"), i);
        PlanFilter *filter = &plan->filters[i];
        if (!read_members(reader, part, "filters", fields)) return;
        filter->dimension = read_text(reader, part, "dimension");
        filter->op = (FilterOp)read_name(reader, part, "op", &filter_names);
        filter->values = read_texts(reader, part, "values", PLAN_VALUES, &filter->value_count);
        filter->than = read_text(reader, part, "than");
        filter->part = read_flag(reader, part, "part");
        if (!filter->dimension && filter->op != FILTER_ALL_TAGS_EMPTY && filter->op != FILTER_ANY_TAG)
            wrong(reader, "dimension", "the name of a column");
    }
    plan->concept_count = read_list(reader, json, "concepts", PLAN_ITEMS);
    plan->concepts = arena_array(reader->arena, plan->concept_count, sizeof *plan->concepts);
    for (size_t i = 0; i < plan->concept_count; i++) {
        const Json *part = json_at(json_get(json, "concepts"), i);
        if (!read_members(reader, part, "concepts", concept_fields)) return;
        plan->concepts[i].id = read_text(reader, part, "id");
        plan->concepts[i].negated = read_flag(reader, part, "negated");
        plan->concepts[i].part = read_flag(reader, part, "part");
        if (!plan->concepts[i].id) wrong(reader, "id", "the id of a concept");
    }
}

static void read_compare(Reader *reader, const Json *json, Plan *plan) {
    static const char *const fields[] = {"kind", "a", "b", "dimension", "elapsed", NULL};
    const Json *part = json_get(json, "compare");
    plan->compare.a = plan->compare.b = (PlanTime){.start = DAY_NONE, .end = DAY_NONE};
    if (reader->failed || json_kind(part) == JSON_NULL || !read_members(reader, part, "compare", fields)) return;
    plan->compare.kind = (CompareKind)read_name(reader, part, "kind", &compare_names);
    plan->compare.a = read_time(reader, part, "a");
    plan->compare.b = read_time(reader, part, "b");
    plan->compare.dimension = read_text(reader, part, "dimension");
    plan->compare.elapsed = read_flag(reader, part, "elapsed");
}

static void read_rank(Reader *reader, const Json *json, Plan *plan) {
    static const char *const fields[] = {"on", "ascending", "n", "each", "positive_only", "until", NULL};
    static const char *const having_fields[] = {"on", "op", "value", "value2", NULL};
    const Json *rank = json_get(json, "rank");
    if (!reader->failed && json_kind(rank) != JSON_NULL && read_members(reader, rank, "rank", fields)) {
        plan->rank.present = true;
        plan->rank.on = (RankOn)read_name(reader, rank, "on", &on_names);
        plan->rank.ascending = read_flag(reader, rank, "ascending");
        plan->rank.n = read_count(reader, rank, "n");
        plan->rank.each = read_text(reader, rank, "each");
        plan->rank.until = read_decimal(reader, rank, "until");
        plan->rank.positive_only = read_flag(reader, rank, "positive_only");
    }
    plan->having_count = read_list(reader, json, "having", PLAN_ITEMS);
    plan->having = arena_array(reader->arena, plan->having_count, sizeof *plan->having);
    for (size_t i = 0; i < plan->having_count; i++) {
        const Json *part = json_at(json_get(json, "having"), i);
        PlanHaving *having = &plan->having[i];
        if (!read_members(reader, part, "having", having_fields)) return;
        having->on = (RankOn)read_name(reader, part, "on", &on_names);
        having->op = (HavingOp)read_name(reader, part, "op", &having_names);
        having->value = read_decimal(reader, part, "value");
        having->value2 = read_decimal(reader, part, "value2");
        if (!having->value) wrong(reader, "value", "a number");
    }
}

static void read_calendar(Reader *reader, const Json *json, Plan *plan) {
    size_t count = 0;
    plan->calendar = (Calendar)read_name(reader, json, "calendar", &calendar_names);
    const char **days = read_texts(reader, json, "days_of_week", weekday_names.count, &count);
    for (size_t i = 0; i < count && !reader->failed; i++) {
        const int day = names_find(&weekday_names, days[i]);
        if (day < 0)
            wrong(reader, "days_of_week", names_list(reader->arena, &weekday_names));
        else
            plan->days_of_week |= 1U << day;
    }
}

static void read_assumptions(Reader *reader, const Json *json, Plan *plan) {
    static const char *const fields[] = {"field", "why", NULL};
    plan->assumption_count = read_list(reader, json, "assumptions", PLAN_ITEMS);
    plan->assumptions = arena_array(reader->arena, plan->assumption_count, sizeof *plan->assumptions);
    for (size_t i = 0; i < plan->assumption_count; i++) {
        const Json *part = json_at(json_get(json, "assumptions"), i);
        if (!read_members(reader, part, "assumptions", fields)) return;
        plan->assumptions[i].field = read_text(reader, part, "field");
        plan->assumptions[i].why = read_text(reader, part, "why");
        if (!plan->assumptions[i].field || !plan->assumptions[i].why) wrong(reader, "assumptions", "a field and why");
    }
}

static void read_rest(Reader *reader, const Json *json, Plan *plan) {
    plan->per = read_text(reader, json, "per");
    plan->per_count = read_decimal(reader, json, "per_count");
    plan->agg = (Agg)read_name(reader, json, "agg", &agg_names);
    plan->agg_grain = (Grain)read_name(reader, json, "agg_grain", &grain_names);
    plan->agg_dimension = read_text(reader, json, "agg_dimension");
    plan->group_by = read_texts(reader, json, "group_by", PLAN_ITEMS, &plan->group_count);
    plan->grain = (Grain)read_name(reader, json, "grain", &grain_names);
    plan->time = read_time(reader, json, "time");
    plan->learned = read_time(reader, json, "learned");
    plan->subject = read_text(reader, json, "subject");
    plan->charged_only = read_flag(reader, json, "charged_only");
    plan->yes_no = read_flag(reader, json, "yes_no");
    plan->claim = (PlanClaim)read_name(reader, json, "claim", &claim_names);
    plan->claimed = read_text(reader, json, "claimed");
    plan->columns = read_texts(reader, json, "columns", PLAN_ITEMS, &plan->column_count);
    plan->meta = read_text(reader, json, "meta");
    plan->limit = read_count(reader, json, "limit");
    const char *chart = read_text(reader, json, "chart");
    if (chart) plan->chart = chart;
}

bool plan_read(Arena *arena, const Catalog *catalog, const Json *json, Plan **out, Err *err) {
    static const char *const fields[] = {
        "v",        "intent",       "dataset", "measures",     "per",     "agg",       "agg_grain", "agg_dimension",
        "group_by", "grain",        "filters", "concepts",     "time",    "compare",   "rank",      "having",
        "calendar", "days_of_week", "subject", "charged_only", "yes_no",  "columns",   "meta",      "limit",
        "chart",    "assumptions",  "learned", "claim",        "claimed", "per_count", NULL};
    Reader reader = {.arena = arena, .err = err};
    *out = NULL;
    if (!read_members(&reader, json, "the plan", fields)) return false;
    if (json_get_integer(json, "v", 0) != 1) wrong(&reader, "v", "1");
    Plan *plan = plan_make(arena, catalog);
    if (!json_has(json, "intent")) wrong(&reader, "intent", names_list(arena, &intent_names));
    plan->intent = (Intent)read_name(&reader, json, "intent", &intent_names);
    const char *dataset = read_text(&reader, json, "dataset");
    if (dataset) plan->dataset = dataset;
    size_t measure_count = 0;
    const char **measures = read_texts(&reader, json, "measures", PLAN_ITEMS, &measure_count);
    if (json_has(json, "measures")) {
        plan->measures = measures;
        plan->measure_count = measure_count;
    }
    read_rest(&reader, json, plan);
    read_filters(&reader, json, plan);
    read_compare(&reader, json, plan);
    read_rank(&reader, json, plan);
    read_calendar(&reader, json, plan);
    read_assumptions(&reader, json, plan);
    if (reader.failed) return false;
    *out = plan;
    return true;
}
