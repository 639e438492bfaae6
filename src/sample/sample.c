#include "sample/sample.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/duck.h"
#include "io/file.h"
#include "sample/athena.h"
#include "sample/commit.h"
#include "sample/estate.h"
#include "sample/format.h"
#include "sample/lines.h"
#include "sample/plant.h"
#include "sample/store.h"
#include "sample/truth.h"
#include "sample/writer.h"

/* What one run carries. */
typedef struct {
    Arena *arena;
    DuckSession *session;
    const SampleRequest *request;
    SampleShape shape;
    LineTerms terms;
    World *world;
    FormatSetting setting;
    const SampleFormat *formats[SAMPLE_FORMATS];
    size_t format_count;
    bool athena; /* the small results too */
} Run;

static void report(const Run *run, const char *what, double fraction) {
    if (!run->request->progress) return;
    SampleProgress progress = {.what = what, .fraction = fraction};
    run->request->progress(run->request->context, &progress);
}

/* --- The world ------------------------------------------------------------------------------------------------------------------------- */

/* Lines that are no usage: what is left for them of the lines asked for. */
static long long charge_lines(const SampleShape *shape) {
    if (!shape->daily) return 22000 + shape->rows / 100;
    return shape->month_count < 4 ? shape->rows / 7 : 700 + shape->rows / 25;
}

static void make_world(Run *run) {
    const Organisation *organisation = organisation_make(run->arena, &run->shape);
    long long usage = run->shape.rows - charge_lines(&run->shape);
    run->terms = (LineTerms){.shape = &run->shape, .discount = organisation->discount};
    run->world = world_make(run->arena, &run->shape, organisation);
    estate_add_base(run->world);
    plant_all(run->world, usage * 2 / 5);
    estate_grow(run->world, usage);
    commit_all(run->world);
}

/* --- The whole ------------------------------------------------------------------------------------------------------------------------- */

static void put_head(const Run *run, Json *truth) {
    const Organisation *organisation = run->world->organisation;
    json_put_text(truth, "world", arena_printf(run->arena, "%s-%lld", organisation->id, run->shape.seed));
    json_put_text(truth, "format",
                  "Money is decimal text in USD. Hours are UTC. Doubles of the data files are values with at most 10 "
                  "decimals: rounded to those they add up to these totals exactly.");
    json_put_integer(truth, "seed", run->shape.seed);
    json_put_text(truth, "organisation", organisation->name);
    json_put_text(truth, "granularity", run->shape.daily ? "daily" : "hourly");
    json_put_text(truth, "currency", "USD");
    Json *period = json_put_object(truth, "period");
    json_put_text(period, "first_hour", shape_hour_text(run->arena, &run->shape, 0));
    json_put_text(period, "last_usage_hour", shape_hour_text(run->arena, &run->shape, run->shape.hours - 1));
    json_put_text(period, "data_through_exclusive", shape_hour_text(run->arena, &run->shape, run->shape.hours));
    Json *months = json_put_array(period, "months");
    for (size_t month = 0; month < run->shape.month_count; month++) {
        Json *entry = json_add_object(months);
        json_put_text(entry, "month", shape_month_text(run->arena, &run->shape, month));
        json_put_bool(entry, "closed", month + 1 < run->shape.month_count);
    }
    Json *accounts = json_put_array(truth, "accounts");
    for (size_t i = 0; i < organisation->account_count; i++) {
        Json *entry = json_add_object(accounts);
        json_put_text(entry, "id", organisation->accounts[i].id);
        json_put_text(entry, "name", organisation->accounts[i].name);
        json_put_text(entry, "role", organisation->accounts[i].role);
    }
    Json *payer = json_put_object(truth, "payer");
    json_put_text(payer, "id", organisation_account(organisation, "management")->id);
    json_put_text(payer, "name", organisation_account(organisation, "management")->name);
    json_put_text(truth, "discount",
                  organisation->discount == DISCOUNT_NET     ? "net columns"
                  : organisation->discount == DISCOUNT_LINES ? "lines"
                                                             : "none");
}

static bool write_truth(Run *run, SampleReport *out, Err *err) {
    TruthSetting setting = {.arena = run->arena,
                            .session = run->session,
                            .world = run->world,
                            .terms = &run->terms,
                            .basis = shape_month_text(run->arena, &run->shape, shape_basis(&run->shape))};
    Json *truth = out->truth;
    put_head(run, truth);
    if (!truth_add_totals(&setting, truth, &out->row_count, err)) return false;
    json_put_integer(truth, "row_count", out->row_count);
    if (!truth_add_findings(&setting, truth, err) || !truth_add_changes(&setting, truth, err) ||
        !truth_add_owners(&setting, truth, err))
        return false;
    const char *text = json_write(run->arena, truth, true);
    return file_write_quick(file_join(run->arena, run->request->folder, "truth.json"), text, strlen(text), err);
}

