/* One turn over HTTP, whatever the format: sends, waits, sends again when the server asks for it, reads. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_events.h"
#include "io/clock.h"
#include "io/llm_wire.h"
#include "io/sse.h"

/* A turn while it lasts. */
typedef struct {
    LlmState *state;
    LlmTurn turn;
    LlmDraft *draft;
    long long deadline_us;
    HttpResponse response;
} Exchange;

/* --- the stream --- */

typedef struct {
    const LlmWire *wire;
    LlmDraft *draft;
    SseReader *sse;
    EventReader *events;
    size_t size_bytes;
} Tap;

static bool take_sse(void *context, const char *name, const char *data, size_t size, Err *err) {
    Tap *tap = context;
    return tap->wire->read_event(tap->draft, name, data, size, err);
}

static bool take_aws(void *context, const EventMessage *message, Err *err) {
    Tap *tap = context;
    const char *kind = event_header_text(message, ":message-type");
    const char *name = event_header_text(message, ":event-type");
    if (text_equal(kind, "event")) return tap->wire->read_event(tap->draft, name, message->payload, message->payload_size, err);
    const bool is_exception = text_equal(kind, "exception");
    Err unread = {0};
    Json *said = NULL;
    if (is_exception) json_parse(tap->draft->arena, message->payload, message->payload_size, &said, &unread);
    return llm_draft_fault(tap->draft, event_header_text(message, is_exception ? ":exception-type" : ":error-code"),
                           is_exception ? json_get_text(said, "message") : event_header_text(message, ":error-message"), err);
}

static bool take(void *context, const void *bytes, size_t size, Err *err) {
    Tap *tap = context;
    tap->size_bytes += size;
    return tap->sse ? sse_reader_add(tap->sse, bytes, size, take_sse, tap, err)
                    : event_reader_add(tap->events, bytes, size, take_aws, tap, err);
}

static bool end_of_stream(Tap *tap, Err *err) {
    if (tap->sse && !sse_reader_end(tap->sse, take_sse, tap, err)) return false;
    if (tap->draft->is_whole && (tap->sse || event_reader_is_whole(tap->events))) return true;
    if (!tap->size_bytes)
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED", "the model's server answered with nothing; check the endpoint");
    return err_set_code(err, ERR_IO, "LLM_CUT", "the model's answer broke off before its end; try again");
}

/* --- one try --- */

static int left_ms(const Exchange *exchange) {
    const long long left = (exchange->deadline_us - clock_monotonic_us()) / 1000;
    return left < 1 ? 1 : (int)left;
}

static bool read_whole(Exchange *exchange, Err *err) {
    Err unread = {0};
    Json *answer = NULL;
    const HttpResponse *response = &exchange->response;
    if (!json_parse(exchange->turn.arena, response->body, response->size, &answer, &unread))
        return err_set_code(err, ERR_INPUT, "LLM_MALFORMED", "%s answers with no JSON; check the endpoint",
                            text_printable(exchange->turn.arena, exchange->state->config.endpoint));
    return exchange->state->wire->read(exchange->draft, answer, err);
}

/* True when an answer came, whatever its status. */
static bool send_once(Exchange *exchange, Err *err) {
    const LlmTurn *turn = &exchange->turn;
    const LlmWire *wire = exchange->state->wire;
    Arena *arena = turn->arena;
    const char *body = json_write(arena, wire->write(turn), false);
    Tap tap = {.wire = wire, .draft = exchange->draft};
    HttpRequest request = {.body = body,
                           .body_size = strlen(body),
                           .timeout_ms = left_ms(exchange),
                           .limit_bytes = LLM_BODY_BYTES,
                           .stop = turn->request->stop};
    wire->address(turn, &request);
    if (turn->streams) {
        if (wire->frames == LLM_FRAMES_SSE)
            tap.sse = sse_reader_make(arena);
        else
            tap.events = event_reader_make(arena);
        request.each = take;
        request.context = &tap;
    }
    if (!llm_authorise(exchange->state, arena, &request, err)) return false;
    if (!http_run(arena, &request, &exchange->response, err)) return false;
    if (exchange->response.status < 200 || exchange->response.status > 299) return true;
    return turn->streams ? end_of_stream(&tap, err) : read_whole(exchange, err);
}

/* --- again --- */

