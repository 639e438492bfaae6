/* io/dynamo.h: items of one DynamoDB table: written in batches, read by partition, over its JSON protocol.
 *
 * The table has a partition key `pk` and a sort key `sk`, both text. Numbers travel as their decimal text and come back as it: no digit is lost.
 * Nothing is retried here: who calls knows what may wait. Format: "Amazon DynamoDB API Reference", DynamoDB_20120810. */
#ifndef CURLEW_IO_DYNAMO_H
#define CURLEW_IO_DYNAMO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Dynamo Dynamo;

typedef struct {
    const char *table;
    int timeout_ms;            /* of one request; 0 = DYNAMO_TIMEOUT_MS */
    const volatile bool *stop; /* ends a request that is under way; may be NULL */
} DynamoOptions;

/* Region, address (AWS_ENDPOINT_URL_DYNAMODB before the region's own) and credentials are found as AWS's own tools find them; the latter at the
 * first request, which is the first that leaves the machine. ERR_INPUT when the table's name is none, ERR_NOT_FOUND without a region. */
bool dynamo_open(Arena *arena, const DynamoOptions *options, Dynamo **out, Err *err);

typedef struct {
    const char *name;
    bool is_number;
    const char *text; /* of a number: decimal digits */
} DynamoField;

typedef struct {
    size_t count;
    DynamoField *fields; /* `pk` and `sk` are two of them */
} DynamoItem;

/* The text of a field, NULL when the item has none of that name. */
const char *dynamo_field(const DynamoItem *item, const char *name);

/* What an item takes of DYNAMO_ITEM_BYTES, by the service's rule: names and values in UTF-8, numbers at their longest. */
size_t dynamo_item_bytes(const DynamoItem *item);

typedef struct {
    bool is_delete;  /* then the keys alone are looked at */
    DynamoItem item; /* replaces the one of the same keys */
    bool done;       /* out: the service has taken it */
} DynamoWrite;

/* Writes at most DYNAMO_BATCH items of different keys. True when the service answered: items that it did not get to are not `done`, to be sent
 * once more a little later. Failures: ERR_TIMEOUT, code THROTTLED, when it asks for patience; ERR_INPUT, code INVALID, when one of the items cannot
 * be written as it is; ERR_NOT_FOUND, code NO_TABLE; ERR_IO, code DENIED, for keys and rights; ERR_IO or ERR_TIMEOUT for the network. */
bool dynamo_write(Arena *arena, Dynamo *dynamo, DynamoWrite *writes, size_t count, Err *err);

typedef struct {
    size_t count;
    DynamoItem *items;   /* in order of `sk` */
    const char *last_sk; /* where to go on; NULL = these were the last */
} DynamoPage;

/* Items of partition `pk` whose sort key comes after `after` (NULL = all): one page, as much as the service gives at a time. Failures as above. */
bool dynamo_read(Arena *arena, Dynamo *dynamo, const char *pk, const char *after, DynamoPage *out, Err *err);

#endif