/* A folder that holds something else is not ours to fill. */
static bool check_folder(Arena *arena, const char *folder, Err *err) {
    static const char *const ours[] = {"truth.json", "cur2", "cur2-csv", "legacy", "focus", "athena-results", ".scratch"};
    const char **names = NULL;
    size_t count = 0;
    if (!file_make_folder(folder, err) || !file_list(arena, folder, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t n = 0; n < sizeof ours / sizeof *ours; n++) known = known || text_equal(names[i], ours[n]);
        if (!known)
            return err_set(err, ERR_INPUT, "%s holds other files (%s); give an empty folder for the sample", folder, names[i]);
    }
    return true;
}

static bool remove_outputs(Arena *arena, const char *folder, Err *err) {
    static const char *const outputs[] = {"cur2", "cur2-csv", "legacy", "focus", "athena-results", ".scratch", "truth.json"};
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        if (!file_remove_tree(file_join(arena, folder, outputs[i]), err)) return false;
    return true;
}

static bool make_all(Run *run, const char *scratch, SampleReport *out, Err *err) {
    /* One thread for each statement: the order of lines, and so the bytes, are the same on every run. */
    DuckOptions options = {.threads = 1, .memory_limit_bytes = SAMPLE_MEMORY, .temp_directory = scratch};
    Duck *duck = NULL;
    report(run, "making an organisation", 0);
    make_world(run);
    run->setting =
        (FormatSetting){.terms = &run->terms, .organisation = run->world->organisation, .folder = run->request->folder};
    if (!duck_open(run->arena, file_join(run->arena, scratch, "sample.duckdb"), &options, &duck, err) ||
        !duck_connect(run->arena, duck, &run->session, err) || !store_world(run->world, run->session, scratch, err) ||
        !lines_prepare(run->session, err))
        return false;
    WriterSetting writer = {.duck = duck,
                            .session = run->session,
                            .world = run->world,
                            .setting = &run->setting,
                            .formats = run->formats,
                            .format_count = run->format_count,
                            .request = run->request};
    if (!writer_run(run->arena, &writer, err)) return false;
    report(run, "writing truth.json", 1);
    const char *basis = shape_month_text(run->arena, &run->shape, shape_basis(&run->shape));
    if (run->athena && !athena_write(run->arena, run->session, run->world, run->request->folder, basis, err)) return false;
    return write_truth(run, out, err);
}

static bool choose_formats(Run *run, Err *err) {
    static const char *const usual[] = {"cur2"};
    const SampleRequest *request = run->request;
    size_t count = request->format_count ? request->format_count : 1;
    const char *const *names = request->format_count ? request->formats : usual;
    for (size_t i = 0; i < count; i++) {
        if (text_equal(names[i], "athena")) {
            run->athena = true;
            continue;
        }
        const SampleFormat *format = format_named(names[i]);
        if (!format)
            return err_set(err, ERR_USAGE, "There is no sample format %s; there are cur2, cur2-csv, legacy, focus and athena",
                           names[i]);
        if (run->format_count < SAMPLE_FORMATS) run->formats[run->format_count++] = format;
    }
    return true;
}

bool sample_make(Arena *arena, const SampleRequest *request, SampleReport *out, Err *err) {
    if (request->rows < SAMPLE_ROWS_LEAST || request->rows > SAMPLE_ROWS_MOST)
        return err_set(err, ERR_USAGE, "--rows takes a number from %s to %s", text_count(arena, SAMPLE_ROWS_LEAST),
                       text_count(arena, SAMPLE_ROWS_MOST));
    Arena *work = arena_make();
    Run run = {.arena = work, .request = request, .shape = sample_shape(request->rows, request->seed)};
    *out = (SampleReport){.month_count = run.shape.month_count, .truth = json_make_object(arena)};
    const char *scratch = file_join(work, request->folder, ".scratch");
    bool ours = choose_formats(&run, err) && check_folder(arena, request->folder, err);
    bool made = ours && remove_outputs(work, request->folder, err) && file_make_folder(scratch, err) &&
                make_all(&run, scratch, out, err);
    out->export_root =
        made ? file_join(arena, request->folder, run.format_count ? run.formats[0]->root : "athena-results") : NULL;
    Err ignored = {0};
    if (ours && !made) remove_outputs(arena, request->folder, &ignored);
    arena_free(work);
    if (ours) file_remove_tree(arena_printf(arena, "%s/.scratch", request->folder), &ignored);
    return made;
}
