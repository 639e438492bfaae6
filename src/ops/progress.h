/* ops/progress.h: how far loading and sampling have come, told to the door in one form. */
#ifndef CURLEW_OPS_PROGRESS_H
#define CURLEW_OPS_PROGRESS_H

#include "ingest/load.h"
#include "ops.h"
#include "sample/sample.h"

/* What progress_of_load() and progress_of_sample() take as their context. */
void *progress_door(Arena *arena, const OpContext *context);

void progress_of_load(void *door, const LoadProgress *progress);
void progress_of_sample(void *door, const SampleProgress *progress);

#endif
