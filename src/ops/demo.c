/* The guided tour: operations of the table, one after the other, on a sample bill of its own. What the table does not have is left out. */
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "io/file.h"
#include "ops/operations.h"

#define DEMO_ROWS "40000"
#define DEMO_ARGUMENTS 4
#define MARKDOWN_WIDTH 80

/* $folder, $workspace, $seed, $tag and $month stand for what the tour has. */
typedef struct {
    const char *operation, *title, *says;
    const char *arguments[DEMO_ARGUMENTS][2]; /* name and value */
    size_t excerpt_lines;                     /* of what it shows */
} DemoStep;

static const DemoStep STEPS[] = {
    {"sample",
     "A bill to practise on",
     "An invented organisation: its bill as AWS delivers it, and what is true of it in truth.json.",
     {{"out", "$folder/bill"}, {"rows", DEMO_ROWS}, {"seed", "$seed"}},
     0},
    {"load",
     "Load it",
     "Files are read once; what comes in again is recognised. Every total ties to the invoice.",
     {{"path", "$folder/bill/cur2"}, {"workspace", "$workspace"}},
     14},
    {"profile", "What is in it?", "Months, columns and what stands in them.", {{"workspace", "$workspace"}}, 26},
    {"ask",
     "Ask in plain English",
     "The answer says how it was understood and what it counted, and shows its SQL.",
     {{"question", "top 5 services by cost in $month"}, {"workspace", "$workspace"}},
     30},
    {"ask",
     "By whom?",
     "Tags are columns like any other; what has no tag is not hidden.",
     {{"question", "cost by $tag in $month"}, {"workspace", "$workspace"}},
     24},
    {"why",
     "Why did it change?",
     "Causes that add up to the change, to the cent.",
     {{"words", "$month"}, {"workspace", "$workspace"}},
     30},
    {"architecture",
     "What could be saved?",
     "Rules read the architecture from the bill; each finding has its formula and the commands to check and to mend.",
     {{"workspace", "$workspace"}},
     34},
    {"owners",
     "Whose is what has no tag?",
     "Likely owners with a probability, tested on the bill's own tags.",
     {{"tag", "$tag"}, {"workspace", "$workspace"}},
     28},
    {"stats",
     "What was learned",
     "Questions are noted on this machine only, and make the next answers quicker.",
     {{"workspace", "$workspace"}},
     22},
};

typedef struct {
    Arena *arena;
    const OpContext *context;
    const char *folder, *seed, *tag, *month;
    OpResult *out;
    Json *steps;
    size_t count, number;
} Tour;

/* --- What a step is called with ---------------------------------------------------------------------------------------------------------- */

static const char *put_in(Arena *arena, const char *text, const char *word, const char *value) {
    const char *at = strstr(text, word);
    return at ? arena_printf(arena, "%.*s%s%s", (int)(at - text), text, value, at + strlen(word)) : text;
}

static const char *value_of(const Tour *tour, const char *text) {
    text = put_in(tour->arena, text, "$folder", tour->folder);
    text = put_in(tour->arena, text, "$workspace", file_join(tour->arena, tour->folder, "workspace"));
    text = put_in(tour->arena, text, "$seed", tour->seed);
    text = put_in(tour->arena, text, "$tag", tour->tag);
    return put_in(tour->arena, text, "$month", tour->month);
}

static OpCall call_of(const Tour *tour, const DemoStep *step) {
    OpCall call = {.names = arena_array(tour->arena, DEMO_ARGUMENTS, sizeof *call.names),
                   .values = arena_array(tour->arena, DEMO_ARGUMENTS, sizeof *call.values)};
    for (size_t i = 0; i < DEMO_ARGUMENTS && step->arguments[i][0]; i++) {
        call.names[call.count] = step->arguments[i][0];
        call.values[call.count++] = value_of(tour, step->arguments[i][1]);
    }
    return call;
}

static bool is_positional(const Operation *operation, const char *name) {
    for (const OpArgument *const *argument = operation->arguments; *argument; argument++)
        if (text_equal((*argument)->name, name)) return (*argument)->positional;
    return false;
}

/* As it would be typed: options, then what stands without a name, in quotes where a shell needs them. */
static const char *command_of(const Tour *tour, const Operation *operation, const OpCall *call) {
    Buffer text = {.arena = tour->arena};
    buffer_printf(&text, "curlew %s", operation->name);
    for (int positional = 0; positional < 2; positional++)
        for (size_t i = 0; i < call->count; i++) {
            if (is_positional(operation, call->names[i]) != (positional == 1)) continue;
            const char *quote = strpbrk(call->values[i], " $'()&;") ? "\"" : "";
            if (!positional) buffer_printf(&text, " --%s", call->names[i]);
            buffer_printf(&text, " %s%s%s", quote, call->values[i], quote);
        }
    return buffer_text(&text);
}

/* --- Showing ------------------------------------------------------------------------------------------------------------------------------- */

static void introduce(const Tour *tour, Report *report, const DemoStep *step, const char *command) {
    report_heading(report, arena_printf(tour->arena, "%zu of %zu · %s", tour->number, tour->count, step->title));
    report_line(report, step->says);
    report_verbatim(report, arena_printf(tour->arena, "$ %s\n", text_printable(tour->arena, command)));
}

