/* Amounts of the AWS Cost and Usage Report: what each line item type's columns mean is AWS's (CUR user guide, "Line item details"); amortized cost
 * follows the rule of AWS's Cloud Intelligence Dashboards: purchases of commitments count zero, their unused part stands on the fee lines, covered
 * usage at its effective cost. In every closed period
 *   unblended = amortized + upfront fees charged - upfront fees amortized. */
#include "base/sql.h"
#include "base/text.h"
#include "ingest/cur.h"

/* Split cost allocation repeats the usage of the node that a container ran on; container lines are never usage of their own. */
#define SPLIT_OPERATIONS "'EKSPod-EC2', 'ECSTask-EC2'"
/* Savings Plans that were returned: their refund reverses an upfront fee, so it is treated like one. */
#define PLAN_REFUND "Refund for one-time fee for Savings Plan ID%"

const char *const cur_net_inputs[NET_INPUTS] = {"net_unblended", "net_plan_effective", "net_ri_effective",
                                                "net_ri_unused_upfront", "net_ri_unused_recurring"};

const Amount *cur_find_amount(const Cur *cur, const char *name) {
    for (size_t i = 0; i < cur->amount_count; i++)
        if (text_equal(cur->amounts[i].name, name)) return &cur->amounts[i];
    return NULL;
}

/* --- Formulas: a CASE over kinds of line, typed to hold every branch ----------------------------------------------------------- */

typedef struct {
    Cur *cur;
    NumberType type; /* holds every amount noted so far */
    const char *sources;
} Formula;

static void note_amount(Formula *formula, const char *name) {
    const Amount *amount = cur_find_amount(formula->cur, name);
    if (!amount) return;
    formula->type = formula->type.width ? number_type_merge(formula->type, amount->type) : amount->type;
    formula->sources =
        formula->sources ? arena_printf(formula->cur->arena, "%s, %s", formula->sources, amount->source) : amount->source;
}

/* A bare 0 is an INTEGER, which would make a CASE with decimals of 18 digits one of 22 digits, and several times slower. */
static const char *zero(const Cur *cur, NumberType type) {
    return sql_format(cur->arena, "CAST(0 AS %R)", number_type_text(cur->arena, type));
}

/* "CAST(t.a AS T)", 0 for a value that is empty; 0 when the source has no such column. */
static const char *amount_or_zero(const Cur *cur, const char *name, NumberType type) {
    if (!cur_find_amount(cur, name)) return zero(cur, type);
    return sql_format(cur->arena, "coalesce(CAST(t.%I AS %R), %R)", name, number_type_text(cur->arena, type), zero(cur, type));
}

static const char *amount(const Cur *cur, const char *name, NumberType type) {
    if (!cur_find_amount(cur, name)) return sql_format(cur->arena, "CAST(NULL AS %R)", number_type_text(cur->arena, type));
    return sql_format(cur->arena, "CAST(t.%I AS %R)", name, number_type_text(cur->arena, type));
}

static NumberType common_type(Cur *cur, const char *const *names, size_t count, const char **sources) {
    Formula formula = {.cur = cur};
    for (size_t i = 0; i < count; i++) note_amount(&formula, names[i]);
    *sources = formula.sources ? formula.sources : "";
    return formula.type.width ? formula.type : number_type_default("VARCHAR");
}

static const char *upfront_condition(const Cur *cur) {
    Sql *sql = sql_make(cur->arena);
    sql_add(sql, "(l.kind = %d", (long long)LINE_PLAN_UPFRONT);
    if (model_has_input(cur->model, "reservation_arn"))
        sql_add(sql, " OR (l.kind = %d AND t.reservation_arn IS NOT NULL)", (long long)LINE_FEE);
    if (model_has_input(cur->model, "ChargeDescription"))
        sql_add(sql, " OR (l.kind = %d AND t.\"ChargeDescription\" LIKE %S)", (long long)LINE_REFUND, PLAN_REFUND);
    sql_add(sql, ")");
    return sql_text(sql);
}

static const char *choose(const Cur *cur, size_t net_input, const char *net, const char *gross) {
    const char *scope = cur->net_scope[net_input];
    if (!scope) return gross;
    if (text_equal(scope, "true")) return net;
    return sql_format(cur->arena, "CASE WHEN %R THEN %R ELSE %R END", scope, net, gross);
}

/* An amount, of the net column where that counts and net is wanted. */
static const char *amount_of(const Cur *cur, size_t net_input, const char *gross, NumberType type, bool net) {
    const char *plain = amount(cur, gross, type);
    return net ? choose(cur, net_input, amount(cur, cur_net_inputs[net_input], type), plain) : plain;
}

