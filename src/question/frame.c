/* question/frame.c: merging, see question/frame.h. */
#include "question/frame.h"

#include <string.h>

#include "base/text.h"

bool frame_has(const Frame *frame, uint64_t flags) {
    return (frame->flags & flags) != 0;
}

/* Columns that are two ways to write one thing; the catalog's companions come beside these. */
static const char *const SAME[][2] = {{"ServiceName", "x_ServiceCode"},
                                      {"RegionId", "RegionName"},
                                      {"SubAccountId", "SubAccountName"},
                                      {"BillingAccountId", "BillingAccountName"},
                                      {"ResourceId", "ResourceName"},
                                      {"ProviderName", "PublisherName"},
                                      {"CommitmentDiscountId", "CommitmentDiscountName"}};

bool frame_same_dimension(const Catalog *catalog, const char *a, const char *b) {
    if (text_equal(a, b)) return true;
    if (!a || !b) return false;
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        if ((text_equal(a, SAME[i][0]) && text_equal(b, SAME[i][1])) ||
            (text_equal(a, SAME[i][1]) && text_equal(b, SAME[i][0])))
            return true;
    const CatalogColumn *left = catalog_column(catalog, a), *right = catalog_column(catalog, b);
    return (left && left->companion && text_equal(left->companion, b)) ||
           (right && right->companion && text_equal(right->companion, a));
}

const CatalogColumn *frame_column_of(const Catalog *catalog, const char *canonical) {
    static const char *const LABELS[][2] = {{"ServiceName", "service"},
                                            {"ServiceName", "service name"},
                                            {"ServiceName", "product name"},
                                            {"ServiceName", "product"},
                                            {"ServiceName", "product code"},
                                            {"ServiceName", "service code"},
                                            {"x_ServiceCode", "product code"},
                                            {"x_ServiceCode", "service code"},
                                            {"SubAccountId", "account"},
                                            {"SubAccountId", "account id"},
                                            {"SubAccountId", "sub account"},
                                            {"SubAccountId", "subscription"},
                                            {"RegionId", "region"},
                                            {"RegionId", "region code"},
                                            {"RegionId", "location"},
                                            {"x_InstanceType", "instance type"},
                                            {"x_UsageType", "usage type"},
                                            {"x_Operation", "operation"},
                                            {"x_LineItemType", "line item type"},
                                            {"ChargeCategory", "charge category"},
                                            {"x_VolumeType", "volume type"},
                                            {"AvailabilityZone", "availability zone"},
                                            {"ProviderName", "provider"},
                                            {"ServiceCategory", "service category"}};
    const CatalogColumn *column = catalog_column(catalog, canonical);
    if (column || catalog->is_bill) return column;
    for (size_t i = 0; i < sizeof LABELS / sizeof *LABELS; i++) {
        if (!text_equal(LABELS[i][0], canonical)) continue;
        for (size_t c = 0; c < catalog->column_count; c++)
            if (text_equal_fold(catalog->columns[c].label, LABELS[i][1])) return &catalog->columns[c];
    }
    if (text_equal(canonical, "ResourceId")) return catalog->row_identifier;
    return NULL;
}

const char *frame_counting_measure(const Catalog *catalog, const char *column) {
    if (!column) return NULL;
    for (size_t i = 0; i < catalog->measure_count; i++) {
        const Measure *measure = &catalog->measures[i];
        if (measure->kind == MEASURE_COUNT_DISTINCT && measure->available && text_equal(measure->column, column))
            return measure->name;
    }
    const CatalogColumn *row = catalog->row_identifier;
    for (size_t i = 0; row && text_equal(row->name, column) && i < catalog->measure_count; i++)
        if (catalog->measures[i].kind == MEASURE_COUNT_ROWS) return catalog->measures[i].name;
    return NULL;
}

static bool has_text(const char *const *list, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i], text)) return true;
    return false;
}

static bool add_texts(const char **list, size_t *count, size_t room, const char *const *more, size_t more_count) {
    for (size_t i = 0; i < more_count; i++) {
        if (has_text(list, *count, more[i])) continue;
        if (*count >= room) return false;
        list[(*count)++] = more[i];
    }
    return true;
}

