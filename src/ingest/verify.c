/* ingest/verify.c: packed files are read to their ends, one thread per core, before anything is imported from them. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "ingest/content.h"
#include "io/unpack.h"

typedef struct {
    const Content *const *contents;
    size_t count;
    Err *failures;
    atomic_size_t next; /* the first content that no thread has taken */
} Verification;

static Packing packing_of(const Content *content) {
    if (content->whole || content->file.container != CONTAINER_CSV) return PACKING_NONE;
    if (text_equal(content->file.compression, "gzip")) return PACKING_GZIP;
    return text_equal(content->file.compression, "zstd") ? PACKING_ZSTD : PACKING_NONE;
}

static void *verify_some(void *context) {
    Verification *work = context;
    for (size_t i = atomic_fetch_add(&work->next, 1); i < work->count; i = atomic_fetch_add(&work->next, 1)) {
        unpack_verify(work->contents[i]->file.path, packing_of(work->contents[i]), &work->failures[i]);
    }
    return NULL;
}

static size_t count_packed(const Content *const *contents, size_t count) {
    size_t packed = 0;
    for (size_t i = 0; i < count; i++) packed += packing_of(contents[i]) != PACKING_NONE;
    return packed;
}

void content_verify(const Content *const *contents, size_t count, Err *failures) {
    Verification work = {.contents = contents, .count = count, .failures = failures};
    pthread_t threads[SOURCE_THREADS];
    size_t started = 0;
    size_t wanted = count_packed(contents, count);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (wanted > SOURCE_THREADS) wanted = SOURCE_THREADS;
    if (cores > 0 && wanted > (size_t)cores) wanted = (size_t)cores;
    /* This thread is one of them; when no other can be started it does all the work. */
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, verify_some, &work) == 0) started++;
    verify_some(&work);
    for (size_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
}
