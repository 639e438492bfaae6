#include "base/json.h"

#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* json-c's readers lack const in their signatures but do not change the value. */
static Json *plain(const Json *value) {
    union {
        const Json *constant;
        Json *plain;
    } same = {.constant = value};
    return same.plain;
}

static void release(void *handle) {
    json_object_put(handle);
}

static Json *rooted(Arena *arena, Json *value) {
    arena_on_free(arena, release, value);
    return value;
}

Json *json_make_object(Arena *arena) {
    return rooted(arena, json_object_new_object());
}

Json *json_make_array(Arena *arena) {
    return rooted(arena, json_object_new_array());
}

static size_t white_space_size(const char *text, size_t size) {
    size_t at = 0;
    while (at < size && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
    return at;
}

bool json_parse(Arena *arena, const char *text, size_t size, Json **out, Err *err) {
    *out = NULL;
    if (size > (size_t)1 << 30) return err_set(err, ERR_INPUT, "This JSON is too large to read");
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS | JSON_TOKENER_VALIDATE_UTF8);
    Json *value = json_tokener_parse_ex(tokener, text, (int)size);
    size_t used = json_tokener_get_parse_end(tokener);
    /* A number at the end may go on in the next piece: the NUL says that there is none. */
    bool ended = json_tokener_get_error(tokener) == json_tokener_continue;
    if (ended) value = json_tokener_parse_ex(tokener, "", 1);
    enum json_tokener_error failure = json_tokener_get_error(tokener);
    json_tokener_free(tokener);
    if (ended) used = size;
    used += white_space_size(text + used, size - used);
    if (failure != json_tokener_success || used < size) {
        json_object_put(value);
        const char *what = failure == json_tokener_success ? "text after the end"
                           : ended                         ? "it ends too early"
                                                           : json_tokener_error_desc(failure);
        return err_set(err, ERR_INPUT, "This is not valid JSON (%s, byte %zu)", what, used);
    }
    *out = rooted(arena, value);
    return true;
}

/* Bytes that are no UTF-8 (an argument of the command line can hold any) would make the whole document invalid. */
static Json *text_value(const char *text) {
    if (!text) return NULL;
    if (text_is_utf8(text, strlen(text))) return json_object_new_string(text);
    Arena *arena = arena_make();
    Buffer valid = {.arena = arena};
    for (size_t size = 0; *text; text += size) {
        if (text_code_point(text, &size) == 0xFFFD)
            buffer_add(&valid, "\xEF\xBF\xBD");
        else
            buffer_add_n(&valid, text, size);
    }
    Json *value = json_object_new_string(buffer_text(&valid));
    arena_free(arena);
    return value;
}

static size_t digits_size(const char *text) {
    size_t size = 0;
    while (text[size] >= '0' && text[size] <= '9') size++;
    return size;
}

/* What RFC 8259 calls a number: "nan", ".5" and "+1" are none. */
static bool is_number(const char *text) {
    if (*text == '-') text++;
    size_t whole = digits_size(text);
    if (whole == 0 || (whole > 1 && *text == '0')) return false;
    text += whole;
    if (*text == '.') {
        size_t fraction = digits_size(++text);
        if (fraction == 0) return false;
        text += fraction;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '-' || *text == '+') text++;
        size_t exponent = digits_size(text);
        if (exponent == 0) return false;
        text += exponent;
    }
    return *text == '\0';
}

/* A number whose serialised form is the decimal text itself. */
static Json *number_value(const char *decimal_text) {
    if (!decimal_text || !is_number(decimal_text)) return NULL;
    return json_object_new_double_s(strtod(decimal_text, NULL), decimal_text);
}

void json_put(Json *object, const char *key, Json *value) {
    json_object_object_add(object, key, json_object_get(value));
}

void json_put_shared(Json *object, const char *key, const Json *value) {
    json_put(object, key, (Json *)(uintptr_t)value);
}

void json_put_text(Json *object, const char *key, const char *text) {
    json_object_object_add(object, key, text_value(text));
}

void json_put_number(Json *object, const char *key, const char *decimal_text) {
    json_object_object_add(object, key, number_value(decimal_text));
}

void json_put_integer(Json *object, const char *key, long long value) {
    json_object_object_add(object, key, json_object_new_int64(value));
}

