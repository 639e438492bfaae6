#include "question/plan_names.h"

#include "base/text.h"

#define NAMES(variable, title, ...)                                                                                            \
    static const char *const variable##_array[] = {__VA_ARGS__};                                                               \
    const Names variable = {title, sizeof variable##_array / sizeof *variable##_array, variable##_array}

NAMES(intent_names, "intent", "total", "breakdown", "series", "compare", "share", "count", "stat", "list", "detail",
      "first_last", "new_gone", "drivers", "meta", "anomaly", "forecast");
NAMES(filter_names, "filter op", "in", "not_in", "empty", "not_empty", "contains", "not_contains", "at_least", "above",
      "at_most", "below", "all_tags_empty", "any_tag");
NAMES(grain_names, "grain", "none", "hour", "day", "week", "month", "quarter", "year", "billing_period");
NAMES(compare_names, "compare kind", "none", "periods", "values", "calendar");
NAMES(on_names, "on", "value", "delta", "percent", "share");
NAMES(having_names, "having op", "above", "at_least", "below", "at_most", "between", "abs_above");
NAMES(agg_names, "agg", "none", "average", "median", "maximum", "minimum", "cumulative", "first", "last");
NAMES(calendar_names, "calendar", "all", "weekdays", "weekends", "days_of_week");
NAMES(claim_names, "claim", "none", "more", "less", "changed");
NAMES(weekday_names, "day of the week", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

int names_find(const Names *names, const char *text) {
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->names[i], text)) return (int)i;
    return -1;
}

const char *names_list(Arena *arena, const Names *names) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < names->count; i++) buffer_printf(&out, "%s%s", i ? ", " : "", names->names[i]);
    return buffer_text(&out);
}
