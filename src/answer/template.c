#include "answer/template.h"

#include <string.h>

#include "base/knowledge.h"
#include "base/limits.h"
#include "base/text.h"

typedef struct {
    Arena *arena;
    TemplateForm form;
    Buffer out;
    const char *start; /* of the whole template: a mark knows whether it stands alone on its line */
    const char *end;
    const Json *stack[TEMPLATE_DEPTH]; /* the data, outermost first */
    size_t depth;
    Err *err;
} Renderer;

typedef struct {
    char sign; /* '#', '^', '/', '{' or 0 */
    const char *name;
    size_t name_size;
    const char *before, *after; /* the template's text that ends and goes on here */
} Mark;

/* --- Escaping ---------------------------------------------------------------------------------------------------------------- */

static const char *html_of(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void put_escaped(Renderer *renderer, const char *text) {
    static const char *const special[] = {
        [TEMPLATE_HTML] = "", [TEMPLATE_MARKDOWN] = "\\`*_[]|#~", [TEMPLATE_JIRA] = "\\{}[]|*_~^!"};
    for (const char *c = text_printable(renderer->arena, text); *c; c++) {
        const char *html = renderer->form == TEMPLATE_JIRA ? NULL : html_of(*c);
        const char plain[3] = {strchr(special[renderer->form], *c) ? '\\' : *c, strchr(special[renderer->form], *c) ? *c : '\0',
                               '\0'};
        buffer_add(&renderer->out, html ? html : plain);
    }
}

/* --- Marks ------------------------------------------------------------------------------------------------------------------- */

static bool blank_before(const Renderer *renderer, const char *at, const char **line) {
    while (at > renderer->start && (at[-1] == ' ' || at[-1] == '\t')) at--;
    *line = at;
    return at == renderer->start || at[-1] == '\n';
}

static bool blank_after(const Renderer *renderer, const char *at, const char **next) {
    while (at < renderer->end && (*at == ' ' || *at == '\t')) at++;
    *next = at < renderer->end ? at + 1 : at;
    return at == renderer->end || *at == '\n';
}

/* The next mark between `at` and `end`; false when there is none. A mark that is not closed has no name. */
static bool next_mark(const Renderer *renderer, const char *at, const char *end, Mark *out) {
    const char *open = memmem(at, (size_t)(end - at), "{{", 2);
    if (!open) return false;
    *out = (Mark){.before = open};
    const char *name = open + 2, *line = NULL, *next = NULL;
    if (name < end && strchr("#^/{", *name)) out->sign = *name++;
    const char *close = memmem(name, (size_t)(end - name), out->sign == '{' ? "}}}" : "}}", out->sign == '{' ? 3 : 2);
    if (!close) return true;
    out->name = name;
    out->name_size = (size_t)(close - name);
    out->after = close + (out->sign == '{' ? 3 : 2);
    if (out->sign && out->sign != '{' && blank_before(renderer, open, &line) && blank_after(renderer, out->after, &next)) {
        out->before = line < at ? at : line;
        out->after = next > end ? end : next;
    }
    return true;
}

static bool wrong(Renderer *renderer, const Mark *mark) {
    return err_set(renderer->err, ERR_INTERNAL, "A template's mark does not match: “%.40s”", mark->before);
}

/* Where the section ends that `open` begins. */
static bool find_close(Renderer *renderer, const Mark *open, const char *end, Mark *close) {
    size_t inside = 0;
    for (const char *at = open->after; next_mark(renderer, at, end, close); at = close->after) {
        if (!close->name) return wrong(renderer, close);
        if (close->name_size != open->name_size || memcmp(close->name, open->name, open->name_size) != 0) continue;
        if (close->sign == '/' && !inside--) return true;
        inside += close->sign == '#' || close->sign == '^';
    }
    return wrong(renderer, open);
}

static const Json *lookup(const Renderer *renderer, const Mark *mark) {
    const char *name = arena_text_n(renderer->arena, mark->name, mark->name_size);
    if (text_equal(name, ".")) return renderer->stack[renderer->depth - 1];
    for (size_t i = renderer->depth; i-- > 0;)
        if (json_kind(renderer->stack[i]) == JSON_OBJECT && json_has(renderer->stack[i], name))
            return json_get(renderer->stack[i], name);
    return NULL;
}

/* --- Sections ---------------------------------------------------------------------------------------------------------------- */

static bool holds(const Json *value) {
    const char *text = value ? json_text(value) : NULL;
    switch (value ? json_kind(value) : JSON_NULL) {
    case JSON_NULL: return false;
    case JSON_ARRAY: return json_count(value) > 0;
    case JSON_OBJECT: return true;
    default: return json_is_true(value) || (text && *text && !text_equal(text, "false"));
    }
}

static bool render(Renderer *renderer, const char *at, const char *end);

static bool render_with(Renderer *renderer, const Json *value, const char *at, const char *end) {
    if (renderer->depth == TEMPLATE_DEPTH) return err_set(renderer->err, ERR_INTERNAL, "A template is nested too deeply");
    renderer->stack[renderer->depth++] = value;
    const bool done = render(renderer, at, end);
    renderer->depth--;
    return done;
}

static bool render_section(Renderer *renderer, const Mark *open, const Mark *close) {
    const Json *value = lookup(renderer, open);
    if (open->sign == '^') return holds(value) || render(renderer, open->after, close->before);
    if (!holds(value)) return true;
    if (json_kind(value) != JSON_ARRAY) return render_with(renderer, value, open->after, close->before);
    for (size_t i = 0; i < json_count(value); i++)
        if (!render_with(renderer, json_at(value, i), open->after, close->before)) return false;
    return true;
}

static bool render(Renderer *renderer, const char *at, const char *end) {
    Mark mark, close;
    while (next_mark(renderer, at, end, &mark)) {
        buffer_add_n(&renderer->out, at, (size_t)(mark.before - at));
        if (!mark.name || mark.sign == '/') return wrong(renderer, &mark);
        at = mark.after;
        if (mark.sign == '#' || mark.sign == '^') {
            if (!find_close(renderer, &mark, end, &close) || !render_section(renderer, &mark, &close)) return false;
            at = close.after;
            continue;
        }
        const Json *value = lookup(renderer, &mark);
        const char *text = value ? json_text(value) : NULL;
        if (text && mark.sign == '{')
            buffer_add(&renderer->out, text);
        else if (text)
            put_escaped(renderer, text);
    }
    buffer_add_n(&renderer->out, at, (size_t)(end - at));
    return true;
}

/* --- The door ---------------------------------------------------------------------------------------------------------------- */

static bool render_all(Arena *arena, const char *text, size_t size, TemplateForm form, const Json *data, const char **out,
                       Err *err) {
    Renderer renderer = {.arena = arena,
                         .form = form,
                         .out = {.arena = arena},
                         .start = text,
                         .end = text + size,
                         .stack = {data},
                         .depth = 1,
                         .err = err};
    if (!render(&renderer, text, text + size)) return false;
    *out = buffer_text(&renderer.out);
    return true;
}

bool template_render_text(Arena *arena, const char *text, TemplateForm form, const Json *data, const char **out, Err *err) {
    return render_all(arena, text, strlen(text), form, data, out, err);
}

bool template_render(Arena *arena, const char *name, TemplateForm form, const Json *data, const char **out, Err *err) {
    size_t size = 0;
    const char *text = knowledge_file(name, &size);
    if (!text) return err_set(err, ERR_INTERNAL, "The template %s is missing", name);
    return render_all(arena, text, size, form, data, out, err);
}