void json_put_double(Json *object, const char *key, double value, int places) {
    char text[64];
    snprintf(text, sizeof text, "%.*f", places, value);
    json_put_number(object, key, text);
}

void json_put_bool(Json *object, const char *key, bool value) {
    json_object_object_add(object, key, json_object_new_boolean(value));
}

void json_put_null(Json *object, const char *key) {
    json_object_object_add(object, key, NULL);
}

Json *json_put_object(Json *object, const char *key) {
    Json *value = json_object_new_object();
    json_object_object_add(object, key, value);
    return value;
}

Json *json_put_array(Json *object, const char *key) {
    Json *value = json_object_new_array();
    json_object_object_add(object, key, value);
    return value;
}

void json_add(Json *array, Json *value) {
    json_object_array_add(array, json_object_get(value));
}

void json_add_text(Json *array, const char *text) {
    json_object_array_add(array, text_value(text));
}

void json_add_number(Json *array, const char *decimal_text) {
    json_object_array_add(array, number_value(decimal_text));
}

void json_add_integer(Json *array, long long value) {
    json_object_array_add(array, json_object_new_int64(value));
}

void json_add_bool(Json *array, bool value) {
    json_object_array_add(array, json_object_new_boolean(value));
}

void json_add_null(Json *array) {
    json_object_array_add(array, NULL);
}

Json *json_add_object(Json *array) {
    Json *value = json_object_new_object();
    json_object_array_add(array, value);
    return value;
}

Json *json_add_array(Json *array) {
    Json *value = json_object_new_array();
    json_object_array_add(array, value);
    return value;
}

JsonKind json_kind(const Json *value) {
    switch (json_object_get_type(value)) {
    case json_type_boolean: return JSON_BOOL;
    case json_type_double:
    case json_type_int: return JSON_NUMBER;
    case json_type_string: return JSON_TEXT;
    case json_type_array: return JSON_ARRAY;
    case json_type_object: return JSON_OBJECT;
    default: return JSON_NULL;
    }
}

const Json *json_get(const Json *object, const char *key) {
    Json *value = NULL;
    if (json_kind(object) != JSON_OBJECT) return NULL;
    json_object_object_get_ex(object, key, &value);
    return value;
}

bool json_has(const Json *object, const char *key) {
    return json_kind(object) == JSON_OBJECT && json_object_object_get_ex(object, key, NULL);
}

const char *json_text(const Json *value) {
    JsonKind type = json_kind(value);
    if (type != JSON_TEXT && type != JSON_NUMBER) return NULL;
    return json_object_get_string(plain(value));
}

const char *json_get_text(const Json *object, const char *key) {
    return json_text(json_get(object, key));
}

long long json_get_integer(const Json *object, const char *key, long long fallback) {
    const Json *value = json_get(object, key);
    return json_kind(value) == JSON_NUMBER ? json_object_get_int64(value) : fallback;
}

bool json_get_bool(const Json *object, const char *key, bool fallback) {
    const Json *value = json_get(object, key);
    return json_kind(value) == JSON_BOOL ? json_object_get_boolean(value) : fallback;
}

bool json_is_true(const Json *value) {
    return json_kind(value) == JSON_BOOL && json_object_get_boolean(value);
}

size_t json_count(const Json *array) {
    return json_kind(array) == JSON_ARRAY ? json_object_array_length(array) : 0;
}

const Json *json_at(const Json *array, size_t index) {
    return index < json_count(array) ? json_object_array_get_idx(array, index) : NULL;
}

bool json_each(const Json *object, bool (*each)(void *context, const char *key, const Json *value), void *context) {
    if (json_kind(object) != JSON_OBJECT) return true;
    struct json_object_iterator end = json_object_iter_end(object);
    for (struct json_object_iterator at = json_object_iter_begin(plain(object)); !json_object_iter_equal(&at, &end);
         json_object_iter_next(&at))
        if (!each(context, json_object_iter_peek_name(&at), json_object_iter_peek_value(&at))) return false;
    return true;
}

const char *json_write(Arena *arena, const Json *value, bool pretty) {
    int flags = JSON_C_TO_STRING_NOSLASHESCAPE | (pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : 0);
    return arena_text(arena, json_object_to_json_string_ext(plain(value), flags));
}
