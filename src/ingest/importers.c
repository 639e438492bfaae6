#include "ingest/importers.h"

#include <stdint.h>
#include <unistd.h>

#include "base/sql.h"
#include "base/text.h"
#include "io/file.h"

typedef struct {
    Import *imports;
    Err *failures; /* one per import */
    size_t count;
    WatchTotals *totals;
    pthread_mutex_t mutex;
    size_t next; /* import that nobody has taken; guarded by mutex */
} Work;

typedef struct {
    Work *work;
    Arena *arena;
    Watch *watch;
    pthread_t thread;
    bool has_thread;
} Importer;

bool importers_open(Arena *arena, const char *spool, Watch *watch, Err *err) {
    DuckOptions options = {.threads = watch->request->threads,
                           .memory_limit_bytes = LOAD_MEMORY_BYTES,
                           .temp_directory = file_join(arena, spool, arena_printf(arena, "engine-%zu", watch->importer))};
    Duck *duck = NULL;
    if (!file_make_folder(spool, err) || !duck_open(arena, NULL, &options, &duck, err) ||
        !duck_connect(arena, duck, &watch->session, err))
        return false;
    if (watch->request->progress && !duck_report_progress(watch->session, err)) return false;
    /* Files are checkpointed once, when they are done: the engine would do so in between as well, on one thread. */
    return duck_run(watch->session, "SET preserve_insertion_order = false; SET checkpoint_threshold = '1TB'", err);
}

/* NULL when none is left, or when those that are left come after one that failed. */
static Import *take(Work *work) {
    pthread_mutex_lock(&work->mutex);
    pthread_mutex_lock(&work->totals->mutex);
    bool wanted = work->next < work->count && work->next < work->totals->failed;
    pthread_mutex_unlock(&work->totals->mutex);
    Import *import = wanted ? &work->imports[work->next++] : NULL;
    pthread_mutex_unlock(&work->mutex);
    return import;
}

static void note_failure(WatchTotals *totals, size_t number) {
    pthread_mutex_lock(&totals->mutex);
    if (number < totals->failed) totals->failed = number;
    pthread_mutex_unlock(&totals->mutex);
}

static void *import_some(void *context) {
    Importer *importer = context;
    Work *work = importer->work;
    for (Import *import = take(work); import; import = take(work)) {
        import->arena = importer->arena;
        import->watch = importer->watch;
        importer->watch->delivery = import->number;
        if (!import_run(import, &work->failures[import->number])) note_failure(work->totals, import->number);
        /* One that needed no names, or failed before it had them, must not keep those after it waiting. */
        tag_names_enter(import->names, import->number);
        tag_names_leave(import->names, import->number);
        watch_count_delivery(importer->watch);
    }
    watch_count_importer(work->totals, -1);
    return NULL;
}

static void free_arena(void *handle) {
    arena_free(handle);
}

/* Starts another importer beside the load's own thread; false when the system has no room for one: then there are fewer. */
static bool start(Arena *arena, const Watch *first, size_t number, Work *work, Importer *out) {
    Err ignored = {0};
    Watch *watch = arena_alloc(arena, sizeof *watch);
    *watch = (Watch){.request = first->request, .totals = first->totals, .importer = number, .what = first->what};
    *out = (Importer){.work = work, .arena = arena_make(), .watch = watch};
    arena_on_free(arena, free_arena, out->arena);
    const char *spool = ledger_spool(arena, work->imports[0].before->folder);
    if (!importers_open(out->arena, spool, watch, &ignored)) return false;
    watch_count_importer(work->totals, 1);
    out->has_thread = pthread_create(&out->thread, NULL, import_some, out) == 0;
    if (!out->has_thread) watch_count_importer(work->totals, -1);
    return out->has_thread;
}

bool importers_run(Arena *arena, Watch *watch, Import *imports, size_t count, Err *err) {
    Work work = {.imports = imports, .count = count, .totals = watch->totals};
    work.failures = arena_array(arena, count + 1, sizeof *work.failures);
    pthread_mutex_init(&work.mutex, NULL);
    Importer importers[LOAD_IMPORTERS] = {{.work = &work, .arena = arena, .watch = watch}};
    size_t running = 1;
    watch_count_importer(watch->totals, 1);
    while (running < LOAD_IMPORTERS && running < count && start(arena, watch, running, &work, &importers[running])) running++;
    import_some(&importers[0]);
    for (size_t i = 1; i < running; i++) pthread_join(importers[i].thread, NULL);
    pthread_mutex_destroy(&work.mutex);
    watch->delivery = 0;
    size_t failed = watch->totals->failed;
    if (failed == SIZE_MAX) return true;
    const Err *failure = &work.failures[failed];
    return err_set_code(err, failure->kind, failure->code, "%s", failure->message);
}
