/* What io/file.h and io/zip.h promise: whole or old content, patterns, locks between processes, archives that cannot harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/zip.h"

typedef struct {
    Arena *arena;
    char *folder;
} Fixture;

static int set_up(void **state) {
    static Fixture fixture;
    fixture.arena = arena_make();
    fixture.folder = arena_text(fixture.arena, "/tmp/curlew-file-XXXXXX");
    *state = &fixture;
    return mkdtemp(fixture.folder) ? 0 : -1;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    bool ok = file_remove_tree(fixture->folder, &err);
    if (!ok) fprintf(stderr, "%s\n", err.message);
    arena_free(fixture->arena);
    return ok ? 0 : -1;
}

static char *in_folder(Fixture *fixture, const char *name) {
    return file_join(fixture->arena, fixture->folder, name);
}

static void write_file(Fixture *fixture, const char *name, const void *data, size_t size) {
    Err err = {0};
    char *path = in_folder(fixture, name);
    assert_true(file_make_folder(file_folder(fixture->arena, path), &err));
    if (!file_write_atomic(path, data, size, &err)) fail_msg("%s", err.message);
}

static void test_content_comes_back(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    char *text = NULL;
    size_t size = 0;
    write_file(fixture, "a/b/x.txt", "one\0two", 7);
    write_file(fixture, "a/b/x.txt", "new", 3);
    assert_true(file_read(fixture->arena, in_folder(fixture, "a/b/x.txt"), 3, &text, &size, &err));
    assert_int_equal(size, 3);
    assert_string_equal(text, "new");
    assert_true(file_read_head(fixture->arena, in_folder(fixture, "a/b/x.txt"), 2, &text, &size, &err));
    assert_string_equal(text, "ne");
    assert_false(file_read(fixture->arena, in_folder(fixture, "a/b/x.txt"), 2, &text, &size, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    err_clear(&err);
    assert_false(file_read(fixture->arena, in_folder(fixture, "missing"), 2, &text, &size, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_non_null(strstr(err.message, "missing"));
    err_clear(&err);
    assert_false(file_read(fixture->arena, fixture->folder, 2, &text, &size, &err));
    assert_int_equal(err.kind, ERR_IO);
    write_file(fixture, "empty", "", 0);
    err_clear(&err);
    assert_true(file_read(fixture->arena, in_folder(fixture, "empty"), 10, &text, &size, &err));
    assert_string_equal(text, "");
    const char **names = NULL;
    size_t count = 0;
    assert_true(file_list(fixture->arena, in_folder(fixture, "a/b"), &names, &count, &err));
    assert_int_equal(count, 1);
}

static void test_info_says_what_is_there(void **state) {
    Fixture *fixture = *state;
    write_file(fixture, "x", "12345", 5);
    FileInfo info = file_info(in_folder(fixture, "x"));
    assert_int_equal(info.kind, FILE_REGULAR);
    assert_int_equal(info.size_bytes, 5);
    assert_true(info.modified_ns > 1600000000000000000LL);
    assert_int_equal(file_info(fixture->folder).kind, FILE_FOLDER);
    assert_int_equal(file_info(in_folder(fixture, "y")).kind, FILE_MISSING);
    assert_int_equal(file_info("/dev/null").kind, FILE_OTHER);
}

static void test_removal_is_bounded(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    assert_false(file_remove_tree("/", &err));
    err_clear(&err);
    assert_false(file_remove_tree("//", &err));
    err_clear(&err);
    assert_false(file_remove_tree("", &err));
    err_clear(&err);
    write_file(fixture, "kept/x", "1", 1);
    write_file(fixture, "gone/y", "1", 1);
    assert_int_equal(symlink(in_folder(fixture, "kept"), in_folder(fixture, "gone/link")), 0);
    assert_true(file_remove_tree(in_folder(fixture, "gone"), &err));
    assert_int_equal(file_info(in_folder(fixture, "gone")).kind, FILE_MISSING);
    assert_int_equal(file_info(in_folder(fixture, "kept/x")).kind, FILE_REGULAR);
    assert_true(file_remove(in_folder(fixture, "never"), &err));
    assert_true(file_remove_tree(in_folder(fixture, "never"), &err));
}

static void expect_glob(Fixture *fixture, const char *pattern, const char *expected) {
    Err err = {0};
    const char **paths = NULL;
    size_t count = 0;
    assert_true(file_glob(fixture->arena, in_folder(fixture, pattern), &paths, &count, &err));
    Buffer found = {.arena = fixture->arena};
    for (size_t i = 0; i < count; i++) buffer_printf(&found, "%s ", paths[i] + strlen(fixture->folder) + 1);
    if (!text_equal(buffer_text(&found), expected)) fail_msg("%s: %s", pattern, buffer_text(&found));
}

static void test_patterns_find_files(void **state) {
    Fixture *fixture = *state;
    static const char *const files[] = {"b.csv",     "a.csv",       "a.txt",    "m/1.csv",
                                        "m/n/2.csv", "m/n/o/3.csv", ".h/4.csv", "m/.hidden.csv"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) write_file(fixture, files[i], "x", 1);
    assert_int_equal(symlink("..", in_folder(fixture, "m/loop")), 0);
    expect_glob(fixture, "*.csv", "a.csv b.csv ");
    expect_glob(fixture, "[ab].csv", "a.csv b.csv ");
    expect_glob(fixture, "?.txt", "a.txt ");
    expect_glob(fixture, "a.csv", "a.csv ");
    expect_glob(fixture, "none*", "");
    expect_glob(fixture, "*/*.csv", "m/1.csv ");
    expect_glob(fixture, "m/*/2.csv", "m/n/2.csv ");
    expect_glob(fixture, "**/*.csv", "a.csv b.csv m/1.csv m/n/2.csv m/n/o/3.csv ");
    expect_glob(fixture, "**/n/**/*.csv", "m/n/2.csv m/n/o/3.csv ");
    expect_glob(fixture, "**/**/3.csv", "m/n/o/3.csv ");
    expect_glob(fixture, "m/**", "m/1.csv m/loop m/n/2.csv m/n/o/3.csv ");
    expect_glob(fixture, ".h/*", ".h/4.csv ");
}

