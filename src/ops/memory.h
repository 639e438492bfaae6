/* ops/memory.h: the conversation of the last `curlew ask`, kept for `ask --continue`.
 *
 * One file per workspace in the data home, readable by its user only. It is a convenience: what cannot be written is not missed,
 * what is old makes way. */
#ifndef CURLEW_OPS_MEMORY_H
#define CURLEW_OPS_MEMORY_H

#include "base/arena.h"
#include "base/err.h"
#include "question/conversation.h"

/* The conversation about the workspace in `folder`. ERR_NOT_FOUND when nothing was asked of it yet. */
bool memory_read(Arena *arena, const char *folder, Conversation *out, Err *err);

void memory_write(Arena *arena, const char *folder, const Conversation *conversation);

#endif
