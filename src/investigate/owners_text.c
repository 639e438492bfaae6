/* The report for people. */
#include <math.h>
#include <string.h>

#include "answer/answer.h"
#include "base/text.h"
#include "investigate/owners_show.h"

enum { PLOT_WIDTH = 25, SHARES_SHOWN = 15, ORPHANS_SHOWN = 5 };

static const double enough = 0.9; /* the lower bound of what must be right to be believed unread */

const char *owners_percent(Arena *arena, double share) {
    if (share < 0 || isnan(share)) return "–";
    const long percent = lround(floor(share * 100 + 1e-9));
    return arena_printf(arena, "%ld%%", percent);
}

static const char *currency(const OwnersReport *report) {
    return report->bill.catalog->currency_count == 1 ? report->bill.catalog->currencies[0] : NULL;
}

static const char *monthly(Arena *arena, const OwnersReport *report, Decimal cost) {
    return answer_display(arena, owners_monthly(arena, report, cost), currency(report));
}

static const char *thing_count(Arena *arena, size_t count, const char *one) {
    return arena_printf(arena, "%s %s%s", text_count(arena, (long long)count), one, count == 1 ? "" : "s");
}

/* --- what it comes to --- */

static void add_sums(Arena *arena, const OwnersReport *report, Report *out) {
    const OwnersBill *bill = &report->bill;
    Decimal untagged = {0};
    if (!decimal_add(report->named, report->unknown.cost, &untagged)) untagged = (Decimal){0};
    report_heading(out, arena_printf(arena, "Who probably owns what has no tag “%s”", bill->tag));
    report_pair(out, "untagged",
                arena_printf(arena, "%s of %s resources, %s a month", text_count(arena, (long long)report->guess_count),
                             text_count(arena, (long long)bill->resource_count), monthly(arena, report, untagged)));
    if (report->exam.supported) {
        report_pair(out, "named",
                    arena_printf(arena, "%s with %s or more, %s a month", thing_count(arena, report->named_count, "resource"),
                                 owners_percent(arena, report->confidence), monthly(arena, report, report->named)));
        report_pair(out, "unknown",
                    arena_printf(arena, "%s, %s a month", thing_count(arena, report->unknown.named_count, "resource"),
                                 monthly(arena, report, report->unknown.cost)));
        report_pair(out, "coverage",
                    arena_printf(arena, "%s of the cost of resources is tagged; %s with those named here",
                                 owners_percent(arena, owners_share(bill->tagged_cost, bill->cost)),
                                 owners_percent(arena, owners_coverage_after(report))));
    }
    if (!decimal_is_zero(report->recovered))
        report_pair(out, "tagged later",
                    arena_printf(arena, "%s a month of lines from before their resource got the tag: theirs for certain",
                                 monthly(arena, report, report->recovered)));
    if (bill->retagged_count)
        report_pair(out, "changed hands",
                    arena_printf(arena, "%s had another value before; the latest counts",
                                 thing_count(arena, bill->retagged_count, "resource")));
    if (bill->near_spellings) report_pair(out, "one owner or two?", bill->near_spellings);
}

/* --- whether to trust it --- */

static void set_method(Arena *arena, Grid *grid, size_t row, const char *name, double accuracy, double brier,
                       double precision) {
    grid_set(grid, row, 0, name);
    grid_set(grid, row, 1, owners_percent(arena, accuracy));
    grid_set(grid, row, 2, owners_percent(arena, precision));
    grid_set(grid, row, 3, arena_printf(arena, "%.3f", brier));
}

static void add_methods(Arena *arena, const OwnersExam *exam, Report *out) {
    Grid *grid = grid_make(arena, 4, 3);
    static const GridColumn columns[] = {{.title = "method", .cut = CUT_END},
                                         {.title = "right", .right = true},
                                         {.title = "right when ≥ 90%", .right = true},
                                         {.title = "Brier", .right = true}};
    memcpy(grid->columns, columns, sizeof columns);
    set_method(arena, grid, 0, "this", exam->accuracy, exam->brier, exam->precision_at_90);
    set_method(arena, grid, 1, "majority of the account", exam->account_accuracy, exam->account_brier,
               exam->account_precision_at_90);
    set_method(arena, grid, 2, "who launched in the same hour", exam->hour_accuracy, exam->hour_brier,
               exam->hour_precision_at_90);
    report_grid(out, grid);
}

