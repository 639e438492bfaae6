#include "ops/session.h"

#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "ingest/load.h"
#include "io/clock.h"
#include "io/file.h"
#include "ops/pool.h"
#include "ops/progress.h"

typedef struct {
    pthread_t thread;
    bool running;
    Arena *arena; /* the thread's own: arenas are not shared between threads */
    const char **tables;
    size_t table_count;
    Guard *guard;
    Err err;
} GuardOpening;

/* A data set that was asked about, with what reading questions on it takes. */
typedef struct {
    const char *dataset;
    Catalog *catalog;
    Day as_of;        /* of the data: a question may have set another "today" in the catalog */
    Lexicon *lexicon; /* NULL until session_lexicon() */
} KnownDataset;

struct SessionKept {
    Engine *engine; /* NULL until session_engine() */
    Sqlite *log;    /* NULL until session_log() */
    GuardOpening *guard;
    size_t known_count;
    KnownDataset *known;
};

static void *open_guard(void *context) {
    GuardOpening *opening = context;
    guard_open(opening->arena, opening->tables, opening->table_count, &opening->guard, &opening->err);
    return NULL;
}

static void wait_for_guard(GuardOpening *opening) {
    if (opening->running) pthread_join(opening->thread, NULL);
    opening->running = false;
}

static void close_guard(void *context) {
    GuardOpening *opening = context;
    wait_for_guard(opening);
    arena_free(opening->arena);
}

/* Every data set, and its rollups where it has some. */
static void name_tables(const Workspace *workspace, GuardOpening *opening) {
    size_t sets = workspace_dataset_count(workspace);
    opening->tables = arena_array(opening->arena, sets * 2 + 2, sizeof *opening->tables);
    for (size_t i = 0; i < sets; i++) {
        const char *name = workspace_dataset(workspace, i);
        opening->tables[opening->table_count++] = arena_text(opening->arena, name);
        bool rollup = false;
        for (size_t j = 0; j < workspace_snapshot_count(workspace); j++) {
            const Snapshot *snapshot = workspace_snapshot(workspace, j);
            rollup |= text_equal(snapshot->dataset, name) && snapshot->rollup_row_count > 0;
        }
        if (rollup) opening->tables[opening->table_count++] = arena_printf(opening->arena, "%s_day", name);
        if (text_equal(name, "bill") && workspace_rollups(workspace)->month_row_count)
            opening->tables[opening->table_count++] = "bill_month";
    }
}

static bool start_guard(Arena *arena, Session *session, Err *err) {
    GuardOpening *opening = arena_alloc(arena, sizeof *opening);
    opening->arena = arena_make();
    arena_on_free(arena, close_guard, opening);
    name_tables(session->workspace, opening);
    session->kept->guard = opening;
    opening->running = pthread_create(&opening->thread, NULL, open_guard, opening) == 0;
    return opening->running || err_set(err, ERR_INTERNAL, "The system gives no more threads; end other programs and try again");
}

void session_begin(Session *session) {
    session->started_us = session->step_us = clock_monotonic_us();
    session->step_count = 0;
    for (size_t i = 0; i < session->kept->known_count; i++)
        session->kept->known[i].catalog->as_of = session->kept->known[i].as_of;
}

double session_step(Session *session, const char *name) {
    long long now = clock_monotonic_us();
    double ms = (double)(now - session->step_us) / 1000;
    session->step_us = now;
    if (session->step_count < SESSION_STEPS) session->steps[session->step_count++] = (AnswerStep){name, ms};
    return ms;
}

void session_tell_times(Arena *arena, const Session *session, Answer *out) {
    AnswerStep *steps = arena_array(arena, session->step_count + 1, sizeof *steps);
    memcpy(steps, session->steps, session->step_count * sizeof *steps);
    out->steps = steps;
    out->step_count = session->step_count;
    out->total_ms = (double)(clock_monotonic_us() - session->started_us) / 1000;
}

