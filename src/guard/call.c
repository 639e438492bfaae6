/* Calls of functions: which ones, and with which arguments. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "guard/walk.h"

static const Json *argument_of(const Json *call, size_t index) {
    return json_at(json_get(call, "children"), index);
}

static bool is_class(const Json *node, const char *class) {
    return text_equal(json_get_text(node, "class"), class);
}

/* The text of a text constant; NULL for anything else. */
static const char *constant_text(const Json *node) {
    const Json *value = json_get(json_get(node, "value"), "value");
    return is_class(node, "CONSTANT") && json_kind(value) == JSON_TEXT ? json_text(value) : NULL;
}

/* The value of a whole number, also where the parser put casts and trunc() around it, as it does in INTERVAL 1 DAY. */
static bool constant_integer(const Json *node, long long *out) {
    for (int depth = 0; depth < 4; depth++) {
        if (is_class(node, "CAST"))
            node = json_get(node, "child");
        else if (is_class(node, "FUNCTION") && text_equal(json_get_text(node, "function_name"), "trunc"))
            node = argument_of(node, 0);
    }
    const Json *constant = json_get(node, "value");
    const char *type = json_get_text(json_get(constant, "type"), "id"), *text = json_get_text(constant, "value");
    bool whole = text_equal(type, "INTEGER") || text_equal(type, "BIGINT");
    if (!is_class(node, "CONSTANT") || !whole || !text || json_kind(json_get(constant, "value")) != JSON_NUMBER) return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

/* --- shrinking, erasing ----------------------------------------------------------------------------------------------- */

static bool check_shrinking(Walk *walk, const Json *call) {
    const char *from = constant_text(argument_of(call, 1)), *to = constant_text(argument_of(call, 2));
    if (from && to && *from && strlen(to) <= strlen(from)) return true;
    return walk_refuse(walk, "replace() may only put a constant in the place of one that is as long or longer");
}

static bool check_erasing(Walk *walk, const Json *call) {
    const char *to = constant_text(argument_of(call, 2));
    if (to && (!*to || (to[0] == '\\' && isdigit((unsigned char)to[1]) && !to[2]))) return true;
    return walk_refuse(walk, "regexp_replace() may only remove the match or keep one group of it (\\1)");
}

/* --- bounded ---------------------------------------------------------------------------------------------------------- */

/* A date written as a constant in years that bills can have. */
static bool constant_day(const Json *node, Day *out) {
    const char *text = is_class(node, "CAST") ? constant_text(json_get(node, "child")) : NULL;
    if (!text || !date_parse(text, out)) return false;
    int year = date_calendar(*out).year;
    return year >= 1900 && year <= 2200;
}

/* Whether the step is a whole number, at least 1, of hours or more; hours are said apart, they make more rows. */
static bool constant_step(const Json *node, bool *hours) {
    static const char *const units[] = {"hour", "day", "week", "month", "quarter", "year"};
    const char *text = is_class(node, "CAST") ? constant_text(json_get(node, "child")) : NULL;
    const char *name = is_class(node, "FUNCTION") ? json_get_text(node, "function_name") : NULL;
    long long count = 0;
    const char *unit = NULL;
    if (text) {
        char *end = NULL;
        count = strtoll(text, &end, 10);
        unit = end + strspn(end, " ");
    } else if (name && text_starts(name, "to_") && constant_integer(argument_of(node, 0), &count)) {
        unit = name + 3;
    }
    if (!unit || count < 1) return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!text_starts_fold(unit, units[i])) continue;
        const char *rest = unit + strlen(units[i]);
        *hours = i == 0;
        return !*rest || text_equal_fold(rest, "s");
    }
    return false;
}

static bool is_bounded_days(const Json *call) {
    Day start = 0, end = 0;
    bool hours = false;
    if (!constant_day(argument_of(call, 0), &start) || !constant_day(argument_of(call, 1), &end)) return false;
    if (!constant_step(argument_of(call, 2), &hours)) return false;
    return (end - start + 1) * (hours ? 24 : 1) <= GUARD_SERIES_ROWS;
}

static bool is_bounded_numbers(const Json *call, size_t count) {
    long long numbers[3] = {0, 0, 1};
    for (size_t i = 0; i < count; i++)
        if (!constant_integer(argument_of(call, i), &numbers[i])) return false;
    if (count == 1) {
        numbers[1] = numbers[0];
        numbers[0] = 0;
    }
    long long span = 0;
    if (numbers[2] == 0 || __builtin_sub_overflow(numbers[1], numbers[0], &span)) return false;
    return span / numbers[2] <= GUARD_SERIES_ROWS;
}

static bool check_bounded(Walk *walk, const Json *call) {
    size_t count = json_count(json_get(call, "children"));
    if (count >= 1 && count <= 3 && is_bounded_numbers(call, count)) return true;
    if (count == 3 && is_bounded_days(call)) return true;
    return walk_refuse(walk, "%s() takes whole numbers, or two dates and an interval, written out, and gives at most %d rows",
                       json_get_text(call, "function_name"), GUARD_SERIES_ROWS);
}

static bool check_listed(Walk *walk, const Json *call) {
    const Json *list = argument_of(call, 0);
    bool ok = json_count(json_get(call, "children")) == 1 && text_equal(json_get_text(list, "function_name"), "list_value");
    for (size_t i = 0; ok && i < json_count(json_get(list, "children")); i++) {
        const Json *item = argument_of(list, i);
        ok = is_class(item, "CONSTANT") || (is_class(item, "CAST") && is_class(json_get(item, "child"), "CONSTANT"));
    }
    return ok || walk_refuse(walk, "unnest() in FROM takes a list of constants: unnest(['a', 'b'])");
}

/* ---------------------------------------------------------------------------------------------------------------------- */

static const AllowFunction *find_function(const Walk *walk, const Json *call, const char *name) {
    if (walk->expects_table_function) return allow_function(walk->allow, name, CALL_TABLE);
    if (json_is_true(json_get(call, "is_operator"))) return allow_function(walk->allow, name, CALL_OPERATOR);
    bool window = is_class(call, "WINDOW");
    const AllowFunction *found = allow_function(walk->allow, name, CALL_AGGREGATE);
    return found ? found : allow_function(walk->allow, name, window ? CALL_WINDOW : CALL_SCALAR);
}

bool call_check(Walk *walk, const Json *call) {
    static const struct {
        const char *rule;
        bool (*check)(Walk *walk, const Json *call);
    } rules[] = {
        {"shrinking", check_shrinking}, {"erasing", check_erasing}, {"bounded", check_bounded}, {"listed", check_listed}};
    const char *name = json_get_text(call, "function_name");
    const AllowFunction *function = name ? find_function(walk, call, name) : NULL;
    bool in_from = walk->expects_table_function;
    walk->expects_table_function = false;
    if (!function && in_from)
        return walk_refuse(walk, "%s() may not stand in FROM; range(), generate_series() and unnest() of constants may", name);
    if (!function)
        return walk_refuse(
            walk, "The function %s is not allowed here; aggregates, windows, dates, numbers and plain text functions are",
            name);
    if (!*function->rule) return true;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (text_equal(rules[i].rule, function->rule)) return rules[i].check(walk, call);
    return walk_refuse(walk, "The function %s has a rule that is not known: this is a mistake in guard_functions.tsv", name);
}
