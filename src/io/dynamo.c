#include "io/dynamo.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_credentials.h"
#include "io/http.h"

struct Dynamo {
    Arena *arena; /* of the credentials, made anew with them */
    DynamoOptions options;
    const char *region, *url;
    bool is_local;
    AwsCredentials credentials;
    bool has_credentials;
};

static void close_dynamo(void *handle) {
    Dynamo *dynamo = handle;
    arena_free(dynamo->arena);
}

/* Whether the address is one of this machine: no proxy stands between. */
static bool is_local(const char *url) {
    const char *host = strstr(url, "://");
    return host && (text_starts(host + 3, "127.") || text_starts(host + 3, "localhost") || text_starts(host + 3, "[::1]"));
}

static bool is_table_name(const char *name) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    const size_t size = strlen(name);
    return size >= 3 && size <= 255 && strspn(name, allowed) == size;
}

bool dynamo_open(Arena *arena, const DynamoOptions *options, Dynamo **out, Err *err) {
    Dynamo *dynamo = arena_alloc(arena, sizeof *dynamo);
    *dynamo = (Dynamo){.options = *options};
    if (!is_table_name(options->table))
        return err_set(err, ERR_INPUT, "“%.80s” is no name of a DynamoDB table: 3 to 255 letters, digits, and _ . -",
                       text_printable(arena, options->table));
    dynamo->options.table = arena_text(arena, options->table);
    dynamo->region = aws_region_find(arena, NULL);
    dynamo->url = aws_endpoint_find(arena, NULL, "dynamodb");
    if (!dynamo->region && !dynamo->url)
        return err_set_code(err, ERR_NOT_FOUND, "NO_REGION",
                            "nothing says in which AWS region the table %s is; set AWS_REGION, or the profile's region",
                            dynamo->options.table);
    if (!dynamo->region) dynamo->region = "us-east-1";
    if (!dynamo->url) dynamo->url = aws_endpoint_usual(arena, "dynamodb", dynamo->region);
    dynamo->is_local = is_local(dynamo->url);
    dynamo->arena = arena_make();
    arena_on_free(arena, close_dynamo, dynamo);
    *out = dynamo;
    return true;
}

const char *dynamo_field(const DynamoItem *item, const char *name) {
    for (size_t i = 0; i < item->count; i++)
        if (text_equal(item->fields[i].name, name)) return item->fields[i].text;
    return NULL;
}

size_t dynamo_item_bytes(const DynamoItem *item) {
    enum { NUMBER_BYTES = 21 };
    size_t bytes = 0;
    for (size_t i = 0; i < item->count; i++)
        bytes += strlen(item->fields[i].name) + (item->fields[i].is_number ? NUMBER_BYTES : strlen(item->fields[i].text));
    return bytes;
}

/* --- one request --- */

static bool find_credentials(Dynamo *dynamo, Err *err) {
    if (dynamo->has_credentials && aws_credentials_are_fresh(&dynamo->credentials)) return true;
    arena_free(dynamo->arena);
    dynamo->arena = arena_make();
    dynamo->has_credentials = aws_credentials_find(dynamo->arena, NULL, &dynamo->credentials, err);
    return dynamo->has_credentials;
}

/* Which of the failures of the header it is. */
static bool explain(Arena *arena, const Dynamo *dynamo, const HttpResponse *response, Err *err) {
    const AwsFault fault = aws_fault_read(arena, response);
    const char *table = dynamo->options.table;
    if (text_equal(fault.name, "ProvisionedThroughputExceededException") || text_equal(fault.name, "ThrottlingException") ||
        text_equal(fault.name, "RequestLimitExceeded") || response->status == 429)
        return err_set_code(err, ERR_TIMEOUT, "THROTTLED", "DynamoDB asks to wait before more is written to %s", table);
    if (text_equal(fault.name, "ResourceNotFoundException"))
        return err_set_code(err, ERR_NOT_FOUND, "NO_TABLE",
                            "there is no DynamoDB table %s in %s; make it, or correct CURLEW_LEARN_STORE", table,
                            dynamo->region);
    if (text_equal(fault.name, "ValidationException") || text_equal(fault.name, "SerializationException") ||
        text_equal(fault.name, "ItemCollectionSizeLimitExceededException"))
        return err_set_code(err, ERR_INPUT, "INVALID", "DynamoDB does not take an item: %.300s", fault.message);
    if (response->status >= 400 && response->status < 500)
        return err_set_code(err, ERR_IO, "DENIED", "DynamoDB refuses the table %s (%s): %.300s", table,
                            *fault.name ? fault.name : arena_printf(arena, "status %d", response->status), fault.message);
    return err_set_code(err, ERR_IO, "UNAVAILABLE", "DynamoDB cannot answer at the moment (status %d)", response->status);
}