const char *session_workspace_folder(Arena *arena, const OpCall *call) {
    const char *named = call_text(call, "workspace");
    return named ? named : file_join(arena, file_data_home(arena), "workspace");
}

static bool find_workspace(Arena *arena, const OpContext *context, const OpCall *call, const char **folder, Err *err) {
    size_t count = 0;
    const char *const *paths = call_list(arena, call, "data", &count);
    *folder = session_workspace_folder(arena, call);
    bool direct = call_flag(call, "direct");
    if (!count && direct) return err_set(err, ERR_USAGE, "--direct reads files in place: name them with --data PATH");
    if (!count) return true;
    if (call_text(call, "workspace"))
        return err_set(err, ERR_USAGE,
                       "--data and --workspace exclude each other: files are imported into a cache of their own");
    LoadRequest request = {.paths = paths, .path_count = count, .direct = direct, .stop = context->stop};
    request.progress = context->progress ? progress_of_load : NULL;
    request.context = progress_door(arena, context);
    LoadReport report = {0};
    return load_cached(arena, &request, folder, &report, err);
}

/* Attaches the snapshots of the workspace to an engine in memory. */
static bool attach(Arena *arena, Session *session, Err *err) {
    DuckOptions options = {0};
    if (!duck_open(arena, NULL, &options, &session->duck, err)) return false;
    if (!duck_connect(arena, session->duck, &session->connection, err)) return false;
    session_step(session, "engine");
    if (!workspace_setup(arena, session->workspace, &session->setup, &session->setup_count, err)) return false;
    for (size_t i = 0; i < session->setup_count; i++)
        if (!duck_run(session->connection, session->setup[i], err)) return false;
    session_step(session, "attach");
    return true;
}

static bool open_workspace(Arena *arena, const char *folder, Workspace **out, Err *err) {
    bool missing = file_info(folder).kind == FILE_MISSING;
    if (!missing && !workspace_open(arena, folder, out, err)) return false;
    if (missing || workspace_dataset_count(*out) == 0)
        return err_set_code(err, ERR_NOT_FOUND, "NOTHING_LOADED",
                            "Nothing is loaded yet: import a bill with `curlew load PATH`, or name files with --data PATH");
    return true;
}

static void start(Arena *arena, const OpContext *context, Session *out) {
    *out = (Session){.arena = arena, .context = context, .kept = arena_alloc(arena, sizeof *out->kept)};
    session_begin(out);
}

bool session_find(Arena *arena, const OpContext *context, const OpCall *call, Session *out, Err *err) {
    const char *folder = NULL;
    if (context->pool && !call_text(call, "data"))
        return pool_borrow(arena, context, session_workspace_folder(arena, call), out, err);
    start(arena, context, out);
    if (!find_workspace(arena, context, call, &folder, err) || !open_workspace(arena, folder, &out->workspace, err))
        return false;
    session_step(out, "workspace");
    return true;
}

bool session_attach(Arena *arena, Session *session, Err *err) {
    return session->connection || (start_guard(arena, session, err) && attach(arena, session, err));
}

bool session_open(Arena *arena, const OpContext *context, const OpCall *call, Session *out, Err *err) {
    return session_find(arena, context, call, out, err) && session_attach(arena, out, err);
}

bool session_open_base(Arena *arena, const char *folder, SessionBase *out, Err *err) {
    Session session = {0};
    start(arena, NULL, &session);
    *out = (SessionBase){.folder = arena_text(arena, folder)};
    if (!open_workspace(arena, folder, &session.workspace, err) || !attach(arena, &session, err)) return false;
    out->duck = session.duck;
    out->setup = session.setup;
    out->setup_count = session.setup_count;
    out->revision = workspace_revision(session.workspace);
    return engine_open(arena, out->duck, &out->engine, err);
}

