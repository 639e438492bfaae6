/* question/interpret_coverage.c: commitments: what is covered by them, in hours or in money, and definitions said beside a measure; see
 * question/interpret.h. */
#include <string.h>

#include "base/text.h"
#include "question/interpret_parts.h"

/* What is covered, and the measures that are its share: of the on-demand value, of instance hours. */
static const struct {
    const char *concept, *coverage, *hours;
} COVERAGES[] = {{"savings-plan-usage", "savings_plan_coverage", "savings_plan_coverage_hours"},
                 {"reserved", "reservation_coverage", "reservation_coverage_hours"},
                 {"committed-usage", "commitment_coverage", "commitment_coverage_hours"}};
enum { COVERAGE_COUNT = sizeof COVERAGES / sizeof *COVERAGES };

/* The kind of commitment that alone is named among the concepts; COVERAGE_COUNT when none or several are. */
static size_t covered_kind(const Plan *plan) {
    size_t kind = COVERAGE_COUNT, found = 0;
    for (size_t i = 0; i < plan->concept_count; i++)
        for (size_t k = 0; k < COVERAGE_COUNT; k++) {
            if (plan->concepts[i].negated || !text_equal(plan->concepts[i].id, COVERAGES[k].concept)) continue;
            kind = k;
            found++;
        }
    return found == 1 ? kind : COVERAGE_COUNT;
}

static void replace_measure(Interpretation *in, const char *name) {
    in->plan->measure_count = 0;
    in->plan->measures = NULL;
    plan_add_measure(in->arena, in->plan, name);
}

void interpret_drop_concept(Plan *plan, const char *id) {
    size_t kept = 0;
    for (size_t i = 0; i < plan->concept_count; i++)
        if (!text_equal(plan->concepts[i].id, id)) plan->concepts[kept++] = plan->concepts[i];
    plan->concept_count = kept;
}

/* Of usage that commitments can cover: spot cannot, so it is no part of the whole. */
static void leave_out_spot(Interpretation *in) {
    if (!catalog_concept(in->catalog, "spot")) return;
    for (size_t i = 0; i < in->plan->concept_count; i++)
        if (text_equal(in->plan->concepts[i].id, "spot")) return;
    plan_add_concept(in->arena, in->plan, "spot", true);
    plan_assume(in->arena, in->plan, "scope", "spot is left out: commitments do not cover it");
}

bool interpret_covered_share(Interpretation *in) {
    Plan *plan = in->plan;
    size_t kind = covered_kind(plan);
    if (kind == COVERAGE_COUNT || plan->measure_count != 1) return false;
    const char *measure = plan->measures[0];
    if (text_equal(measure, in->catalog->measures[0].name) && catalog_measure(in->catalog, COVERAGES[kind].coverage)) {
        /* Covered usage is not billed as such: its share is told by on-demand value, as coverage is. */
        replace_measure(in, COVERAGES[kind].coverage);
        interpret_drop_concept(plan, COVERAGES[kind].concept);
        for (size_t i = 0; i < plan->filter_count; i++) plan->filters[i].part = false;
        for (size_t i = 0; i < plan->concept_count; i++) plan->concepts[i].part = false;
        plan_assume(in->arena, plan, "measure", "what is covered is told by its on-demand value");
        return true;
    }
    if (!text_equal(measure, "ConsumedQuantity") && !text_equal(measure, "ListCost")) return false;
    for (size_t i = 0; i < plan->filter_count; i++) plan->filters[i].part = false;
    for (size_t i = 0; i < plan->concept_count; i++)
        plan->concepts[i].part = text_equal(plan->concepts[i].id, COVERAGES[kind].concept);
    leave_out_spot(in);
    return false;
}

/* "coverage of instance hours", "utilization by hours": the same ratio of hours. */
static bool read_hours(Interpretation *in) {
    static const char *const BY_HOURS[][2] = {{"reservation_utilization", "reservation_utilization_hours"},
                                              {"reservation_coverage", "reservation_coverage_hours"},
                                              {"savings_plan_coverage", "savings_plan_coverage_hours"},
                                              {"commitment_coverage", "commitment_coverage_hours"}};
    bool said = interpret_has(in, FLAG_HOURS), instances = false;
    for (size_t i = 0; i < in->frame.condition_count; i++)
        instances = instances || text_equal(in->frame.conditions[i].concept, "ec2-instances");
    if (!said && !(instances && interpret_has(in, FLAG_COUNTABLE))) return true;
    for (size_t i = 0; in->plan->measure_count == 1 && i < sizeof BY_HOURS / sizeof *BY_HOURS; i++) {
        if (said && text_equal(in->plan->measures[0], BY_HOURS[i][1])) return true;
        if (!text_equal(in->plan->measures[0], BY_HOURS[i][0])) continue;
        if (!catalog_measure(in->catalog, BY_HOURS[i][1])) return false;
        replace_measure(in, BY_HOURS[i][1]);
        in->frame.flags &= ~(FLAG_SHARE | FLAG_PERCENT);
        return true;
    }
    return !said;
}

/* --- "on-demand value minus effective cost minus unused commitment" --- */

/* The definition of a difference in the form of action_compare.c; NULL for other measures. */
static const char *formula_of(const Interpretation *in, const Measure *measure) {
    if (measure->kind != MEASURE_DIFFERENCE) return NULL;
    const Measure *first = catalog_measure(in->catalog, measure->numerator);
    const Measure *second = catalog_measure(in->catalog, measure->denominator);
    if (!first || !second || first->kind != MEASURE_SUM || second->kind != MEASURE_SUM) return NULL;
    bool unused = second->concept && (strstr(second->concept, "-effective") || strstr(second->concept, "unused"));
    return arena_printf(in->arena, "+%s-%s%s", first->column, second->column, unused ? "-x_UnusedCommitmentCost" : "");
}

/* Of what the definition speaks must be what the measure is of. */
static bool formula_is_of(const char *concept, const char *measure) {
    static const char *const KINDS[][2] = {
        {"savings-plan-usage", "savings_plan_"}, {"reserved", "reservation_"}, {"spot", "spot_"}};
    if (!*concept) return true;
    if (text_equal(concept, "committed-usage")) return !text_starts(measure, "spot_") && !text_starts(measure, "list_");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (text_equal(concept, KINDS[i][0])) return text_starts(measure, KINDS[i][1]);
    return false;
}

/* A definition that the user gives is no other question: it must be the one that the measure has. */
static bool read_formula(const Interpretation *in) {
    const char *said = in->frame.formula;
    if (!said) return true;
    if (in->plan->measure_count != 1 || in->frame.measure_count != 1) return false;
    const Measure *measure = catalog_measure(in->catalog, in->plan->measures[0]);
    const char *formula = measure ? formula_of(in, measure) : NULL, *of = strchr(said, '@');
    return formula && of && strlen(formula) == (size_t)(of - said) && text_starts(said, formula) &&
           formula_is_of(of + 1, measure->name);
}

bool interpret_coverage(Interpretation *in) {
    return read_hours(in) && read_formula(in);
}
