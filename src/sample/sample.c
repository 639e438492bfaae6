#include "sample/sample.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/duck.h"
#include "io/file.h"
#include "sample/export.h"
#include "sample/month.h"
#include "sample/world.h"

/* What one run carries from month to month. */
typedef struct {
    Arena *arena;
    DuckSession *session;
    const SampleRequest *request;
    SampleShape shape;
    char *root; /* of the export */
    Json *truth;
    Json *months;
    long long row_count;
} Run;

static bool stopped(const SampleRequest *request, Err *err) {
    if (!request->stop || !*request->stop) return false;
    err_set(err, ERR_CANCELLED, "Stopped: the unfinished sample was removed");
    return true;
}

static void report(const Run *run, size_t month_index, const char *month, double part) {
    if (!run->request->progress) return;
    double count = (double)run->shape.month_count;
    SampleProgress progress = {.what =
                                   arena_printf(run->arena, "%s (%zu of %zu)", month, month_index + 1, run->shape.month_count),
                               .fraction = ((double)month_index + part) / count,
                               .rows = (unsigned long long)run->row_count};
    run->request->progress(run->request->context, &progress);
}

static bool write_month(Run *run, size_t month_index, Err *err) {
    Day start = date_month(run->shape.first_day, (int)month_index);
    const char *month = arena_text_n(run->arena, date_text(run->arena, start), strlen("YYYY-MM"));
    bool open = month_index + 1 == run->shape.month_count;
    report(run, month_index, month, 0);
    if (stopped(run->request, err) || !sample_build_month(run->arena, run->session, &run->shape, month_index, err))
        return false;
    report(run, month_index, month, 0.5);
    return !stopped(run->request, err) && sample_export_month(run->arena, run->session, run->root, month, open, err) &&
           sample_add_truth(run->arena, run->session, month, run->months, &run->row_count, err);
}

static bool write_truth(Run *run, Err *err) {
    json_put_text(run->truth, "export", SAMPLE_EXPORT_NAME);
    json_put_integer(run->truth, "seed", run->request->seed);
    json_put_text(run->truth, "granularity", run->shape.daily ? "daily" : "hourly");
    json_put_text(run->truth, "currency", "USD");
    json_put_integer(run->truth, "row_count", run->row_count);
    const char *text = json_write(run->arena, run->truth, true);
    return file_write_atomic(file_join(run->arena, run->request->folder, "truth.json"), text, strlen(text), err);
}

/* A folder that holds something else is not ours to fill. */
static bool check_folder(Arena *arena, const char *folder, Err *err) {
    const char **names = NULL;
    size_t count = 0;
    if (!file_make_folder(folder, err) || !file_list(arena, folder, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++)
        if (!text_equal(names[i], "truth.json") && !text_equal(names[i], SAMPLE_EXPORT_NAME) &&
            !text_equal(names[i], ".scratch"))
            return err_set(err, ERR_INPUT, "%s holds other files (%s); give an empty folder for the sample", folder, names[i]);
    return true;
}

static bool make_all(Run *run, const char *scratch, Err *err) {
    DuckOptions options = {.temp_directory = scratch};
    Duck *duck = NULL;
    if (!duck_open(run->arena, file_join(run->arena, scratch, "sample.duckdb"), &options, &duck, err) ||
        !duck_connect(run->arena, duck, &run->session, err) || !sample_build_world(run->arena, run->session, &run->shape, err))
        return false;
    for (size_t month = 0; month < run->shape.month_count; month++)
        if (!write_month(run, month, err)) return false;
    return true;
}

bool sample_make(Arena *arena, const SampleRequest *request, SampleReport *out, Err *err) {
    if (request->rows < SAMPLE_ROWS_LEAST || request->rows > SAMPLE_ROWS_MOST)
        return err_set(err, ERR_USAGE, "--rows takes a number from %s to %s", text_count(arena, SAMPLE_ROWS_LEAST),
                       text_count(arena, SAMPLE_ROWS_MOST));
    if (!check_folder(arena, request->folder, err)) return false;
    Arena *work = arena_make();
    Run run = {.arena = work, .request = request, .shape = sample_shape(work, request->rows, request->seed)};
    run.root = file_join(work, request->folder, SAMPLE_EXPORT_NAME);
    run.truth = json_make_object(arena);
    run.months = json_put_array(run.truth, "months");
    const char *scratch = file_join(work, request->folder, ".scratch");
    bool made = file_remove_tree(scratch, err) && file_remove_tree(run.root, err) && file_make_folder(scratch, err) &&
                make_all(&run, scratch, err) && write_truth(&run, err);
    out->export_root = arena_text(arena, run.root);
    Err ignored = {0};
    if (!made) file_remove_tree(run.root, &ignored);
    size_t months = run.shape.month_count;
    long long rows = run.row_count;
    Json *truth = run.truth;
    arena_free(work);
    file_remove_tree(arena_printf(arena, "%s/.scratch", request->folder), &ignored);
    out->row_count = rows;
    out->month_count = months;
    out->truth = truth;
    return made;
}
