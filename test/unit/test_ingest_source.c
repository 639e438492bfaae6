/* What paths turn out to be: containers, formats, versions, manifests, and what is declined. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zip.h>
#include <zlib.h>

#include "base/text.h"
#include "ingest/csv_sniff.h"
#include "ingest/group.h"
#include "ingest/layout.h"
#include "ingest/manifest.h"
#include "ingest/source.h"
#include "io/file.h"

#define COUNT(array) (sizeof array / sizeof *array)
#define FIXTURES TEST_FIXTURES "/ingest"

#define LEGACY_HEADER                                                                                                          \
    "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UnblendedCost,resourceTags/user:Team"
#define FOCUS_HEADER "BilledCost,EffectiveCost,ChargePeriodStart,ServiceName,SubAccountId"

typedef struct {
    Arena *arena;
    DuckSession *session;
    const char *folder; /* of this test, empty at first */
    const char *spool;
} World;

static int make_world(void **state) {
    char folder[] = "/tmp/curlew-source-XXXXXX";
    Arena *arena = arena_make();
    World *world = arena_alloc(arena, sizeof *world);
    Duck *duck = NULL;
    Err err = {0};
    world->arena = arena;
    assert_non_null(mkdtemp(folder));
    world->folder = arena_text(arena, folder);
    world->spool = file_join(arena, world->folder, ".spool");
    DuckOptions options = {.threads = 1};
    assert_true(duck_open(arena, NULL, &options, &duck, &err));
    assert_true(duck_connect(arena, duck, &world->session, &err));
    *state = world;
    return 0;
}

static int drop_world(void **state) {
    World *world = *state;
    Err err = {0};
    file_remove_tree(world->folder, &err);
    arena_free(world->arena);
    return 0;
}

