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
#include "ops.h"
#include "question/understand.h"

typedef struct GuardOpening GuardOpening;

enum { SESSION_STEPS = 12 };

/* A data set that was asked about, with what reading questions on it takes. */
typedef struct {
    const char *dataset;
    Catalog *catalog;
    Lexicon *lexicon; /* NULL until session_lexicon() */
} KnownDataset;

typedef struct {
    Arena *arena; /* as long as the session: what is kept from question to question */
    Workspace *workspace;
    Duck *duck;
    DuckSession *connection;
    const char **setup; /* statements that make the views, for an engine in another process */
    size_t setup_count;
    Engine *engine; /* NULL until session_engine() */
    GuardOpening *guard;
    size_t known_count;
    KnownDataset *known;
    const OpContext *context;
    long long started_us, step_us;
    size_t step_count;
    AnswerStep steps[SESSION_STEPS];
} Session;

/* Opens the workspace that the call names: of exactly the paths of --data (imported into the cache on first use, with progress
 * reported to the context), of --workspace, or the user's own. ERR_NOT_FOUND when nothing is loaded. */
bool session_open(Arena *arena, const OpContext *context, const OpCall *call, Session *out, Err *err);

/* The data set to speak of: the call's --dataset, else the bill, else the first. ERR_NOT_FOUND names what there is. */
bool session_dataset(Arena *arena, const Session *session, const OpCall *call, const char **out, Err *err);
/* Both are made at the first call and kept. */
bool session_catalog(Arena *arena, Session *session, const char *dataset, Catalog **out, Err *err);
bool session_lexicon(Session *session, const char *dataset, const Lexicon **out, Err *err);

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

/* The folder of the user's own workspace, or of --workspace. */
const char *session_workspace_folder(Arena *arena, const OpCall *call);

#endif
