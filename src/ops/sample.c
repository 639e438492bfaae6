#include "sample/sample.h"

#include "base/text.h"
#include "io/file.h"
#include "ops/operations.h"
#include "ops/progress.h"

bool op_sample(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    enum { ROWS = 100000 };
    SampleRequest request = {.folder = call_text(call, "out"),
                             .rows = call_count(call, "rows", ROWS),
                             .seed = call_count(call, "seed", 1),
                             .stop = context->stop};
    request.formats = call_list(arena, call, "format", &request.format_count);
    request.progress = context->progress ? progress_of_sample : NULL;
    request.context = progress_door(arena, context);
    SampleReport made = {0};
    if (!sample_make(arena, &request, &made, err)) return false;
    out->json = json_make_object(arena);
    json_put_text(out->json, "export", made.export_root);
    json_put_text(out->json, "truth", file_join(arena, request.folder, "truth.json"));
    json_put_text(out->json, "organisation", json_get_text(made.truth, "organisation"));
    json_put_integer(out->json, "row_count", made.row_count);
    json_put_integer(out->json, "months", (long long)made.month_count);
    json_put_integer(out->json, "seed", request.seed);
    out->report = report_make(arena);
    report_heading(out->report, "A sample bill is written");
    report_pair(out->report, "organisation", json_get_text(made.truth, "organisation"));
    report_pair(out->report, "lines", text_count(arena, made.row_count));
    report_pair(out->report, "months", text_count(arena, (long long)made.month_count));
    report_pair(out->report, "planted",
                arena_printf(arena, "%zu kinds of waste, %zu that only look like it",
                             json_count(json_get(made.truth, "findings")), json_count(json_get(made.truth, "decoys"))));
    report_pair(out->report, "truth", arena_printf(arena, "%s/truth.json", request.folder));
    report_pair(out->report, "next", arena_printf(arena, "curlew load %s", made.export_root));
    return true;
}