static void test_names_are_taken_apart(void **state) {
    Fixture *fixture = *state;
    assert_string_equal(file_name("/a/b.csv"), "b.csv");
    assert_string_equal(file_name("b.csv"), "b.csv");
    assert_string_equal(file_folder(fixture->arena, "/a/b.csv"), "/a");
    assert_string_equal(file_folder(fixture->arena, "/b.csv"), "/");
    assert_string_equal(file_folder(fixture->arena, "b.csv"), ".");
    assert_string_equal(file_join(fixture->arena, "/a/", "b"), "/a/b");
    assert_string_equal(file_join(fixture->arena, "/a", "/b"), "/b");
    Err err = {0};
    char *path = NULL;
    assert_false(file_absolute(fixture->arena, in_folder(fixture, "missing"), &path, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
}

/* A child that takes the lock and holds it for `hold_us`. Gives its pid once it has the lock. */
static pid_t child_with_lock(const char *path, bool exclusive, unsigned hold_us) {
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        Arena *arena = arena_make();
        FileLock *lock = NULL;
        Err err = {0};
        bool ok = file_lock(arena, path, exclusive, -1, &lock, &err);
        if (write(ready[1], "x", 1) != 1) _exit(2);
        usleep(hold_us);
        _exit(ok ? 0 : 1);
    }
    char byte = 0;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void test_locks_hold_between_processes(void **state) {
    Fixture *fixture = *state;
    char *path = in_folder(fixture, "lock");
    Err err = {0};
    FileLock *lock = NULL;
    pid_t child = child_with_lock(path, true, 400000);
    assert_false(file_lock(fixture->arena, path, true, 50, &lock, &err));
    assert_int_equal(err.kind, ERR_TIMEOUT);
    err_clear(&err);
    assert_false(file_lock(fixture->arena, path, false, 0, &lock, &err));
    err_clear(&err);
    /* The child dies with the lock in its hands: the system gives it free. */
    assert_true(file_lock(fixture->arena, path, true, 5000, &lock, &err));
    assert_int_equal(waitpid(child, NULL, 0), child);
    file_unlock(lock);
    child = child_with_lock(path, false, 200000);
    assert_true(file_lock(fixture->arena, path, false, 0, &lock, &err));
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_fingerprints_are_sha256(void **state) {
    Fixture *fixture = *state;
    /* FIPS 180-2, appendix B.1 */
    assert_string_equal(file_sha256(fixture->arena, "abc", 3),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(file_sha256(fixture->arena, "", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_homes_follow_xdg(void **state) {
    Fixture *fixture = *state;
    setenv("XDG_DATA_HOME", "/data", 1);
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "/home/me", 1);
    assert_string_equal(file_data_home(fixture->arena), "/data/curlew");
    assert_string_equal(file_cache_home(fixture->arena), "/home/me/.cache/curlew");
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_string_equal(file_data_home(fixture->arena), "/home/me/.local/share/curlew");
}

static void test_the_clock_can_be_set(void **state) {
    (void)state;
    setenv("CURLEW_NOW", "1790000000", 1);
    assert_int_equal(clock_now(), 1790000000);
    setenv("CURLEW_NOW", "soon", 1);
    assert_true(clock_now() > 1600000000);
    unsetenv("CURLEW_NOW");
    long long before = clock_monotonic_us();
    assert_true(clock_monotonic_us() >= before);
}

/* Archives made by Info-ZIP and Python; made again with test/fixtures/zip/make.py. */
static bool unpack(Fixture *fixture, const char *name, ZipMember **members, size_t *count, Err *err) {
    return zip_unpack(fixture->arena, file_join(fixture->arena, TEST_FIXTURES "/zip", name), in_folder(fixture, "out"), members,
                      count, err);
}

static void test_archives_are_unpacked(void **state) {
    Fixture *fixture = *state;
    ZipMember *members = NULL;
    size_t count = 0, size = 0;
    Err err = {0};
    char *text = NULL;
    assert_true(zip_is_archive(TEST_FIXTURES "/zip/plain.zip"));
    assert_false(zip_is_archive(TEST_FIXTURES "/zip/make.py"));
    if (!unpack(fixture, "plain.zip", &members, &count, &err)) fail_msg("%s", err.message);
    assert_int_equal(count, 2);
    assert_string_equal(members[0].name, "report/cur-00001.csv");
    assert_int_equal(members[0].size_bytes, 8);
    assert_true(file_read(fixture->arena, members[0].path, 100, &text, &size, &err));
    assert_string_equal(text, "a,b\n1,2\n");
}

static void test_archives_cannot_write_elsewhere(void **state) {
    Fixture *fixture = *state;
    ZipMember *members = NULL;
    size_t count = 0;
    Err err = {0};
    assert_true(unpack(fixture, "traversal.zip", &members, &count, &err));
    assert_int_equal(count, 5);
    char *root = in_folder(fixture, "out/");
    for (size_t i = 0; i < count; i++) {
        assert_true(text_starts(members[i].path, root));
        assert_null(strchr(members[i].path + strlen(root), '/'));
        struct stat st;
        assert_int_equal(lstat(members[i].path, &st), 0);
        assert_true(S_ISREG(st.st_mode));
    }
    assert_int_equal(file_info(in_folder(fixture, "escaped.csv")).kind, FILE_MISSING);
}

static void expect_bad_archive(Fixture *fixture, const char *name, ErrKind kind) {
    ZipMember *members = NULL;
    size_t count = 0;
    Err err = {0};
    assert_false(unpack(fixture, name, &members, &count, &err));
    if (err.kind != kind) fail_msg("%s: %s: %s", name, err_kind_name(err.kind), err.message);
    const char **left = NULL;
    assert_true(file_list(fixture->arena, in_folder(fixture, "out"), &left, &count, &err));
    assert_int_equal(count, 0);
}

static void add_little_endian(Buffer *out, unsigned long value, int bytes) {
    for (int i = 0; i < bytes; i++) buffer_add_char(out, (char)(value >> (8 * i) & 0xFF));
}

/* One empty, stored member's header, local or central (PKWARE's APPNOTE.TXT, 4.3.7 and 4.3.12). */
static void add_member_header(Buffer *out, bool central, unsigned long offset) {
    buffer_add_n(out, central ? "PK\1\2\24\0" : "PK\3\4", central ? 6 : 4);
    for (int i = 0; i < 12; i++) add_little_endian(out, i == 0 ? 20 : i == 11 ? 1 : 0, 2);
    add_little_endian(out, 0, 2);
    if (central) {
        for (int i = 0; i < 5; i++) add_little_endian(out, 0, 2);
        add_little_endian(out, offset, 4);
    }
    buffer_add_char(out, 'x');
}

static void write_archive_of_many(Fixture *fixture, const char *name, unsigned long count) {
    Buffer out = {.arena = fixture->arena};
    for (unsigned long i = 0; i < count; i++) add_member_header(&out, false, 0);
    size_t start = out.size;
    for (unsigned long i = 0; i < count; i++) add_member_header(&out, true, i * 31);
    size_t size = out.size - start;
    buffer_add_n(&out, "PK\5\6\0\0\0\0", 8);
    add_little_endian(&out, count, 2);
    add_little_endian(&out, count, 2);
    add_little_endian(&out, (unsigned long)size, 4);
    add_little_endian(&out, (unsigned long)start, 4);
    add_little_endian(&out, 0, 2);
    write_file(fixture, name, out.data, out.size);
}

static void test_members_are_counted(void **state) {
    Fixture *fixture = *state;
    ZipMember *members = NULL;
    size_t count = 0;
    Err err = {0};
    write_archive_of_many(fixture, "some.zip", 3);
    write_archive_of_many(fixture, "many.zip", ZIP_MEMBERS + 1);
    if (!zip_unpack(fixture->arena, in_folder(fixture, "some.zip"), in_folder(fixture, "out"), &members, &count, &err))
        fail_msg("%s", err.message);
    assert_int_equal(count, 3);
    assert_false(
        zip_unpack(fixture->arena, in_folder(fixture, "many.zip"), in_folder(fixture, "out2"), &members, &count, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
}

static void test_bad_archives_are_refused(void **state) {
    expect_bad_archive(*state, "bomb.zip", ERR_LIMIT);
    expect_bad_archive(*state, "damaged.zip", ERR_INPUT);
    expect_bad_archive(*state, "cut.zip", ERR_INPUT);
    expect_bad_archive(*state, "encrypted.zip", ERR_INPUT);
    expect_bad_archive(*state, "empty.zip", ERR_INPUT);
    expect_bad_archive(*state, "missing.zip", ERR_NOT_FOUND);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_content_comes_back),
        TEST(test_info_says_what_is_there),
        TEST(test_removal_is_bounded),
        TEST(test_patterns_find_files),
        TEST(test_names_are_taken_apart),
        TEST(test_locks_hold_between_processes),
        TEST(test_fingerprints_are_sha256),
        TEST(test_homes_follow_xdg),
        TEST(test_the_clock_can_be_set),
        TEST(test_archives_are_unpacked),
        TEST(test_archives_cannot_write_elsewhere),
        TEST(test_members_are_counted),
        TEST(test_bad_archives_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
