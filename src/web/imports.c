#include "web/imports.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"
#include "ops.h"
#include "web/access.h"

typedef enum { IMPORT_RUNNING, IMPORT_DONE, IMPORT_FAILED, IMPORT_CANCELLED } ImportStatus;

typedef struct {
    Arena *arena; /* of the texts; used by its thread alone until it has ended */
    Imports *imports;
    const char *id;
    ImportRequest request;
    Upload *uploads;
    ImportStatus status;
    volatile bool stop;
    unsigned long long version; /* changes with whatever a reader sees */
    char what[ERR_MESSAGE_BYTES];
    OpProgress progress;
    const char *report; /* JSON */
    Err err;
} Import;

struct Imports {
    const char *workspace;
    Uploads *uploads;
    void (*changed)(void *context);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    pthread_t thread;
    bool has_thread, closing;
    size_t count;
    Import *kept[IMPORTS_KEPT]; /* newest first */
};

Imports *imports_open(Arena *arena, const char *workspace, Uploads *uploads, void (*changed)(void *context), void *context) {
    Imports *imports = arena_alloc(arena, sizeof *imports);
    *imports = (Imports){.workspace = workspace, .uploads = uploads, .changed = changed, .context = context};
    pthread_mutex_init(&imports->mutex, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&imports->moved, &clock);
    pthread_condattr_destroy(&clock);
    return imports;
}

void imports_close(Imports *imports) {
    pthread_mutex_lock(&imports->mutex);
    imports->closing = true;
    for (size_t i = 0; i < imports->count; i++) imports->kept[i]->stop = true;
    pthread_mutex_unlock(&imports->mutex);
    if (imports->has_thread) pthread_join(imports->thread, NULL);
    for (size_t i = 0; i < imports->count; i++) arena_free(imports->kept[i]->arena);
    pthread_cond_destroy(&imports->moved);
    pthread_mutex_destroy(&imports->mutex);
}

/* --- one import, in its thread --- */

/* With the mutex held. */
static void move(Import *import) {
    import->version++;
    pthread_cond_broadcast(&import->imports->moved);
}

static void on_progress(void *door, const OpProgress *progress) {
    Import *import = door;
    pthread_mutex_lock(&import->imports->mutex);
    import->progress = *progress;
    const char *what = progress->what ? progress->what : "";
    size_t size = strlen(what) < sizeof import->what ? strlen(what) : sizeof import->what - 1;
    memcpy(import->what, what, size);
    import->what[size] = '\0';
    move(import);
    pthread_mutex_unlock(&import->imports->mutex);
}

static bool call(Arena *arena, Import *import, const char *name, const OpCall *values, const OpResult **out, Err *err) {
    OpContext context = {.stop = &import->stop, .progress = on_progress, .door = import};
    return operation_run(arena, &context, operation_find(name), values, out, err);
}

/* A sample bill in `folder`. */
static bool make_sample(Arena *arena, Import *import, const char *folder, Err *err) {
    const char *names[] = {"out", "rows", "seed"};
    const char *values[] = {folder, import->request.sample_rows, import->request.sample_seed};
    const OpResult *result = NULL;
    return call(arena, import, "sample", &(OpCall){3, names, values}, &result, err);
}

static bool load(Arena *arena, Import *import, const char *folder, Err *err) {
    const char *names[] = {"path", "workspace", "replace"};
    const char *values[] = {folder, import->imports->workspace, ""};
    const OpResult *result = NULL;
    if (!call(arena, import, "load", &(OpCall){import->request.replace ? 3 : 2, names, values}, &result, err)) return false;
    import->report = arena_text(import->arena, op_show(arena, result, FORM_JSON, 0, false));
    return true;
}

/* The uploads side by side in one folder: files that lie together are taken for the parts of one bill, as they are anywhere else. The bytes
 * stay where they are, the folder holds second names for them. */
static bool lay_together(Arena *arena, Import *import, const char *folder, Err *err) {
    if (!file_make_folder(folder, err)) return false;
    for (size_t i = 0; i < import->request.count; i++) {
        const Upload *upload = &import->uploads[i];
        const char *name = upload->name;
        for (int again = 2; file_info(file_join(arena, folder, name)).kind != FILE_MISSING; again++)
            name = arena_printf(arena, "%d-%s", again, upload->name);
        if (link(upload->path, file_join(arena, folder, name)) != 0)
            return err_set(err, ERR_IO, "%s cannot be imported: %s", upload->name, strerror(errno));
    }
    return true;
}

