#include "web/jobs.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"

struct Job {
    Jobs *jobs;
    Job *next; /* in the queue */
    JobRun *run;
    void *context;
    volatile bool stop;
    bool ended;
    pthread_cond_t changed;
    Arena *arena; /* of the job and of `out`; used with the mutex held */
    Buffer out;
    size_t read;
};

struct Jobs {
    pthread_mutex_t mutex;
    pthread_cond_t queued;
    bool closing;
    size_t worker_count, waiting, waiting_most, running;
    pthread_t *workers;
    Job *first, *last; /* that wait */
    Job **current;     /* that runs in each worker; NULL */
};

typedef struct {
    Jobs *jobs;
    size_t number;
} Worker;

static void end_job(Jobs *jobs, Job *job) {
    (void)jobs;
    job->ended = true;
    pthread_cond_broadcast(&job->changed);
}

static Job *next_job(Jobs *jobs) {
    while (!jobs->first && !jobs->closing) pthread_cond_wait(&jobs->queued, &jobs->mutex);
    Job *job = jobs->first;
    if (!job) return NULL;
    jobs->first = job->next;
    if (!jobs->first) jobs->last = NULL;
    jobs->waiting--;
    return job;
}

static void *work(void *context) {
    Worker *worker = context;
    Jobs *jobs = worker->jobs;
    pthread_mutex_lock(&jobs->mutex);
    for (Job *job = NULL; (job = next_job(jobs)) != NULL;) {
        jobs->current[worker->number] = job;
        jobs->running++;
        bool wanted = !job->stop;
        pthread_mutex_unlock(&jobs->mutex);
        Arena *arena = arena_make();
        if (wanted) job->run(arena, job, job->context);
        arena_free(arena);
        pthread_mutex_lock(&jobs->mutex);
        jobs->running--;
        jobs->current[worker->number] = NULL;
        end_job(jobs, job);
    }
    pthread_mutex_unlock(&jobs->mutex);
    return NULL;
}

/* Signals belong to the program's first thread: the workers block them all. */
static bool start_workers(Arena *arena, Jobs *jobs, size_t workers) {
    sigset_t all, before;
    pthread_attr_t attributes;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, SERVER_WORKER_STACK_BYTES);
    bool ok = true;
    for (size_t i = 0; i < workers && ok; i++) {
        Worker *worker = arena_alloc(arena, sizeof *worker);
        *worker = (Worker){jobs, i};
        ok = pthread_create(&jobs->workers[i], &attributes, work, worker) == 0;
        if (ok) jobs->worker_count++;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static void make_condition(pthread_cond_t *condition) {
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &clock);
    pthread_condattr_destroy(&clock);
}

bool jobs_open(Arena *arena, size_t workers, size_t waiting, Jobs **out, Err *err) {
    Jobs *jobs = arena_alloc(arena, sizeof *jobs);
    pthread_mutex_init(&jobs->mutex, NULL);
    make_condition(&jobs->queued);
    jobs->waiting_most = waiting;
    jobs->workers = arena_array(arena, workers, sizeof *jobs->workers);
    jobs->current = arena_array(arena, workers, sizeof *jobs->current);
    *out = jobs;
    if (start_workers(arena, jobs, workers)) return true;
    jobs_close(jobs);
    return err_set(err, ERR_IO, "The system gives no more threads; end other programs and try again");
}

void jobs_close(Jobs *jobs) {
    pthread_mutex_lock(&jobs->mutex);
    jobs->closing = true;
    for (size_t i = 0; i < jobs->worker_count; i++)
        if (jobs->current[i]) jobs->current[i]->stop = true;
    for (Job *job = jobs->first; job; job = job->next) job->stop = true;
    pthread_cond_broadcast(&jobs->queued);
    pthread_mutex_unlock(&jobs->mutex);
    for (size_t i = 0; i < jobs->worker_count; i++) pthread_join(jobs->workers[i], NULL);
    pthread_cond_destroy(&jobs->queued);
    pthread_mutex_destroy(&jobs->mutex);
}

size_t jobs_count(Jobs *jobs) {
    pthread_mutex_lock(&jobs->mutex);
    size_t count = jobs->waiting + jobs->running;
    pthread_mutex_unlock(&jobs->mutex);
    return count;
}

Job *job_begin(Jobs *jobs, JobRun *run, void *context) {
    Arena *arena = arena_make();
    Job *job = arena_alloc(arena, sizeof *job);
    *job = (Job){.jobs = jobs, .run = run, .context = context, .arena = arena, .out = {.arena = arena}};
    make_condition(&job->changed);
    pthread_mutex_lock(&jobs->mutex);
    bool room = !jobs->closing && jobs->waiting < jobs->waiting_most;
    if (room) {
        if (jobs->last)
            jobs->last->next = job;
        else
            jobs->first = job;
        jobs->last = job;
        jobs->waiting++;
        pthread_cond_signal(&jobs->queued);
    }
    pthread_mutex_unlock(&jobs->mutex);
    if (room) return job;
    pthread_cond_destroy(&job->changed);
    arena_free(arena);
    return NULL;
}

/* Waits for a change, a moment at most; with the mutex held. */
static void wait_a_moment(Job *job) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += SERVER_WATCH_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&job->changed, &job->jobs->mutex, &until);
}

bool job_wait(Job *job, bool (*is_gone)(const void *who), const void *who) {
    pthread_mutex_lock(&job->jobs->mutex);
    while (!job->ended) {
        wait_a_moment(job);
        if (!job->ended && is_gone(who)) job->stop = true;
    }
    bool whole = !job->stop;
    pthread_mutex_unlock(&job->jobs->mutex);
    return whole;
}

size_t job_read(Job *job, char *buffer, size_t room, const char *quiet, bool (*is_gone)(const void *who), const void *who) {
    size_t size = 0, waited_ms = 0;
    pthread_mutex_lock(&job->jobs->mutex);
    while (job->read == job->out.size && !job->ended && !job->stop && waited_ms < SERVER_HEARTBEAT_MS) {
        wait_a_moment(job);
        waited_ms += SERVER_WATCH_MS;
        if (!job->ended && is_gone(who)) job->stop = true;
    }
    if (job->read < job->out.size && !(job->stop && !job->ended)) {
        size = job->out.size - job->read;
        if (size > room) size = room;
        memcpy(buffer, job->out.data + job->read, size);
        job->read += size;
    } else if (!job->ended && !job->stop) {
        size = strlen(quiet) < room ? strlen(quiet) : room;
        memcpy(buffer, quiet, size);
    }
    pthread_mutex_unlock(&job->jobs->mutex);
    return size;
}

const char *job_text(Arena *arena, Job *job, size_t *size) {
    pthread_mutex_lock(&job->jobs->mutex);
    *size = job->out.size;
    const char *text = arena_text_n(arena, buffer_text(&job->out), job->out.size);
    pthread_mutex_unlock(&job->jobs->mutex);
    return text;
}

void job_drop(Job *job) {
    pthread_mutex_lock(&job->jobs->mutex);
    while (!job->ended) {
        job->stop = true;
        wait_a_moment(job);
    }
    pthread_mutex_unlock(&job->jobs->mutex);
    pthread_cond_destroy(&job->changed);
    arena_free(job->arena);
}

void job_write(Job *job, const char *data, size_t size) {
    pthread_mutex_lock(&job->jobs->mutex);
    buffer_add_n(&job->out, data, size);
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->jobs->mutex);
}

const volatile bool *job_stop(const Job *job) {
    return &job->stop;
}
