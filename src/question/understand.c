/* question/understand.c: from words to a plan, or to the reason why not; see question/understand.h.
 *
 * Every content word must be part of the reading that is answered. Where readings differ only in which column a value belongs to, and
 * they mean different lines, the user is asked. */
#include "question/understand.h"

#include <string.h>

#include "base/text.h"
#include "question/chart.h"
#include "question/decline.h"
#include "question/interpret.h"
#include "question/lattice.h"
#include "question/reading.h"

#define AMBIGUOUS_MARGIN 0.045f /* below the preference between two columns (lexicon_build.c) plus rounding */
#define REFUSAL_MARGIN 1.0f     /* a reading that can be answered is taken before one that cannot, if it is nearly as good */

static bool starts_like_yes_or_no(const Tokens *tokens) {
    static const char *const VERBS[] = {"is", "are", "was", "were", "do", "does", "did", "has", "have", "am"};
    static const char *const POLITE[] = {"hi", "hello", "hey", "please", ",", "so", "ok", "and"};
    size_t at = 0;
    for (bool polite = true; polite && at < tokens->count;) {
        polite = false;
        for (size_t i = 0; i < sizeof POLITE / sizeof *POLITE; i++)
            polite = polite || text_equal(tokens->items[at].norm, POLITE[i]);
        at += polite;
    }
    for (size_t i = 0; at < tokens->count && i < sizeof VERBS / sizeof *VERBS; i++)
        if (text_equal(tokens->items[at].norm, VERBS[i])) return true;
    return false;
}

static void add_assumptions(Arena *arena, const Lattice *lattice, const ChartReading *reading, Plan *plan) {
    for (size_t i = 0; i < lattice->correction_count; i++) plan_assume(arena, plan, "words", lattice->corrections[i]);
    for (size_t i = 0; i < reading->assumed_count; i++) plan_assume(arena, plan, "value", reading->assumed[i]);
}

static Interpretation interpretation_of(Arena *arena, const Lattice *lattice, const ChartReading *reading, bool asks) {
    return (Interpretation){.arena = arena,
                            .catalog = lattice->lexicon->catalog,
                            .context = &lattice->context,
                            .frame = reading->frame,
                            .asks = asks};
}

/* Rows behind the filters, as far as dictionaries tell: two readings with the same rows are one. */
static long long filter_rows(const Catalog *catalog, const Plan *plan) {
    long long rows = 0;
    for (size_t f = 0; f < plan->filter_count; f++) {
        const CatalogColumn *column = plan->filters[f].dimension ? catalog_column(catalog, plan->filters[f].dimension) : NULL;
        for (size_t v = 0; column && v < column->value_count; v++)
            for (size_t i = 0; i < plan->filters[f].value_count; i++)
                if (text_equal(column->values[v].text, plan->filters[f].values[i])) rows += column->values[v].row_count;
    }
    return rows;
}

/* Another reading as good as the first that means other rows. */
static bool is_ambiguous(Arena *arena, const Lattice *lattice, const Plan *first, const Plan *other) {
    if (text_equal(plan_hash(arena, first), plan_hash(arena, other))) return false;
    if (first->filter_count != other->filter_count || first->intent != other->intent) return false;
    return filter_rows(lattice->lexicon->catalog, first) != filter_rows(lattice->lexicon->catalog, other);
}

static void ask_back(Arena *arena, const Lattice *lattice, Plan *first, Plan *other, Reading *out) {
    const Catalog *catalog = lattice->lexicon->catalog;
    out->status = READING_CLARIFY;
    out->code = "AMBIGUOUS";
    out->alternatives = arena_array(arena, 2, sizeof *out->alternatives);
    out->alternatives[0] = first;
    out->alternatives[1] = other;
    out->alternative_count = 2;
    out->message = arena_printf(arena, "The question can be read in two ways: \"%s\" or \"%s\". Say which one is meant.",
                                plan_paraphrase(arena, catalog, first), plan_paraphrase(arena, catalog, other));
}

/* "average cost" of what: both plans are offered. */
static bool ask_grain(Arena *arena, const Lattice *lattice, const ChartReading *reading, PlanMaker *maker, const void *context,
                      Reading *out) {
    Plan *plans[2] = {NULL, NULL};
    static const Grain GRAINS[] = {GRAIN_DAY, GRAIN_MONTH};
    for (size_t i = 0; i < 2; i++) {
        Interpretation in = interpretation_of(arena, lattice, reading, false);
        in.frame.agg_grain = GRAINS[i];
        if (!maker(&in, context)) return false;
        plans[i] = in.plan;
    }
    ask_back(arena, lattice, plans[0], plans[1], out);
    out->message = "An average of what: per day or per month? Say which one is meant.";
    return true;
}

