#include "base/sql.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

struct Sql {
    Buffer text;
    bool failed;
    bool list_begun;
};

Sql *sql_make(Arena *arena) {
    Sql *sql = arena_alloc(arena, sizeof *sql);
    sql->text.arena = arena;
    return sql;
}

static void add_quoted(Buffer *out, const char *text, char quote) {
    buffer_add_char(out, quote);
    for (const char *c = text; *c; c++) {
        if (*c == quote) buffer_add_char(out, quote);
        buffer_add_char(out, *c);
    }
    buffer_add_char(out, quote);
}

static void add_conversion(Sql *sql, char conversion, va_list *args) {
    if (conversion == '%') {
        buffer_add_char(&sql->text, '%');
        return;
    }
    if (conversion == 'd') {
        buffer_printf(&sql->text, "%lld", va_arg(*args, long long));
        return;
    }
    const char *text = va_arg(*args, const char *);
    Decimal number;
    if (!text) {
        sql->failed = true;
        return;
    }
    switch (conversion) {
    case 'I': add_quoted(&sql->text, text, '"'); break;
    case 'S': add_quoted(&sql->text, text, '\''); break;
    case 'R': buffer_add(&sql->text, text); break;
    case 'N':
        sql->failed |= !decimal_parse(text, &number);
        /* "-" and a negative number side by side would start a comment. */
        if (text_ends(buffer_text(&sql->text), "-")) buffer_add_char(&sql->text, ' ');
        buffer_add(&sql->text, text);
        break;
    default: assert(false); /* a conversion that sql.h does not know */
    }
}

static void add_all(Sql *sql, const char *format, va_list *args) {
    for (const char *c = format; *c; c++) {
        size_t plain = strcspn(c, "%");
        buffer_add_n(&sql->text, c, plain);
        c += plain;
        if (!*c) break;
        add_conversion(sql, *++c, args);
    }
}

void sql_add(Sql *sql, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add_all(sql, format, &args);
    va_end(args);
}

void sql_list_start(Sql *sql) {
    sql->list_begun = false;
}

void sql_list_next(Sql *sql, const char *separator) {
    if (sql->list_begun) buffer_add(&sql->text, separator);
    sql->list_begun = true;
}

const char *sql_text(const Sql *sql) {
    return sql->failed ? NULL : buffer_text(&sql->text);
}

const char *sql_format(Arena *arena, const char *format, ...) {
    Sql *sql = sql_make(arena);
    va_list args;
    va_start(args, format);
    add_all(sql, format, &args);
    va_end(args);
    return sql_text(sql);
}