/* A bar as long as what was right, and a mark where what was said would be: on the mark is honest. */
static const char *plot_bin(Arena *arena, const ReliabilityBin *bin) {
    Buffer out = {.arena = arena};
    const long mark = lround(bin->said * (PLOT_WIDTH - 1)), end = lround(bin->right * (PLOT_WIDTH - 1));
    const long size = mark > end ? mark : end;
    for (long i = 0; i <= size; i++) buffer_add(&out, i == mark ? (i <= end ? "┃" : "│") : i <= end ? "█" : "·");
    return buffer_text(&out);
}

static void add_reliability(Arena *arena, const OwnersExam *exam, Report *out) {
    static const GridColumn columns[] = {{.title = "said", .right = true},
                                         {.title = "right", .right = true},
                                         {.title = "resources", .right = true},
                                         {.title = "█ was right, │ was said", .cut = CUT_END}};
    size_t row = 0;
    Grid *grid = grid_make(arena, 4, exam->bin_count);
    memcpy(grid->columns, columns, sizeof columns);
    for (size_t i = 0; i < exam->bin_count; i++) {
        const ReliabilityBin *bin = &exam->bins[i];
        if (!bin->count) continue;
        grid_set(grid, row, 0, owners_percent(arena, bin->said));
        grid_set(grid, row, 1, owners_percent(arena, bin->right));
        grid_set(grid, row, 2, text_count(arena, (long long)bin->count));
        grid_set(grid, row++, 3, plot_bin(arena, bin));
    }
    grid->row_count = row;
    report_grid(out, grid);
}

static void add_exam(Arena *arena, const OwnersReport *report, Report *out) {
    const OwnersExam *exam = &report->exam;
    report_heading(out, "Can it be trusted?");
    if (!exam->supported) {
        report_line(
            out,
            arena_printf(arena,
                         "No probabilities: %s. What follows is ranked evidence only; the likeliest owner is a hint to ask, "
                         "not an answer.",
                         exam->why_not));
        return;
    }
    report_line(
        out,
        arena_printf(arena,
                     "%s tagged resources were hidden, launch by launch, and guessed like untagged ones. Where it said 90%% "
                     "or more, it was right %ld times in 100 (at least %ld, with 95%% confidence), and it said so of %s of "
                     "them. What was said and what was right differ by %.1f points on average.",
                     text_count(arena, (long long)exam->trials), lround(floor(exam->precision_at_90 * 100 + 1e-9)),
                     lround(floor(exam->precision_low_at_90 * 100 + 1e-9)), owners_percent(arena, exam->coverage_at_90),
                     exam->ece * 100));
    if (exam->precision_low_at_90 < enough)
        report_line(out, arena_printf(arena,
                                      "That is too little to be sure of: read the evidence of each before you believe it (%s "
                                      "resources count, by likeness to the untagged ones).",
                                      text_count(arena, lround(exam->effective_trials))));
    add_methods(arena, exam, out);
    add_reliability(arena, exam, out);
}

/* --- the resources --- */

static const char *owner_name(Arena *arena, const OwnersReport *report, int owner) {
    return owner == OWNER_NONE ? "?" : text_printable(arena, report->bill.owners[owner].name);
}

/* "payments", "payments?" of one that is not likely enough. */
static const char *guess_name(Arena *arena, const OwnersReport *report, const OwnerGuess *guess) {
    if (guess->owner != OWNER_NONE) return owner_name(arena, report, guess->owner);
    return guess->best == OWNER_NONE ? "?" : arena_printf(arena, "%s?", owner_name(arena, report, guess->best));
}