/* Milliseconds that the server asks to wait, -1 when it does not: seconds, a date, or OpenAI's and Anthropic's milliseconds. */
static long long asked_wait_ms(const HttpResponse *response) {
    const char *exact = http_answer_header(response, "retry-after-ms"), *after = http_answer_header(response, "retry-after");
    char *end = NULL;
    if (exact) {
        const long long wait = strtoll(exact, &end, 10);
        if (end != exact && wait >= 0) return wait;
    }
    if (!after) return -1;
    const double seconds = strtod(after, &end);
    if (end != after && !*end) return seconds >= 0 && seconds < 1e6 ? (long long)(seconds * 1000) : -1;
    struct tm date = {0};
    if (!strptime(after, "%a, %d %b %Y %H:%M:%S GMT", &date)) return -1;
    const long long wait = (long long)timegm(&date) - clock_now();
    return wait > 0 ? wait * 1000 : 0;
}

/* Between half of the doubled time and all of it, so that many who were sent away do not return as one. */
static long long own_wait_ms(int tries) {
    long long wait = LLM_WAIT_MS;
    for (int i = 1; i < tries && wait < LLM_WAIT_MOST_MS; i++) wait *= 2;
    if (wait > LLM_WAIT_MOST_MS) wait = LLM_WAIT_MOST_MS;
    unsigned long long mixed = (unsigned long long)clock_monotonic_us() * 6364136223846793005ULL;
    return wait / 2 + (long long)((mixed >> 33) % (unsigned long long)(wait / 2 + 1));
}

/* False when the turn's time would be over, or when the user stops. */
static bool wait_ms(const Exchange *exchange, long long wait) {
    const long long until = clock_monotonic_us() + wait * 1000;
    if (until >= exchange->deadline_us) return false;
    while (clock_monotonic_us() < until) {
        const struct timespec nap = {.tv_nsec = 20L * 1000 * 1000};
        if (exchange->turn.request->stop && *exchange->turn.request->stop) return false;
        nanosleep(&nap, NULL);
    }
    return true;
}

/* Whether the server refuses a field that it can do without; then it is left out from now on. */
static bool learn_quirk(Exchange *exchange, const char *message) {
    const LlmTurn *turn = &exchange->turn;
    const LlmRequest *request = turn->request;
    LlmQuirks *known = &exchange->state->quirks;
    bool *quirk = NULL;
    if (text_contains_fold(message, "max_completion_tokens") && text_contains_fold(message, "max_tokens") &&
        !turn->quirks.completion_tokens)
        quirk = &known->completion_tokens;
    else if (text_contains_fold(message, "temperature") && turn->config->temperature && !turn->quirks.no_temperature)
        quirk = &known->no_temperature;
    else if (text_contains_fold(message, "stream_options") && turn->streams && !turn->quirks.no_stream_options)
        quirk = &known->no_stream_options;
    else if ((text_contains_fold(message, "tool_choice") || text_contains_fold(message, "toolChoice")) && request->tool_count &&
             !turn->quirks.no_tool_choice)
        quirk = &known->no_tool_choice;
    else if (text_contains_fold(message, "streaming") && turn->streams && request->tool_count)
        quirk = &known->no_streaming;
    if (!quirk) return false;
    pthread_mutex_lock(&exchange->state->lock);
    *quirk = true;
    pthread_mutex_unlock(&exchange->state->lock);
    return true;
}

typedef enum { STEP_DONE, STEP_AGAIN, STEP_LATER, STEP_FAILED } Step;

/* What is to be done after a try; sets `err` when it failed, also when it may be tried once more. */
static Step judge(Exchange *exchange, bool answered, Err *err) {
    const LlmDraft *draft = exchange->draft;
    const int status = exchange->response.status;
    if (answered && status >= 200 && status < 300) return STEP_DONE;
    LlmFault fault = {"", ""};
    if (answered)
        fault = llm_fault_read(exchange->turn.arena, &exchange->response);
    else if (draft->fault_name) {
        err_clear(err);
        fault = (LlmFault){draft->fault_name, draft->fault_message};
    } else {
        const bool cut = text_equal(err->code, "BROKEN_OFF") || text_equal(err->code, "LLM_CUT");
        return cut && !draft->has_told ? STEP_LATER : STEP_FAILED;
    }
    if (status >= 400 && status < 500 && learn_quirk(exchange, fault.message)) return STEP_AGAIN;
    llm_fault_set(exchange->turn.arena, exchange->state, answered ? status : 0, &fault, err);
    return llm_fault_passes(answered ? status : 0, fault.name) && !draft->has_told ? STEP_LATER : STEP_FAILED;
}