static bool import_files(Arena *arena, Import *import, Err *err) {
    const char *folder = file_join(arena, file_join(arena, import->imports->workspace, "imports"), import->id);
    bool ready = import->request.count ? lay_together(arena, import, folder, err) : make_sample(arena, import, folder, err);
    bool loaded = ready && load(arena, import, folder, err);
    Err ignored = {0};
    file_remove_tree(folder, &ignored);
    return loaded;
}

static void release_uploads(Arena *arena, Import *import, bool drop) {
    for (size_t i = 0; i < import->request.count; i++) {
        const char *id = import->request.uploads[i];
        Upload gone = {0};
        Err ignored = {0};
        uploads_release(import->imports->uploads, id);
        if (drop) uploads_drop(arena, import->imports->uploads, id, &gone, &ignored);
    }
}

static void *run_import(void *context) {
    Import *import = context;
    Imports *imports = import->imports;
    Arena *arena = arena_make();
    Err err = {0};
    bool done = import_files(arena, import, &err);
    release_uploads(arena, import, done);
    arena_free(arena);
    if (done) imports->changed(imports->context);
    pthread_mutex_lock(&imports->mutex);
    import->err = err;
    import->status = done ? IMPORT_DONE : err.kind == ERR_CANCELLED ? IMPORT_CANCELLED : IMPORT_FAILED;
    move(import);
    pthread_mutex_unlock(&imports->mutex);
    return NULL;
}

/* --- what a reader sees --- */

static void put_progress(Json *object, const Import *import) {
    enum { PLACES = 3 };
    Json *progress = json_put_object(object, "progress");
    json_put_text(progress, "what", *import->what ? import->what : NULL);
    json_put_double(progress, "fraction", import->status == IMPORT_DONE ? 1 : import->progress.fraction, PLACES);
    json_put_integer(progress, "rows", (long long)import->progress.rows);
    json_put_integer(progress, "bytes", (long long)import->progress.bytes);
    json_put_integer(progress, "bytes_total", (long long)import->progress.bytes_total);
    json_put_double(progress, "elapsed_s", import->progress.elapsed_s, PLACES);
}

static void put_reason(Arena *arena, Json *object, const Err *err) {
    if (err->kind == ERR_NONE) {
        json_put_null(object, "reason");
        return;
    }
    char *kind = arena_text(arena, err_kind_name(err->kind));
    for (char *c = kind; *c; c++) *c = (char)toupper((unsigned char)*c);
    Json *reason = json_put_object(object, "reason");
    json_put_text(reason, "code", *err->code ? err->code : kind);
    json_put_text(reason, "message", err->message);
}

static Json *import_json(Arena *arena, const Import *import) {
    static const char *const statuses[] = {"running", "done", "failed", "cancelled"};
    Json *object = json_make_object(arena), *report = NULL;
    Err ignored = {0};
    json_put_text(object, "id", import->id);
    json_put_text(object, "status", statuses[import->status]);
    Json *files = json_put_array(object, "files");
    for (size_t i = 0; i < import->request.count; i++) json_add_text(files, import->uploads[i].name);
    json_put_bool(object, "replace", import->request.replace);
    put_progress(object, import);
    const char *text = import->status == IMPORT_DONE ? import->report : NULL;
    if (text && json_parse(arena, text, strlen(text), &report, &ignored))
        json_put(object, "report", report);
    else
        json_put_null(object, "report");
    put_reason(arena, object, &import->err);
    return object;
}

static Import *find(const Imports *imports, const char *id) {
    for (size_t i = 0; i < imports->count; i++)
        if (text_equal(imports->kept[i]->id, id)) return imports->kept[i];
    return NULL;
}

static bool unknown(Err *err) {
    return err_set_code(err, ERR_NOT_FOUND, "NO_SUCH_IMPORT", "There is no such import since the server started");
}

bool imports_find(Arena *arena, Imports *imports, const char *id, Json **out, Err *err) {
    pthread_mutex_lock(&imports->mutex);
    const Import *import = find(imports, id);
    *out = import ? import_json(arena, import) : NULL;
    pthread_mutex_unlock(&imports->mutex);
    return *out || unknown(err);
}

bool imports_stop(Arena *arena, Imports *imports, const char *id, Json **out, Err *err) {
    pthread_mutex_lock(&imports->mutex);
    Import *import = find(imports, id);
    if (import && import->status == IMPORT_RUNNING) import->stop = true;
    *out = import ? import_json(arena, import) : NULL;
    pthread_mutex_unlock(&imports->mutex);
    return *out || unknown(err);
}

