/* base/err.h: how everything that can fail says so.
 *
 * A function that can fail returns bool and takes `Err *` last. The first failure wins: setting an Err that is already set
 * changes nothing. Library code never prints; a door shows the message. */
#ifndef CURLEW_BASE_ERR_H
#define CURLEW_BASE_ERR_H

#include <stdbool.h>

#include "base/limits.h"

typedef enum {
    ERR_NONE = 0,
    ERR_USAGE,     /* the call itself is wrong: exit 2 */
    ERR_INPUT,     /* a file or value given by the user cannot be used */
    ERR_NOT_FOUND, /* something named does not exist */
    ERR_REFUSED,   /* understood, and not allowed or not answerable: exit 3 */
    ERR_LIMIT,     /* a limit of base/limits.h was reached */
    ERR_TIMEOUT,
    ERR_CANCELLED, /* Ctrl-C */
    ERR_IO,        /* disk, permissions */
    ERR_ENGINE,    /* the SQL engine failed on a statement */
    ERR_INTERNAL   /* our own mistake */
} ErrKind;

typedef struct {
    ErrKind kind;
    char code[48];                   /* short upper-case code for programs, e.g. UNKNOWN_VALUE; may be empty */
    char message[ERR_MESSAGE_BYTES]; /* one sentence a user may read: what happened and what to do next */
} Err;

/* Sets kind and message unless `err` is set already. Always returns false, so that `return err_set(…)` reads well. */
bool err_set(Err *err, ErrKind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with a code for programs. */
bool err_set_code(Err *err, ErrKind kind, const char *code, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Forgets an error that was handled. */
void err_clear(Err *err);

/* The lower-case name of a kind, e.g. "input". */
const char *err_kind_name(ErrKind kind);

#endif
