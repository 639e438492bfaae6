/* One question walks through the rooms: words, plan, SQL, guard, engine, answer. */
#include "ask.h"

#include <string.h>

#include "base/text.h"
#include "investigate/investigate.h"
#include "ops/operations.h"
#include "question/compile.h"
#include "question/plan.h"
#include "question/understand.h"

/* What a question was understood as, on which data set. */
typedef struct {
    const Catalog *catalog;
    Reading reading;
    const char *fallback; /* why another data set than the first was taken; NULL */
} Understood;

/* The plan can be carried out on this data; what speaks against it becomes the reading's refusal. */
static bool check_plan(Arena *arena, Understood *understood, Err *err) {
    Err refusal = {0};
    Reading *reading = &understood->reading;
    if (reading->status != READING_PLAN || plan_check(arena, understood->catalog, reading->plan, &refusal)) return true;
    if (refusal.kind != ERR_REFUSED) return err_set_code(err, refusal.kind, refusal.code, "%s", refusal.message);
    reading->status = READING_DECLINED;
    reading->code = arena_text(arena, refusal.code);
    reading->message = arena_text(arena, refusal.message);
    return true;
}

static bool read_on(Arena *arena, Session *session, const OpCall *call, const char *dataset, const char *question,
                    Understood *out, Err *err) {
    Catalog *catalog = NULL;
    if (!session_catalog(arena, session, dataset, &catalog, err)) return false;
    const char *given = call_text(call, "as-of");
    Day as_of = catalog->as_of;
    if (given && date_parse(given, &as_of)) catalog->as_of = as_of;
    out->catalog = catalog;
    bool read = question_read(arena, session->connection, catalog, question, as_of, NULL, &out->reading, err);
    return read && check_plan(arena, out, err);
}

/* The bill first; a question that it declines may be one about another table. */
static bool understand(Arena *arena, Session *session, const OpCall *call, const char *question, Understood *out, Err *err) {
    const char *first = NULL;
    if (!session_dataset(arena, session, call, &first, err)) return false;
    if (!read_on(arena, session, call, first, question, out, err)) return false;
    size_t count = call_text(call, "dataset") ? 0 : workspace_dataset_count(session->workspace);
    for (size_t i = 0; i < count && out->reading.status == READING_DECLINED; i++) {
        const char *name = workspace_dataset(session->workspace, i);
        Understood other = {0};
        if (text_equal(name, first)) continue;
        if (!read_on(arena, session, call, name, question, &other, err)) return false;
        if (other.reading.status != READING_PLAN) continue;
        other.fallback = arena_printf(arena, "asked of the table %s, since %s cannot answer it", name, first);
        *out = other;
    }
    return true;
}

static void decline(Arena *arena, const Understood *understood, Answer *out) {
    const Catalog *catalog = understood->catalog;
    const Reading *reading = &understood->reading;
    out->status = reading->status == READING_CLARIFY ? ANSWER_CLARIFY : ANSWER_REFUSED;
    out->code = reading->code;
    out->message = reading->message;
    out->nearest = reading->nearest;
    out->nearest_count = reading->nearest_count;
    out->alternative_count = reading->alternative_count;
    out->alternative_plans = arena_array(arena, reading->alternative_count + 1, sizeof *out->alternative_plans);
    out->alternative_paraphrases = arena_array(arena, reading->alternative_count + 1, sizeof *out->alternative_paraphrases);
    for (size_t i = 0; i < reading->alternative_count; i++) {
        out->alternative_plans[i] = reading->alternatives[i];
        out->alternative_paraphrases[i] = plan_paraphrase(arena, catalog, reading->alternatives[i]);
    }
    answer_declined(arena, catalog, out);
}

/* A plan becomes SQL, passes the guard, runs, and comes back as an answer. */
static bool carry_out(Arena *arena, Session *session, const Catalog *catalog, const Plan *plan, Answer *out, Err *err) {
    Compiled compiled = {0};
    Guard *guard = NULL;
    const Cleared *cleared = NULL;
    Engine *engine = NULL;
    Table *table = NULL;
    EngineLimits limits = {.stop = session->context->stop};
    if (!plan_compile(arena, catalog, plan, "duckdb", true, &compiled, err)) return false;
    session_step(session, "compile");
    if (!session_guard(arena, session, &guard, err)) return false;
    if (!guard_clear(arena, guard, compiled.sql, strlen(compiled.sql), GUARD_COMPILED, &cleared, err)) return false;
    session_step(session, "clear");
    if (!session_engine(arena, session, &engine, err)) return false;
    if (!engine_run(arena, engine, cleared, &limits, &table, err)) return false;
    out->execute_ms = session_step(session, "run");
    if (!answer_make(arena, catalog, plan, &compiled, table, out, err)) return false;
    session_step(session, "answer");
    return true;
}

/* Plans that take more than one query. */
static bool look_into(Arena *arena, Session *session, const Catalog *catalog, const Plan *plan, Answer *out, Err *err) {
    Desk desk = {.catalog = catalog, .stop = session->context->stop};
    if (!session_guard(arena, session, &desk.guard, err)) return false;
    if (!session_engine(arena, session, &desk.engine, err)) return false;
    if (!investigate(arena, &desk, plan, out, err)) return false;
    out->execute_ms = session_step(session, "investigate");
    return true;
}

/* Shapes that only show at compiling that they cannot be said are refusals of the question, not failures. */
static bool refuse(Arena *arena, const Catalog *catalog, const Err *failure, Answer *out, Err *err) {
    if (failure->kind != ERR_REFUSED) return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
    out->status = ANSWER_REFUSED;
    out->code = arena_text(arena, failure->code);
    out->message = arena_text(arena, failure->message);
    answer_declined(arena, catalog, out);
    return true;
}

bool ask_question(Arena *arena, Session *session, const OpCall *call, const char *question, Answer *out, Err *err) {
    Understood understood = {0};
    Err failure = {0};
    *out = (Answer){.question = question, .planner = "offline"};
    if (!understand(arena, session, call, question, &understood, err)) return false;
    out->plan_ms = session_step(session, "read");
    Plan *plan = understood.reading.plan;
    if (understood.fallback && plan) plan_assume(arena, plan, "dataset", understood.fallback);
    if (understood.reading.status != READING_PLAN) {
        decline(arena, &understood, out);
    } else if (plan->intent == INTENT_META) {
        if (!answer_meta(arena, understood.catalog, plan, out, err)) return false;
    } else if (!(investigate_wants(plan) ? look_into : carry_out)(arena, session, understood.catalog, plan, out, &failure)) {
        if (!refuse(arena, understood.catalog, &failure, out, err)) return false;
    }
    out->row_limit = (size_t)call_count(call, "limit", 0);
    session_tell_times(arena, session, out);
    return true;
}

bool op_ask(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    const char *question = call_text(call, "question");
    Session session = {0};
    Answer *answer = arena_alloc(arena, sizeof *answer);
    if (!session_open(arena, context, call, &session, err)) return false;
    if (!ask_question(arena, &session, call, question, answer, err)) return false;
    out->answer = answer;
    out->outcome = answer->status == ANSWER_ANSWERED ? OUTCOME_DONE : OUTCOME_DECLINED;
    return true;
}