Json *imports_list(Arena *arena, Imports *imports) {
    Json *list = json_make_array(arena);
    pthread_mutex_lock(&imports->mutex);
    for (size_t i = 0; i < imports->count; i++) json_add(list, import_json(arena, imports->kept[i]));
    pthread_mutex_unlock(&imports->mutex);
    return list;
}

bool imports_wait(Arena *arena, Imports *imports, const char *id, unsigned long long *version, int wait_ms, Json **out,
                  Err *err) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += wait_ms % 1000 * 1000000L;
    until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&imports->mutex);
    const Import *import = find(imports, id);
    int waited = 0;
    while (import && import->version == *version && import->status == IMPORT_RUNNING && !imports->closing && waited == 0) {
        waited = pthread_cond_timedwait(&imports->moved, &imports->mutex, &until);
        import = find(imports, id);
    }
    *out = import ? import_json(arena, import) : NULL;
    if (import) *version = import->version;
    pthread_mutex_unlock(&imports->mutex);
    return *out || unknown(err);
}

/* --- beginning one --- */

static bool hold_upload(Arena *arena, Imports *imports, const char *id, Upload *out, Err *err) {
    if (!uploads_find(arena, imports->uploads, id, out, err)) return false;
    if (out->offset < out->size)
        return err_set_code(err, ERR_REFUSED, "NOT_COMPLETE",
                            "%s has not arrived whole: %lld of %lld bytes; go on with it first", out->name, out->offset,
                            out->size);
    return uploads_hold(imports->uploads, id, err);
}

static bool hold_uploads(Import *import, Err *err) {
    for (size_t i = 0; i < import->request.count; i++) {
        if (hold_upload(import->arena, import->imports, import->request.uploads[i], &import->uploads[i], err)) continue;
        while (i-- > 0) uploads_release(import->imports->uploads, import->request.uploads[i]);
        return false;
    }
    return true;
}

static Import *make_import(Imports *imports, const ImportRequest *request) {
    Arena *arena = arena_make();
    Import *import = arena_alloc(arena, sizeof *import);
    *import = (Import){.arena = arena, .imports = imports, .request = *request, .id = access_make_id(arena), .version = 1};
    import->request.uploads = arena_array(arena, request->count + 1, sizeof *import->request.uploads);
    for (size_t i = 0; i < request->count; i++) import->request.uploads[i] = arena_text(arena, request->uploads[i]);
    import->request.sample_rows = arena_text(arena, request->sample_rows ? request->sample_rows : "");
    import->request.sample_seed = arena_text(arena, request->sample_seed ? request->sample_seed : "");
    import->uploads = arena_array(arena, request->count + 1, sizeof *import->uploads);
    import->progress.fraction = -1;
    return import;
}

static void keep(Imports *imports, Import *import) {
    if (imports->count == IMPORTS_KEPT) arena_free(imports->kept[--imports->count]->arena);
    memmove(&imports->kept[1], &imports->kept[0], imports->count * sizeof *imports->kept);
    imports->kept[0] = import;
    imports->count++;
}

/* Signals belong to the program's first thread. */
static bool start_thread(Imports *imports, Import *import) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    imports->has_thread = pthread_create(&imports->thread, NULL, run_import, import) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return imports->has_thread;
}

/* With the mutex held. */
static bool begin(Imports *imports, Import *import, Err *err) {
    if (imports->count && imports->kept[0]->status == IMPORT_RUNNING)
        return err_set_code(err, ERR_REFUSED, "IMPORT_RUNS", "Another import runs; wait for its end or stop it");
    if (imports->closing) return err_set_code(err, ERR_CANCELLED, "STOPPING", "The server is stopping");
    if (!import->id) return err_set(err, ERR_IO, "The system gives no random numbers");
    if (!hold_uploads(import, err)) return false;
    /* The one before has ended: its thread is gone or about to be. */
    if (imports->has_thread) pthread_join(imports->thread, NULL);
    if (start_thread(imports, import)) return true;
    for (size_t i = 0; i < import->request.count; i++) uploads_release(imports->uploads, import->request.uploads[i]);
    return err_set(err, ERR_IO, "The system gives no more threads; end other programs and try again");
}

bool imports_begin(Arena *arena, Imports *imports, const ImportRequest *request, Json **out, Err *err) {
    Import *import = make_import(imports, request);
    pthread_mutex_lock(&imports->mutex);
    bool begun = begin(imports, import, err);
    if (begun) {
        keep(imports, import);
        *out = import_json(arena, import);
    }
    pthread_mutex_unlock(&imports->mutex);
    if (!begun) arena_free(import->arena);
    return begun;
}
