#include "ops/pool.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"

/* One state of the workspace, attached. Lives as long as a session on it does. */
typedef struct {
    Arena *arena;
    FileInfo manifest; /* as it was when it was read */
    SessionBase base;
    size_t sessions;
} PoolState;

typedef struct {
    SessionPool *pool;
    PoolState *state; /* NULL = not open */
    Arena *arena;
    Session session;
    bool busy;
} PoolSlot;

struct SessionPool {
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    PoolState *current; /* what new sessions are opened on; counted as one session of it */
    size_t count;
    PoolSlot *slots;
};

/* How often a call that waits for a session looks whether it is to stop. */
enum { WAIT_MS = 50 };

static bool same_manifest(const FileInfo *a, const FileInfo *b) {
    return a->kind == b->kind && a->modified_ns == b->modified_ns && a->size_bytes == b->size_bytes;
}

/* With the mutex held. */
static void leave_state(PoolState *state) {
    if (state && --state->sessions == 0) arena_free(state->arena);
}

static void close_slot(PoolSlot *slot) {
    if (!slot->state) return;
    arena_free(slot->arena);
    leave_state(slot->state);
    slot->state = NULL;
}

static void pool_close(void *handle) {
    SessionPool *pool = handle;
    for (size_t i = 0; i < pool->count; i++) close_slot(&pool->slots[i]);
    leave_state(pool->current);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->mutex);
}

SessionPool *pool_make(Arena *arena, size_t sessions) {
    SessionPool *pool = arena_alloc(arena, sizeof *pool);
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->freed, &clock);
    pthread_condattr_destroy(&clock);
    pool->count = sessions;
    pool->slots = arena_array(arena, sessions, sizeof *pool->slots);
    for (size_t i = 0; i < sessions; i++) pool->slots[i].pool = pool;
    arena_on_free(arena, pool_close, pool);
    return pool;
}

/* The state of the workspace as it is on disk now. With the mutex held: who comes meanwhile would do the same work again. */
static bool refresh(SessionPool *pool, const char *folder, Err *err) {
    Arena *arena = arena_make();
    FileInfo now = file_info(file_join(arena, folder, "manifest.json"));
    PoolState *state = pool->current;
    if (state && text_equal(state->base.folder, folder) && same_manifest(&state->manifest, &now)) {
        arena_free(arena);
        return true;
    }
    PoolState *fresh = arena_alloc(arena, sizeof *fresh);
    *fresh = (PoolState){.arena = arena, .manifest = now, .sessions = 1};
    if (!session_open_base(arena, folder, &fresh->base, err)) {
        arena_free(arena);
        return false;
    }
    pool->current = fresh;
    leave_state(state);
    for (size_t i = 0; i < pool->count; i++)
        if (!pool->slots[i].busy && pool->slots[i].state != fresh) close_slot(&pool->slots[i]);
    return true;
}

/* A free slot, one that knows the current state first. */
static PoolSlot *free_slot(SessionPool *pool) {
    PoolSlot *found = NULL;
    for (size_t i = 0; i < pool->count; i++) {
        PoolSlot *slot = &pool->slots[i];
        if (!slot->busy && (!found || (slot->state && slot->state == pool->current))) found = slot;
    }
    return found;
}

static PoolSlot *wait_for_slot(SessionPool *pool, const OpContext *context, Err *err) {
    PoolSlot *slot = NULL;
    while (!(slot = free_slot(pool))) {
        if (context->stop && *context->stop) {
            err_set(err, ERR_CANCELLED, "The question was stopped before it began");
            return NULL;
        }
        long long at = clock_monotonic_us() + WAIT_MS * 1000LL;
        struct timespec until = {.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
        pthread_cond_timedwait(&pool->freed, &pool->mutex, &until);
    }
    return slot;
}

static void give_back(void *handle) {
    PoolSlot *slot = handle;
    SessionPool *pool = slot->pool;
    pthread_mutex_lock(&pool->mutex);
    slot->busy = false;
    if (slot->state != pool->current) close_slot(slot);
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->mutex);
}

