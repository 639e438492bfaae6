/* A workspace survives what happens to importers: being killed, running out of disk, running at the same time. And meters. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "ingest/meter.h"
#include "ingest_world.h"

#define HEADER                                                                                                                 \
    "bill/PayerAccountId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,"   \
    "lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId,lineItem/UnblendedCost\n"
#define KILLS 25

/* A bill of `count` lines that add up to `count` × `cents` / 100. */
static void put_bill(World *world, int count, int cents) {
    Buffer text = {.arena = world->arena};
    buffer_add(&text, HEADER);
    for (int i = 0; i < count; i++)
        buffer_printf(&text,
                      "011254002932,2026-03-01T00:00:00Z,014498620306,Usage,2026-03-%02dT10:00:00Z,2026-03-%02dT11:00:00Z,"
                      "AmazonEC2,BoxUsage:m%d.large,"
                      "i-%d,%d.%02d\n",
                      1 + i % 28, 1 + i % 28, i % 50, i, cents / 100, cents % 100);
    put(world, "cur.csv", buffer_text(&text));
}

/* Loads in a process of its own; gives its exit status. `after_us` > 0 kills it then. */
static int load_in_child(World *world, long after_us, rlim_t file_bytes, bool cached) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        Err err = {0};
        Arena *arena = arena_make();
        LoadReport report;
        struct rlimit limit = {file_bytes, file_bytes};
        signal(SIGXFSZ, SIG_IGN);
        if (file_bytes) setrlimit(RLIMIT_FSIZE, &limit);
        LoadRequest request = {
            .paths = &world->folder, .path_count = 1, .workspace_folder = world->workspace_folder, .threads = 2};
        const char *folder = NULL;
        bool done = cached ? load_cached(arena, &request, &folder, &report, &err) : load_run(arena, &request, &report, &err);
        if (cached && done) _exit(report.unchanged ? 0 : 3);
        _exit(done ? 0 : err.kind == ERR_IO || err.kind == ERR_ENGINE ? 4 : 1);
    }
    if (after_us > 0) {
        usleep((useconds_t)after_us);
        kill(child, SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static size_t count_files(World *world) {
    const char **names = NULL;
    size_t count = 0;
    Err err = {0};
    assert_true(file_list(world->arena, file_join(world->arena, world->workspace_folder, "snapshots"), &names, &count, &err));
    return count;
}

/* Killed at any moment, the workspace holds the old bill or the new one, never something else. */
static void killed_imports_lose_nothing(void **state) {
    World *world = *state;
    put_bill(world, 3000, 100);
    assert_int_equal(load_in_child(world, 0, 0, false), 0);
    int cents = 100, killed = 0;
    srand(7);
    for (int i = 0; i < KILLS; i++) {
        int next = 100 + (i + 1);
        put_bill(world, 3000, next);
        int status = load_in_child(world, 1000 + rand() % 400000, 0, false);
        killed += status == -SIGKILL;
        reopen(world);
        const char *sum = NULL;
        Err err = {0};
        assert_true(duck_value(world->arena, world->session,
                               "SELECT CAST(sum(\"BilledCost\") * 100 / 3000 AS INTEGER) FROM bill", &sum, &err));
        if (status == 0) assert_int_equal(atoi(sum), next);
        assert_true(atoi(sum) == cents || atoi(sum) == next);
        cents = atoi(sum);
    }
    assert_true(killed > 0);
    /* What they left behind is gone after a whole load. */
    put_bill(world, 3000, 777);
    assert_int_equal(load_in_child(world, 0, 0, false), 0);
    assert_true(count_files(world) <= 2);
    assert_int_equal(file_info(file_join(world->arena, world->workspace_folder, "spool/engine")).kind, FILE_MISSING);
    reopen(world);
    assert_value(world, "SELECT CAST(sum(\"BilledCost\") * 100 / 3000 AS INTEGER) FROM bill", "777");
}

/* A file that may not grow is what a full disk looks like. */
static void a_full_disk_keeps_the_old_state(void **state) {
    World *world = *state;
    put_bill(world, 500, 100);
    assert_int_equal(load_in_child(world, 0, 0, false), 0);
    put_bill(world, 60000, 200);
    assert_int_equal(load_in_child(world, 0, 300000, false), 4);
    reopen(world);
    assert_value(world, "SELECT count(*) FROM bill", "500");
    assert_int_equal(load_in_child(world, 0, 0, false), 0);
    reopen(world);
    assert_value(world, "SELECT count(*) FROM bill", "60000");
}

static void a_folder_that_cannot_be_made(void **state) {
    World *world = *state;
    put_bill(world, 5, 100);
    put(world, "file", "x");
    Err err = {0};
    world->workspace_folder = file_join(world->arena, world->folder, "file/workspace");
    assert_false(try_load(world, file_join(world->arena, world->folder, "cur.csv"), false, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.message, "file/workspace"));
}

/* Two processes that ask about the same paths: one imports, the other waits and takes what is there. */
static void one_of_two_importers_works(void **state) {
    World *world = *state;
    put_bill(world, 20000, 100);
    assert_int_equal(setenv("XDG_CACHE_HOME", file_join(world->arena, world->folder, "../cache"), 1), 0);
    pid_t first = fork();
    if (first == 0) _exit(load_in_child(world, 0, 0, true));
    int second = load_in_child(world, 0, 0, true), status = 0;
    assert_int_equal(waitpid(first, &status, 0), first);
    assert_true(WIFEXITED(status));
    assert_int_equal(second + WEXITSTATUS(status), 3);
    assert_int_equal(load_in_child(world, 0, 0, true), 0);
    unsetenv("XDG_CACHE_HOME");
}

static void a_damaged_manifest_is_named(void **state) {
    World *world = *state;
    put_bill(world, 5, 100);
    assert_load(world, world->folder);
    Err err = {0};
    const char *manifest = file_join(world->arena, world->workspace_folder, "manifest.json");
    assert_true(file_write_atomic(manifest, "{\"format\":1,", 12, &err));
    assert_false(workspace_open(world->arena, world->workspace_folder, &world->workspace, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    err_clear(&err);
    assert_true(try_load(world, world->folder, true, &err));
    reopen(world);
    assert_value(world, "SELECT count(*) FROM bill", "5");
}

static void a_stopped_load_changes_nothing(void **state) {
    World *world = *state;
    put_bill(world, 5, 100);
    assert_load(world, world->folder);
    put_bill(world, 7, 100);
    volatile bool stop = true;
    Err err = {0};
    LoadRequest request = {
        .paths = &world->folder, .path_count = 1, .workspace_folder = world->workspace_folder, .stop = &stop};
    assert_false(load_run(world->arena, &request, &world->report, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    reopen(world);
    assert_value(world, "SELECT count(*) FROM bill", "5");
}

static void usage_types_lose_known_prefixes_only(void **state) {
    World *world = *state;
    const Knowledge *prefixes = knowledge_table(world->arena, "region_prefixes.tsv");
    static const char *const cases[][5] = {
        {"AmazonEC2", "USW2-BoxUsage:m5.large", "BoxUsage:m5.large", "m5.large", NULL},
        {"AmazonEC2", "BoxUsage", "BoxUsage", NULL, NULL},
        {"AmazonEC2", "EBS:VolumeUsage.gp3", "EBS:VolumeUsage.gp3", NULL, "gp3"},
        {"AmazonEC2", "EU-EBS:VolumeUsage.piops", "EBS:VolumeUsage.piops", NULL, "io1"},
        {"AmazonEC2", "EBS:VolumeUsage", "EBS:VolumeUsage", NULL, "standard"},
        {"AmazonEC2", "EBS:SnapshotUsage", "EBS:SnapshotUsage", NULL, NULL},
        {"AmazonEC2", "USE1-USW2-AWS-Out-Bytes", "AWS-Out-Bytes", NULL, NULL},
        {"AmazonEC2", "EU-DataTransfer-Out-Bytes", "DataTransfer-Out-Bytes", NULL, NULL},
        {"AmazonCloudFront", "EU-DataTransfer-Out-Bytes", "DataTransfer-Out-Bytes", NULL, NULL},
        {"AmazonCloudFront", "AP-Requests-Tier1", "Requests-Tier1", NULL, NULL},
        {"AmazonS3", "AP-Requests-Tier1", "AP-Requests-Tier1", NULL, NULL},
        {"awskms", "ca-central-1-KMS-Requests", "KMS-Requests", NULL, NULL},
        {"awskms", "us-gov-west-1-KMS-Keys", "KMS-Keys", NULL, NULL},
        {"awswaf", "Global-WebACLV2", "WebACLV2", NULL, NULL},
        {"AmazonRDS", "Multi-AZUsage:db.r5.xlarge", "Multi-AZUsage:db.r5.xlarge", "db.r5.xlarge", NULL},
        {"AmazonRDS", "USW2-InstanceUsage:db.t3.medium", "InstanceUsage:db.t3.medium", "db.t3.medium", NULL},
        {"AWSLambda", "Lambda-GB-Second", "Lambda-GB-Second", NULL, NULL},
        {"AmazonEC2", "USW2-LAX1-BoxUsage:t3.medium", "BoxUsage:t3.medium", "t3.medium", NULL},
        {"AmazonEC2", "NatGateway-Bytes", "NatGateway-Bytes", NULL, NULL},
        {"", "", "", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Meter meter = meter_of(world->arena, prefixes, cases[i][0], cases[i][1]);
        assert_string_equal(meter.meter, cases[i][2]);
        assert_true(text_equal(meter.instance_type, cases[i][3]));
        assert_true(text_equal(meter.volume_type, cases[i][4]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_imports_lose_nothing, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_the_old_state, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made, make_world, drop_world),
        cmocka_unit_test_setup_teardown(one_of_two_importers_works, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_damaged_manifest_is_named, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_stopped_load_changes_nothing, make_world, drop_world),
        cmocka_unit_test_setup_teardown(usage_types_lose_known_prefixes_only, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