static void prepare(Exchange *exchange, Arena *arena, const LlmRequest *request) {
    LlmState *state = exchange->state;
    pthread_mutex_lock(&state->lock);
    exchange->turn = (LlmTurn){.arena = arena,
                               .config = &state->config,
                               .request = request,
                               .model = state->provider->model,
                               .quirks = state->quirks,
                               .streams = request->each_text && !state->quirks.no_streaming};
    pthread_mutex_unlock(&state->lock);
    exchange->draft = llm_draft_make(arena, request);
    exchange->response = (HttpResponse){.body = ""};
}

bool llm_exchange_converse(LlmProvider *self, Arena *arena, const LlmRequest *request, LlmReply *out, Err *err) {
    LlmState *state = self->state;
    Exchange exchange = {.state = state};
    const long long started_us = clock_monotonic_us();
    exchange.deadline_us =
        started_us + (long long)(request->timeout_ms ? request->timeout_ms : state->config.timeout_ms) * 1000;
    *out = (LlmReply){0};
    if (!llm_settle(self, err)) return false;
    Err last = {0};
    int tries = 0, learned = 0;
    for (Step step = STEP_AGAIN; step != STEP_DONE;) {
        last = (Err){0};
        prepare(&exchange, arena, request);
        tries++;
        const bool answered = send_once(&exchange, &last);
        step = judge(&exchange, answered, &last);
        if (step == STEP_AGAIN && ++learned > LLM_TRIES) step = STEP_FAILED;
        if (step == STEP_LATER) {
            const long long asked = asked_wait_ms(&exchange.response);
            if (tries >= LLM_TRIES || !wait_ms(&exchange, asked >= 0 ? asked : own_wait_ms(tries))) step = STEP_FAILED;
        }
        if (step == STEP_FAILED) {
            if (request->stop && *request->stop) return err_set(err, ERR_CANCELLED, "the question to the model was cancelled");
            if (last.kind == ERR_NONE) err_set(&last, ERR_REFUSED, "%s refuses what was asked", state->config.provider);
            return err_set_code(err, last.kind, last.code, "%s", last.message);
        }
    }
    llm_draft_finish(exchange.draft, out);
    if (!out->model) out->model = exchange.turn.model;
    out->tries = tries;
    out->seconds = (double)(clock_monotonic_us() - started_us) / 1e6;
    return true;
}

/* --- the list of models --- */

static bool get_page(LlmState *state, Arena *arena, const char *url, Json **answer, Err *err) {
    static const HttpHeader headers[] = {{"anthropic-version", "2023-06-01"}};
    HttpRequest request = {.method = "GET",
                           .url = url,
                           .headers = headers,
                           .header_count = state->wire == &llm_anthropic ? 1 : 0,
                           .timeout_ms = state->config.timeout_ms,
                           .limit_bytes = LLM_BODY_BYTES};
    HttpResponse response = {0};
    Err unread = {0};
    if (!llm_authorise(state, arena, &request, err) || !http_run(arena, &request, &response, err)) return false;
    if (response.status == 200 && json_parse(arena, response.body, response.size, answer, &unread)) return true;
    const LlmFault fault = llm_fault_read(arena, &response);
    return llm_fault_set(arena, state, response.status, &fault, err);
}

bool llm_exchange_models(LlmProvider *self, Arena *arena, Json **out, Err *err) {
    LlmState *state = self->state;
    Json *models = json_make_array(arena);
    *out = models;
    for (int part = 0;; part++) {
        const char *page = NULL, *url = state->wire->models_address(arena, &state->config, part, NULL);
        if (!url) return true;
        for (int pages = 0; url && pages < LLM_MODEL_PAGES && json_count(models) < LLM_MODELS; pages++) {
            Json *answer = NULL;
            if (!get_page(state, arena, url, &answer, err)) return false;
            page = state->wire->models_read(arena, part, answer, models);
            url = page ? state->wire->models_address(arena, &state->config, part, page) : NULL;
        }
    }
}
