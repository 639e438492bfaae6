/* Answers whose rows and sentences are made by a room further right: the same facts, the same verification. */
#include "answer/answer.h"
#include "answer/chart.h"
#include "answer/describe.h"
#include "answer/display.h"
#include "answer/facts.h"
#include "answer/suggest.h"
#include "answer/summary.h"
#include "base/text.h"

const char *answer_scope(Arena *arena, const Catalog *catalog, const Plan *plan) {
    return describe_scope(arena, catalog, plan);
}

char *answer_name(Arena *arena, const char *name) {
    return summary_name(arena, name);
}

char *answer_period_text(Arena *arena, Day start, Day end) {
    return display_period(arena, start, end);
}

static void add_facts(Arena *arena, Answer *answer, const Fact *added, size_t count) {
    Facts facts = {.arena = arena, .answer = answer};
    if (answer->period_start) facts.period = arena_printf(arena, "%s..%s", answer->period_start, answer->period_end);
    Fact *all = arena_array(arena, answer->fact_count + count + 1, sizeof *all);
    for (size_t i = 0; i < answer->fact_count; i++) all[i] = answer->facts[i];
    answer->facts = all;
    facts.room = answer->fact_count + count + 1;
    for (size_t i = 0; i < count; i++) facts_add(&facts, added[i]);
}

bool answer_add(Arena *arena, Answer *answer, const Fact *facts, size_t fact_count, const char *sentences) {
    const char *before = answer->summary;
    add_facts(arena, answer, facts, fact_count);
    answer->summary = text_is_empty(before) ? sentences : arena_printf(arena, "%s %s", before, sentences);
    answer_verify(arena, answer, &answer->numbers, &answer->numbers_verified);
    if (answer->numbers == answer->numbers_verified) return true;
    answer->summary = before;
    answer_verify(arena, answer, &answer->numbers, &answer->numbers_verified);
    return false;
}

bool answer_recommend(Arena *arena, Answer *answer, const Fact *facts, size_t fact_count, const char *sentence) {
    Answer read = *answer;
    read.summary = sentence;
    add_facts(arena, &read, facts, fact_count);
    answer_verify(arena, &read, &read.numbers, &read.numbers_verified);
    if (read.numbers != read.numbers_verified) return false;
    const char **all = arena_array(arena, answer->recommendation_count + 1, sizeof *all);
    for (size_t i = 0; i < answer->recommendation_count; i++) all[i] = answer->recommendations[i];
    all[answer->recommendation_count++] = sentence;
    answer->recommendations = all;
    answer->facts = read.facts;
    answer->fact_count = read.fact_count;
    answer->numbers += read.numbers;
    answer->numbers_verified += read.numbers_verified;
    return true;
}

void answer_compose(Arena *arena, const Catalog *catalog, const Plan *plan, const Compiled *compiled, const Table *table,
                    const Fact *facts, size_t fact_count, const char *summary, Answer *out) {
    out->status = ANSWER_ANSWERED;
    out->plan = plan;
    out->sql = compiled->sql;
    out->dialect = compiled->dialect;
    out->table = table;
    out->columns = compiled->columns;
    if (!out->paraphrase) out->paraphrase = plan_paraphrase(arena, catalog, plan);
    describe_basis(arena, catalog, plan, out);
    out->scope = describe_scope(arena, catalog, plan);
    out->summary = NULL;
    if (!answer_add(arena, out, facts, fact_count, summary)) out->summary = "The table holds the answer.";
    chart_choose(arena, out);
    suggest_next(arena, catalog, out);
}
