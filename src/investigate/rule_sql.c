/* SQL of rule files: {parameter} becomes its number, @form(a, b) what tables/dialects.tsv has for the engine. Text in quotes is left
 * alone, so that patterns may hold braces. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/sql.h"
#include "base/text.h"
#include "investigate/rule.h"

enum { FORM_DEPTH = 8, FORM_ARGUMENTS = 2 };

typedef struct {
    Arena *arena;
    const char *file;
    const RuleParameter *parameters;
    size_t parameter_count;
    const Dialect *dialect;
    Err *err;
} Expansion;

/* Length of the quoted literal at `text`. "''" within is two literals side by side, which comes to the same. */
static size_t literal_size(const char *text) {
    const char *end = strchr(text + 1, '\'');
    return end ? (size_t)(end - text) + 1 : strlen(text);
}

static bool add_parameter(const Expansion *expansion, const char **at, Buffer *out) {
    const char *name = *at + 1;
    size_t size = strcspn(name, "}");
    if (!name[size]) return err_set(expansion->err, ERR_INTERNAL, "%s: a { of the SQL is not closed", expansion->file);
    for (size_t i = 0; i < expansion->parameter_count; i++) {
        const RuleParameter *parameter = &expansion->parameters[i];
        if (strlen(parameter->name) != size || strncmp(parameter->name, name, size) != 0) continue;
        buffer_add(out, parameter->sql ? parameter->sql : sql_format(expansion->arena, "%N", parameter->number));
        *at = name + size + 1;
        return true;
    }
    return err_set(expansion->err, ERR_INTERNAL, "%s: the SQL uses {%.*s}, which is no parameter", expansion->file, (int)size,
                   name);
}

static bool expand(const Expansion *expansion, const char *text, const char *end, int depth, Buffer *out);

/* Splits "a, b)" at the commas of its own level; gives the end behind the closing parenthesis. */
static bool take_arguments(const Expansion *expansion, const char *text, const char *const end, int depth,
                           const char **arguments, size_t *count, const char **after) {
    const char *start = text;
    int level = 0;
    *count = 0;
    for (const char *c = text; c < end; c++) {
        if (*c == '\'') {
            c += literal_size(c) - 1;
            continue;
        }
        bool closes = level == 0 && *c == ')';
        if (closes || (level == 0 && *c == ',')) {
            Buffer one = {.arena = expansion->arena};
            if (*count == FORM_ARGUMENTS || !expand(expansion, start, c, depth + 1, &one)) break;
            arguments[(*count)++] = text_trim(expansion->arena, buffer_text(&one));
            start = c + 1;
        }
        if (closes) {
            *after = c + 1;
            return true;
        }
        level += (*c == '(') - (*c == ')');
    }
    return err_set(expansion->err, ERR_INTERNAL, "%s: “@%.30s…” is not closed, or has more than %d arguments", expansion->file,
                   text, FORM_ARGUMENTS);
}

static bool add_form(const Expansion *expansion, const char **at, const char *end, int depth, Buffer *out) {
    const char *name = *at + 1;
    size_t size = 0, count = 0;
    while (islower((unsigned char)name[size]) || name[size] == '_') size++;
    const char *key = arena_text_n(expansion->arena, name, size);
    const char *arguments[FORM_ARGUMENTS] = {"", ""};
    if (depth >= FORM_DEPTH || name[size] != '(' || !dialect_has(expansion->dialect, key))
        return err_set(expansion->err, ERR_INTERNAL, "%s: the SQL uses @%s, which is no form of tables/dialects.tsv",
                       expansion->file, key);
    if (!take_arguments(expansion, name + size + 1, end, depth, arguments, &count, at)) return false;
    buffer_add(out, dialect_form(expansion->arena, expansion->dialect, key, arguments[0], arguments[1]));
    return true;
}

static bool expand(const Expansion *expansion, const char *text, const char *end, int depth, Buffer *out) {
    for (const char *c = text; c < end;) {
        if (*c == '\'') {
            size_t size = literal_size(c);
            buffer_add_n(out, c, size);
            c += size;
        } else if (*c == '{') {
            if (!add_parameter(expansion, &c, out)) return false;
        } else if (*c == '@') {
            if (!add_form(expansion, &c, end, depth, out)) return false;
        } else {
            buffer_add_char(out, *c++);
        }
    }
    return true;
}

bool rule_sql(Arena *arena, const char *file, const char *sql, const RuleParameter *parameters, size_t parameter_count,
              const Dialect *dialect, const char **out, Err *err) {
    const Expansion expansion = {arena, file, parameters, parameter_count, dialect, err};
    Buffer text = {.arena = arena};
    if (!expand(&expansion, sql, sql + strlen(sql), 0, &text)) return false;
    *out = buffer_text(&text);
    return true;
}

static bool is_name_part(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* Whether the word before `at` is FROM or JOIN: "account" is a relation and a column. */
static bool follows_from(const char *sql, const char *at) {
    while (at > sql && isspace((unsigned char)at[-1])) at--;
    const char *word = at;
    while (word > sql && is_name_part(word[-1])) word--;
    return at - word == 4 && (strncasecmp(word, "FROM", 4) == 0 || strncasecmp(word, "JOIN", 4) == 0);
}

bool rule_sql_names(const char *sql, const char *relation) {
    const size_t size = strlen(relation);
    for (const char *c = sql; *c;) {
        if (*c == '\'') {
            c += literal_size(c);
            continue;
        }
        bool begins = c == sql || !is_name_part(c[-1]);
        if (begins && strncmp(c, relation, size) == 0 && !is_name_part(c[size]) && follows_from(sql, c)) return true;
        c++;
    }
    return false;
}