/* Opens a session in the slot, which is marked busy: no other thread touches it. */
static bool open_slot(PoolSlot *slot, PoolState *state, Err *err) {
    if (slot->state) return true;
    slot->arena = arena_make();
    if (session_open_on(slot->arena, &state->base, &slot->session, err)) {
        slot->state = state;
        return true;
    }
    arena_free(slot->arena);
    return false;
}

/* One attempt to get a session on the present state. */
static bool borrow(const OpContext *context, const char *folder, PoolSlot **out, Err *err) {
    SessionPool *pool = context->pool;
    pthread_mutex_lock(&pool->mutex);
    PoolSlot *slot = wait_for_slot(pool, context, err);
    bool ok = slot && refresh(pool, folder, err);
    PoolState *state = pool->current;
    if (ok) {
        if (slot->state && slot->state != state) close_slot(slot);
        slot->busy = true;
        if (!slot->state) state->sessions++;
    }
    pthread_mutex_unlock(&pool->mutex);
    if (ok && !open_slot(slot, state, err)) {
        pthread_mutex_lock(&pool->mutex);
        leave_state(state);
        slot->busy = false;
        pthread_cond_signal(&pool->freed);
        pthread_mutex_unlock(&pool->mutex);
        return false;
    }
    *out = slot;
    return ok;
}

/* An import may end, and remove what it replaced, between reading the manifest and attaching what it names: then once more. */
static bool borrow_patiently(const OpContext *context, const char *folder, PoolSlot **out, Err *err) {
    enum { ATTEMPTS = 5 };
    for (int attempt = 1;; attempt++) {
        Arena *arena = arena_make();
        const char *manifest = file_join(arena, folder, "manifest.json");
        const FileInfo before = file_info(manifest);
        Err failure = {0};
        bool ok = borrow(context, folder, out, &failure);
        const FileInfo after = file_info(manifest);
        arena_free(arena);
        if (ok) return true;
        if (attempt == ATTEMPTS || same_manifest(&before, &after))
            return err_set_code(err, failure.kind, failure.code, "%s", failure.message);
    }
}

bool pool_borrow(Arena *arena, const OpContext *context, const char *folder, Session *out, Err *err) {
    PoolSlot *slot = NULL;
    if (!borrow_patiently(context, folder, &slot, err)) return false;
    *out = slot->session;
    out->context = context;
    session_begin(out);
    session_step(out, "workspace");
    arena_on_free(arena, give_back, slot);
    return true;
}

/* --- beforehand --- */

static void warm_session(Session *session) {
    Arena *arena = arena_make();
    const char *dataset = workspace_dataset(session->workspace, 0);
    const Lexicon *lexicon = NULL;
    Guard *guard = NULL;
    Err ignored = {0};
    if (session_lexicon(session, dataset, &lexicon, &ignored)) session_guard(arena, session, &guard, &ignored);
    arena_free(arena);
}

void pool_warm(SessionPool *pool, const char *folder) {
    for (size_t i = 0; i < pool->count; i++) {
        PoolSlot *slot = &pool->slots[i];
        Err ignored = {0};
        pthread_mutex_lock(&pool->mutex);
        bool wanted = refresh(pool, folder, &ignored) && !slot->busy && !slot->state;
        PoolState *state = pool->current;
        if (wanted) {
            slot->busy = true;
            state->sessions++;
        }
        pthread_mutex_unlock(&pool->mutex);
        if (!wanted) continue;
        bool opened = open_slot(slot, state, &ignored);
        if (opened) warm_session(&slot->session);
        pthread_mutex_lock(&pool->mutex);
        slot->busy = false;
        if (!opened) leave_state(state);
        if (opened && slot->state != pool->current) close_slot(slot);
        pthread_cond_signal(&pool->freed);
        pthread_mutex_unlock(&pool->mutex);
    }
}
