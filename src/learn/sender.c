#include "learn/sender.h"

#include <pthread.h>
#include <time.h>

#include "base/limits.h"
#include "io/clock.h"

struct LearnSender {
    LearnPlace place;
    pthread_t thread;
    bool has_thread;
    volatile bool stop;   /* ends what is on the network */
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    bool wanted, closing, ended;
};

static struct timespec after_ms(long long ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    const long long nanoseconds = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    return until;
}

/* Waits until something is to be done: it was written, or a while is over since `failed`. False when the thread is to end. */
static bool wait_for_work(LearnSender *sender, bool failed) {
    const struct timespec until = after_ms(failed ? LEARN_SEND_AGAIN_MS : LEARN_FETCH_S * 1000LL);
    pthread_mutex_lock(&sender->lock);
    int late = 0;
    while (!sender->wanted && !sender->closing && late == 0)
        late = pthread_cond_timedwait(&sender->changed, &sender->lock, &until);
    const bool work = sender->wanted || !sender->closing;
    sender->wanted = false;
    pthread_mutex_unlock(&sender->lock);
    return work;
}

static bool is_closing(LearnSender *sender) {
    pthread_mutex_lock(&sender->lock);
    const bool closing = sender->closing;
    pthread_mutex_unlock(&sender->lock);
    return closing;
}

static void *exchange(void *context) {
    LearnSender *sender = context;
    Arena *arena = arena_make();
    LearnStore *store = NULL;
    Err err = {0};
    bool failed = false;
    long long fetched_s = clock_now(); /* a program that ends at once fetches nothing */
    const bool is_open = learn_store_open(arena, &sender->place, false, &store, &err);
    while (is_open && wait_for_work(sender, failed)) {
        Err failure = {0};
        failed = !store->kind->send(store, !failed && !is_closing(sender), &failure);
        if (failed || is_closing(sender) || clock_now() - fetched_s < LEARN_FETCH_S) continue;
        fetched_s = clock_now();
        store->kind->fetch(store, &failure);
    }
    arena_free(arena);
    pthread_mutex_lock(&sender->lock);
    sender->ended = true;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
    return NULL;
}

LearnSender *learn_sender_start(Arena *arena, const LearnPlace *place) {
    if (!place->table) return NULL;
    LearnSender *sender = arena_alloc(arena, sizeof *sender);
    sender->place = *place;
    sender->place.stop = &sender->stop;
    pthread_mutex_init(&sender->lock, NULL);
    pthread_cond_init(&sender->changed, NULL);
    sender->has_thread = pthread_create(&sender->thread, NULL, exchange, sender) == 0;
    return sender;
}

void learn_sender_wake(LearnSender *sender) {
    if (!sender) return;
    pthread_mutex_lock(&sender->lock);
    sender->wanted = true;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
}

void learn_sender_close(LearnSender *sender) {
    if (!sender) return;
    const struct timespec until = after_ms(LEARN_CLOSE_MS);
    pthread_mutex_lock(&sender->lock);
    sender->closing = true;
    pthread_cond_broadcast(&sender->changed);
    int late = 0;
    while (sender->has_thread && !sender->ended && late == 0)
        late = pthread_cond_timedwait(&sender->changed, &sender->lock, &until);
    pthread_mutex_unlock(&sender->lock);
    sender->stop = true;
    if (sender->has_thread) pthread_join(sender->thread, NULL);
    pthread_cond_destroy(&sender->changed);
    pthread_mutex_destroy(&sender->lock);
}
