/* learn/store.h: where the log is kept: on this machine, or shared by a team.
 *
 * A store is a struct of functions. Both keep everything in the SQLite database of this machine first, so that asking needs no network and a
 * change that was acknowledged outlives the process; readers look there. What differs is who else sees it:
 *   sqlite     nobody
 *   dynamodb   whoever uses the same table. Changes wait in the table `outbox` of the database, written in one transaction with what they are
 *              about, until the service has taken them: over failures, restarts and days without a network. What others wrote is fetched into
 *              the same tables. Answers themselves (results, readings) are never shared.
 *
 * Items of the DynamoDB table (partition key `pk`, sort key `sk`, TTL attribute `expires_at`):
 *   pk "question#2026-11-25", sk id          one question, attributes named as the columns; `left_out` names what did not fit
 *   pk "note", sk kind TAB user TAB key      a note (learn/database.h); without `body` it was removed
 *   pk "forgotten", sk id                    a question that was forgotten, for databases that fetched it before */
#ifndef CURLEW_LEARN_STORE_H
#define CURLEW_LEARN_STORE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "learn/database.h"
#include "learn/record.h"

typedef struct {
    const char *path;  /* of the database on this machine */
    const char *table; /* of DynamoDB; NULL = nobody else sees it */
    long long retention_days;
    const volatile bool *stop; /* ends what is under way on the network; may be NULL */
} LearnPlace;

/* What to forget: one of these, the others NULL; `everything` for all. */
typedef struct {
    const char *id;
    const char *user;
    bool everything;
} LearnForget;

typedef struct LearnStore LearnStore;

typedef struct {
    const char *name;
    /* Keeps records for good: nothing that happens to the process afterwards loses them. */
    bool (*add)(LearnStore *store, const LearnRecord *const *records, size_t count, Err *err);
    /* Thumbs up (1) or down (-1) for a question. ERR_NOT_FOUND when there is no such question. */
    bool (*rate)(LearnStore *store, const char *id, int thumbs, const char *reason, const char *plan, Err *err);
    /* Removes questions for good, with their ratings; gives how many questions. */
    bool (*forget)(LearnStore *store, const LearnForget *what, long long *removed, Err *err);
    /* Sends what waits; true when nothing does any more. `patient`: tries again after a pause; else one try, and none while the service is known
     * to be out of reach. Nothing is lost when it fails. */
    bool (*send)(LearnStore *store, bool patient, Err *err);
    /* Brings what others wrote. */
    bool (*fetch)(LearnStore *store, Err *err);
} LearnStoreKind;

struct LearnStore {
    const LearnStoreKind *kind;
    Arena *arena;
    Sqlite *database; /* to read from */
    LearnPlace place;
    struct Dynamo *dynamo; /* of the kind dynamodb, from the first exchange on */
};

extern const LearnStoreKind learn_store_sqlite, learn_store_dynamodb;

/* Opens the store of a place; `renew` puts a damaged database aside. No network is touched. */
bool learn_store_open(Arena *arena, const LearnPlace *place, bool renew, LearnStore **out, Err *err);

/* How many changes wait to be sent, and how many cannot be, with the reason of the last (NULL). */
bool learn_store_waiting(Arena *arena, LearnStore *store, long long *waiting, long long *refused, const char **reason,
                         Err *err);

#endif