static void add_guesses(Arena *arena, const OwnersReport *report, size_t limit, Report *out) {
    static const GridColumn columns[] = {{.title = "resource"},
                                         {.title = "a month", .right = true},
                                         {.title = "owner", .cut = CUT_LAST},
                                         {.title = "p", .right = true},
                                         {.title = "because", .cut = CUT_END}};
    const size_t most = limit ? limit : OWNERS_SHOWN;
    const size_t count = report->guess_count < most ? report->guess_count : most;
    Grid *grid = grid_make(arena, 5, count);
    memcpy(grid->columns, columns, sizeof columns);
    if (!count) return;
    for (size_t i = 0; i < count; i++) {
        const OwnerGuess *guess = &report->guesses[i];
        grid_set(grid, i, 0, text_printable(arena, guess->resource->id));
        grid_set(grid, i, 1, monthly(arena, report, guess->resource->cost));
        grid_set(grid, i, 2, guess_name(arena, report, guess));
        grid_set(grid, i, 3, owners_percent(arena, guess->best_probability));
        grid_set(grid, i, 4, guess->because ? guess->because : "nothing like it is tagged");
    }
    report_heading(out, count < report->guess_count
                            ? arena_printf(arena, "The dearest %zu of %s (--limit shows more, --csv and --json all)", count,
                                           thing_count(arena, report->guess_count, "resource"))
                            : "The resources, dearest first");
    report_grid(out, grid);
}

static void add_shares(Arena *arena, const OwnersReport *report, Report *out) {
    static const GridColumn columns[] = {{.title = "owner"},
                                         {.title = "tagged", .right = true},
                                         {.title = "named here", .right = true},
                                         {.title = "a month", .right = true},
                                         {.title = "resources", .right = true}};
    const size_t count = report->share_count < SHARES_SHOWN ? report->share_count : SHARES_SHOWN;
    Grid *grid = grid_make(arena, 5, count + 1);
    memcpy(grid->columns, columns, sizeof columns);
    for (size_t i = 0; i <= count; i++) {
        const OwnerShare *share = i < count ? &report->shares[i] : &report->unknown;
        grid_set(grid, i, 0, share->name ? text_printable(arena, share->name) : "(unknown)");
        grid_set(grid, i, 1, share->name ? monthly(arena, report, share->tagged) : "");
        grid_set(grid, i, 2, monthly(arena, report, share->named));
        grid_set(grid, i, 3, monthly(arena, report, share->cost));
        grid_set(grid, i, 4, text_count(arena, (long long)(share->tagged_count + share->named_count)));
    }
    report_heading(out, "By owner, cost of an average month");
    report_grid(out, grid);
    if (count < report->share_count)
        report_line(out,
                    arena_printf(arena, "%s are not shown.", thing_count(arena, report->share_count - count, "more owner")));
}

static void add_orphans(Arena *arena, const OwnersReport *report, Report *out) {
    const size_t count = report->orphan_count < ORPHANS_SHOWN ? report->orphan_count : ORPHANS_SHOWN;
    if (!count || !report->exam.supported) return;
    Grid *grid = grid_make(arena, 4, count);
    static const GridColumn columns[] = {
        {.title = "resource"}, {.title = "a month", .right = true}, {.title = "account"}, {.title = "kind"}};
    memcpy(grid->columns, columns, sizeof columns);
    for (size_t i = 0; i < count; i++) {
        const OwnersResource *resource = report->orphans[i]->resource;
        grid_set(grid, i, 0, text_printable(arena, resource->id));
        grid_set(grid, i, 1, monthly(arena, report, resource->cost));
        grid_set(grid, i, 2,
                 text_printable(arena, text_is_empty(resource->account_name) ? resource->account : resource->account_name));
        grid_set(grid, i, 3, text_printable(arena, resource->kind));
    }
    report_heading(out, arena_printf(arena, "Orphans: %s, still metered and nobody near, most costly first",
                                     thing_count(arena, report->orphan_count, "resource")));
    report_grid(out, grid);
}

Report *owners_text(Arena *arena, const OwnersReport *report, size_t limit) {
    Report *out = report_make(arena);
    add_sums(arena, report, out);
    add_exam(arena, report, out);
    add_guesses(arena, report, limit, out);
    if (report->exam.supported) add_shares(arena, report, out);
    add_orphans(arena, report, out);
    if (report->named_count)
        report_line(
            out,
            "To act on it: --commands writes the commands that set these tags, for review. Ask the runner-up's team where two "
            "are close; what is below the confidence is a question, not a finding.");
    return out;
}