static const char *unused_amount(const Cur *cur, NumberType type, bool net) {
    const char *wanted = number_type_text(cur->arena, type), *nothing = zero(cur, type);
    return sql_format(
        cur->arena,
        "WHEN l.kind = %d THEN CAST(coalesce(%R, %R) + coalesce(%R, %R) AS %R) WHEN l.kind = %d THEN CAST(%R - %R AS %R)",
        (long long)LINE_RI_FEE, amount_of(cur, NET_RI_UNUSED_UPFRONT, "ri_unused_upfront", type, net), nothing,
        amount_of(cur, NET_RI_UNUSED_RECURRING, "ri_unused_recurring", type, net), nothing, wanted, (long long)LINE_PLAN_FEE,
        amount_or_zero(cur, "plan_total", type), amount_or_zero(cur, "plan_used", type), wanted);
}

/* The amortized cost of a line, of the gross or the net columns. Savings Plans have no net column for their unused part: it stays gross. */
static const char *amortized(const Cur *cur, NumberType type, bool net) {
    return sql_format(
        cur->arena, "CASE WHEN l.kind = %d THEN %R WHEN l.kind = %d THEN %R WHEN l.kind = %d OR %R THEN %R %R ELSE %R END",
        (long long)LINE_COVERED, amount_of(cur, NET_PLAN_EFFECTIVE, "plan_effective", type, net), (long long)LINE_DISCOUNTED,
        amount_of(cur, NET_RI_EFFECTIVE, "ri_effective", type, net), (long long)LINE_NEGATION, upfront_condition(cur),
        zero(cur, type), unused_amount(cur, type, net), amount_of(cur, NET_UNBLENDED, "unblended", type, net));
}

void cur_add_output(Cur *cur, const char *name, const char *expression, NumberType type, const char *sources) {
    model_add_output(cur->model, name, sql_format(cur->arena, "CAST(%R AS %R)", expression, number_type_text(cur->arena, type)),
                     sources);
}

