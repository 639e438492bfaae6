#include "investigate/findings.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "base/text.h"

typedef struct {
    Arena *arena;
    size_t count, room;
    FindingItem *items;
} Candidates;

const char *findings_confidence(char class) {
    return class == 'A' ? "0.95" : class == 'B' ? "0.75" : "0.45";
}

/* --- Candidates ------------------------------------------------------------------------------------------------------------- */

static bool rule_statement(Arena *arena, const Rule *rule, const char **out, Err *err) {
    const Dialect *dialect = NULL;
    return dialect_find(arena, "duckdb", &dialect, err) &&
           rule_sql(arena, rule->file, rule->sql, rule->parameters, rule->parameter_count, dialect, out, err);
}

/* Beside each row what its resource costs: the ceiling of what may be saved. */
static bool joined_statement(Arena *arena, const Rule *rule, const char **out, Err *err) {
    const char *sql = NULL;
    if (!rule_statement(arena, rule, &sql, err)) return false;
    *out =
        sql_format(arena,
                   "SELECT c.*, r.cost AS x_resource_cost FROM (\n%R\n) AS c LEFT JOIN resource r ON r.account = c.account AND "
                   "r.resource = CAST(c.resource AS VARCHAR) AND r.region IS NOT DISTINCT FROM CAST(c.region AS VARCHAR)",
                   sql);
    return true;
}

/* --- Judging ------------------------------------------------------------------------------------------------------------------ */

/* One rule on its way: what it asks, what came back. */
typedef struct {
    const Rule *rule;
    RuleTexts needs;
    const char *sql; /* NULL when it is not judged */
    Table *rows;
    Err failure;
} Judgement;

/* Rules are many small queries, each of which keeps one core busy: two threads take them from one list. */
typedef struct {
    Judgement *items;
    size_t count;
    atomic_size_t next;
} Judging;

typedef struct {
    pthread_t thread;
    bool running;
    Arena *arena;
    const Features *features;
    Judging *judging;
    Err failure; /* of the thread itself */
} Judge;

static void judge_all(Arena *arena, Features *features, Judging *judging) {
    for (size_t i = 0; (i = atomic_fetch_add(&judging->next, 1)) < judging->count;) {
        Judgement *one = &judging->items[i];
        if (one->sql && one->failure.kind == ERR_NONE) features_query(arena, features, one->sql, &one->rows, &one->failure);
    }
}

static void *judge_thread(void *context) {
    Judge *judge = context;
    Features *features = NULL;
    if (features_share(judge->arena, judge->features, &features, &judge->failure))
        judge_all(judge->arena, features, judge->judging);
    return NULL;
}

static void free_arena(void *context) {
    arena_free(context);
}

/* Features first, by one thread, since rules share them; then the rules. A second thread that cannot start leaves all to the first. */
static bool judge_rules(Arena *arena, Features *features, const RuleBook *book, Judging *judging, Err *err) {
    judging->items = arena_array(arena, book->rule_count + 1, sizeof *judging->items);
    judging->count = book->rule_count;
    for (size_t i = 0; i < book->rule_count; i++) {
        Judgement *one = &judging->items[i];
        one->rule = &book->rules[i];
        one->needs = features_missing(arena, features, &one->rule->needs);
        if (one->needs.count) continue;
        if (!joined_statement(arena, one->rule, &one->sql, err)) return false;
        if (!features_prepare(arena, features, one->sql, &one->failure) && one->failure.kind == ERR_CANCELLED)
            return err_set(err, ERR_CANCELLED, "%s", one->failure.message);
    }
    Judge second = {.arena = arena_make(), .features = features, .judging = judging};
    arena_on_free(arena, free_arena, second.arena);
    second.running = pthread_create(&second.thread, NULL, judge_thread, &second) == 0;
    judge_all(arena, features, judging);
    if (second.running) pthread_join(second.thread, NULL);
    return true;
}

static double number(const Table *table, size_t row, const char *column, double fallback) {
    int at = table_find(table, column);
    const char *text = at < 0 ? NULL : table_cell(table, row, (size_t)at);
    double value = text ? strtod(text, NULL) : fallback;
    return isfinite(value) ? value : 0;
}

