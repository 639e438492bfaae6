/* ops/session.h: an open workspace, as every operation that reads data needs it.
 *
 * One in-memory engine in which the snapshots are attached. The guard opens its parser meanwhile, on a thread of its own: it
 * needs nothing but the names of the tables, and costs as much time as everything else together. */
#ifndef CURLEW_OPS_SESSION_H
#define CURLEW_OPS_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "answer/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "guard/guard.h"
#include "ingest/workspace.h"
#include "io/duck.h"
#include "learn/log.h"
#include "ops.h"
#include "question/understand.h"

enum { SESSION_STEPS = 12 };

/* What a session comes to know and keeps from question to question: catalogs, lexicons, guard, engine. */
typedef struct SessionKept SessionKept;

typedef struct {
    Arena *arena; /* as long as the workspace is open */
    Workspace *workspace;
    Duck *duck;
    DuckSession *connection;
    const char **setup; /* statements that make the views, for an engine in another process */
    size_t setup_count;
    SessionKept *kept;
    const OpContext *context;
    LearnLog *log;            /* questions are noted there; NULL = nowhere */
    unsigned long long noted; /* number of the last one there; 0 = none */
    const char *result_key;   /* of the question that is being answered, as far as its answer may be kept; NULL */
    const char *words_key;    /* of the words of a question that stands alone; NULL */
    long long started_us, step_us;
    size_t step_count;
    AnswerStep steps[SESSION_STEPS];
} Session;

/* Opens the workspace that the call names: of exactly the paths of --data (imported into the cache on first use, with progress
 * reported to the context), of --workspace, or the user's own. With a pool in the context, a session of that, given back when
 * `arena` is freed. ERR_NOT_FOUND when nothing is loaded. */
bool session_open(Arena *arena, const OpContext *context, const OpCall *call, Session *out, Err *err);

/* The same in two steps: the workspace alone, which is enough to know the state of the data, then its engine. */
bool session_find(Arena *arena, const OpContext *context, const OpCall *call, Session *out, Err *err);
bool session_attach(Arena *arena, Session *session, Err *err);

/* The data set to speak of: the call's --dataset, else the bill, else the first. ERR_NOT_FOUND names what there is. */
bool session_dataset(Arena *arena, const Session *session, const OpCall *call, const char **out, Err *err);
/* Both are made at the first call and kept. */
bool session_catalog(Arena *arena, Session *session, const char *dataset, Catalog **out, Err *err);
bool session_lexicon(Session *session, const char *dataset, const Lexicon **out, Err *err);

/* The log of questions, to look for earlier answers: a connection of the session's own. NULL when it cannot be opened. */
Sqlite *session_log(Session *session);

/* Waits for the guard. */
bool session_guard(Arena *arena, Session *session, Guard **out, Err *err);
/* The locked engine; nothing can be attached afterwards. */
bool session_engine(Arena *arena, Session *session, Engine **out, Err *err);

/* The next question of the same session: its time begins now. */
void session_begin(Session *session);
/* Notes how long the step that ends now took. */
double session_step(Session *session, const char *name);
/* Where the time went, and how much in all: told to the answer. */
void session_tell_times(Arena *arena, const Session *session, Answer *out);

/* An engine in which the snapshots of a workspace are attached, to be shared by sessions that use it at the same time. */
typedef struct {
    const char *folder;
    Duck *duck;
    Engine *engine; /* locked */
    const char **setup;
    size_t setup_count;
    long long revision; /* of the manifest */
} SessionBase;

/* The workspace in `folder` in an engine of its own. ERR_NOT_FOUND when nothing is loaded. */
bool session_open_base(Arena *arena, const char *folder, SessionBase *out, Err *err);
/* A session on it, with a connection, a guard and knowledge of its own. ERR_IO, code WORKSPACE_CHANGED, when an import replaced the
 * manifest meanwhile. */
bool session_open_on(Arena *arena, const SessionBase *base, Session *out, Err *err);

/* The folder of the user's own workspace, or of --workspace. */
const char *session_workspace_folder(Arena *arena, const OpCall *call);

#endif
