#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sql.h"

static Arena *arena;

static int make_arena(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static int free_arena(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void names_and_values_stay_names_and_values(void **state) {
    (void)state;
    assert_string_equal(sql_format(arena, "SELECT %I FROM %I", "a\"; DROP TABLE x; --", "bill"),
                        "SELECT \"a\"\"; DROP TABLE x; --\" FROM \"bill\"");
    assert_string_equal(sql_format(arena, "WHERE a = %S", "it's '' \\' /*"), "WHERE a = 'it''s '''' \\'' /*'");
    assert_string_equal(sql_format(arena, "LIMIT %d OFFSET %d", 10LL, -1LL), "LIMIT 10 OFFSET -1");
    assert_string_equal(sql_format(arena, "a LIKE '10%%' AND %R", "b = 1"), "a LIKE '10%' AND b = 1");
    assert_string_equal(sql_format(arena, "%S%I", "", ""), "''\"\"");
}

static void only_numbers_are_numbers(void **state) {
    (void)state;
    assert_string_equal(sql_format(arena, "cost > %N", "12.50"), "cost > 12.50");
    assert_string_equal(sql_format(arena, "cost -%N", "-5"), "cost - -5");
    assert_null(sql_format(arena, "cost > %N", "1; DROP TABLE bill"));
    assert_null(sql_format(arena, "cost > %N", "nan"));
    assert_null(sql_format(arena, "cost > %N", ""));
}

static void the_first_mistake_sticks(void **state) {
    (void)state;
    const char *none = NULL;
    assert_null(sql_format(arena, "%S", none));
    assert_null(sql_format(arena, "%I", none));
    assert_null(sql_format(arena, "%R", none));
    assert_null(sql_format(arena, "%N", none));
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT %N", "x");
    sql_add(sql, " FROM bill");
    assert_null(sql_text(sql));
}

static void lists_have_separators_between(void **state) {
    (void)state;
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ");
    static const char *const names[] = {"a", "b", "c"};
    sql_list_start(sql);
    for (size_t i = 0; i < 3; i++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "%I", names[i]);
    }
    sql_add(sql, " WHERE ");
    sql_list_start(sql);
    sql_list_next(sql, " AND ");
    sql_add(sql, "x");
    assert_string_equal(sql_text(sql), "SELECT \"a\", \"b\", \"c\" WHERE x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_stay_names_and_values),
        cmocka_unit_test(only_numbers_are_numbers),
        cmocka_unit_test(the_first_mistake_sticks),
        cmocka_unit_test(lists_have_separators_between),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
