/* base/json.h: JSON through json-c, with numbers carried as their exact decimal text.
 *
 * Values made here belong to the arena that was given to json_make_object()/json_make_array()/json_parse() of their root: adding a
 * value to a container hands it over. Readers accept NULL for "absent" everywhere and give NULL, so that a chain of
 * json_get() needs no checks in between. */
#ifndef CURLEW_BASE_JSON_H
#define CURLEW_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct json_object Json;

/* Roots: freed with the arena. */
Json *json_make_object(Arena *arena);
Json *json_make_array(Arena *arena);
/* Reads `size` bytes of JSON nested at most JSON_DEPTH deep; ERR_INPUT otherwise. */
bool json_parse(Arena *arena, const char *text, size_t size, Json **out, Err *err);

/* Adds a member; NULL text gives null; bytes that are no UTF-8 become U+FFFD. json_put_number() takes exact decimal text and
 * writes it unchanged as a number; what JSON has no number for (nan, inf) gives null. */
void json_put_text(Json *object, const char *key, const char *text);
void json_put_number(Json *object, const char *key, const char *decimal_text);
void json_put_integer(Json *object, const char *key, long long value);
void json_put_double(Json *object, const char *key, double value, int places);
void json_put_bool(Json *object, const char *key, bool value);
void json_put_null(Json *object, const char *key);
/* Adds a new empty object or array and gives it (owned by `object`). */
Json *json_put_object(Json *object, const char *key);
Json *json_put_array(Json *object, const char *key);
/* Adds another tree (a root of its own keeps its own lifetime too). */
void json_put(Json *object, const char *key, Json *value);
/* Adds a tree that is only read from then on, by either owner. */
void json_put_shared(Json *object, const char *key, const Json *value);

void json_add_text(Json *array, const char *text);
void json_add_number(Json *array, const char *decimal_text);
void json_add_integer(Json *array, long long value);
void json_add_bool(Json *array, bool value);
void json_add_null(Json *array);
Json *json_add_object(Json *array);
Json *json_add_array(Json *array);
void json_add(Json *array, Json *value);

typedef enum { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT } JsonKind;
JsonKind json_kind(const Json *value);
const Json *json_get(const Json *object, const char *key);
bool json_has(const Json *object, const char *key);
/* Text of a string value or of a number; NULL for anything else. */
const char *json_text(const Json *value);
const char *json_get_text(const Json *object, const char *key);
long long json_get_integer(const Json *object, const char *key, long long fallback);
bool json_get_bool(const Json *object, const char *key, bool fallback);
bool json_is_true(const Json *value); /* exactly the value true */
size_t json_count(const Json *array);
const Json *json_at(const Json *array, size_t index);

/* Calls `each` for every member in order of appearance until it returns false; gives what the last call returned. */
bool json_each(const Json *object, bool (*each)(void *context, const char *key, const Json *value), void *context);

/* Serialised text in the arena; `pretty` indents by two spaces. */
const char *json_write(Arena *arena, const Json *value, bool pretty);

#endif