/* What the amortized cost of the delivery's lines needs and the export lacks, or NULL. */
static const char *missing_for_amortized(const Cur *cur) {
    const struct {
        LineKind kind;
        const char *input, *other, *column;
    } needs[] = {
        {LINE_COVERED, "plan_effective", "plan_effective", "savings_plan_savings_plan_effective_cost"},
        {LINE_DISCOUNTED, "ri_effective", "ri_effective", "reservation_effective_cost"},
        {LINE_RI_FEE, "ri_unused_recurring", "ri_unused_upfront", "reservation_unused_recurring_fee"},
        {LINE_PLAN_FEE, "plan_total", "plan_total", "savings_plan_total_commitment_to_date"},
        {LINE_PLAN_FEE, "plan_used", "plan_used", "savings_plan_used_commitment"},
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (cur->kinds[needs[i].kind] && !cur_find_amount(cur, needs[i].input) && !cur_find_amount(cur, needs[i].other))
            return needs[i].column;
    return NULL;
}

static void add_amortized(Cur *cur) {
    static const char *const gross_names[] = {"unblended",           "plan_effective", "ri_effective", "ri_unused_upfront",
                                              "ri_unused_recurring", "plan_total",     "plan_used"};
    static const char *const net_names[] = {"net_unblended", "net_plan_effective", "net_ri_effective", "net_ri_unused_upfront",
                                            "net_ri_unused_recurring"};
    const char *missing = missing_for_amortized(cur);
    if (missing) {
        odd_add(&cur->normaliser->odd, "The export lacks the column %s: amortized and effective cost cannot be computed",
                missing);
        return;
    }
    const char *sources = NULL, *net_sources = NULL;
    NumberType type = common_type(cur, gross_names, sizeof gross_names / sizeof *gross_names, &sources);
    NumberType net_type = common_type(cur, net_names, sizeof net_names / sizeof *net_names, &net_sources);
    const char *gross = amortized(cur, type, false);
    cur_add_output(cur, "x_AmortizedCost", gross, type, sources);
    if (!cur->net_scope[NET_UNBLENDED]) {
        cur_add_output(cur, "EffectiveCost", gross, type, sources);
        return;
    }
    NumberType both = number_type_merge(type, net_type);
    cur_add_output(cur, "EffectiveCost", amortized(cur, both, true), both,
                   arena_printf(cur->arena, "%s, %s", net_sources, sources));
    if (cur->kinds[LINE_PLAN_FEE])
        odd_add(&cur->normaliser->odd,
                "EffectiveCost is net of private discounts, except the unused part of Savings Plans: the export "
                "has no net column for it");
}

static void add_commitment_amounts(Cur *cur) {
    static const char *const unused_names[] = {"ri_unused_upfront", "ri_unused_recurring", "plan_total", "plan_used"};
    static const char *const upfront_names[] = {"ri_amortized_upfront", "plan_amortized_upfront"};
    const char *sources = NULL;
    Arena *arena = cur->arena;
    NumberType type = common_type(cur, unused_names, 4, &sources);
    if (*sources)
        cur_add_output(cur, "x_UnusedCommitmentCost",
                       sql_format(arena, "CASE %R ELSE %R END", unused_amount(cur, type, false), zero(cur, type)), type,
                       sources);
    type = common_type(cur, upfront_names, 2, &sources);
    if (*sources)
        cur_add_output(cur, "x_AmortizedUpfrontFee",
                       sql_format(arena, "CASE WHEN l.kind = %d THEN %R WHEN l.kind = %d THEN %R ELSE %R END",
                                  (long long)LINE_RI_FEE, amount_or_zero(cur, "ri_amortized_upfront", type),
                                  (long long)LINE_PLAN_FEE, amount_or_zero(cur, "plan_amortized_upfront", type),
                                  zero(cur, type)),
                       type, sources);
    static const char *const totals[][2] = {{"x_CommitmentTotal", "plan_total"}, {"x_CommitmentUsed", "plan_used"}};
    for (size_t i = 0; i < 2; i++) {
        const Amount *total = cur_find_amount(cur, totals[i][1]);
        if (!total) continue;
        cur_add_output(cur, totals[i][0],
                       sql_format(arena, "CASE WHEN l.kind = %d THEN %R END", (long long)LINE_PLAN_FEE,
                                  amount(cur, total->name, total->type)),
                       total->type, total->source);
    }
}

const char *cur_split_condition(const Cur *cur) {
    bool operation = model_has_input(cur->model, "x_Operation"), parent = model_has_input(cur->model, "x_ParentResourceId");
    if (!operation && !parent) return "false";
    return sql_format(cur->arena, "(%R%R%R)", operation ? "coalesce(t.\"x_Operation\" IN (" SPLIT_OPERATIONS "), false)" : "",
                      operation && parent ? " OR " : "", parent ? "t.\"x_ParentResourceId\" IS NOT NULL" : "");
}

/* List cost: public on-demand price of usage; unblended cost where the export has no public price (null, or 0 for a line that costs something). */
static void add_list_cost(Cur *cur) {
    static const char *const names[] = {"public", "unblended"};
    const char *sources = NULL;
    NumberType type = common_type(cur, names, 2, &sources);
    const char *unblended = amount(cur, "unblended", type);
    const char *public = cur_find_amount(cur, "public") ? sql_format(cur->arena, "coalesce(nullif(%R, %R), %R)",
                                                                     amount(cur, "public", type), zero(cur, type), unblended)
                                                        : unblended;
    cur_add_output(cur, "ListCost",
                   sql_format(cur->arena, "CASE WHEN l.kind = %d OR %R THEN %R WHEN l.kind IN (%d, %d, %d) THEN %R ELSE %R END",
                              (long long)LINE_NEGATION, cur_split_condition(cur), zero(cur, type), (long long)LINE_USAGE,
                              (long long)LINE_DISCOUNTED, (long long)LINE_COVERED, public, unblended),
                   type, sources);
    /* Contracted cost is negotiated and before commitments: covered usage stands at its on-demand price, the lines that cancel it at 0. */
    cur_add_output(cur, "ContractedCost",
                   sql_format(cur->arena, "CASE WHEN l.kind = %d THEN %R WHEN l.kind = %d THEN %R ELSE %R END",
                              (long long)LINE_NEGATION, zero(cur, type), (long long)LINE_DISCOUNTED, public,
                              choose(cur, NET_UNBLENDED, amount(cur, "net_unblended", type), unblended)),
                   type, sources);
}

void cur_add_costs(Cur *cur) {
    static const char *const billed_names[] = {"unblended", "net_unblended"};
    static const char *const plain[][2] = {{"x_UnblendedCost", "unblended"},
                                           {"x_NetUnblendedCost", "net_unblended"},
                                           {"x_BlendedCost", "blended"},
                                           {"x_SplitCost", "split_cost"},
                                           {"x_SplitUnusedCost", "split_unused_cost"}};
    const char *sources = NULL;
    NumberType type = common_type(cur, billed_names, cur->net_scope[NET_UNBLENDED] ? 2 : 1, &sources);
    cur_add_output(cur, "BilledCost", amount_of(cur, NET_UNBLENDED, "unblended", type, true), type, sources);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        const Amount *found = cur_find_amount(cur, plain[i][1]);
        if (found) cur_add_output(cur, plain[i][0], amount(cur, found->name, found->type), found->type, found->source);
    }
    const Amount *unblended = cur_find_amount(cur, "unblended");
    if (unblended)
        cur_add_output(cur, "x_UpfrontFee",
                       sql_format(cur->arena, "CASE WHEN %R THEN %R ELSE %R END", upfront_condition(cur),
                                  amount(cur, "unblended", unblended->type), zero(cur, unblended->type)),
                       unblended->type, unblended->source);
    add_amortized(cur);
    add_commitment_amounts(cur);
    add_list_cost(cur);
}