/* Two conditions on one column with one sense are one list of values. */
static bool add_condition(const FrameContext *context, Frame *out, const Condition *more) {
    for (size_t i = 0; i < out->condition_count; i++) {
        Condition *have = &out->conditions[i];
        if (have->concept || more->concept) {
            if (text_equal(have->concept, more->concept) && have->concept) return have->negated == more->negated;
            continue;
        }
        if (!text_equal(have->dimension, more->dimension) || have->op != more->op || have->part != more->part) continue;
        if (have->op != FILTER_IN && have->op != FILTER_NOT_IN) {
            if (have->value_count == 0) return true;
            continue;
        }
        const char **values = arena_array(context->arena, have->value_count + more->value_count, sizeof *values);
        size_t count = 0;
        add_texts(values, &count, have->value_count + more->value_count, have->values, have->value_count);
        add_texts(values, &count, have->value_count + more->value_count, more->values, more->value_count);
        have->values = values;
        have->value_count = count;
        return true;
    }
    if (out->condition_count >= FRAME_CONDITIONS) return false;
    out->conditions[out->condition_count++] = *more;
    return true;
}

static bool one_text(const char **have, const char *more) {
    if (!more) return true;
    if (*have && !text_equal(*have, more)) return false;
    *have = more;
    return true;
}

static bool same_time(const PlanTime *a, const PlanTime *b) {
    return a->start == b->start && a->end == b->end;
}

static bool merge_time(const Frame *b, Frame *out) {
    if (b->has_time) {
        if (out->has_time && (!same_time(&out->time, &b->time) || out->relative != b->relative)) return false;
        if (!out->has_time || b->ranged) {
            out->ranged = b->ranged;
            out->first = b->first;
            out->second = b->second;
        }
        /* "last week by account, compared with the week before": the other side is relative to this one. */
        const bool other_side =
            out->has_before && !out->has_time && out->relative != RELATIVE_NONE && b->relative == RELATIVE_NONE;
        out->time = b->time;
        out->has_time = true;
        if (other_side) out->before.end = out->before.start;
        if (!other_side) {
            out->relative = b->relative;
            out->relative_unit = b->relative_unit;
        }
    }
    if (b->has_before) {
        if (out->has_before && !same_time(&out->before, &b->before)) return false;
        out->before = b->before;
        out->has_before = true;
        if (!b->has_time && b->relative != RELATIVE_NONE && out->relative == RELATIVE_NONE) {
            out->relative = b->relative;
            out->relative_unit = b->relative_unit;
            if (out->has_time) out->before.end = out->before.start; /* told by the other side */
        }
    }
    out->compare = out->compare || b->compare;
    return true;
}

static bool merge_rank(const Frame *b, Frame *out) {
    if (b->rank.n && !b->rank.present) { /* "the 5 services with the highest cost": the number comes apart from the ranking */
        if (out->rank.n && out->rank.n != b->rank.n) return false;
        out->rank.n = b->rank.n;
    }
    if (b->rank.present) {
        PlanRank *rank = &out->rank;
        if (rank->present && rank->ascending != b->rank.ascending) return false;
        if (rank->present && rank->n && b->rank.n && rank->n != b->rank.n) return false;
        long long n = b->rank.n ? b->rank.n : rank->n;
        if (!rank->present) *rank = b->rank;
        rank->n = n;
        if (b->rank.on != ON_VALUE) rank->on = b->rank.on;
        rank->positive_only = rank->positive_only || b->rank.positive_only;
        if (!one_text(&rank->until, b->rank.until)) return false;
    }
    return one_text(&out->rank_measure, b->rank_measure) && one_text(&out->each, b->each);
}

static bool merge_havings(const Frame *b, Frame *out) {
    for (size_t i = 0; i < b->having_count; i++) {
        if (out->having_count >= FRAME_HAVINGS) return false;
        out->havings[out->having_count] = b->havings[i];
        out->having_measures[out->having_count] = b->having_measures[i];
        out->having_count_of[out->having_count] = b->having_count_of[i];
        out->having_count++;
    }
    return true;
}