/* Writes a file below the test's folder and gives its path. `age_s` puts its time into the past. */
static const char *put_bytes(World *world, const char *name, const char *data, size_t size, long age_s) {
    Err err = {0};
    const char *path = file_join(world->arena, world->folder, name);
    assert_true(file_make_folder(file_folder(world->arena, path), &err));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
    struct timespec times[2] = {{.tv_sec = 1800000000 - age_s}, {.tv_sec = 1800000000 - age_s}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    return path;
}

static const char *put(World *world, const char *name, const char *text) {
    return put_bytes(world, name, text, strlen(text), 0);
}

static bool discover_paths(World *world, const char *const *paths, size_t count, SourceSet *out, Err *err) {
    *err = (Err){0};
    return source_discover(world->arena, world->session, paths, count, world->spool, out, err);
}

static bool discover(World *world, const char *path, SourceSet *out, Err *err) {
    return discover_paths(world, &path, 1, out, err);
}

static SourceSet must_discover(World *world, const char *path) {
    SourceSet set;
    Err err;
    if (!discover(world, path, &set, &err)) fail_msg("%s: %s", path, err.message);
    return set;
}

static void must_decline(World *world, const char *path, const char *part) {
    SourceSet set;
    Err err;
    assert_false(discover(world, path, &set, &err));
    if (!strstr(err.message, part)) fail_msg("\"%s\" is not in \"%s\"", part, err.message);
    assert_true(err.kind == ERR_INPUT || err.kind == ERR_IO || err.kind == ERR_LIMIT);
}

static bool has_note(const SourceSet *set, const char *part) {
    for (size_t i = 0; i < set->note_count; i++) {
        if (strstr(set->notes[i], part)) return true;
    }
    return false;
}

static void must_note(const SourceSet *set, const char *part) {
    if (has_note(set, part)) return;
    for (size_t i = 0; i < set->note_count; i++) print_message("note: %s\n", set->notes[i]);
    fail_msg("no note says \"%s\"", part);
}

static const SourceColumn *column_of(const SourceFile *file, const char *key) {
    for (size_t i = 0; i < file->column_count; i++) {
        if (text_equal(file->columns[i].key, key)) return &file->columns[i];
    }
    return NULL;
}

static const SourceFile *only_file(const SourceSet *set) {
    assert_int_equal(set->delivery_count, 1);
    assert_int_equal(set->deliveries[0].file_count, 1);
    return &set->deliveries[0].files[0];
}

static void athena_names_follow_aws(void **state) {
    World *world = *state;
    static const char *const pairs[][2] = {
        {"lineItem/UnblendedCost", "line_item_unblended_cost"},
        {"lineItem/LineItemType", "line_item_line_item_type"},
        {"reservation/ReservationARN", "reservation_reservation_a_r_n"},
        {"resourceTags/user:CostCenter", "resource_tags_user_cost_center"},
        {"resourceTags/aws:createdBy", "resource_tags_aws_created_by"},
        {"resourceTags/user:com_REDHAT_rhel", "resource_tags_user_com_r_e_d_h_a_t_rhel"},
        {"costCategory/Charge type", "cost_category_charge_type"},
        {"pricing/publicOnDemandCost", "pricing_public_on_demand_cost"},
        {"__x--Y__", "x_y"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_string_equal(source_athena_name(world->arena, pairs[i][0]), pairs[i][1]);
    }
}

static void layouts_are_read_from_folders(void **state) {
    World *world = *state;
    Layout layout;
    layout_of(world->arena, "/s/bills/acme/20260701-20260801/asm-1/acme-00001.csv.gz", &layout);
    assert_int_equal(layout.kind, LAYOUT_LEGACY);
    assert_string_equal(layout.root, "/s/bills/acme");
    assert_string_equal(layout.report, "acme");
    assert_string_equal(layout.period, "2026-07");
    assert_string_equal(layout.version, "asm-1");
    layout_of(world->arena, "/s/20200101-20200201/e/data/billing_period=2026-12/x.parquet", &layout);
    assert_int_equal(layout.kind, LAYOUT_EXPORT);
    assert_string_equal(layout.root, "/s/20200101-20200201/e");
    assert_string_equal(layout.period, "2026-12");
    assert_string_equal(layout.version, "");
    layout_of(world->arena, "/s/e/metadata/BILLING_PERIOD=2026-12/e-Manifest.json", &layout);
    assert_true(layout.metadata);
    assert_string_equal(layout.root, "/s/e");
    layout_of(world->arena, "/s/e/year=2018/month=9/e.parquet", &layout);
    assert_int_equal(layout.kind, LAYOUT_PARTITIONED);
    assert_string_equal(layout.period, "2018-09");
    layout_of(world->arena, "/s/e/BILLING_PERIOD=2026-13/e.parquet", &layout);
    assert_int_equal(layout.kind, LAYOUT_LOOSE);
    /* Days are no versions of a month, nor are other partitions. */
    layout_of(world->arena, "/s/e/year=2018/month=9/day=1/e.parquet", &layout);
    assert_int_equal(layout.kind, LAYOUT_LOOSE);
    assert_string_equal(layout.root, "/s/e");
    layout_of(world->arena, "/s/FOCUS Reports/2026/07/31/0001-00001.csv.gz", &layout);
    assert_string_equal(layout.root, "/s/FOCUS Reports");
    assert_null(layout.period);
    layout_of(world->arena, "/s/e/BILLING_PERIOD=2026-07/account=1/v1/e.parquet", &layout);
    assert_string_equal(layout.version, "v1");
    layout_of(world->arena, "file.csv", &layout);
    assert_string_equal(layout.root, ".");
}

static void legacy_export_follows_its_manifest(void **state) {
    World *world = *state;
    SourceSet set = must_discover(world, FIXTURES "/legacy");
    assert_int_equal(set.delivery_count, 2);
    const Delivery *july = &set.deliveries[0];
    assert_int_equal(july->format, FORMAT_CUR_LEGACY);
    assert_string_equal(july->report, "acme-cur");
    assert_string_equal(july->period, "2026-07");
    assert_string_equal(july->version, "bbbb2222-0000-4000-8000-000000000002");
    assert_int_equal(july->file_count, 2);
    assert_non_null(strstr(july->files[0].path, "/bbbb2222"));
    assert_true(text_ends(july->root, "/legacy/acme-cur"));
    assert_string_equal(set.deliveries[1].period, "2026-08");
    assert_string_equal(set.deliveries[1].root, july->root);
    assert_int_equal(july->files[0].column_count, 15);
    assert_int_equal(set.deliveries[1].files[0].column_count, 14);
    must_note(&set, "1 of other versions passed over");
    /* Two tag keys that differ in case only are two columns. */
    assert_string_equal(column_of(&july->files[0], "resource_tags_user_team")->name, "resourceTags/user:Team");
    assert_string_equal(column_of(&july->files[0], "resource_tags_user_team_2")->name, "resourceTags/user:team");
    assert_string_equal(column_of(&july->files[0], "line_item_unblended_cost")->type, "VARCHAR");
}

static void one_period_of_a_legacy_export_may_be_given(void **state) {
    World *world = *state;
    SourceSet set = must_discover(world, FIXTURES "/legacy/acme-cur/20260701-20260801");
    assert_int_equal(set.delivery_count, 1);
    assert_int_equal(set.deliveries[0].file_count, 2);
    set = must_discover(world, FIXTURES "/legacy/acme-cur/20260701-20260801/aaaa1111-0000-4000-8000-000000000001");
    assert_int_equal(set.deliveries[0].file_count, 1);
    assert_string_equal(set.deliveries[0].version, "aaaa1111-0000-4000-8000-000000000001");
    set = must_discover(world, FIXTURES "/legacy/acme-cur/20260701-20260801/acme-cur-Manifest.json");
    assert_int_equal(set.delivery_count, 1);
    assert_int_equal(set.deliveries[0].file_count, 2);
    set = must_discover(world, FIXTURES "/legacy/acme-cur/20260701-20260801/*/*.csv");
    assert_int_equal(set.delivery_count, 1);
    assert_int_equal(set.note_count, 1);
}

static void check_cur2(const SourceSet *set) {
    assert_int_equal(set->delivery_count, 2);
    const Delivery *july = &set->deliveries[0];
    assert_int_equal(july->format, FORMAT_CUR2);
    assert_string_equal(july->report, "acme-cur2");
    assert_string_equal(july->version, "11111111-0000-4000-8000-000000000001");
    assert_int_equal(july->file_count, 1);
    assert_string_equal(july->files[0].compression, "gzip");
    assert_non_null(strstr(july->files[0].path, "11111111"));
    assert_string_equal(set->deliveries[1].period, "2026-08");
    assert_non_null(strstr(set->deliveries[1].files[0].path, "44444444"));
    must_note(set, "33333333");
}

static void data_export_follows_its_manifest(void **state) {
    World *world = *state;
    SourceSet set = must_discover(world, FIXTURES "/cur2");
    check_cur2(&set);
    set = must_discover(world, FIXTURES "/cur2/acme-cur2");
    check_cur2(&set);
    /* The manifests lie beside the folder that was given. */
    set = must_discover(world, FIXTURES "/cur2/acme-cur2/data");
    check_cur2(&set);
    set = must_discover(world, FIXTURES "/cur2/acme-cur2/data/BILLING_PERIOD=2026-07/");
    assert_int_equal(set.delivery_count, 1);
    assert_non_null(strstr(set.deliveries[0].files[0].path, "11111111"));
    set = must_discover(world, FIXTURES "/focus");
    assert_int_equal(set.deliveries[0].format, FORMAT_FOCUS);
    assert_string_equal(set.deliveries[0].format_version, "1.0");
    assert_string_equal(set.deliveries[0].period, "2026-07");
    assert_string_equal(set.deliveries[0].version, "55555555-0000-4000-8000-000000000005");
}

static void a_manifest_may_name_what_is_not_there(void **state) {
    World *world = *state;
    static const char manifest[] =
        "{\"assemblyId\":\"a\",\"reportName\":\"acme\",\"billingPeriod\":{\"start\":\"20260701T000000.000Z\"},"
        "\"reportKeys\":[\"x/acme/20260701-20260801/a/acme-1.csv\",\"x/acme/20260701-20260801/a/acme-2.csv\"]}";
    put(world, "acme/20260701-20260801/acme-Manifest.json", manifest);
    put(world, "acme/20260701-20260801/old/acme-1.csv", LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,1,x\n");
    SourceSet set = must_discover(world, world->folder);
    assert_int_equal(set.delivery_count, 1);
    must_note(&set, "names 2 files that are not there");
    put(world, "acme/20260701-20260801/a/acme-1.csv", LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,2,x\n");
    set = must_discover(world, world->folder);
    assert_int_equal(set.deliveries[0].file_count, 1);
    assert_string_equal(set.deliveries[0].version, "a");
    must_note(&set, "of which 1 are not there");
    /* A second copy of the manifest says nothing new. */
    put(world, "acme-Manifest.json", manifest);
    size_t notes = set.note_count;
    set = must_discover(world, world->folder);
    assert_int_equal(set.deliveries[0].file_count, 1);
    assert_int_equal(set.note_count, notes + 1);
    /* A flat copy beside its manifest. */
    put(world, "flat/acme-Manifest.json", manifest);
    put(world, "flat/acme-1.csv", LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,1,x\n");
    put(world, "flat/acme-2.csv", LEGACY_HEADER "\nUsage,2026-07-02,AmazonEC2,1,x\n");
    set = must_discover(world, file_join(world->arena, world->folder, "flat"));
    assert_int_equal(set.note_count, 0);
    assert_int_equal(set.deliveries[0].file_count, 2);
    assert_string_equal(set.deliveries[0].period, "2026-07");
    assert_string_equal(set.deliveries[0].report, "acme");
}

static void without_manifest_the_newest_version_counts(void **state) {
    World *world = *state;
    const char *row = LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,1,x\n";
    put_bytes(world, "r/20260701-20260801/zzz/r-1.csv", row, strlen(row), 500);
    put_bytes(world, "r/20260701-20260801/mmm/r-1.csv", row, strlen(row), 100);
    put_bytes(world, "r/20260701-20260801/aaa/r-1.csv", row, strlen(row), 900);
    SourceSet set = must_discover(world, world->folder);
    assert_int_equal(set.delivery_count, 1);
    assert_string_equal(set.deliveries[0].version, "mmm");
    must_note(&set, "3 versions: the newest, mmm, was read; passed over: aaa, zzz");
}

static void a_report_may_change_its_way_of_delivery(void **state) {
    World *world = *state;
    static const char row[] = LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,1,x\n";
    put(world, "r/20260701-20260801/r-1.csv", row);
    put(world, "r/r/year=2026/month=7/r-00001.csv", row);
    put(world, "r/20260701-20260801/r-Manifest.json",
        "{\"reportName\":\"r\",\"reportKeys\":[\"p/r/r/year=2026/month=7/r-00001.csv\"]}");
    SourceSet set = must_discover(world, world->folder);
    assert_non_null(strstr(only_file(&set)->path, "/month=7/"));
    assert_string_equal(set.deliveries[0].period, "2026-07");
    must_note(&set, "passed over");
}

static void azure_exports_follow_their_manifests(void **state) {
    World *world = *state;
    static const char row[] = FOCUS_HEADER "\n1,1,2026-07-01,x,y\n";
    static const char manifest[] =
        "{\"exportConfig\":{\"exportName\":\"daily-focus\"},\"runInfo\":{\"runId\":\"%s\",\"startDate\":"
        "\"2026-07-01T00:00:00\"},\"blobs\":[{\"blobName\":\"d/daily-focus/20260701-20260731/%s/part_0_0001.csv\"}]}";
    static const char *const runs[] = {"202607020102/aaaa", "202607031313/bbbb", "202607010101/cccc"};
    for (size_t i = 0; i < COUNT(runs); i++) {
        const char *folder = arena_printf(world->arena, "daily-focus/20260701-20260731/%s", runs[i]);
        put(world, file_join(world->arena, folder, "part_0_0001.csv"), row);
        put(world, file_join(world->arena, folder, "manifest.json"),
            arena_printf(world->arena, manifest, runs[i] + 13, runs[i]));
    }
    SourceSet set = must_discover(world, world->folder);
    assert_non_null(strstr(only_file(&set)->path, "202607031313"));
    assert_string_equal(set.deliveries[0].version, "bbbb");
    assert_string_equal(set.deliveries[0].report, "daily-focus");
    assert_string_equal(set.deliveries[0].period, "2026-07");
}

static void partitions_are_one_table(void **state) {
    World *world = *state;
    static const char row[] = FOCUS_HEADER "\n1,1,2026-07-01,x,y\n";
    put(world, "oci/FOCUS Reports/2026/07/01/0001.csv", row);
    put(world, "oci/FOCUS Reports/2026/07/02/0002.csv", FOCUS_HEADER "\n2,2,2026-07-02,x,y\n");
    put(world, "t/date=2026-07-01/a.csv", "k,v\na,1\n");
    put(world, "t/date=2026-07-02/a.csv", "k,v\nb,1\n");
    SourceSet set = must_discover(world, world->folder);
    assert_int_equal(set.delivery_count, 2);
    assert_int_equal(set.deliveries[0].file_count, 2);
    assert_string_equal(set.deliveries[0].report, "FOCUS Reports");
    assert_int_equal(set.deliveries[1].file_count, 2);
    assert_string_equal(set.deliveries[1].report, "t");
}

static void csv_variants_are_told_apart(void **state) {
    World *world = *state;
    static const struct {
        const char *text;
        SourceFormat format;
        char delimiter;
        size_t columns;
    } variants[] = {
        {"BilledCost;EffectiveCost;ChargePeriodStart;ServiceName\n1,5;1;2026-01-01;x\n", FORMAT_FOCUS, ';', 4},
        {"\"BilledCost\"\t\"ChargePeriodStart\"\t\"ServiceName\"\r\n\"1\"\t\"2026-01-01\"\t\"a\tb\"\r\n", FORMAT_FOCUS, '\t',
         3},
        {"billed_cost|charge_period_start|service_name\n1|2026-01-01|a,b,c\n", FORMAT_FOCUS, '|', 3},
        {"\xEF\xBB\xBF"
         "billedcost,chargeperiodstart,servicename\n1,2026-01-01,x",
         FORMAT_FOCUS, ',', 3},
        {"BilledCost\x01"
         "ChargePeriodStart\x01ServiceName\n1\x01"
         "2026-01-01\x01x\n",
         FORMAT_FOCUS, '\x01', 3},
        {"LINEITEM/UNBLENDEDCOST,lineitem/usagestartdate,lineItem/productcode\n1,2026-01-01,x\n", FORMAT_CUR_LEGACY, ',', 3},
        {"line_item_unblended_cost,line_item_usage_start_date,line_item_usage_type\n1,2026-01-01,x\n", FORMAT_CUR_LEGACY, ',',
         3},
        {"line_item_unblended_cost,line_item_usage_start_date,line_item_usage_type,resource_tags\n1,2026-01-01,x,{}\n",
         FORMAT_CUR2, ',', 4},
        {"service,2026-07,2026-08\nEC2,1.0,2.0\n", FORMAT_TABLE, ',', 3},
        {"service,2025,2026\nEC2,1.0,2.0\n", FORMAT_TABLE, ',', 3},
        {"billing_period,sum_line_item_unblended_cost\n2026-07,1\n", FORMAT_TABLE, ',', 2},
        {"resource_id\ni-0123\n", FORMAT_TABLE, ',', 1},
        {"a,b,\n1,2,\n", FORMAT_TABLE, ',', 3},
        {"\"na\"\"me\",\"line\nbreak\"\n1,2\n", FORMAT_TABLE, ',', 2},
        {"InvoiceID,PayerAccountId,RecordType,UsageType,UnBlendedCost,user:Name\n1,2,LineItem,x,3,y\n", FORMAT_TABLE, ',', 6},
        {"a,b,c\n1,2\n1,2,3\n1,2,3\n1,2,3,4\n1,2,3\n", FORMAT_TABLE, ',', 3},
    };
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        SourceSet set = must_discover(world, put(world, "x.csv", variants[i].text));
        const SourceFile *file = only_file(&set);
        if (set.deliveries[0].format != variants[i].format || file->delimiter != variants[i].delimiter ||
            file->column_count != variants[i].columns) {
            fail_msg("variant %zu: %s, delimiter %d, %zu columns", i, source_format_name(set.deliveries[0].format),
                     file->delimiter, file->column_count);
        }
        assert_true(file->has_header);
        assert_int_equal(file->skip_bom, variants[i].text[0] == '\xEF');
        assert_string_equal(file->compression, "none");
    }
}

static void keys_are_canonical(void **state) {
    World *world = *state;
    SourceSet set =
        must_discover(world, put(world, "x.csv",
                                 "billed_cost,charge_period_start,service_name,HostProviderName,x_usage_type,x_own,SkuPriceid\n"
                                 "1,2026-01-01,x,a,b,c,d\n"));
    const SourceFile *file = only_file(&set);
    assert_string_equal(set.deliveries[0].format_version, "1.3");
    assert_string_equal(file->columns[0].key, "BilledCost");
    assert_string_equal(file->columns[0].name, "billed_cost");
    assert_string_equal(file->columns[4].key, "x_UsageType");
    assert_string_equal(file->columns[5].key, "x_own");
    assert_string_equal(file->columns[6].key, "SkuPriceId");
    set = must_discover(world,
                        put(world, "y.csv",
                            "lineitem/unblendedcost,lineItem/UsageStartDate,lineItem/ProductCode,savingsPlan/SavingsPlanArn,"
                            "pricing/OfferingClasspricing/PurchaseOption,resourceTags/user:product\n1,2026-01-01,x,,,\n"));
    file = only_file(&set);
    assert_string_equal(file->columns[0].key, "line_item_unblended_cost");
    assert_string_equal(file->columns[3].key, "savings_plan_savings_plan_a_r_n");
    assert_string_equal(file->columns[5].key, "resource_tags_user_product");
    set = must_discover(
        world, put(world, "z.csv",
                   "line_item_unblended_cost,line_item_usage_start_date,line_item_product_code,"
                   "savings_plan_net_amortized_upfront_commitment_for_billing_perio,month,month_,Month\n1,2026-01-01,x,,,,\n"));
    file = only_file(&set);
    assert_string_equal(file->columns[3].key, "savings_plan_net_amortized_upfront_commitment_for_billing_period");
    assert_string_equal(file->columns[4].key, "month");
    assert_string_equal(file->columns[5].key, "month_2");
    assert_string_equal(file->columns[6].key, "month_3");
    /* Keys of tables are the names, unless an engine would take two for one. */
    set = must_discover(world, put(world, "t.csv", "Name,name,,NAME_2\n1,2,3,4\n"));
    file = only_file(&set);
    assert_string_equal(file->columns[0].key, "Name");
    assert_string_equal(file->columns[1].key, "name_3");
    assert_string_equal(file->columns[2].key, "column3");
    assert_string_equal(file->columns[3].key, "NAME_2");
}

static void what_cannot_be_read_is_declined(void **state) {
    World *world = *state;
    must_decline(world, "/nowhere/x.csv", "There is no file or folder");
    must_decline(world, "/nowhere/*.csv", "No file matches");
    must_decline(world, "", "empty path");
    must_decline(world, world->folder, "There is no bill in");
    must_decline(world, put(world, "empty.csv", ""), "is empty");
    must_decline(world, put(world, "header.csv", LEGACY_HEADER "\r\n\r\n"), "has a header but no rows");
    must_decline(world, put(world, "header2.csv", "a,b,c"), "has a header but no rows");
    must_decline(world, put(world, "twice.csv", "a,b,a\n1,2,3\n"), "names the column \"a\" twice");
    must_decline(world, put(world, "bill.pdf", "%PDF-1.7 ..."), "is a PDF");
    must_decline(world, put(world, "bill.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "Excel");
    must_decline(world,
                 put(world, "bill.csv.xz",
                     "\xFD"
                     "7zXZ"),
                 "xz -d");
    must_decline(world, put(world, "bill.csv.bz2", "BZh91AY"), "bunzip2");
    must_decline(world,
                 put_bytes(world, "utf16.csv",
                           "\xFF\xFE"
                           "a\0,\0b\0\n\0001\0,\0002\0",
                           14, 0),
                 "iconv -f UTF-16");
    must_decline(world, put_bytes(world, "nul.csv", "a,b\n1,\0\n", 8, 0), "neither text nor Parquet");
    must_decline(world, put(world, "latin.csv", "a,b\nM\xFCller,1\n"), "WINDOWS-1252");
    must_decline(world, put(world, "page.csv", "<html><body>Access denied</body></html>\n"), "HTML or XML");
    must_decline(world, put(world, "blank.csv", "\n\na,b\n1,2\n"), "begins with an empty line");
    must_decline(world, put(world, "sep.csv", "sep=;\na;b\n1;2\n"), "sep=");
    must_decline(world, put_bytes(world, "utf16le.csv", "a\0,\0b\0\n\0001\0,\0002\0", 14, 0), "UTF-16LE");
    must_decline(world, put(world, "rows.csv", "2026-07-01T00:00:00Z,AmazonEC2,1.5\n2026-07-02T00:00:00Z,AmazonS3,2.5\n"),
                 "no header");
    must_decline(world,
                 put(world, "athena",
                     "id1\x01"
                     "2026-07-01\x01"
                     "0.5\x01\\N\nid2\x01"
                     "2026-07-01\x01"
                     "0.7\x01x\n"),
                 "no header");
    must_decline(world, put(world, "other.json", "{\"a\":[1,2]}"), "is JSON");
    must_decline(world, put(world, "broken.json", "{\"reportKeys\":"), "cannot be read as JSON");
    must_decline(world, put(world, "json.csv", "{\"a\":1}\n{\"a\":2}\n"), "is JSON");
    must_decline(world, put(world, "short.parquet", "PAR1 and no more"), "cut short");
    must_decline(world, put_bytes(world, "bad.parquet", "PAR1 xxxxxxxxxxxxxxxx \x10\0\0\0PAR1", 30, 0), "damaged Parquet");
    must_decline(world,
                 put(world, "text.txt", "Dear customer,\nyour bill, attached, is final, as ever.\nYours\nAWS, Inc., Seattle\n"),
                 "no table");
    must_decline(world, file_folder(world->arena, put(world, "only/x-Manifest.json", "{\"reportKeys\":[\"a/x.csv\"]}")),
                 "names 1 file that is not there");
    must_decline(world, "/dev/null", "neither a file nor a folder");
}

static void packed_files_are_checked(void **state) {
    World *world = *state;
    Err err = {0};
    char *gzip = NULL;
    size_t size = 0;
    static const char folder[] =
        FIXTURES "/cur2/acme-cur2/data/BILLING_PERIOD=2026-08/2026-09-02T08:00:00.000Z-44444444-0000-4000-8000-000000000004";
    assert_true(
        file_read(world->arena, arena_printf(world->arena, "%s/acme-cur2-00001.csv.gz", folder), 1 << 20, &gzip, &size, &err));
    SourceSet set = must_discover(world, put_bytes(world, "named-badly.txt", gzip, size, 0));
    assert_string_equal(only_file(&set)->compression, "gzip");
    must_decline(world, put_bytes(world, "cut.csv.gz", gzip, size / 2, 0), "cut short");
    gzip[size / 2] = (char)(gzip[size / 2] ^ 0x55);
    gzip[size / 2 + 1] = (char)(gzip[size / 2 + 1] ^ 0x55);
    must_decline(world, put_bytes(world, "damaged.csv.gz", gzip, size, 0), "damaged");
}

static void loose_files_are_grouped_by_shape(void **state) {
    World *world = *state;
    put(world, "m/oct.csv", LEGACY_HEADER "\nUsage,2026-10-01,AmazonEC2,1,x\n");
    put(world, "m/nov.csv", LEGACY_HEADER ",product/region\nUsage,2026-11-01,AmazonEC2,1,x,us\n");
    SourceSet set = must_discover(world, world->folder);
    assert_int_equal(set.delivery_count, 1);
    assert_int_equal(set.deliveries[0].file_count, 2);
    assert_string_equal(set.deliveries[0].report, "m");
    assert_null(set.deliveries[0].period);
    assert_true(text_ends(set.deliveries[0].root, "/m"));
    /* The same bill in another format, a copy of a file, two tables of equal names, and things that are no data. */
    put(world, "m/same.csv",
        "line_item_line_item_type,line_item_usage_start_date,line_item_product_code,line_item_unblended_cost\n"
        "Usage,2026-10-01,AmazonEC2,1\n");
    put(world, "m/oct (1).csv", LEGACY_HEADER "\nUsage,2026-10-01,AmazonEC2,1,x\n");
    put(world, "m/Cost by team.csv", "team,cost\na,1\n");
    put(world, "n/cost-by-team.csv", "team,cost,more\na,1,2\n");
    put(world, "n/part-0001.csv", "k,v\na,1\n");
    put(world, "n/part-0002.csv", "k,v\nb,1\n");
    put(world, "n/README.md", "Some, text\n\nwith, many, commas, in, it\n");
    put(world, "n/notes.txt", "remember this\n");
    put(world, "n/.DS_Store", "\0\0\0");
    put(world, "n/_SUCCESS", "");
    put(world, "n/bad.csv", "");
    set = must_discover(world, world->folder);
    assert_int_equal(set.delivery_count, 5);
    assert_int_equal(set.deliveries[0].file_count, 2);
    must_note(&set, "is a copy of");
    must_note(&set, "bad.csv is empty");
    assert_string_not_equal(set.deliveries[0].root, set.deliveries[1].root);
    assert_int_equal(set.deliveries[2].format, FORMAT_TABLE);
    assert_string_equal(set.deliveries[2].report, "cost_by_team");
    assert_string_equal(set.deliveries[3].report, "cost_by_team_2");
    assert_string_equal(set.deliveries[4].report, "part");
    assert_int_equal(set.deliveries[4].file_count, 2);
}

typedef struct {
    const char *name;
    const char *text;
} Member;

/* Packs members into an archive below the test's folder; with a password they are encrypted. */
static const char *put_zip(World *world, const char *name, const Member *members, size_t count, const char *password) {
    const char *path = put(world, name, "");
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(archive);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *source = zip_source_buffer(archive, members[i].text, strlen(members[i].text), 0);
        zip_int64_t index = zip_file_add(archive, members[i].name, source, ZIP_FL_ENC_UTF_8);
        assert_true(index >= 0);
        if (password) assert_int_equal(zip_file_set_encryption(archive, (zip_uint64_t)index, ZIP_EM_AES_256, password), 0);
    }
    assert_int_equal(zip_close(archive), 0);
    return path;
}

static void archives_are_unpacked(void **state) {
    World *world = *state;
    static const char row[] = LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,1,x\n";
    static const Member loose[] = {
        {"in/side/bill.csv", row}, {"__MACOSX/in/._bill.csv", "x"}, {"readme.md", "hello"}, {"b/", ""}};
    const char *path = put_zip(world, "loose.zip", loose, 3, NULL);
    SourceSet set = must_discover(world, path);
    const SourceFile *file = only_file(&set);
    assert_true(text_starts(file->path, world->spool));
    assert_true(text_ends(file->shown_path, "loose.zip: in/side/bill.csv"));
    assert_true(text_ends(set.deliveries[0].root, "/loose.zip/in/side/bill.csv"));
    assert_int_equal(set.note_count, 0);
    /* Again: what an earlier discovery unpacked is replaced. */
    set = must_discover(world, path);
    only_file(&set);
    static const Member export[] = {
        {"e\\data\\BILLING_PERIOD=2026-07\\v1\\e-1.csv", row},
        {"e/data/BILLING_PERIOD=2026-07/v2/e-1.csv", row},
        {"e/metadata/BILLING_PERIOD=2026-07/e-Manifest.json",
         "{\"executionId\":\"v1\",\"dataFiles\":[\"s3://b/e/data/BILLING_PERIOD=2026-07/v1/e-1.csv\"]}"},
    };
    set = must_discover(world, put_zip(world, "export.zip", export, COUNT(export), NULL));
    assert_string_equal(set.deliveries[0].version, "v1");
    assert_string_equal(set.deliveries[0].period, "2026-07");
    assert_string_equal(set.deliveries[0].report, "e");
    assert_true(text_ends(set.deliveries[0].root, "/export.zip/e"));
    must_note(&set, "1 of other versions passed over");
}

static void parts_may_be_archives(void **state) {
    World *world = *state;
    static const Member part[] = {{"acme-1.csv", LEGACY_HEADER "\nUsage,2026-07-01,AmazonEC2,1,x\n"}};
    put_zip(world, "acme/20260701-20260801/new/acme-1.csv.zip", part, 1, NULL);
    put_zip(world, "acme/20260701-20260801/old/acme-1.csv.zip", part, 1, NULL);
    put(world, "acme/20260701-20260801/acme-Manifest.json",
        "{\"assemblyId\":\"new\",\"reportName\":\"acme\",\"reportKeys\":[\"x/acme/20260701-20260801/new/acme-1.csv.zip\"]}");
    SourceSet set = must_discover(world, world->folder);
    only_file(&set);
    assert_string_equal(set.deliveries[0].period, "2026-07");
    assert_string_equal(set.deliveries[0].version, "new");
    assert_true(text_ends(set.deliveries[0].root, "/acme"));
}

static void archives_that_hold_no_bill_are_declined(void **state) {
    World *world = *state;
    static const Member nothing[] = {{"a.md", "x"}, {"b.json", "{}"}};
    static const Member book[] = {{"[Content_Types].xml", "<x/>"}, {"xl/workbook.xml", "<x/>"}};
    static const Member bad[] = {{"bad.csv", "a,b\n"}};
    static const Member bill[] = {{"../../../../etc/x.csv", "a,b\n1,2\n"}};
    must_decline(world, put_zip(world, "nothing.zip", nothing, COUNT(nothing), NULL), "holds no bill");
    must_decline(world, put_zip(world, "book.xlsx", book, COUNT(book), NULL), "is an Excel workbook");
    must_decline(world, put_zip(world, "bad.zip", bad, COUNT(bad), NULL), "bad.zip: bad.csv has a header but no rows");
    must_decline(world, put_zip(world, "secret.zip", bill, COUNT(bill), "pass"), "unpack the archive yourself");
    must_decline(world, put(world, "broken.zip", "PK\003\004 and so on"), "zip archive");
    SourceSet set = must_discover(world, put_zip(world, "hostile.zip", bill, COUNT(bill), NULL));
    assert_true(text_starts(only_file(&set)->path, world->spool));
}

static void files_cut_short_are_found(void **state) {
    World *world = *state;
    Buffer text = {.arena = world->arena};
    buffer_add(&text, "id,cost\n");
    for (unsigned i = 0; i < 200000; i++) buffer_printf(&text, "%u,%u\n", i, i * 2654435761u);
    const char *path = put(world, "long.csv.gz", "");
    gzFile gzip = gzopen(path, "wb");
    assert_int_equal(gzwrite(gzip, text.data, (unsigned)text.size), (int)text.size);
    gzclose(gzip);
    SourceSet set = must_discover(world, path);
    assert_string_equal(only_file(&set)->compression, "gzip");
    Err err = {0};
    char *bytes = NULL;
    size_t size = 0;
    assert_true(file_read(world->arena, path, (size_t)1 << 26, &bytes, &size, &err));
    put_bytes(world, "long.csv.gz", bytes, size - 5, 0);
    must_decline(world, path, "long.csv.gz is cut short");
    put(world, "good.csv", "team,cost\na,1\n");
    set = must_discover(world, world->folder);
    only_file(&set);
    must_note(&set, "long.csv.gz is cut short");
}

static void names_like_patterns_are_read_as_they_are(void **state) {
    World *world = *state;
    Err err = {0};
    const char *wanted = file_join(world->arena, world->folder, "a[1].parquet");
    const char *plain = file_join(world->arena, world->folder, "wanted");
    const char *other = file_join(world->arena, world->folder, "a1.parquet");
    assert_true(duck_run(world->session,
                         arena_printf(world->arena, "COPY (SELECT 1 AS wanted) TO '%s' (FORMAT parquet)", plain), &err));
    assert_true(
        duck_run(world->session, arena_printf(world->arena, "COPY (SELECT 1 AS other) TO '%s' (FORMAT parquet)", other), &err));
    assert_int_equal(rename(plain, wanted), 0);
    SourceSet set = must_discover(world, wanted);
    assert_string_equal(only_file(&set)->columns[0].name, "wanted");
    assert_null(strpbrk(only_file(&set)->path, "[]*?"));
    assert_string_equal(set.deliveries[0].report, "a_1");
}

static void links_do_not_count_twice(void **state) {
    World *world = *state;
    const char *path = put(world, "a/x.csv", "team,cost\na,1\n");
    assert_int_equal(symlink("x.csv", file_join(world->arena, world->folder, "a/latest.csv")), 0);
    assert_int_equal(symlink("..", file_join(world->arena, world->folder, "a/up")), 0);
    SourceSet set = must_discover(world, world->folder);
    assert_string_equal(only_file(&set)->path, path);
    const char *both[] = {path, world->folder, path};
    Err err;
    assert_true(discover_paths(world, both, 3, &set, &err));
    only_file(&set);
}

static void table_names_are_sql_names(void **state) {
    World *world = *state;
    static const char *const pairs[][2] = {
        {"ebs_volumes.csv", "ebs_volumes"},
        {"Cost by Team (2026).csv.gz", "cost_by_team_2026"},
        {"2026-07.snappy.parquet", "t_2026_07"},
        {"order.csv", "order_table"},
        {"bill.csv", "bill_table"},
        {"'; DROP TABLE cur; --", "drop_table_cur"},
        {"\xE2\x80\xAE"
         "gnitekram.csv",
         "gnitekram"},
        {".csv", "csv"},
        {"...", "data"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_string_equal(group_table_name(world->arena, pairs[i][0]), pairs[i][1]);
    }
}

static void hostile_names_are_only_names(void **state) {
    World *world = *state;
    static const char *const names[] = {"'; DROP TABLE cur; --.csv", "%s%s%n.csv", "\x1b]8;;x\x07.csv", "a\nb.csv",
                                        "\xE2\x80\xAE.csv",          "[x]*?.csv",  "\xFF\xFE.csv",      "$(id).csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        SourceSet set = must_discover(world, put(world, names[i], "\"'; DROP TABLE cur; --\",%s%n,\x1b[31m\n1,2,3\n"));
        assert_string_equal(only_file(&set)->columns[0].key, "'; DROP TABLE cur; --");
        assert_null(strchr(only_file(&set)->shown_path, '\x1b'));
        assert_null(strchr(only_file(&set)->shown_path, '\n'));
        must_decline(world, put(world, names[i], ""), "is empty");
    }
}

static void fingerprints_follow_the_files(void **state) {
    World *world = *state;
    const char *first = NULL;
    const char *second = NULL;
    Err err = {0};
    put(world, "x.csv", "team,cost\na,1\n");
    put(world, "empty.csv", "");
    SourceSet set = must_discover(world, world->folder);
    assert_true(source_fingerprint(world->arena, &world->folder, 1, &first, &err));
    assert_string_equal(first, set.fingerprint);
    assert_int_equal(strlen(first), 64);
    put_bytes(world, "x.csv", "team,cost\na,2\n", 14, 5);
    assert_true(source_fingerprint(world->arena, &world->folder, 1, &second, &err));
    assert_string_not_equal(first, second);
    put_bytes(world, "x.csv", "team,cost\na,1\n", 14, 0);
    assert_true(source_fingerprint(world->arena, &world->folder, 1, &second, &err));
    assert_string_equal(first, second);
    put(world, "a-Manifest.json", "{\"reportKeys\":[\"x.csv\"],\"assemblyId\":\"1\"}");
    assert_true(source_fingerprint(world->arena, &world->folder, 1, &first, &err));
    assert_string_not_equal(first, second);
    const char *missing = "/nowhere/x.csv";
    assert_false(source_fingerprint(world->arena, &missing, 1, &first, &err));
}

static void manifests_are_parsed_leniently(void **state) {
    World *world = *state;
    Manifest manifest;
    static const char export_text[] =
        "{\"executionId\":\"e\",\"exportArn\":\"arn:aws:bcm-data-exports:us-east-1:1:export/a-b-4861a401-4d98-41d4-b45a-"
        "00682279ef09\",\"dataFiles\":[\"s3://bucket/a/b.csv\",\"/c.csv\",7,null,\"s3://bucket\"]}";
    assert_int_equal(manifest_parse(world->arena, export_text, strlen(export_text), &manifest), MANIFEST_EXPORT);
    assert_string_equal(manifest.report, "a-b");
    assert_int_equal(manifest.key_count, 3);
    assert_string_equal(manifest.keys[0], "a/b.csv");
    assert_string_equal(manifest.keys[1], "c.csv");
    static const char wrong[] = "{\"reportKeys\":{\"a\":1},\"assemblyId\":{},\"billingPeriod\":[]}";
    assert_int_equal(manifest_parse(world->arena, wrong, strlen(wrong), &manifest), MANIFEST_NONE);
    static const char odd[] = "{\"reportKeys\":[],\"assemblyId\":{},\"billingPeriod\":[],\"reportName\":3}";
    assert_int_equal(manifest_parse(world->arena, odd, strlen(odd), &manifest), MANIFEST_LEGACY);
    assert_null(manifest.period);
    assert_int_equal(manifest_parse(world->arena, "{", 1, &manifest), MANIFEST_NONE);
    assert_int_equal(manifest_parse(world->arena, "{\"blobs\":", 9, &manifest), MANIFEST_DAMAGED);
}

/* The example bills outside the repository, where they are. */
static const char *shared_folder(Arena *arena) {
    const char *given = getenv("CURLEW_SHARED");
    const char *folder = arena_printf(arena, "%s/data", given ? given : "../shared");
    return file_info(folder).kind == FILE_FOLDER ? folder : NULL;
}

static void check_shared(World *world, const char *shared, const char *name, size_t deliveries, SourceFormat first,
                         size_t files) {
    SourceSet set = must_discover(world, file_join(world->arena, shared, name));
    size_t count = 0;
    for (size_t i = 0; i < set.delivery_count; i++) count += set.deliveries[i].file_count;
    for (size_t i = 0; i < set.delivery_count; i++) {
        const Delivery *d = &set.deliveries[i];
        print_message("%-24s %s %s %s %s files=%zu columns=%zu\n", name, source_format_name(d->format), d->format_version,
                      d->report, d->period ? d->period : "-", d->file_count, d->files[0].column_count);
    }
    for (size_t i = 0; i < set.note_count; i++) print_message("  note: %s\n", set.notes[i]);
    assert_int_equal(set.delivery_count, deliveries);
    assert_int_equal(set.deliveries[0].format, first);
    assert_int_equal(count, files);
}

static void example_bills_are_recognised(void **state) {
    World *world = *state;
    const char *shared = shared_folder(world->arena);
    if (!shared) {
        print_message("the example bills are not there: skipped\n");
        skip();
    }
    check_shared(world, shared, "real/workshop-cur-2018", 1, FORMAT_CUR_LEGACY, 2);
    check_shared(world, shared, "real/legacy-csv-2018", 1, FORMAT_CUR_LEGACY, 1);
    check_shared(world, shared, "real/legacy-anonymised-2023", 1, FORMAT_CUR_LEGACY, 1);
    check_shared(world, shared, "real/focus-1.0-sample", 1, FORMAT_FOCUS, 1);
    check_shared(world, shared, "real/focus-1.2-small", 2, FORMAT_FOCUS, 4);
    check_shared(world, shared, "real/focus-spec-examples", 4, FORMAT_FOCUS, 26);
    check_shared(world, shared, "real/nise-legacy", 2, FORMAT_CUR_LEGACY, 3);
    check_shared(world, shared, "real/small", 5, FORMAT_CUR_LEGACY, 5);
    check_shared(world, shared, "world-a/cur2", 4, FORMAT_CUR2, 4);
    check_shared(world, shared, "world-a/cur-legacy", 1, FORMAT_CUR_LEGACY, 1);
    check_shared(world, shared, "world-a/focus", 1, FORMAT_FOCUS, 1);
    check_shared(world, shared, "world-a/athena-results", 5, FORMAT_TABLE, 5);
    check_shared(world, shared, "world-a", 11, FORMAT_CUR_LEGACY, 11);
    must_decline(world, file_join(world->arena, shared, "real/nise-legacy/empty_frame.csv"), "has a header but no rows");
}

int main(void) {
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_world, drop_world)
    const struct CMUnitTest tests[] = {
        TEST(athena_names_follow_aws),
        TEST(layouts_are_read_from_folders),
        TEST(legacy_export_follows_its_manifest),
        TEST(one_period_of_a_legacy_export_may_be_given),
        TEST(data_export_follows_its_manifest),
        TEST(a_manifest_may_name_what_is_not_there),
        TEST(without_manifest_the_newest_version_counts),
        TEST(a_report_may_change_its_way_of_delivery),
        TEST(azure_exports_follow_their_manifests),
        TEST(partitions_are_one_table),
        TEST(csv_variants_are_told_apart),
        TEST(keys_are_canonical),
        TEST(what_cannot_be_read_is_declined),
        TEST(packed_files_are_checked),
        TEST(loose_files_are_grouped_by_shape),
        TEST(archives_are_unpacked),
        TEST(parts_may_be_archives),
        TEST(archives_that_hold_no_bill_are_declined),
        TEST(files_cut_short_are_found),
        TEST(names_like_patterns_are_read_as_they_are),
        TEST(links_do_not_count_twice),
        TEST(table_names_are_sql_names),
        TEST(hostile_names_are_only_names),
        TEST(fingerprints_follow_the_files),
        TEST(manifests_are_parsed_leniently),
        TEST(example_bills_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
