/* Whether this machine and this installation can do what the program promises, and what to do where they cannot. */
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "engine/engine.h"
#include "guard/guard.h"
#include "ingest/workspace.h"
#include "io/duck.h"
#include "io/file.h"
#include "ops/operations.h"
#include "ops/session.h"

typedef struct {
    const char *name;
    bool ok;
    const char *found; /* what was found */
    const char *todo;  /* what to do about it; NULL when it is in order */
} Check;

static Check good(const char *name, const char *found) {
    return (Check){.name = name, .ok = true, .found = found};
}

static Check bad(const char *name, const char *found, const char *todo) {
    return (Check){.name = name, .found = found, .todo = todo};
}

static Check failed(Arena *arena, const char *name, const Err *err, const char *todo) {
    return bad(name, arena_text(arena, err->message), todo);
}

static Check check_engine(Arena *arena) {
    Err err = {0};
    Duck *duck = NULL;
    DuckSession *connection = NULL;
    const char *value = NULL;
    bool ran = duck_open(arena, NULL, &(DuckOptions){0}, &duck, &err) && duck_connect(arena, duck, &connection, &err) &&
               duck_value(arena, connection, "SELECT 6 * 7", &value, &err);
    if (!ran) return failed(arena, "engine", &err, "install curlew again with ./start.sh");
    return text_equal(value, "42") ? good("engine", arena_printf(arena, "DuckDB %s computes", duck_version()))
                                   : bad("engine", "DuckDB computes wrongly", "install curlew again with ./start.sh");
}

static Check check_guard(Arena *arena, Guard **guard) {
    static const char *const tables[] = {"bill"};
    Err err = {0};
    if (!guard_open(arena, tables, 1, guard, &err))
        return failed(arena, "guard", &err, "do not use typed SQL; install curlew again with ./start.sh");
    return good("guard", "its self-test passes: what must be refused is refused");
}

/* A query through the whole road of typed SQL, in a process of its own. */
static Check check_isolation(Arena *arena, Guard *guard) {
    static const char sql[] = "SELECT 1 AS one";
    Err err = {0};
    const Cleared *cleared = NULL;
    Table *table = NULL;
    bool ran = guard && guard_clear(arena, guard, sql, strlen(sql), GUARD_TYPED, &cleared, &err) &&
               engine_run_isolated(arena, NULL, 0, cleared, &(EngineLimits){0}, &table, &err);
    if (!ran) return failed(arena, "query process", &err, "typed SQL does not work here: `curlew ask` still does");
    return good("query process", "typed SQL runs in a process of its own");
}

static Check check_landlock(Arena *arena) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return bad(
            "landlock", "this kernel does not limit which files a process sees",
            "Linux 5.13 or later with landlock adds this second wall; the guard and the engine's own lock stand without it");
    return good("landlock", arena_printf(arena, "version %ld: the query process sees no file but the snapshots", version));
}

static Check check_seccomp(void) {
    unsigned action = SECCOMP_RET_KILL_PROCESS;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
        return bad("seccomp", "this kernel or container does not filter system calls",
                   "allow the seccomp system call to the container; the guard and the engine's own lock stand without it");
    return good("seccomp", "the query process may make few system calls");
}

static Check check_workspace(Arena *arena, const char *folder) {
    Err err = {0};
    Workspace *workspace = NULL;
    if (file_info(folder).kind == FILE_MISSING) return good("workspace", arena_printf(arena, "%s is not used yet", folder));
    if (!workspace_open(arena, folder, &workspace, &err))
        return failed(arena, "workspace", &err, "load the bills again: curlew load --replace PATH");
    size_t count = workspace_snapshot_count(workspace);
    for (size_t i = 0; i < count; i++) {
        const Snapshot *snapshot = workspace_snapshot(workspace, i);
        if (file_info(snapshot->path).kind != FILE_REGULAR)
            return bad("workspace", arena_printf(arena, "%s is missing", snapshot->path),
                       "load the bills again: curlew load --replace PATH");
    }
    if (!count) return good("workspace", arena_printf(arena, "%s holds nothing yet", folder));
    return good("workspace", arena_printf(arena, "%zu snapshots in %s", count, folder));
}

/* The nearest folder above that exists: a workspace that was never used has none yet. */
static const char *existing_folder(Arena *arena, const char *folder) {
    while (file_info(folder).kind != FILE_FOLDER && !text_equal(folder, "/") && !text_equal(folder, "."))
        folder = file_folder(arena, folder);
    return folder;
}

static Check check_disk(Arena *arena, const char *folder) {
    enum { MB = 1024 * 1024, LEAST_MB = 1024 };
    struct statvfs disk = {0};
    const char *seen = existing_folder(arena, folder);
    if (statvfs(seen, &disk) != 0)
        return bad("disk", arena_printf(arena, "%s cannot be read", seen), "check the folder's permissions");
    unsigned long long free_mb = (unsigned long long)disk.f_bavail * disk.f_frsize / MB;
    const char *found = arena_printf(arena, "%s MB free under %s", text_count(arena, (long long)free_mb), seen);
    if (access(seen, W_OK) != 0)
        return bad("disk", arena_printf(arena, "%s is not writable", seen), "choose another folder with --workspace");
    return free_mb >= LEAST_MB ? good("disk", found)
                               : bad("disk", found, "a bill takes about a third of its size as CSV: make room");
}

static void show(Arena *arena, const Check *checks, size_t count, OpResult *out) {
    out->report = report_make(arena);
    out->json = json_make_object(arena);
    report_heading(out->report, arena_printf(arena, "curlew %s, DuckDB %s", program_version(), duck_version()));
    Json *array = json_put_array(out->json, "checks");
    for (size_t i = 0; i < count; i++) {
        const Check *check = &checks[i];
        report_pair(out->report, arena_printf(arena, "%s  %s", check->ok ? "ok     " : "problem", check->name), check->found);
        if (check->todo) report_pair(out->report, "", arena_printf(arena, "→ %s", check->todo));
        if (!check->ok) out->outcome = OUTCOME_PROBLEM;
        Json *object = json_add_object(array);
        json_put_text(object, "name", check->name);
        json_put_bool(object, "ok", check->ok);
        json_put_text(object, "found", check->found);
        json_put_text(object, "todo", check->todo);
    }
    json_put_bool(out->json, "ok", out->outcome != OUTCOME_PROBLEM);
}

bool op_doctor(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    (void)context;
    (void)err;
    const char *folder = session_workspace_folder(arena, call);
    Guard *guard = NULL;
    Check checks[7];
    size_t count = 0;
    checks[count++] = check_engine(arena);
    checks[count++] = check_guard(arena, &guard);
    checks[count++] = check_isolation(arena, guard);
    checks[count++] = check_landlock(arena);
    checks[count++] = check_seccomp();
    checks[count++] = check_workspace(arena, folder);
    checks[count++] = check_disk(arena, folder);
    show(arena, checks, count, out);
    return true;
}