static bool merge_words(const Frame *b, Frame *out) {
    if (b->number) {
        if (out->number) return false;
        out->number = b->number;
        out->number_kind = b->number_kind;
    }
    if (b->has_op) {
        if (out->has_op) return false;
        out->op = b->op;
        out->has_op = true;
    }
    out->plural = out->plural || b->plural;
    return one_text(&out->dimension, b->dimension);
}

static bool merge_grains(const Frame *b, Frame *out) {
    if (b->grain != GRAIN_NONE) {
        if (out->grain != GRAIN_NONE && out->grain != b->grain) return false;
        out->grain = b->grain;
    }
    if (b->subject_grain != GRAIN_NONE) {
        if (out->subject_grain != GRAIN_NONE && out->subject_grain != b->subject_grain) return false;
        out->subject_grain = b->subject_grain;
    }
    if (b->agg != AGG_NONE) {
        if (out->agg != AGG_NONE && out->agg != b->agg) return false;
        out->agg = b->agg;
    }
    if (b->agg_grain != GRAIN_NONE) {
        if (out->agg_grain != GRAIN_NONE && out->agg_grain != b->agg_grain) return false;
        out->agg_grain = b->agg_grain;
    }
    if (b->over != GRAIN_NONE) {
        if (out->over != GRAIN_NONE && out->over != b->over) return false;
        out->over = b->over;
    }
    return true;
}

static bool is_kind(const Condition *condition) {
    return condition->concept || text_equal(condition->dimension, "ServiceName") ||
           text_equal(condition->dimension, "x_ServiceCode");
}

/* "credits, refunds": two things side by side are not lines that are both. */
static bool breaks_at_comma(const Frame *a, const Frame *b) {
    for (size_t i = 0; i < a->condition_count; i++)
        for (size_t k = 0; k < b->condition_count; k++) {
            const Condition *left = &a->conditions[i], *right = &b->conditions[k];
            if (left->negated || right->negated || left->op == FILTER_NOT_IN || right->op == FILTER_NOT_IN) continue;
            if (is_kind(left) && is_kind(right) && (left->concept || right->concept)) return true;
        }
    return false;
}

bool frame_merge(const FrameContext *context, const Frame *a, const Frame *b, Frame *out) {
    *out = *a;
    if (frame_has(a, FLAG_COMMA) && breaks_at_comma(a, b)) return false;
    out->flags = (a->flags & ~FLAG_COMMA) | b->flags;
    if (!add_texts(out->measures, &out->measure_count, FRAME_MEASURES, b->measures, b->measure_count)) return false;
    if (!add_texts(out->groups, &out->group_count, FRAME_GROUPS, b->groups, b->group_count)) return false;
    for (size_t i = 0; i < b->condition_count; i++)
        if (!add_condition(context, out, &b->conditions[i])) return false;
    if (!merge_time(b, out) || !merge_rank(b, out) || !merge_havings(b, out) || !merge_words(b, out) || !merge_grains(b, out))
        return false;
    if (b->calendar != CALENDAR_ALL) {
        if (out->calendar != CALENDAR_ALL && out->calendar != b->calendar) return false;
        out->calendar = b->calendar;
        out->days_of_week |= b->days_of_week;
    }
    out->compare_items = out->compare_items || b->compare_items;
    out->compare_measures = out->compare_measures || b->compare_measures;
    out->compare_days = out->compare_days || b->compare_days;
    if (b->first_days != CALENDAR_ALL) out->first_days = b->first_days;
    if (b->refusal.code && !out->refusal.code) out->refusal = b->refusal;
    return one_text(&out->per, b->per) && one_text(&out->per_count, b->per_count) && one_text(&out->hint, b->hint) &&
           one_text(&out->against, b->against) && one_text(&out->formula, b->formula) && one_text(&out->subject, b->subject) &&
           one_text(&out->meta, b->meta) && one_text(&out->chart, b->chart) &&
           one_text(&out->compare_dimension, b->compare_dimension);
}
