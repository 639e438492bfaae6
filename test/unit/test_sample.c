/* The sample is deterministic, keeps to the size asked for, and its totals satisfy the identity of amortised cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/limits.h"
#include "io/file.h"
#include "sample/sample.h"

static const char *const MONTHS[] = {"2026-07", "2026-08", "2026-09", "2026-10"};

static char *make_folder(Arena *arena) {
    char *folder = arena_text(arena, "/tmp/curlew-sample-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static SampleReport make(Arena *arena, const char *folder, long long rows, long long seed) {
    SampleRequest request = {.folder = folder, .rows = rows, .seed = seed};
    SampleReport report = {0};
    Err err = {0};
    if (!sample_make(arena, &request, &report, &err)) fail_msg("%s", err.message);
    return report;
}

static char *data_hash(Arena *arena, const SampleReport *report, const char *month) {
    char *data = NULL;
    size_t size = 0;
    Err err = {0};
    const char **paths = NULL;
    size_t count = 0;
    const char *pattern = arena_printf(arena, "%s/*/data/BILLING_PERIOD=%s/*-00001.snappy.parquet", report->export_root, month);
    if (!file_glob(arena, pattern, &paths, &count, &err) || count != 1) fail_msg("%s: %zu files", pattern, count);
    if (!file_read(arena, paths[0], (size_t)64 << 20, &data, &size, &err)) fail_msg("%s", err.message);
    return file_sha256(arena, data, size);
}

static void same_request_same_bytes(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Err err = {0};
    char *folders[] = {make_folder(arena), make_folder(arena), make_folder(arena)};
    SampleReport a = make(arena, folders[0], 20000, 5), b = make(arena, folders[1], 20000, 5),
                 c = make(arena, folders[2], 20000, 6);
    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++) {
        assert_string_equal(data_hash(arena, &a, MONTHS[i]), data_hash(arena, &b, MONTHS[i]));
        assert_string_not_equal(data_hash(arena, &a, MONTHS[i]), data_hash(arena, &c, MONTHS[i]));
    }
    assert_string_equal(json_write(arena, a.truth, false), json_write(arena, b.truth, false));
    for (size_t i = 0; i < 3; i++) assert_true(file_remove_tree(folders[i], &err));
    arena_free(arena);
}

static void size_is_about_what_was_asked(void **state) {
    (void)state;
    static const long long sizes[] = {1000, 5000, 20000, 160000};
    Arena *arena = arena_make();
    Err err = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *folder = make_folder(arena);
        SampleReport report = make(arena, folder, sizes[i], 1);
        assert_true(report.row_count > sizes[i] * 7 / 10 && report.row_count < sizes[i] * 13 / 10);
        assert_true(file_remove_tree(folder, &err));
    }
    arena_free(arena);
}

static Decimal amount(const Json *month, const char *key) {
    Decimal value = {0};
    assert_true(decimal_parse(json_get_text(month, key), &value));
    return value;
}

/* unblended = amortised + upfront charged − amortised upfront, exactly, in every month. */
static void amortised_identity_holds(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Err err = {0};
    char *folder = make_folder(arena);
    SampleReport report = make(arena, folder, 30000, 9);
    const Json *months = json_get(json_get(report.truth, "totals"), "per_month");
    assert_int_equal(json_count(months), 4);
    for (size_t i = 0; i < json_count(months); i++) {
        const Json *month = json_at(months, i);
        Decimal right = {0};
        assert_true(decimal_add(amount(month, "amortized"), amount(month, "upfront_charged"), &right));
        assert_true(decimal_subtract(right, amount(month, "amortized_upfront"), &right));
        assert_int_equal(decimal_compare(amount(month, "unblended"), right), 0);
        assert_int_equal(decimal_compare(amount(month, "unblended"), (Decimal){0}), 1);
    }
    assert_true(file_remove_tree(folder, &err));
    arena_free(arena);
}

static void other_files_are_left_alone(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Err err = {0};
    SampleReport report = {0};
    char *folder = make_folder(arena);
    const char *mine = file_join(arena, folder, "mine.txt");
    assert_true(file_write_atomic(mine, "x", 1, &err));
    SampleRequest request = {.folder = folder, .rows = 1000, .seed = 1};
    assert_false(sample_make(arena, &request, &report, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(file_info(mine).kind, FILE_REGULAR);
    err_clear(&err);
    request.rows = SAMPLE_ROWS_LEAST - 1;
    assert_false(sample_make(arena, &request, &report, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    err_clear(&err);
    assert_true(file_remove_tree(folder, &err));
    arena_free(arena);
}

static void a_stop_leaves_nothing_half_done(void **state) {
    (void)state;
    Arena *arena = arena_make();
    Err err = {0};
    SampleReport report = {0};
    volatile bool stop = true;
    char *folder = make_folder(arena);
    SampleRequest request = {.folder = folder, .rows = 1000, .seed = 1, .stop = &stop};
    assert_false(sample_make(arena, &request, &report, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    const char **names = NULL;
    size_t count = 0;
    err_clear(&err);
    assert_true(file_list(arena, folder, &names, &count, &err));
    assert_int_equal(count, 0);
    assert_true(file_remove_tree(folder, &err));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_request_same_bytes),         cmocka_unit_test(size_is_about_what_was_asked),
        cmocka_unit_test(amortised_identity_holds),        cmocka_unit_test(other_files_are_left_alone),
        cmocka_unit_test(a_stop_leaves_nothing_half_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
