/* One question walks through the rooms: words, plan, SQL, guard, engine, answer. */
#include "ask.h"

#include <string.h>

#include "answer/events.h"
#include "base/text.h"
#include "investigate/investigate.h"
#include "investigate/recommend.h"
#include "investigate/remark.h"
#include "ops/inquiries.h"
#include "ops/learning.h"
#include "ops/memory.h"
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

/* The catalog as the call wants it: "today" may be another day. */
static bool load_catalog(Arena *arena, Session *session, const OpCall *call, const char *dataset, Catalog **out, Err *err) {
    if (!session_catalog(arena, session, dataset, out, err)) return false;
    const char *given = call_text(call, "as-of");
    Day as_of = (*out)->as_of;
    if (given && date_parse(given, &as_of)) (*out)->as_of = as_of;
    return true;
}

static bool read_on(Arena *arena, Session *session, const OpCall *call, const char *dataset, const char *question,
                    const Conversation *conversation, Understood *out, Err *err) {
    Catalog *catalog = NULL;
    const Lexicon *lexicon = NULL;
    if (!load_catalog(arena, session, call, dataset, &catalog, err)) return false;
    if (!session_lexicon(session, dataset, &lexicon, err)) return false;
    out->catalog = catalog;
    bool read =
        question_follow(arena, session->connection, lexicon, question, catalog->as_of, conversation, &out->reading, err);
    return read && check_plan(arena, out, err);
}

/* A follow-up is about the data set of the answer that it follows. */
static bool understand_follow(Arena *arena, Session *session, const OpCall *call, const char *question,
                              const Conversation *conversation, Understood *out, Err *err) {
    const ConversationTurn *last = conversation_last(conversation);
    const char *dataset = last ? last->dataset : NULL;
    if (!dataset && conversation && conversation->offered_count) dataset = json_get_text(conversation->offered[0], "dataset");
    for (size_t i = 0; dataset && i < workspace_dataset_count(session->workspace); i++)
        if (text_equal(workspace_dataset(session->workspace, i), dataset))
            return read_on(arena, session, call, dataset, question, conversation, out, err);
    return true;
}

/* A plan about a thing that the data has no line of: "volumes" on a bill without EBS. Another table may have them. */
static bool is_about_nothing(const Understood *understood) {
    const Plan *plan = understood->reading.plan;
    if (!plan) return false;
    for (size_t i = 0; i < plan->concept_count; i++) {
        const Concept *concept = catalog_concept(understood->catalog, plan->concepts[i].id);
        if (concept && !plan->concepts[i].negated && concept->row_count == 0) return true;
    }
    return false;
}

/* A plan that somebody gives is carried out as it stands, on the data set that it names. */
static bool read_plan(Arena *arena, Session *session, const OpCall *call, const char *text, Understood *out, Err *err) {
    Json *json = NULL;
    Catalog *catalog = NULL;
    const char *dataset = NULL;
    if (!json_parse(arena, text, strlen(text), &json, err)) return false;
    const char *named = json_get_text(json, "dataset");
    const OpCall by_plan = {.count = 1, .names = (const char *[]){"dataset"}, .values = &named};
    if (!session_dataset(arena, session, named ? &by_plan : call, &dataset, err)) return false;
    if (!load_catalog(arena, session, call, dataset, &catalog, err)) return false;
    out->catalog = catalog;
    out->reading = (Reading){.status = READING_PLAN, .turn = TURN_FRESH};
    return plan_read(arena, catalog, json, &out->reading.plan, err) && check_plan(arena, out, err);
}

