/* Why, anomalies, forecast: commands that put a question together and ask it like any other. */
#include "ask.h"
#include "base/text.h"
#include "ops/operations.h"

/* Words that begin a question of their own: it is asked as it stands. */
static bool asks_itself(const char *words) {
    static const char *const openings[] = {"why ", "what ", "explain ", "how come", "which ", "who ",
                                           "any ", "are ",  "is ",      "will ",    "how "};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (text_starts_fold(words, openings[i])) return true;
    return false;
}

static bool ask_words(Arena *arena, const OpContext *context, const OpCall *call, const char *lead, OpResult *out, Err *err) {
    const char *words = call_text(call, "words"), *by = call_text(call, "by");
    const char *from = call_text(call, "from"), *to = call_text(call, "to");
    Buffer question = {.arena = arena};
    Session session = {0};
    Answer *answer = arena_alloc(arena, sizeof *answer);
    if ((from == NULL) != (to == NULL))
        return err_set(err, ERR_USAGE, "--from and --to belong together: the period before, and the period after");
    if (!words || !asks_itself(words)) buffer_add(&question, lead);
    if (words) buffer_printf(&question, "%s%s", question.size ? " " : "", words);
    if (from) buffer_printf(&question, " from %s to %s", from, to);
    if (by) buffer_printf(&question, " by %s", by);
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!ask_question(arena, &session, call, buffer_text(&question), answer, err)) return false;
    out->answer = answer;
    out->outcome = answer->status == ANSWER_ANSWERED ? OUTCOME_DONE : OUTCOME_DECLINED;
    return true;
}

bool op_why(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    return ask_words(arena, context, call, "why did cost change", out, err);
}

bool op_anomalies(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    return ask_words(arena, context, call, "any anomalies", out, err);
}

bool op_forecast(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    return ask_words(arena, context, call, "forecast", out, err);
}
