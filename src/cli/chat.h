/* cli/chat.h: `curlew chat` on a terminal or a pipe (inside the room only). */
#ifndef CURLEW_CLI_CHAT_H
#define CURLEW_CLI_CHAT_H

#include "base/arena.h"
#include "cli/cli.h"
#include "cli/words.h"
#include "ops.h"

/* Reads lines until there are no more and answers each; gives the exit code. On a terminal with a prompt, history and completion;
 * a pipe is only read, so that its output is that of the answers. */
int cli_chat(Arena *arena, const Words *words, const OpContext *context, const CliStop *stop);

#endif