static const char *text(const Table *table, size_t row, const char *column) {
    int at = table_find(table, column);
    const char *value = at < 0 ? NULL : table_cell(table, row, (size_t)at);
    return text_is_empty(value) ? NULL : value;
}

static FindingItem item_of(const Rule *rule, const Table *table, size_t row) {
    const char *class = text(table, row, "class");
    const double cost = fmax(0, number(table, row, "cost", 0));
    const double saving = fmin(cost, fmax(0, number(table, row, "saving", 0)));
    FindingItem item = {.rule = rule,
                        .class = class && strchr("ABC", *class) ? *class : rule->class,
                        .account = text(table, row, "account"),
                        .region = text(table, row, "region"),
                        .resource = text(table, row, "resource"),
                        .price_source = text(table, row, "price_source"),
                        .table = table,
                        .row = row,
                        .cost = cost,
                        .saving = saving,
                        .committed = fmin(cost, fmax(0, number(table, row, "committed", 0))),
                        .resource_cost = number(table, row, "x_resource_cost", 0)};
    const char *related = text(table, row, "related");
    item.related = related && text_equal(related, "true");
    if (item.related) {
        item.cost = item.saving = 0;
        return item;
    }
    item.low = fmin(saving, fmax(0, number(table, row, "saving_low", saving)));
    item.high = fmin(cost, fmax(saving, number(table, row, "saving_high", saving)));
    return item;
}

static void add_candidates(Candidates *candidates, const Rule *rule, const Table *table) {
    for (size_t row = 0; row < table->row_count; row++) {
        if (candidates->count == candidates->room) {
            const size_t room = candidates->room ? candidates->room * 2 : 64, size = sizeof *candidates->items;
            candidates->items = arena_grow(candidates->arena, candidates->items, candidates->count * size, room * size);
            candidates->room = room;
        }
        const FindingItem item = item_of(rule, table, row);
        if (rule->action == ACTION_INFORM || item.high > 0 || item.related) candidates->items[candidates->count++] = item;
    }
}

/* --- Groups ------------------------------------------------------------------------------------------------------------------ */

static int compare(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "");
}

/* Items of one finding compare equal. */
static int by_finding(const FindingItem *x, const FindingItem *y) {
    int order = strcmp(x->rule->id, y->rule->id);
    if (order == 0) order = x->class - y->class;
    if (order == 0 && x->rule->per != PER_ORGANISATION) order = compare(x->account, y->account);
    if (order == 0 && (x->rule->per == PER_REGION || x->rule->per == PER_RESOURCE)) order = compare(x->region, y->region);
    if (order == 0 && x->rule->per == PER_RESOURCE) order = compare(x->resource, y->resource);
    return order;
}

static int by_finding_and_saving(const void *a, const void *b) {
    const FindingItem *x = *(const FindingItem *const *)a, *y = *(const FindingItem *const *)b;
    int order = by_finding(x, y);
    if (order) return order;
    if (x->best_cents != y->best_cents) return x->best_cents < y->best_cents ? 1 : -1;
    if (x->cost_cents != y->cost_cents) return x->cost_cents < y->cost_cents ? 1 : -1;
    order = compare(x->account, y->account);
    return order ? order : compare(x->resource, y->resource);
}

static const char *account_name(const Catalog *catalog, const Table *names, const char *account) {
    (void)catalog;
    for (size_t i = 0; names && account && i < names->row_count; i++)
        if (text_equal(table_cell(names, i, 0), account)) return table_cell(names, i, 1);
    return NULL;
}

