/* io/aws_events.h against the vectors of the format's specification, whole and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/aws_events.h"
#include "io/file.h"

#define VECTORS TEST_FIXTURES "/eventstream"
#define VECTOR_BYTES ((size_t)64 * 1024)

static char *read_vector(Arena *arena, const char *kind, const char *name, size_t *size) {
    char *bytes = NULL;
    Err err = {0};
    if (!file_read(arena, arena_printf(arena, VECTORS "/%s/%s", kind, name), VECTOR_BYTES, &bytes, size, &err))
        fail_msg("%s", err.message);
    return bytes;
}

/* RFC 4648, for the expected values of the vectors. */
static char *from_base64(Arena *arena, const char *text, size_t *size) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Buffer out = {.arena = arena};
    unsigned bits = 0, held = 0;
    for (; *text && *text != '='; text++) {
        bits = bits << 6 | (unsigned)(strchr(alphabet, *text) - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            buffer_add_char(&out, (char)(bits >> held & 255));
        }
    }
    *size = out.size;
    return arena_text_n(arena, buffer_text(&out), out.size);
}

typedef struct {
    Arena *arena;
    const Json *expected;
    size_t seen;
} Expectation;

static bool compare(void *context, const EventMessage *message, Err *err) {
    (void)err;
    Expectation *expectation = context;
    expectation->seen++;
    const Json *headers = json_get(expectation->expected, "headers");
    assert_int_equal(message->header_count, json_count(headers));
    for (size_t i = 0; i < message->header_count; i++) {
        const Json *wanted = json_at(headers, i);
        const EventHeader *header = &message->headers[i];
        assert_string_equal(header->name, json_get_text(wanted, "name"));
        assert_int_equal(header->type, json_get_integer(wanted, "type", -1));
        if (header->type == EVENT_BYTES || header->type == EVENT_TEXT || header->type == EVENT_UUID) {
            size_t size = 0;
            const char *bytes = from_base64(expectation->arena, json_get_text(wanted, "value"), &size);
            assert_int_equal(header->size, size);
            assert_memory_equal(header->bytes, bytes, size);
        } else if (header->type != EVENT_TRUE && header->type != EVENT_FALSE) {
            assert_int_equal(header->number, json_get_integer(wanted, "value", 0));
        }
    }
    size_t size = 0;
    const char *payload = from_base64(expectation->arena, json_get_text(expectation->expected, "payload"), &size);
    assert_int_equal(message->payload_size, size);
    assert_memory_equal(message->payload, payload, size);
    return true;
}

static void test_reads_every_positive_vector(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const char **names = NULL;
    size_t count = 0;
    Err err = {0};
    assert_true(file_list(arena, VECTORS "/encoded/positive", &names, &count, &err));
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        size_t size = 0, json_size = 0;
        const char *bytes = read_vector(arena, "encoded/positive", names[i], &size);
        const char *json = read_vector(arena, "decoded/positive", names[i], &json_size);
        Json *expected = NULL;
        assert_true(json_parse(arena, json, json_size, &expected, &err));
        Expectation expectation = {.arena = arena, .expected = expected};
        EventReader *whole = event_reader_make(arena), *piecewise = event_reader_make(arena);
        /* Twice the message in one piece, once byte by byte. */
        char *twice = arena_alloc(arena, 2 * size);
        memcpy(twice, bytes, size);
        memcpy(twice + size, bytes, size);
        assert_true(event_reader_add(whole, twice, 2 * size, compare, &expectation, &err));
        assert_int_equal(expectation.seen, 2);
        for (size_t at = 0; at < size; at++) {
            assert_true(event_reader_add(piecewise, bytes + at, 1, compare, &expectation, &err));
            assert_int_equal(event_reader_is_whole(piecewise), at + 1 == size);
        }
        assert_int_equal(expectation.seen, 3);
    }
    arena_free(arena);
}

static bool refuse(void *context, const EventMessage *message, Err *err) {
    (void)context, (void)message, (void)err;
    fail_msg("a damaged message was given");
    return false;
}

static void test_gives_nothing_of_a_damaged_message(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const char **names = NULL;
    size_t count = 0;
    Err listing = {0};
    assert_true(file_list(arena, VECTORS "/encoded/negative", &names, &count, &listing));
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        size_t size = 0, reason_size = 0;
        const char *bytes = read_vector(arena, "encoded/negative", names[i], &size);
        const char *reason = text_trim(arena, read_vector(arena, "decoded/negative", names[i], &reason_size));
        Err err = {0};
        assert_false(event_reader_add(event_reader_make(arena), bytes, size, refuse, NULL, &err));
        if (!text_contains_fold(err.message, reason)) fail_msg("%s: %s, not: %s", names[i], err.message, reason);
    }
    arena_free(arena);
}

static bool find_text(void *context, const EventMessage *message, Err *err) {
    (void)context;
    assert_string_equal(event_header_text(message, "content-type"), "application/json");
    assert_null(event_header_text(message, "event-type")); /* a number */
    return err_set(err, ERR_CANCELLED, "stopped by the caller");
}

static void test_finds_headers_and_stops_when_told(void **state) {
    (void)state;
    Arena *arena = arena_make();
    size_t size = 0;
    const char *bytes = read_vector(arena, "encoded/positive", "all_headers", &size);
    Err err = {0};
    assert_false(event_reader_add(event_reader_make(arena), bytes, size, find_text, NULL, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_positive_vector),
        cmocka_unit_test(test_gives_nothing_of_a_damaged_message),
        cmocka_unit_test(test_finds_headers_and_stops_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
