/* web/jobs.h: calls that wait for a worker, and what they have said so far (inside the room only).
 *
 * A connection's thread hands work to one of a few workers and reads what that writes, while it goes on or when it has ended. So as many
 * questions run as the machine can bear, the others wait in order, and a client that leaves stops its own. */
#ifndef CURLEW_WEB_JOBS_H
#define CURLEW_WEB_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Jobs Jobs;
typedef struct Job Job;

/* `workers` jobs run at a time, at most `waiting` more wait. Ended with jobs_close(). */
bool jobs_open(Arena *arena, size_t workers, size_t waiting, Jobs **out, Err *err);
/* Stops what runs, drops what waits, ends the workers. */
void jobs_close(Jobs *jobs);
/* How many run or wait. */
size_t jobs_count(Jobs *jobs);

/* What a job does: in a worker's thread, with an arena that is freed after it. */
typedef void JobRun(Arena *arena, Job *job, void *context);

/* Queues a job; NULL when there is no room. `context` must live until the job has been dropped. */
Job *job_begin(Jobs *jobs, JobRun *run, void *context);
/* For the one that began it: waits for the end or for `is_gone` to be true, which is asked a few times a second and stops the job.
 * False when it was stopped. */
bool job_wait(Job *job, bool (*is_gone)(const void *who), const void *who);
/* For the same: the next bytes that the job wrote, at most `room`; waits for them. 0 when the job has ended and all is read, or the
 * client is gone. While nothing comes, `quiet` is given every SERVER_HEARTBEAT_MS, so that the connection is seen to live. */
size_t job_read(Job *job, char *buffer, size_t room, const char *quiet, bool (*is_gone)(const void *who), const void *who);
/* Everything that it wrote, copied into `arena`. After job_wait(). */
const char *job_text(Arena *arena, Job *job, size_t *size);
/* No one reads any more: stops the job if it has not ended, waits until it has, and frees it. */
void job_drop(Job *job);

/* For what runs. */
void job_write(Job *job, const char *data, size_t size);
const volatile bool *job_stop(const Job *job);

#endif