bool session_open_on(Arena *arena, const SessionBase *base, Session *out, Err *err) {
    start(arena, NULL, out);
    out->duck = base->duck;
    out->setup = base->setup;
    out->setup_count = base->setup_count;
    out->kept->engine = base->engine;
    if (!open_workspace(arena, base->folder, &out->workspace, err)) return false;
    if (workspace_revision(out->workspace) != base->revision)
        return err_set_code(err, ERR_IO, "WORKSPACE_CHANGED", "The workspace was changed by an import just now; ask again");
    return start_guard(arena, out, err) && duck_connect(arena, base->duck, &out->connection, err);
}

bool session_dataset(Arena *arena, const Session *session, const OpCall *call, const char **out, Err *err) {
    const char *wanted = call_text(call, "dataset");
    size_t count = workspace_dataset_count(session->workspace);
    Buffer names = {.arena = arena};
    *out = workspace_dataset(session->workspace, 0);
    for (size_t i = 0; i < count; i++) {
        const char *name = workspace_dataset(session->workspace, i);
        if (!wanted || text_equal_fold(name, wanted)) {
            *out = name;
            return true;
        }
        buffer_printf(&names, "%s%s", i ? ", " : "", text_printable(arena, name));
    }
    return err_set_code(err, ERR_NOT_FOUND, "UNKNOWN_DATASET", "There is no data set “%s”; there is %s",
                        text_printable(arena, wanted), buffer_text(&names));
}

static KnownDataset *find_known(const Session *session, const char *dataset) {
    SessionKept *kept = session->kept;
    for (size_t i = 0; i < kept->known_count; i++)
        if (text_equal(kept->known[i].dataset, dataset)) return &kept->known[i];
    return NULL;
}

bool session_catalog(Arena *arena, Session *session, const char *dataset, Catalog **out, Err *err) {
    (void)arena;
    SessionKept *kept = session->kept;
    KnownDataset *known = find_known(session, dataset);
    if (!known) {
        Catalog *catalog = NULL;
        if (!catalog_load(session->arena, session->connection, session->workspace, dataset, &catalog, err)) return false;
        if (!kept->known)
            kept->known = arena_array(session->arena, workspace_dataset_count(session->workspace) + 1, sizeof *kept->known);
        known = &kept->known[kept->known_count++];
        *known = (KnownDataset){.dataset = arena_text(session->arena, dataset), .catalog = catalog, .as_of = catalog->as_of};
        session_step(session, "catalog");
    }
    *out = known->catalog;
    return true;
}

bool session_lexicon(Session *session, const char *dataset, const Lexicon **out, Err *err) {
    Catalog *catalog = NULL;
    if (!session_catalog(session->arena, session, dataset, &catalog, err)) return false;
    KnownDataset *known = find_known(session, dataset);
    if (!known->lexicon && !lexicon_build(session->arena, catalog, &known->lexicon, err)) return false;
    *out = known->lexicon;
    return true;
}

Sqlite *session_log(Session *session) {
    SessionKept *kept = session->kept;
    Err ignored = {0};
    const char *path = learn_log_path(session->arena, workspace_folder(session->workspace));
    if (!kept->log && !learn_open(session->arena, path, &kept->log, &ignored)) kept->log = NULL;
    return kept->log;
}

bool session_guard(Arena *arena, Session *session, Guard **out, Err *err) {
    (void)arena;
    GuardOpening *opening = session->kept->guard;
    wait_for_guard(opening);
    *out = opening->guard;
    if (!*out) {
        const Err *failed = &opening->err;
        return err_set_code(err, failed->kind == ERR_NONE ? ERR_INTERNAL : failed->kind, failed->code, "%s", failed->message);
    }
    session_step(session, "guard");
    return true;
}

bool session_engine(Arena *arena, Session *session, Engine **out, Err *err) {
    (void)arena;
    SessionKept *kept = session->kept;
    if (!kept->engine && !engine_open(session->arena, session->duck, &kept->engine, err)) return false;
    *out = kept->engine;
    return true;
}
