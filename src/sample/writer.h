/* sample/writer.h: writes the data files and manifests of a sample bill, a piece of a month at a time, on several threads. Private to the room. */
#ifndef CURLEW_SAMPLE_WRITER_H
#define CURLEW_SAMPLE_WRITER_H

#include "base/err.h"
#include "io/duck.h"
#include "sample/format.h"
#include "sample/sample.h"
#include "sample/world.h"

typedef struct {
    Duck *duck;
    DuckSession *session; /* of the calling thread */
    const World *world;
    const FormatSetting *setting;
    const SampleFormat *const *formats;
    size_t format_count;
    const SampleRequest *request; /* whose progress is told and whose stop is heeded */
} WriterSetting;

/* Writes every month. The pieces and their numbers do not depend on the threads, so neither do the bytes. ERR_CANCELLED after a stop. */
bool writer_run(Arena *arena, const WriterSetting *setting, Err *err);

#endif
