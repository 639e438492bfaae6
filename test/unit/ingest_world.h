/* A folder with files, a workspace beside it, and an engine to look into it: for the tests of ingest. */
#ifndef CURLEW_TEST_INGEST_WORLD_H
#define CURLEW_TEST_INGEST_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ingest/load.h"
#include "ingest/workspace.h"
#include "io/duck.h"
#include "io/file.h"

typedef struct {
    Arena *arena;
    const char *folder; /* of the files, empty at first */
    const char *workspace_folder;
    LoadReport report;    /* of the last load */
    Workspace *workspace; /* as reopen() found it */
    DuckSession *session;
} World;

static int make_world(void **state) {
    char folder[] = "/tmp/curlew-load-XXXXXX";
    Arena *arena = arena_make();
    World *world = arena_alloc(arena, sizeof *world);
    Err err = {0};
    world->arena = arena;
    assert_non_null(mkdtemp(folder));
    world->folder = file_join(arena, folder, "files");
    world->workspace_folder = file_join(arena, folder, "workspace");
    assert_true(file_make_folder(world->folder, &err));
    *state = world;
    return 0;
}

static int drop_world(void **state) {
    World *world = *state;
    Err err = {0};
    file_remove_tree(file_folder(world->arena, world->folder), &err);
    arena_free(world->arena);
    return 0;
}

static inline void put(World *world, const char *name, const char *text) {
    Err err = {0};
    assert_true(file_write_atomic(file_join(world->arena, world->folder, name), text, strlen(text), &err));
}

static inline bool try_load(World *world, const char *path, bool replace, Err *err) {
    LoadRequest request = {
        .paths = &path, .path_count = 1, .workspace_folder = world->workspace_folder, .replace = replace, .threads = 1};
    return load_run(world->arena, &request, &world->report, err);
}

/* Opens the workspace in a fresh engine. */
static inline void reopen(World *world) {
    Duck *duck = NULL;
    const char **statements = NULL;
    size_t count = 0;
    Err err = {0};
    DuckOptions options = {.threads = 1};
    bool opened = workspace_open(world->arena, world->workspace_folder, &world->workspace, &err) &&
                  duck_open(world->arena, NULL, &options, &duck, &err) &&
                  duck_connect(world->arena, duck, &world->session, &err) &&
                  workspace_setup(world->arena, world->workspace, &statements, &count, &err);
    for (size_t i = 0; opened && i < count; i++) opened = duck_run(world->session, statements[i], &err);
    if (!opened) fail_msg("%s", err.message);
}

static inline void assert_load(World *world, const char *path) {
    Err err = {0};
    if (!try_load(world, path, false, &err)) fail_msg("%s", err.message);
    reopen(world);
}

/* The first cell of a query; NULL expects SQL's NULL. */
static inline void assert_value(World *world, const char *sql, const char *expected) {
    const char *value = NULL;
    Err err = {0};
    if (!duck_value(world->arena, world->session, sql, &value, &err)) fail_msg("%s", err.message);
    if (!expected)
        assert_null(value);
    else if (!value)
        fail_msg("no value, expected %s", expected);
    else
        assert_string_equal(value, expected);
}

/* One of the remarks of the last load has this in it. */
static inline void assert_odd(World *world, const char *part) {
    const Json *odd = json_get(world->report.facts, "odd");
    for (size_t i = 0; i < json_count(odd); i++)
        if (text_contains_fold(json_text(json_at(odd, i)), part)) return;
    fail_msg("no remark with \"%s\": %s", part, json_write(world->arena, odd, false));
}

#endif
