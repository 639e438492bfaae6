#include "question/dialect.h"

#include <assert.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

struct Dialect {
    const char *name;
    const Knowledge *forms;
};

bool dialect_find(Arena *arena, const char *name, const Dialect **out, Err *err) {
    const Knowledge *forms = knowledge_table(arena, "dialects.tsv");
    for (size_t i = 1; i < forms->column_count; i++) {
        if (!text_equal(forms->names[i], name)) continue;
        Dialect *dialect = arena_alloc(arena, sizeof *dialect);
        dialect->name = forms->names[i];
        dialect->forms = forms;
        *out = dialect;
        return true;
    }
    Buffer known = {.arena = arena};
    for (size_t i = 1; i < forms->column_count; i++) buffer_printf(&known, "%s%s", i > 1 ? ", " : "", forms->names[i]);
    return err_set(err, ERR_INPUT, "There is no SQL dialect \"%s\"; use one of: %s", name, buffer_text(&known));
}

static const char *form_text(const Dialect *dialect, const char *key) {
    for (size_t row = 0; row < dialect->forms->row_count; row++)
        if (text_equal(knowledge_field(dialect->forms, row, "form"), key))
            return knowledge_field(dialect->forms, row, dialect->name);
    return NULL;
}

bool dialect_has(const Dialect *dialect, const char *key) {
    return form_text(dialect, key) != NULL;
}

const char *dialect_form(Arena *arena, const Dialect *dialect, const char *key, const char *first, const char *second) {
    const char *form = form_text(dialect, key);
    assert(form && "a form that tables/dialects.tsv does not have");
    Buffer out = {.arena = arena};
    for (const char *c = form; *c;) {
        size_t plain = strcspn(c, "{");
        buffer_add_n(&out, c, plain);
        c += plain;
        if (!*c) break;
        buffer_add(&out, c[1] == '2' ? second : first);
        c += strlen("{1}");
    }
    return buffer_text(&out);
}