static Finding finding_of(const FindingItem **items, size_t count) {
    const FindingItem *first = items[0];
    Finding finding = {.rule = first->rule, .class = first->class, .item_count = count, .items = items};
    bool one_account = true, one_region = true;
    for (size_t i = 0; i < count; i++) {
        const FindingItem *item = items[i];
        finding.cost_cents += item->cost_cents;
        finding.best_cents += item->best_cents;
        finding.low_cents += item->low_cents;
        finding.high_cents += item->high_cents;
        finding.freed_cents += item->freed_cents;
        finding.alone_cents += (long long)floor(item->saving * 100 + 0.5 + 1e-6);
        one_account &= text_equal(item->account, first->account);
        one_region &= text_equal(item->region, first->region);
        if (!finding.price_source && item->price_source && !text_equal(item->price_source, "own"))
            finding.price_source = item->price_source;
    }
    finding.account = one_account ? first->account : NULL;
    finding.region = one_region ? first->region : NULL;
    return finding;
}

static int by_saving(const void *a, const void *b) {
    const Finding *x = a, *y = b;
    if (x->best_cents != y->best_cents) return x->best_cents < y->best_cents ? 1 : -1;
    if (x->cost_cents != y->cost_cents) return x->cost_cents < y->cost_cents ? 1 : -1;
    int order = strcmp(x->rule->id, y->rule->id);
    if (order == 0) order = compare(x->account, y->account);
    return order ? order : compare(x->region, y->region);
}

static void add_up(Findings *out) {
    for (size_t i = 0; i < out->count; i++) {
        const int class = out->items[i].class - 'A';
        out->best_cents[class] += out->items[i].best_cents;
        out->low_cents[class] += out->items[i].low_cents;
        out->high_cents[class] += out->items[i].high_cents;
    }
}

/* All of it saves with another finding: said all the same, since that one may be declined. */
static bool is_counted_elsewhere(const Finding *finding) {
    bool counted = false;
    for (size_t i = 0; i < finding->item_count; i++) counted |= finding->items[i]->counted_in != NULL;
    return counted;
}

/* Candidates that belong together become findings; those that have nothing to save are dropped. */
static void group(Arena *arena, const Catalog *catalog, const Candidates *candidates, const Table *names, Findings *out) {
    const FindingItem **order = arena_array(arena, candidates->count + 1, sizeof *order);
    for (size_t i = 0; i < candidates->count; i++) order[i] = &candidates->items[i];
    if (candidates->count) qsort(order, candidates->count, sizeof *order, by_finding_and_saving);
    out->items = arena_array(arena, candidates->count + 1, sizeof *out->items);
    out->facts = arena_array(arena, candidates->count + 1, sizeof *out->facts);
    for (size_t i = 0, end = 0; i < candidates->count; i = end) {
        for (end = i + 1; end < candidates->count && by_finding(order[i], order[end]) == 0;) end++;
        Finding finding = finding_of(order + i, end - i);
        finding.account_name = account_name(catalog, names, finding.account);
        if (finding.rule->action == ACTION_INFORM)
            out->facts[out->fact_count++] = finding;
        else if (finding.best_cents > 0 || finding.high_cents > 0 || finding.freed_cents > 0 || is_counted_elsewhere(&finding))
            out->items[out->count++] = finding;
    }
    if (out->count) qsort(out->items, out->count, sizeof *out->items, by_saving);
    if (out->fact_count) qsort(out->facts, out->fact_count, sizeof *out->facts, by_saving);
    for (size_t i = 0; i < out->count; i++) findings_tell(arena, &out->items[i], out->currency);
    for (size_t i = 0; i < out->fact_count; i++) findings_tell(arena, &out->facts[i], out->currency);
    add_up(out);
}

