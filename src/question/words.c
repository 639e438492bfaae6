#include "question/words.h"

#include "base/text.h"

typedef enum { SPAN_ALL, SPAN_BEFORE, SPAN_FROM, SPAN_DAY, SPAN_MONTH, SPAN_QUARTER, SPAN_YEAR, SPAN_DAYS } Span;

static Span span_of(const PlanTime *time) {
    if (time->start == DAY_NONE) return time->end == DAY_NONE ? SPAN_ALL : SPAN_BEFORE;
    if (time->end == DAY_NONE) return SPAN_FROM;
    if (time->end == time->start + 1) return SPAN_DAY;
    if (date_month(time->start, 0) == time->start && date_month(time->start, 1) == time->end) return SPAN_MONTH;
    if (date_quarter(time->start, 0) == time->start && date_quarter(time->start, 1) == time->end) return SPAN_QUARTER;
    if (date_year(time->start, 0) == time->start && date_year(time->start, 1) == time->end) return SPAN_YEAR;
    return SPAN_DAYS;
}

/* A day that begins a month is called by the month: "before September 2026". */
static const char *day_words(Arena *arena, Day day) {
    CalendarDate date = date_calendar(day);
    if (date.day == 1) return arena_printf(arena, "%s %d", date_month_name(date.month), date.year);
    return arena_printf(arena, "%d %s %d", date.day, date_month_name(date.month), date.year);
}

static const char *all_words(Arena *arena, const Catalog *catalog) {
    if (catalog->first_day == DAY_NONE) return "all loaded data";
    return arena_printf(arena, "all loaded data (%s to %s)", date_text(arena, catalog->first_day),
                        date_text(arena, catalog->last_day));
}

static const char *span_words(Arena *arena, const Catalog *catalog, const PlanTime *time) {
    CalendarDate start = date_calendar(time->start);
    switch (span_of(time)) {
    case SPAN_ALL: return all_words(arena, catalog);
    case SPAN_BEFORE: return arena_printf(arena, "before %s", day_words(arena, time->end));
    case SPAN_FROM: return arena_printf(arena, "from %s on", day_words(arena, time->start));
    case SPAN_DAY: return arena_printf(arena, "%d %s %d", start.day, date_month_name(start.month), start.year);
    case SPAN_MONTH: return arena_printf(arena, "%s %d", date_month_name(start.month), start.year);
    case SPAN_QUARTER: return arena_printf(arena, "Q%d %d", (start.month + 2) / 3, start.year);
    case SPAN_YEAR: return arena_printf(arena, "%d", start.year);
    case SPAN_DAYS: break;
    }
    return arena_printf(arena, "%s to %s", date_text(arena, time->start), date_text(arena, time->end - 1));
}

const char *words_period(Arena *arena, const Catalog *catalog, const PlanTime *time) {
    const char *words = span_words(arena, catalog, time);
    return time->by_billing_period ? arena_printf(arena, "billing period %s", words) : words;
}

static const char *day_name(Arena *arena, Day day) {
    CalendarDate date = date_calendar(day);
    return arena_printf(arena, "%04d_%02d_%02d", date.year, date.month, date.day);
}

const char *words_period_name(Arena *arena, const PlanTime *time) {
    CalendarDate start = date_calendar(time->start);
    switch (span_of(time)) {
    case SPAN_ALL: return "all";
    case SPAN_BEFORE: return arena_printf(arena, "before_%s", day_name(arena, time->end));
    case SPAN_FROM: return arena_printf(arena, "from_%s", day_name(arena, time->start));
    case SPAN_DAY: return day_name(arena, time->start);
    case SPAN_MONTH: return arena_printf(arena, "%04d_%02d", start.year, start.month);
    case SPAN_QUARTER: return arena_printf(arena, "%04d_q%d", start.year, (start.month + 2) / 3);
    case SPAN_YEAR: return arena_printf(arena, "%04d", start.year);
    case SPAN_DAYS: break;
    }
    return arena_printf(arena, "%s_to_%s", day_name(arena, time->start), day_name(arena, time->end - 1));
}

/* At most this many values are spelled out; a reader sees the rest in the plan. */
enum { WORDS_VALUES = 5 };

static const char *value_words(Arena *arena, const PlanFilter *filter, const char *quote) {
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < filter->value_count && i < WORDS_VALUES; i++) {
        const bool last = i + 1 == filter->value_count;
        if (i) buffer_add(&out, last ? " or " : ", ");
        if (*filter->values[i])
            buffer_printf(&out, "%s%s%s", quote, filter->values[i], quote);
        else
            buffer_add(&out, "none");
    }
    if (filter->value_count > WORDS_VALUES) buffer_printf(&out, " or %zu more", filter->value_count - WORDS_VALUES);
    return buffer_text(&out);
}

const char *words_filter(Arena *arena, const Catalog *catalog, const PlanFilter *filter) {
    if (filter->op == FILTER_ALL_TAGS_EMPTY) return "no tags at all";
    if (filter->op == FILTER_ANY_TAG) return "any tag";
    const CatalogColumn *column = catalog_column(catalog, filter->dimension);
    const char *label = column ? column->label : filter->dimension;
    const char *tag = column && column->class == CLASS_TAG && catalog->is_bill ? " tag" : "";
    const CatalogColumn *than = filter->than ? catalog_column(catalog, filter->than) : NULL;
    const char *first = than ? than->label : filter->value_count ? filter->values[0] : "";
    switch (filter->op) {
    case FILTER_IN: return arena_printf(arena, "%s %s", label, value_words(arena, filter, ""));
    case FILTER_NOT_IN: return arena_printf(arena, "%s not %s", label, value_words(arena, filter, ""));
    case FILTER_EMPTY: return arena_printf(arena, "no %s%s", label, tag);
    case FILTER_NOT_EMPTY: return arena_printf(arena, "with a %s%s", label, tag);
    case FILTER_CONTAINS: return arena_printf(arena, "%s containing %s", label, value_words(arena, filter, "\""));
    case FILTER_NOT_CONTAINS: return arena_printf(arena, "%s not containing %s", label, value_words(arena, filter, "\""));
    case FILTER_AT_LEAST: return arena_printf(arena, "%s at least %s", label, first);
    case FILTER_ABOVE: return arena_printf(arena, "%s above %s", label, first);
    case FILTER_AT_MOST: return arena_printf(arena, "%s at most %s", label, first);
    case FILTER_BELOW: return arena_printf(arena, "%s below %s", label, first);
    default: return label;
    }
}

const char *words_concept(Arena *arena, const Catalog *catalog, const PlanConcept *concept) {
    const Concept *known = catalog_concept(catalog, concept->id);
    const char *label = known ? known->label : concept->id;
    return concept->negated ? arena_printf(arena, "not %s", label) : label;
}