/* Among complete readings the best that makes a plan; ambiguous when the next best says something else of the same words. */
static bool choose(Arena *arena, const Parsed *parsed, PlanMaker *maker, const void *context, Reading *out) {
    const Lattice *lattice = parsed->lattice;
    const ChartReading *readings = parsed->readings;
    Plan *chosen = NULL;
    const ChartReading *taken = NULL;
    Interpretation refused = {0};
    float refused_score = 0, best = readings[0].score;
    for (size_t i = 0; i < parsed->count; i++) {
        const ChartReading *reading = &readings[i];
        if (reading->skipped || reading->score < best - 2.5f) continue;
        if (taken && reading->score < taken->score - AMBIGUOUS_MARGIN) break;
        Interpretation in = interpretation_of(arena, lattice, reading, parsed->asks);
        if (maker(&in, context)) {
            if (taken && is_ambiguous(arena, lattice, chosen, in.plan)) {
                ask_back(arena, lattice, chosen, in.plan, out);
                return true;
            }
            if (taken) continue;
            taken = reading;
            chosen = in.plan;
        } else if (in.question_back[0] && !taken && ask_grain(arena, lattice, reading, maker, context, out)) {
            return true;
        } else if (in.refusal.code && !refused.refusal.code) {
            refused = in;
            refused_score = reading->score;
        }
    }
    if (taken && !(refused.refusal.code && refused_score > taken->score + REFUSAL_MARGIN)) {
        add_assumptions(arena, lattice, taken, chosen);
        out->status = READING_PLAN;
        out->plan = chosen;
        return true;
    }
    if (!refused.refusal.code) return false;
    if (refused.message)
        decline_shape(arena, lattice, &refused, out);
    else
        decline_refusal(arena, lattice, &refused.refusal, lattice_words(lattice, 0, lattice->tokens.count), out);
    return true;
}

Tokens *reading_tokens(Arena *arena, const char *text, Reading *out) {
    Tokens *tokens = arena_alloc(arena, sizeof *tokens);
    Err refusal = {0};
    if (tokens_read(arena, text, tokens, &refusal)) return tokens;
    out->status = READING_DECLINED;
    out->code = arena_text(arena, refusal.code);
    out->message = arena_text(arena, refusal.message);
    return NULL;
}

bool reading_parse(Arena *arena, DuckSession *session, const Lexicon *lexicon, const Tokens *tokens, Day as_of, Parsed *out,
                   Err *err) {
    *out = (Parsed){.readings = arena_array(arena, CHART_READINGS, sizeof *out->readings)};
    out->asks = starts_like_yes_or_no(tokens);
    if (!lattice_make(arena, session, lexicon, tokens, as_of, &out->lattice, err)) return false;
    out->count = chart_parse(out->lattice, out->readings);
    return true;
}

bool reading_is_whole(Arena *arena, const Parsed *parsed) {
    Reading refused = {0};
    return parsed->count > 0 && !parsed->readings[0].skipped && !decline_topic(arena, parsed->lattice, &refused);
}

void reading_decide(Arena *arena, const Parsed *parsed, PlanMaker *maker, const void *context, Reading *out) {
    if (decline_topic(arena, parsed->lattice, out)) return;
    if (parsed->count == 0 || parsed->readings[0].skipped) {
        decline_skipped(arena, parsed->lattice, parsed->count ? parsed->readings[0].skipped : 0, out);
        return;
    }
    if (!choose(arena, parsed, maker, context, out)) decline_shape(arena, parsed->lattice, NULL, out);
}

bool question_understand(Arena *arena, DuckSession *session, const Lexicon *lexicon, const char *question, Day as_of,
                         const Plan *previous, Reading *out, Err *err) {
    Conversation conversation = {0};
    if (previous) conversation_add(arena, lexicon->catalog, "", previous, NULL, NULL, &conversation);
    return question_follow(arena, session, lexicon, question, as_of, &conversation, out, err);
}

bool question_read(Arena *arena, DuckSession *session, const Catalog *catalog, const char *question, Day as_of,
                   const Plan *previous, Reading *out, Err *err) {
    Lexicon *lexicon = NULL;
    return lexicon_build(arena, catalog, &lexicon, err) &&
           question_understand(arena, session, lexicon, question, as_of, previous, out, err);
}
