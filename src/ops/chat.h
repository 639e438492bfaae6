/* ops/chat.h: a conversation line by line, as a terminal has it.
 *
 * The workspace is opened once; catalog, lexicon, guard and engine stay warm, so that an answer takes milliseconds. Each line is answered
 * in an arena of its own; between lines the conversation is JSON text, the same that other clients carry. */
#ifndef CURLEW_OPS_CHAT_H
#define CURLEW_OPS_CHAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ops.h"

typedef struct Chat Chat;

/* What a line leads to: a result to be shown, or text, or the end. */
typedef struct {
    const OpResult *result; /* NULL when there is only text */
    const OpResult *brief;  /* the same for people in a conversation: without SQL (/sql has it) and suggestions */
    OpForm form;            /* of the result: FORM_TEXT unless a command asks for another */
    const char *text;       /* for people; NULL */
    bool end;
} ChatReply;

/* Opens the workspace of the call; progress of an import goes to the context. */
bool chat_open(Arena *arena, const OpContext *context, const OpCall *call, Chat **out, Err *err);

/* What is spoken about: "bill: 21,895 line items, 2026-07-01 to 2026-08-31". */
const char *chat_subject(Arena *arena, Chat *chat);

/* Where lines typed on a terminal are kept from one conversation to the next. */
const char *chat_history_path(Arena *arena);

/* Answers a line. False with what went wrong (a stopped query, an unknown command); the conversation goes on all the same. */
bool chat_say(Arena *arena, Chat *chat, const char *line, ChatReply *out, Err *err);

/* What the word or name that ends `line` may become: at most `room` texts, which replace the line from byte `*from` on. */
size_t chat_complete(Arena *arena, Chat *chat, const char *line, size_t *from, const char **texts, size_t room);

#endif
