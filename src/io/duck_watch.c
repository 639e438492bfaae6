#include "io/duck_watch.h"

#include <signal.h>

#include "base/limits.h"
#include "io/clock.h"

void duck_watch_open(DuckWatch *watch) {
    *watch = (DuckWatch){0};
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_cond_init(&watch->changed, &clock);
    pthread_condattr_destroy(&clock);
}

void duck_watch_close(DuckWatch *watch) {
    pthread_mutex_lock(&watch->mutex);
    watch->closing = true;
    pthread_cond_signal(&watch->changed);
    pthread_mutex_unlock(&watch->mutex);
    if (watch->has_thread) pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->mutex);
}

static void look_at(DuckWatched *watched) {
    if (!watched->stopped && watched->stop && *watched->stop) watched->stopped = ERR_CANCELLED;
    if (!watched->stopped && watched->deadline_us && clock_monotonic_us() > watched->deadline_us)
        watched->stopped = ERR_TIMEOUT;
    /* Again and again: an interrupt that comes before the engine has begun is forgotten. */
    if (watched->stopped) duck_interrupt(watched->session);
}

static void *look(void *context) {
    DuckWatch *watch = context;
    pthread_mutex_lock(&watch->mutex);
    while (!watch->closing) {
        watch->idle = !watch->running;
        if (watch->idle) {
            pthread_cond_wait(&watch->changed, &watch->mutex);
            continue;
        }
        long long at = clock_monotonic_us() + DUCK_WATCH_MS * 1000LL;
        struct timespec next = {.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
        pthread_cond_timedwait(&watch->changed, &watch->mutex, &next);
        for (DuckWatched *watched = watch->running; watched; watched = watched->next) look_at(watched);
    }
    pthread_mutex_unlock(&watch->mutex);
    return NULL;
}

/* Signals belong to the program's own threads: this one blocks them all. */
static bool start_thread(DuckWatch *watch) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    watch->has_thread = pthread_create(&watch->thread, NULL, look, watch) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return watch->has_thread;
}

bool duck_watch_start(DuckWatch *watch, DuckWatched *watched, DuckSession *session, int timeout_ms, const volatile bool *stop,
                      Err *err) {
    *watched = (DuckWatched){.session = session, .stop = stop};
    if (timeout_ms < 0 && !stop) return true;
    if (timeout_ms >= 0) watched->deadline_us = clock_monotonic_us() + timeout_ms * 1000LL;
    pthread_mutex_lock(&watch->mutex);
    bool ok = watch->has_thread || start_thread(watch);
    if (ok) {
        watched->watch = watch;
        watched->next = watch->running;
        watch->running = watched;
        if (watch->idle) pthread_cond_signal(&watch->changed);
    }
    pthread_mutex_unlock(&watch->mutex);
    return ok ||
           err_set(err, ERR_LIMIT, "The system allows no more threads; end other programs or raise the limit (ulimit -u)");
}

ErrKind duck_watch_end(DuckWatched *watched) {
    DuckWatch *watch = watched->watch;
    if (!watch) return ERR_NONE;
    pthread_mutex_lock(&watch->mutex);
    DuckWatched **at = &watch->running;
    while (*at != watched) at = &(*at)->next;
    *at = watched->next;
    pthread_mutex_unlock(&watch->mutex);
    return watched->stopped;
}
