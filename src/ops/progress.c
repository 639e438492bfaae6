#include "ops/progress.h"

typedef struct {
    OpContext context;
} Door;

void *progress_door(Arena *arena, const OpContext *context) {
    Door *door = arena_alloc(arena, sizeof *door);
    door->context = *context;
    return door;
}

void progress_of_load(void *door, const LoadProgress *progress) {
    const OpContext *context = &((const Door *)door)->context;
    OpProgress told = {.what = progress->what,
                       .fraction = progress->fraction,
                       .rows = progress->rows,
                       .bytes = progress->bytes,
                       .bytes_total = progress->bytes_total,
                       .elapsed_s = progress->elapsed_s};
    context->progress(context->door, &told);
}

void progress_of_sample(void *door, const SampleProgress *progress) {
    const OpContext *context = &((const Door *)door)->context;
    OpProgress told = {.what = progress->what, .fraction = progress->fraction, .rows = progress->rows};
    context->progress(context->door, &told);
}
