/* What came back from an operation, in the forms that doors ask for. */
#include <ctype.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "ops.h"
#include "ops/operations.h"

OpOutcome op_outcome(const OpResult *result) {
    return result->outcome;
}

static const char *show_csv(Arena *arena, const Answer *answer) {
    if (!answer->table) return "";
    Table shown = *answer->table;
    if (answer->row_limit && answer->row_limit < shown.row_count) shown.row_count = answer->row_limit;
    return answer_csv(arena, &shown);
}

/* JSON keeps every value exactly, and still nothing in it may act on a terminal: what is invisible or turns the direction of
 * writing is written as an escape, which reads back as the same character. json-c has escaped what is below 0x20. */
static const char *show_json(Arena *arena, const Json *json) {
    enum { BEYOND_BASIC_PLANE = 0x10000 };
    const char *text = json_write(arena, json, false);
    Buffer out = {.arena = arena};
    size_t size = 0;
    char one[8];
    for (; *text; text += size) {
        unsigned c = text_code_point(text, &size);
        memcpy(one, text, size);
        one[size] = '\0';
        if (c >= 0x7F && c < BEYOND_BASIC_PLANE && !text_equal(text_printable(arena, one), one))
            buffer_printf(&out, "\\u%04x", c);
        else
            buffer_add_n(&out, one, size);
    }
    return buffer_text(&out);
}

static Json *result_json(Arena *arena, const OpResult *result) {
    if (!result->answer) return result->json;
    Json *json = answer_json(arena, result->answer);
    if (result->conversation) json_put_shared(json, "conversation", result->conversation);
    return json;
}

/* The first lines, and how many more there are. */
static const char *excerpt(Arena *arena, const char *text, size_t lines) {
    const char *at = text;
    for (size_t line = 0; line < lines && at; line++) at = (at = strchr(at, '\n')) ? at + 1 : NULL;
    size_t more = 0;
    for (const char *rest = at; rest && (rest = strchr(rest, '\n')); rest++) more++;
    if (more < 3) return text; /* saying so would take as much room */
    return arena_printf(arena, "%.*s  … %zu more lines\n", (int)(at - text), text, more);
}

const char *op_show(Arena *arena, const OpResult *result, OpForm form, int width, bool colour) {
    const Answer *answer = result->answer;
    switch (form) {
    case FORM_JSON: return show_json(arena, result_json(arena, result));
    case FORM_CSV: return answer ? show_csv(arena, answer) : result->table ? answer_csv(arena, result->table) : "";
    case FORM_MARKDOWN: return answer ? answer_markdown(arena, answer) : report_markdown(arena, result->report);
    case FORM_TEXT: break;
    }
    if (result->text) return result->text;
    const char *text = answer ? answer_text(arena, answer, width, colour) : report_text(arena, result->report, width, colour);
    return result->excerpt_lines ? excerpt(arena, text, result->excerpt_lines) : text;
}

/* Failures without a code of their own have that of their kind: "USAGE". */
static const char *code_of_kind(Arena *arena, ErrKind kind) {
    char *code = arena_text(arena, err_kind_name(kind));
    for (char *c = code; *c; c++) *c = (char)toupper((unsigned char)*c);
    return code;
}

const char *op_show_error(Arena *arena, const Operation *operation, const OpCall *call, const Err *err) {
    const char *code = *err->code ? err->code : code_of_kind(arena, err->kind);
    Answer answer = {.status = err->kind == ERR_REFUSED ? ANSWER_REFUSED : ANSWER_ERROR,
                     .planner = operation && text_equal(operation->name, "sql") ? "sql" : "offline",
                     .code = code,
                     .message = err->message};
    answer.question = call ? call_text(call, answer.planner[0] == 's' ? "query" : "question") : NULL;
    if (operation && operation->tabular) return show_json(arena, answer_json(arena, &answer));
    Json *root = json_make_object(arena);
    json_put_text(root, "status", answer.status == ANSWER_REFUSED ? "refused" : "error");
    Json *reason = json_put_object(root, "reason");
    json_put_text(reason, "code", code);
    json_put_text(reason, "message", err->message);
    return show_json(arena, root);
}
