/* One call of an operation: its values, checked against what the table of ops.c says of them, and the run. */
#include <stdlib.h>
#include <string.h>

#include "answer/events.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "ops.h"
#include "ops/operations.h"

const char *call_text(const OpCall *call, const char *name) {
    for (size_t i = call->count; i-- > 0;)
        if (text_equal(call->names[i], name)) return call->values[i];
    return NULL;
}

bool call_flag(const OpCall *call, const char *name) {
    return call_text(call, name) != NULL;
}

long long call_count(const OpCall *call, const char *name, long long fallback) {
    const char *text = call_text(call, name);
    return text ? strtoll(text, NULL, 10) : fallback;
}

const char *const *call_list(Arena *arena, const OpCall *call, const char *name, size_t *count) {
    const char **values = arena_array(arena, call->count + 1, sizeof *values);
    *count = 0;
    for (size_t i = 0; i < call->count; i++)
        if (text_equal(call->names[i], name)) values[(*count)++] = call->values[i];
    return values;
}

/* Whether `word` is one of the words of "a|b|c". */
static bool is_choice(Arena *arena, const char *choices, const char *word) {
    size_t count = 0;
    const char **allowed = text_split(arena, choices ? choices : "", '|', &count);
    for (size_t i = 0; i < count; i++)
        if (text_equal(allowed[i], word)) return true;
    return false;
}

static bool check_count(const OpArgument *argument, const char *value, Err *err) {
    enum { DIGITS = 12 };
    size_t digits = strspn(value, "0123456789");
    if (digits && digits <= DIGITS && !value[digits] && (digits > 1 || *value != '0' || text_equal(argument->name, "seed")))
        return true;
    return err_set(err, ERR_USAGE, "--%s takes a whole number above zero, not “%.40s”", argument->name, value);
}

static bool check_json(Arena *arena, const OpArgument *argument, const char *value, Err *err) {
    Json *json = NULL;
    Err reason = {0};
    if (strlen(value) > ARGUMENT_JSON_BYTES)
        return err_set(err, ERR_LIMIT, "--%s is longer than %zu KiB", argument->name, ARGUMENT_JSON_BYTES / 1024);
    if (!json_parse(arena, value, strlen(value), &json, &reason) || json_kind(json) != JSON_OBJECT)
        return err_set(err, ERR_USAGE, "--%s takes a JSON object, as answers give it", argument->name);
    return true;
}

static bool check_value(Arena *arena, const OpArgument *argument, const char *value, Err *err) {
    Day day = 0;
    const char *shown = text_printable(arena, value);
    if (argument->type != ARGUMENT_PATH && !text_is_utf8(value, strlen(value)))
        return err_set(err, ERR_USAGE, "%s is not valid UTF-8 text; type it again", argument->value);
    if (argument->type == ARGUMENT_COUNT) return check_count(argument, shown, err);
    if (argument->type == ARGUMENT_JSON) return check_json(arena, argument, value, err);
    if (argument->type == ARGUMENT_DATE && (!date_parse(value, &day) || strlen(value) != 10))
        return err_set(err, ERR_USAGE, "--%s takes a day like 2026-09-30, not “%.40s”", argument->name, shown);
    if (argument->coming && is_choice(arena, argument->coming, value))
        return err_set(err, ERR_USAGE, "--%s %s is not built yet; this version knows --%s %s", argument->name, value,
                       argument->name, argument->choices);
    if (argument->choices && !is_choice(arena, argument->choices, value))
        return err_set(err, ERR_USAGE, "--%s takes %s, not “%.40s”", argument->name, argument->choices, shown);
    if (argument->type != ARGUMENT_FLAG && text_is_empty(text_trim(arena, value)))
        return err_set(err, ERR_USAGE, "%s is empty; see: curlew help",
                       argument->positional ? argument->value : argument->name);
    return true;
}

static bool check_call(Arena *arena, const Operation *operation, const OpCall *call, Err *err) {
    for (const OpArgument *const *at = operation->arguments; *at; at++) {
        const OpArgument *argument = *at;
        bool instead = argument->unless && call_text(call, argument->unless);
        if (argument->required && !instead && !call_text(call, argument->name))
            return err_set(err, ERR_USAGE, "%s%s is missing, as in: %.*s", argument->positional ? "" : "--",
                           argument->positional ? argument->value : argument->name, (int)strcspn(operation->example, "\n"),
                           operation->example);
        for (size_t i = 0; i < call->count; i++)
            if (text_equal(call->names[i], argument->name) && !check_value(arena, argument, call->values[i], err)) return false;
    }
    return true;
}

/* What was not told while the operation ran. */
static void tell_result(Arena *arena, const OpContext *context, const OpResult *result) {
    if (result->answer) {
        answer_tell(arena, result->answer, result->conversation, context->tell, context->door);
        return;
    }
    Json *done = json_make_object(arena);
    json_put_text(done, "status", result->outcome == OUTCOME_DONE ? "done" : "problem");
    context->tell(context->door, "result", result->json);
    context->tell(context->door, "done", done);
}

bool operation_run(Arena *arena, const OpContext *context, const Operation *operation, const OpCall *call, const OpResult **out,
                   Err *err) {
    OpResult *result = arena_alloc(arena, sizeof *result);
    *out = result;
    bool done = check_call(arena, operation, call, err) && operation->run(arena, context, call, result, err);
    if (done && context->tell) tell_result(arena, context, result);
    return done;
}
