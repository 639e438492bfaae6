#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

static void memory_is_zeroed_aligned_and_apart(void **state) {
    (void)state;
    Arena *arena = arena_make();
    unsigned char *before = NULL;
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(memory[i], 0);
        memset(memory, 0xAB, size);
        if (before) assert_ptr_not_equal(before, memory);
        before = memory;
    }
    arena_free(arena);
    arena_free(NULL);
}

static void big_pieces_leave_the_small_ones_alone(void **state) {
    (void)state;
    Arena *arena = arena_make();
    char *first = arena_text(arena, "first");
    memset(arena_alloc(arena, ARENA_BLOCK_BYTES * 3), 1, ARENA_BLOCK_BYTES * 3);
    char *second = arena_text(arena, "second");
    memset(arena_alloc(arena, ARENA_BLOCK_BYTES), 1, ARENA_BLOCK_BYTES);
    assert_string_equal(first, "first");
    assert_string_equal(second, "second");
    arena_free(arena);
}

static void growing_keeps_what_was_there(void **state) {
    (void)state;
    Arena *arena = arena_make();
    int *numbers = NULL;
    size_t room = 0;
    for (size_t wanted = 1; wanted < 5000; wanted *= 3) {
        numbers = arena_grow(arena, numbers, room * sizeof *numbers, wanted * sizeof *numbers);
        for (size_t i = 0; i < room; i++) assert_int_equal(numbers[i], (int)i);
        for (size_t i = room; i < wanted; i++) {
            assert_int_equal(numbers[i], 0);
            numbers[i] = (int)i;
        }
        room = wanted;
    }
    assert_memory_equal(arena_grow(arena, "abcdef", 6, 3), "abc", 3);
    arena_free(arena);
}

static void texts_are_copies(void **state) {
    (void)state;
    Arena *arena = arena_make();
    char source[] = "curlew";
    const char *copy = arena_text(arena, source);
    source[0] = 'C';
    assert_string_equal(copy, "curlew");
    assert_string_equal(arena_text_n(arena, "curlew", 3), "cur");
    assert_string_equal(arena_text_n(arena, "", 0), "");
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_printf(arena, "%s", ""), "");
    arena_free(arena);
}

static char order[8];

static void note(void *handle) {
    strncat(order, handle, sizeof order - strlen(order) - 1);
}

static void callbacks_run_newest_first(void **state) {
    (void)state;
    static char a[] = "a", b[] = "b", c[] = "c";
    Arena *arena = arena_make();
    arena_on_free(arena, note, a);
    arena_on_free(arena, note, b);
    arena_on_free(arena, note, c);
    assert_string_equal(order, "");
    arena_free(arena);
    assert_string_equal(order, "cba");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart), cmocka_unit_test(big_pieces_leave_the_small_ones_alone),
        cmocka_unit_test(growing_keeps_what_was_there),       cmocka_unit_test(texts_are_copies),
        cmocka_unit_test(callbacks_run_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
