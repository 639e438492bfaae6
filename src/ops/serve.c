/* The row of `serve` in the table: main.c ties it to the door itself, which stands right of this room. */
#include "ops/operations.h"

bool op_serve(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    (void)arena, (void)context, (void)call, (void)out;
    return err_set(err, ERR_USAGE, "serve stays open; only the command line can do that");
}
