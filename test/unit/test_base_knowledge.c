#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/knowledge.h"
#include "base/table.h"
#include "base/text.h"

/* Every table of tables/ is embedded and has as many fields in each row as in its head (else knowledge_table() ends the
 * process, which fails this test). Runs in the project's folder. */
static void every_table_can_be_read(void **state) {
    (void)state;
    DIR *folder = opendir("tables");
    assert_non_null(folder);
    size_t count = 0;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (!text_ends(entry->d_name, ".tsv")) continue;
        Arena *arena = arena_make();
        size_t size = 0;
        if (!knowledge_file(entry->d_name, &size)) fail_msg("%s is not embedded: run cmake again", entry->d_name);
        const Knowledge *table = knowledge_table(arena, entry->d_name);
        assert_true(table->column_count > 0);
        if (table->row_count == 0) fail_msg("%s has no row", entry->d_name);
        for (size_t i = 0; i < table->row_count * table->column_count; i++) {
            assert_non_null(table->fields[i]);
            if (!text_is_utf8(table->fields[i], strlen(table->fields[i]))) fail_msg("%s: not UTF-8", entry->d_name);
            if (strchr(table->fields[i], '\r')) fail_msg("%s: has carriage returns", entry->d_name);
        }
        arena_free(arena);
        count++;
    }
    (void)closedir(folder);
    assert_true(count > 0);
}

static void fields_are_found_by_name(void **state) {
    (void)state;
    Arena *arena = arena_make();
    const Knowledge *columns = knowledge_table(arena, "bill_columns.tsv");
    bool found = false;
    for (size_t row = 0; row < columns->row_count; row++)
        found |= text_equal(knowledge_field(columns, row, columns->names[0]), "BilledCost");
    assert_true(found);
    size_t size = 0;
    assert_null(knowledge_file("no such table", &size));
    arena_free(arena);
}

static void the_first_error_wins(void **state) {
    (void)state;
    Err err = {0};
    assert_false(err_set_code(&err, ERR_NOT_FOUND, "UNKNOWN_VALUE", "There is no %s", "unicorn"));
    assert_false(err_set(&err, ERR_IO, "The disk is full"));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_string_equal(err.message, "There is no unicorn");
    assert_string_equal(err.code, "UNKNOWN_VALUE");
    assert_string_equal(err_kind_name(err.kind), "not_found");
    assert_string_equal(err_kind_name(ERR_INTERNAL), "internal");
    err_clear(&err);
    assert_int_equal(err.kind, ERR_NONE);
    char path[4096];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_false(err_set(&err, ERR_IO, "%s cannot be read", path));
    assert_int_equal(strlen(err.message), ERR_MESSAGE_BYTES - 1);
    assert_false(err_set(NULL, ERR_IO, "nobody wants to know"));
}

static void columns_are_found_by_name(void **state) {
    (void)state;
    TableColumn columns[] = {{"a", CELL_TEXT}, {"b", CELL_TIMESTAMP}};
    const char *cells[] = {"1", NULL, "3", "4"};
    Table table = {.column_count = 2, .row_count = 2, .columns = columns, .cells = cells};
    assert_int_equal(table_find(&table, "b"), 1);
    assert_int_equal(table_find(&table, "B"), -1);
    assert_null(table_cell(&table, 0, 1));
    assert_string_equal(table_cell(&table, 1, 0), "3");
    assert_string_equal(table_type_name(CELL_TIMESTAMP), "timestamp");
    assert_string_equal(table_type_name(CELL_BOOLEAN), "boolean");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_can_be_read),
        cmocka_unit_test(fields_are_found_by_name),
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(columns_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