static void show(const Tour *tour, const DemoStep *step, const char *command, const OpResult *result, const Err *err) {
    Json *entry = json_add_object(tour->steps);
    json_put_text(entry, "title", step->title);
    json_put_text(entry, "command", command);
    Json *object = NULL;
    Err ignored = {0};
    const char *json = result ? op_show(tour->arena, result, FORM_JSON, 0, false) : NULL;
    if (json && json_parse(tour->arena, json, strlen(json), &object, &ignored)) json_put(entry, "result", object);
    if (!result) json_put_text(entry, "failure", err->message);
    Report *report = tour->context->step ? report_make(tour->arena) : tour->out->report;
    introduce(tour, report, step, command);
    if (!result) report_line(report, err->message);
    if (tour->context->step) {
        OpResult head = {.report = report};
        tour->context->step(tour->context->door, &head);
        if (result) tour->context->step(tour->context->door, result);
    } else if (result) {
        report_verbatim(report, op_show(tour->arena, result, FORM_TEXT, MARKDOWN_WIDTH, false));
    }
}

/* --- The tour ------------------------------------------------------------------------------------------------------------------------------- */

/* What truth.json says of the sample: the tag that names owners, the last closed month. */
static bool read_truth(Tour *tour, Err *err) {
    char *text = NULL;
    size_t size = 0;
    Json *truth = NULL;
    if (!file_read(tour->arena, file_join(tour->arena, tour->folder, "bill/truth.json"), (size_t)256 << 20, &text, &size,
                   err) ||
        !json_parse(tour->arena, text, size, &truth, err))
        return false;
    const char *key = json_get_text(json_get(truth, "owner_tag_keys"), "primary"), *basis = json_get_text(truth, "basis_month");
    Day day = 0;
    if (!key || !basis || !date_parse(arena_printf(tour->arena, "%s-01", basis), &day))
        return err_set(err, ERR_INTERNAL, "The sample's truth.json lacks what the tour needs");
    tour->tag = text_starts(key, "user_") ? key + strlen("user_") : key;
    tour->month = arena_printf(tour->arena, "%s %d", date_month_name(date_calendar(day).month), date_calendar(day).year);
    return true;
}

static bool take_step(Tour *tour, const DemoStep *step, Err *err) {
    const Operation *operation = operation_find(step->operation);
    if (!operation) return true;
    tour->number++;
    if (tour->context->stop && *tour->context->stop)
        return err_set(err, ERR_CANCELLED, "The tour was stopped; %s holds what there is of it", tour->folder);
    OpCall call = call_of(tour, step);
    const OpResult *result = NULL;
    OpResult excerpt = {0};
    OpContext quiet = *tour->context;
    quiet.tell = NULL;
    Err own = {0};
    bool done = operation_run(tour->arena, &quiet, operation, &call, &result, &own);
    /* Without the bill there is no tour; a later step that fails says so and the tour goes on. */
    bool needed = text_equal(step->operation, "sample") || text_equal(step->operation, "load");
    if (!done && (needed || own.kind == ERR_CANCELLED)) {
        *err = own;
        return false;
    }
    if (done) {
        excerpt = *result;
        excerpt.excerpt_lines = step->excerpt_lines;
    }
    show(tour, step, command_of(tour, operation, &call), done ? &excerpt : NULL, &own);
    return !text_equal(step->operation, "sample") || read_truth(tour, err);
}

static void close_tour(const Tour *tour, bool clean) {
    Report *report = tour->out->report;
    report_heading(report, "Go on alone");
    if (clean) {
        report_line(
            report,
            "The bill of this tour was removed. Another one: curlew sample --out DIR; your own: curlew load FILE-OR-FOLDER");
        return;
    }
    report_verbatim(report, arena_printf(tour->arena, "$ curlew chat --workspace %s/workspace\n",
                                         text_printable(tour->arena, tour->folder)));
    report_line(
        report,
        arena_printf(tour->arena,
                     "The bill of this tour stays in %s until the next tour replaces it (--clean removes it at the end).",
                     tour->folder));
    report_line(report, "Your own bill: curlew load FILE-OR-FOLDER");
}

static bool remove_tour(const Tour *tour, Err *err) {
    return file_remove_tree(file_join(tour->arena, tour->folder, "workspace"), err) &&
           file_remove_tree(file_join(tour->arena, tour->folder, "bill"), err);
}

/* The tour before makes room; a folder with anything else in it is not ours to fill. */
static bool make_place(const Tour *tour, Err *err) {
    const char **names = NULL;
    size_t count = 0;
    if (!file_make_folder(tour->folder, err) || !file_list(tour->arena, tour->folder, &names, &count, err)) return false;
    bool tour_before = file_info(file_join(tour->arena, tour->folder, "bill/truth.json")).kind == FILE_REGULAR;
    for (size_t i = 0; i < count; i++)
        if (!tour_before || (!text_equal(names[i], "bill") && !text_equal(names[i], "workspace")))
            return err_set(err, ERR_INPUT, "%s holds other files (%s); give an empty folder for the tour", tour->folder,
                           names[i]);
    return remove_tour(tour, err);
}

bool op_demo(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err) {
    const char *folder = call_text(call, "out");
    Tour tour = {.arena = arena,
                 .context = context,
                 .folder = folder ? folder : file_join(arena, file_cache_home(arena), "demo"),
                 .seed = arena_printf(arena, "%lld", call_count(call, "seed", 1)),
                 .out = out,
                 .tag = "",
                 .month = ""};
    bool clean = call_flag(call, "clean");
    out->json = json_make_object(arena);
    out->report = report_make(arena);
    json_put_text(out->json, "folder", tour.folder);
    tour.steps = json_put_array(out->json, "steps");
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) tour.count += operation_find(STEPS[i].operation) != NULL;
    if (!make_place(&tour, err)) return false;
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (!take_step(&tour, &STEPS[i], err)) return false;
    json_put_bool(out->json, "kept", !clean);
    close_tour(&tour, clean);
    return !clean || remove_tour(&tour, err);
}