bool findings_make(Arena *arena, const Catalog *catalog, Features *features, const RuleBook *book, Findings *out, Err *err) {
    Candidates candidates = {.arena = arena};
    Table *names = NULL;
    out->not_judged = arena_array(arena, book->rule_count + 1, sizeof *out->not_judged);
    out->currency = catalog->currency_count ? catalog->currencies[0] : "USD";
    out->rule_count = book->rule_count;
    Judging judging = {0};
    if (!judge_rules(arena, features, book, &judging, err)) return false;
    for (size_t i = 0; i < judging.count; i++) {
        const Judgement *one = &judging.items[i];
        if (one->failure.kind == ERR_CANCELLED || one->failure.kind == ERR_TIMEOUT)
            return err_set_code(err, one->failure.kind, one->failure.code, "%s", one->failure.message);
        if (one->rows) {
            add_candidates(&candidates, one->rule, one->rows);
            continue;
        }
        /* One rule that this data breaks does not take the others along; that it was not judged is said. */
        RuleTexts why = one->needs;
        if (!why.count) {
            why = (RuleTexts){.count = 1, .items = arena_array(arena, 1, sizeof *why.items)};
            why.items[0] = arena_printf(arena, "another query: %s", one->failure.message);
        }
        out->not_judged[out->not_judged_count++] = (NotJudged){one->rule, why};
    }
    if (!features_query(arena, features, "SELECT account, account_name FROM account WHERE account_name IS NOT NULL", &names,
                        err))
        return false;
    findings_settle(arena, candidates.items, candidates.count);
    group(arena, catalog, &candidates, names, out);
    return true;
}

/* --- For the build ---------------------------------------------------------------------------------------------------------- */

static const char *wrong_command(Arena *arena, const Rule *rule, const RuleCommands *commands) {
    const char *wrong = NULL;
    for (size_t i = 0; i < commands->count && !wrong; i++) {
        const RuleCommand *command = &commands->items[i];
        wrong = findings_unknown_placeholder(arena, rule, command->template);
        if (command->figure && !rule_figure(rule, command->figure)) wrong = command->figure;
    }
    return wrong;
}

static bool check_texts(Arena *arena, const Rule *rule, Err *err) {
    const char *wrong = findings_unknown_placeholder(arena, rule, rule->title);
    if (!wrong) wrong = findings_unknown_placeholder(arena, rule, rule->formula);
    for (size_t i = 0; i < rule->evidence.count && !wrong; i++)
        wrong = findings_unknown_placeholder(arena, rule, rule->evidence.items[i]);
    if (!wrong) wrong = wrong_command(arena, rule, &rule->verify);
    if (!wrong) wrong = wrong_command(arena, rule, &rule->remediate);
    return !wrong || err_set(err, ERR_INTERNAL, "%s: {%s} is neither a figure nor a parameter", rule->file, wrong);
}

static bool check_columns(const Rule *rule, const Table *table, Err *err) {
    static const char *const wanted[] = {"account", "region", "resource", "cost", "saving"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (table_find(table, wanted[i]) < 0)
            return err_set(err, ERR_INTERNAL, "%s: the SQL gives no column “%s”", rule->file, wanted[i]);
    for (size_t i = 0; i < rule->figure_count; i++)
        if (table_find(table, rule->figures[i].name) < 0)
            return err_set(err, ERR_INTERNAL, "%s: the SQL gives no column for the figure “%s”", rule->file,
                           rule->figures[i].name);
    return true;
}

static bool check_rule(Arena *arena, Features *features, const Rule *rule, Err *err) {
    Table *rows = NULL;
    const char *sql = NULL;
    Err failure = {0};
    if (!check_texts(arena, rule, err) || !rule_statement(arena, rule, &sql, err)) return false;
    if (!features_query(arena, features, sql, &rows, &failure))
        return err_set(err, ERR_INTERNAL, "%s: %s", rule->file, failure.message);
    return check_columns(rule, rows, err);
}

bool findings_check(Arena *arena, Features *features, const RuleBook *book, Err *err) {
    Buffer wrong = {.arena = arena};
    for (size_t i = 0; i < book->rule_count; i++) {
        Err failure = {0};
        if (!check_rule(arena, features, &book->rules[i], &failure))
            buffer_printf(&wrong, "%s%s", wrong.size ? "\n" : "", failure.message);
    }
    for (size_t i = 0; i < book->feature_count; i++) {
        Table *rows = NULL;
        Err failure = {0};
        if (!features_query(arena, features, sql_format(arena, "SELECT * FROM %R LIMIT 1", book->features[i].name), &rows,
                            &failure))
            buffer_printf(&wrong, "%s%s: %s", wrong.size ? "\n" : "", book->features[i].file, failure.message);
    }
    return !wrong.size || err_set(err, ERR_INTERNAL, "%s", buffer_text(&wrong));
}