static bool call(Arena *arena, Dynamo *dynamo, const char *operation, const Json *content, Json **out, Err *err) {
    if (!find_credentials(dynamo, err)) return false;
    const char *body = json_write(arena, content, false);
    const HttpHeader headers[] = {{"Content-Type", "application/x-amz-json-1.0"},
                                  {"X-Amz-Target", arena_printf(arena, "DynamoDB_20120810.%s", operation)}};
    const int timeout_ms = dynamo->options.timeout_ms ? dynamo->options.timeout_ms : DYNAMO_TIMEOUT_MS;
    HttpRequest request = {.method = "POST",
                           .url = dynamo->url,
                           .headers = headers,
                           .header_count = sizeof headers / sizeof *headers,
                           .body = body,
                           .body_size = strlen(body),
                           .timeout_ms = timeout_ms,
                           .connect_timeout_ms = timeout_ms,
                           .is_direct = dynamo->is_local,
                           .stop = dynamo->options.stop};
    HttpResponse response = {0};
    if (!aws_sign_http(arena, &request, dynamo->region, "dynamodb", &dynamo->credentials.keys, err) ||
        !http_run(arena, &request, &response, err))
        return false;
    if (response.status != 200) return explain(arena, dynamo, &response, err);
    Err broken = {0};
    if (json_parse(arena, response.body, response.size, out, &broken)) return true;
    return err_set_code(err, ERR_IO, "UNAVAILABLE",
                        "what answers for DynamoDB speaks no JSON; is AWS_ENDPOINT_URL_DYNAMODB right?");
}

/* --- writing --- */

static void put_fields(Json *object, const DynamoItem *item, bool keys_only) {
    for (size_t i = 0; i < item->count; i++) {
        const DynamoField *field = &item->fields[i];
        if (keys_only && !text_equal(field->name, "pk") && !text_equal(field->name, "sk")) continue;
        json_put_text(json_put_object(object, field->name), field->is_number ? "N" : "S", field->text);
    }
}

static const char *typed_text(const Json *fields, const char *name) {
    return json_get_text(json_get(fields, name), "S");
}

static bool is_left(const Json *left, const DynamoWrite *write) {
    for (size_t i = 0; i < json_count(left); i++) {
        const Json *one = json_at(left, i), *keys = json_get(json_get(one, "PutRequest"), "Item");
        if (!keys) keys = json_get(json_get(one, "DeleteRequest"), "Key");
        if (text_equal(typed_text(keys, "pk"), dynamo_field(&write->item, "pk")) &&
            text_equal(typed_text(keys, "sk"), dynamo_field(&write->item, "sk")))
            return true;
    }
    return false;
}

bool dynamo_write(Arena *arena, Dynamo *dynamo, DynamoWrite *writes, size_t count, Err *err) {
    Json *request = json_make_object(arena), *answer = NULL;
    Json *list = json_put_array(json_put_object(request, "RequestItems"), dynamo->options.table);
    for (size_t i = 0; i < count; i++) {
        Json *one = json_put_object(json_add_object(list), writes[i].is_delete ? "DeleteRequest" : "PutRequest");
        put_fields(json_put_object(one, writes[i].is_delete ? "Key" : "Item"), &writes[i].item, writes[i].is_delete);
    }
    if (!call(arena, dynamo, "BatchWriteItem", request, &answer, err)) return false;
    const Json *left = json_get(json_get(answer, "UnprocessedItems"), dynamo->options.table);
    for (size_t i = 0; i < count; i++) writes[i].done = !is_left(left, &writes[i]);
    return true;
}

/* --- reading --- */

typedef struct {
    Arena *arena;
    DynamoItem *item;
} FieldReader;

/* Kinds that we do not write (lists, sets, bytes) are passed over. */
static bool read_field(void *context, const char *name, const Json *value) {
    FieldReader *reader = context;
    const bool is_number = json_has(value, "N");
    const char *text = json_get_text(value, is_number ? "N" : "S");
    if (text) reader->item->fields[reader->item->count++] = (DynamoField){arena_text(reader->arena, name), is_number, text};
    return true;
}

static bool count_field(void *context, const char *name, const Json *value) {
    (void)name;
    (void)value;
    ++*(size_t *)context;
    return true;
}

static DynamoItem read_item(Arena *arena, const Json *json) {
    size_t room = 0;
    DynamoItem item = {0};
    FieldReader reader = {arena, &item};
    json_each(json, count_field, &room);
    item.fields = arena_array(arena, room + 1, sizeof *item.fields);
    json_each(json, read_field, &reader);
    return item;
}

bool dynamo_read(Arena *arena, Dynamo *dynamo, const char *pk, const char *after, DynamoPage *out, Err *err) {
    Json *request = json_make_object(arena), *answer = NULL;
    json_put_text(request, "TableName", dynamo->options.table);
    json_put_text(request, "KeyConditionExpression", after ? "pk = :pk AND sk > :after" : "pk = :pk");
    Json *values = json_put_object(request, "ExpressionAttributeValues");
    json_put_text(json_put_object(values, ":pk"), "S", pk);
    if (after) json_put_text(json_put_object(values, ":after"), "S", after);
    if (!call(arena, dynamo, "Query", request, &answer, err)) return false;
    const Json *items = json_get(answer, "Items");
    *out = (DynamoPage){.count = json_count(items), .last_sk = typed_text(json_get(answer, "LastEvaluatedKey"), "sk")};
    out->items = arena_array(arena, out->count + 1, sizeof *out->items);
    for (size_t i = 0; i < out->count; i++) out->items[i] = read_item(arena, json_at(items, i));
    return true;
}