/* The bill first; a question that it declines, or has nothing of, may be one about another table. */
static bool understand(Arena *arena, Session *session, const OpCall *call, const char *question,
                       const Conversation *conversation, Understood *out, Err *err) {
    const char *first = NULL;
    if (!understand_follow(arena, session, call, question, conversation, out, err)) return false;
    if (out->reading.turn == TURN_FOLLOW) return true;
    if (!session_dataset(arena, session, call, &first, err)) return false;
    bool read = out->catalog && text_equal(out->catalog->dataset, first);
    if (!read && !read_on(arena, session, call, first, question, NULL, out, err)) return false;
    size_t count = call_text(call, "dataset") ? 0 : workspace_dataset_count(session->workspace);
    bool nothing = is_about_nothing(out);
    for (size_t i = 0; i < count && (out->reading.status == READING_DECLINED || nothing); i++) {
        const char *name = workspace_dataset(session->workspace, i);
        Understood other = {0};
        if (text_equal(name, first)) continue;
        if (!read_on(arena, session, call, name, question, NULL, &other, err)) return false;
        if (other.reading.status != READING_PLAN || is_about_nothing(&other)) continue;
        other.fallback = arena_printf(arena, "asked of the table %s, since %s %s", name, first,
                                      nothing ? "has none of it" : "cannot answer it");
        nothing = false;
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
    const OpContext *context = session->context;
    if (context->tell) answer_tell_sql(arena, compiled.sql, "duckdb", context->tell, context->door);
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
    const OpContext *context = session->context;
    if (context->tell) answer_tell_sql(arena, out->sql, out->dialect, context->tell, context->door);
    out->execute_ms = session_step(session, "investigate");
    return true;
}

/* What follows from an answer besides what was asked. */
static bool advise(Arena *arena, Session *session, const Catalog *catalog, Answer *out, Err *err) {
    Desk desk = {.catalog = catalog, .stop = session->context->stop};
    if (out->status != ANSWER_ANSWERED || !catalog->is_bill) return true;
    if (!session_guard(arena, session, &desk.guard, err)) return false;
    if (!session_engine(arena, session, &desk.engine, err)) return false;
    if (!remark_on_nothing(arena, &desk, out, err) || !recommend(arena, &desk, out, err)) return false;
    session_step(session, "recommend");
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

/* "go back": the question before the last one, once more. "start over": nothing was said yet. */
static bool understand_command(Arena *arena, Session *session, const OpCall *call, ReadingTurn command,
                               Conversation *conversation, Answer *out, Understood *understood, Err *err) {
    Reading *reading = &understood->reading;
    const ConversationTurn *before = conversation->count > 1 ? &conversation->turns[conversation->count - 2] : NULL;
    const char *dataset = before ? before->dataset : NULL;
    if (!dataset && !session_dataset(arena, session, call, &dataset, err)) return false;
    Catalog *catalog = NULL;
    if (!load_catalog(arena, session, call, dataset, &catalog, err)) return false;
    understood->catalog = catalog;
    *reading = (Reading){.status = READING_DECLINED, .turn = command};
    if (command == TURN_RESET) {
        *conversation = (Conversation){0};
        reading->status = READING_CLARIFY;
        reading->code = "NEW_CONVERSATION";
        reading->message = "What was asked before is forgotten. What do you want to know?";
        return true;
    }
    reading->code = "NOT_A_QUERY";
    reading->message = "There is no earlier question to go back to.";
    if (!before) return true;
    if (!plan_read(arena, catalog, before->plan, &reading->plan, err)) return false;
    reading->status = READING_PLAN;
    out->question = before->question;
    conversation_back(conversation);
    conversation_back(conversation);
    return check_plan(arena, understood, err);
}

/* What was computed for the same plan on the same data is told again. */
static bool tell_again(Arena *arena, Session *session, const Catalog *catalog, const Plan *plan, Answer *out) {
    const OpContext *context = session->context;
    if (!learning_reuse(arena, session, catalog, plan, out)) return false;
    if (context->tell && out->sql) answer_tell_sql(arena, out->sql, out->dialect, context->tell, context->door);
    session_step(session, "reuse");
    return true;
}

/* What the next question may refer to. */
static void remember(Arena *arena, const Understood *understood, const Answer *answer, Conversation *conversation) {
    const Reading *reading = &understood->reading;
    if (answer->status == ANSWER_ANSWERED && reading->plan)
        conversation_add(arena, understood->catalog, answer->question, reading->plan, answer->columns, answer->table,
                         conversation);
    else if (answer->status == ANSWER_CLARIFY && reading->alternative_count)
        conversation_offer(arena, reading->alternatives, reading->alternative_count, conversation);
}

bool ask_question(Arena *arena, Session *session, const OpCall *call, const char *question, Answer *out, Err *err) {
    Conversation conversation = {0};
    return ask_next(arena, session, call, question, &conversation, out, err);
}

/* From what a question was understood as to its answer. */
static bool answer_understood(Arena *arena, Session *session, const OpCall *call, Understood *understood,
                              Conversation *conversation, Answer *out, Err *err) {
    Err failure = {0};
    const OpContext *context = session->context;
    out->plan_ms = session_step(session, "read");
    Plan *plan = understood->reading.plan;
    if (understood->fallback && plan) plan_assume(arena, plan, "dataset", understood->fallback);
    if (!out->question && plan) out->question = plan_paraphrase(arena, understood->catalog, plan);
    if (context->tell && understood->reading.status == READING_PLAN)
        answer_tell_understood(arena, understood->catalog, plan, out, context->tell, context->door);
    if (understood->reading.status != READING_PLAN) {
        decline(arena, understood, out);
    } else if (plan->intent == INTENT_META) {
        if (!answer_meta(arena, understood->catalog, plan, out, err)) return false;
    } else if (tell_again(arena, session, understood->catalog, plan, out)) {
        /* Nothing is left to do: recommendations are part of what was kept. */
    } else if (!(investigate_wants(plan) ? look_into : carry_out)(arena, session, understood->catalog, plan, out, &failure)) {
        if (!refuse(arena, understood->catalog, &failure, out, err)) return false;
    } else if (!advise(arena, session, understood->catalog, out, err)) {
        return false;
    }
    remember(arena, understood, out, conversation);
    out->row_limit = (size_t)call_count(call, "limit", 0);
    session_tell_times(arena, session, out);
    learning_note(arena, session, understood->catalog, &understood->reading, conversation, out);
    return true;
}

/* Questions that no plan stands for. They start no conversation: there is no sum that a next question could narrow. */
static bool ask_inquiry(Arena *arena, Session *session, const OpCall *call, const Inquiry *inquiry, Answer *out, Err *err) {
    Err failure = {0};
    Catalog *catalog = NULL;
    const char *dataset = NULL;
    const Reading reading = {.status = READING_PLAN};
    if (!session_dataset(arena, session, call, &dataset, err)) return false;
    if (!load_catalog(arena, session, call, dataset, &catalog, err)) return false;
    out->plan_ms = session_step(session, "read");
    Desk desk = {.catalog = catalog, .stop = session->context->stop};
    if (!session_guard(arena, session, &desk.guard, err)) return false;
    if (!session_engine(arena, session, &desk.engine, err)) return false;
    if (!inquiry->answer(arena, &desk, out->question, out, &failure) && !refuse(arena, catalog, &failure, out, err))
        return false;
    out->execute_ms = session_step(session, inquiry->name);
    out->row_limit = (size_t)call_count(call, "limit", 0);
    session_tell_times(arena, session, out);
    learning_note(arena, session, catalog, &reading, NULL, out);
    return true;
}

bool ask_next(Arena *arena, Session *session, const OpCall *call, const char *question, Conversation *conversation, Answer *out,
              Err *err) {
    Understood understood = {0};
    *out = (Answer){.question = question, .planner = "offline"};
    const Inquiry *inquiry = inquiry_find(arena, question);
    if (inquiry) return ask_inquiry(arena, session, call, inquiry, out, err);
    ReadingTurn command = question_command(arena, question);
    bool read = command == TURN_FRESH ? understand(arena, session, call, question, conversation, &understood, err)
                                      : understand_command(arena, session, call, command, conversation, out, &understood, err);
    if (read && command == TURN_FRESH && understood.reading.status == READING_DECLINED)
        inquiry = inquiry_of_declined(arena, question);
    if (inquiry) return ask_inquiry(arena, session, call, inquiry, out, err);
    return read && answer_understood(arena, session, call, &understood, conversation, out, err);
}

bool ask_plan(Arena *arena, Session *session, const OpCall *call, const char *plan, Conversation *conversation, Answer *out,
              Err *err) {
    Understood understood = {0};
    *out = (Answer){.question = call_text(call, "question"), .planner = "offline"};
    return read_plan(arena, session, call, plan, &understood, err) &&
           answer_understood(arena, session, call, &understood, conversation, out, err);
}

/* What was said before: a client's own memory, or that of the command line. */
static bool recall(Arena *arena, const OpCall *call, const char *folder, Conversation *out, Err *err) {
    const char *given = call_text(call, "conversation");
    Json *json = NULL;
    if (!given) return !call_flag(call, "continue") || memory_read(arena, folder, out, err);
    if (call_flag(call, "continue"))
        return err_set(err, ERR_USAGE, "--continue and --conversation exclude each other: both say what was asked before");
    if (!json_parse(arena, given, strlen(given), &json, err)) return false;
    return !json_has(json, "v") || conversation_read(arena, json, out, err);
}

/* The same words on the same data were answered before. */
static bool ask_again(Arena *arena, Session *session, const OpCall *call, Conversation *conversation, Answer *out) {
    *out = (Answer){.question = call_text(call, "question")};
    if (!learning_recall(arena, session, call, conversation, out)) return false;
    out->planner = "learned";
    out->row_limit = (size_t)call_count(call, "limit", 0);
    session_tell_times(arena, session, out);
    learning_note(arena, session, NULL, NULL, conversation, out);
    return true;
}

bool op_ask(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    const char *question = call_text(call, "question"), *plan = call_text(call, "plan");
    Session session = {0};
    Conversation conversation = {0};
    Answer *answer = arena_alloc(arena, sizeof *answer);
    if (!session_find(arena, context, call, &session, err)) return false;
    const char *folder = workspace_folder(session.workspace);
    session.log = context->log ? context->log : learning_start(arena, folder);
    if (!recall(arena, call, folder, &conversation, err)) return false;
    bool alone = !plan && !context->tell && conversation.count == 0 && conversation.offered_count == 0;
    if (!(alone && ask_again(arena, &session, call, &conversation, answer))) {
        if (!session_attach(arena, &session, err)) return false;
        bool answered = plan ? ask_plan(arena, &session, call, plan, &conversation, answer, err)
                             : ask_next(arena, &session, call, question, &conversation, answer, err);
        if (!answered) return false;
    }
    bool carried = call_text(call, "conversation") || context->tell;
    bool new = conversation.count > 0 || conversation.offered_count > 0 || call_flag(call, "continue");
    if (carried) out->conversation = conversation_json(arena, &conversation);
    if (new && !carried) memory_write(arena, folder, &conversation);
    out->answer = answer;
    out->outcome = answer->status == ANSWER_ANSWERED ? OUTCOME_DONE : OUTCOME_DECLINED;
    return true;
}
