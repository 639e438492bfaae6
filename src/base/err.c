#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(Err *err, ErrKind kind, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
static void fill(Err *err, ErrKind kind, const char *format, va_list args) {
    err->kind = kind;
    vsnprintf(err->message, sizeof err->message, format, args);
}

bool err_set(Err *err, ErrKind kind, const char *format, ...) {
    if (!err || err->kind != ERR_NONE) return false;
    va_list args;
    va_start(args, format);
    fill(err, kind, format, args);
    va_end(args);
    return false;
}

bool err_set_code(Err *err, ErrKind kind, const char *code, const char *format, ...) {
    if (!err || err->kind != ERR_NONE) return false;
    snprintf(err->code, sizeof err->code, "%s", code);
    va_list args;
    va_start(args, format);
    fill(err, kind, format, args);
    va_end(args);
    return false;
}

void err_clear(Err *err) {
    memset(err, 0, sizeof *err);
}

const char *err_kind_name(ErrKind kind) {
    static const char *const names[] = {"none",    "usage",     "input", "not_found", "refused", "limit",
                                        "timeout", "cancelled", "io",    "engine",    "internal"};
    return names[kind];
}
