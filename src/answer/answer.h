/* answer/answer.h: a result becomes an answer: facts in exact decimals, a verified summary, a chart, and the contract JSON. */
#ifndef CURLEW_ANSWER_ANSWER_H
#define CURLEW_ANSWER_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/table.h"
#include "catalog/catalog.h"
#include "question/compile.h"
#include "question/plan.h"

typedef enum { ANSWER_ANSWERED, ANSWER_CLARIFY, ANSWER_REFUSED, ANSWER_ERROR } AnswerStatus;

/* A number that the summary may say, with where it comes from. */
typedef struct {
    const char *id;      /* "f1" */
    const char *kind;    /* value, total, share, delta, percent, rank, count, average, minimum, maximum, date */
    const char *subject; /* "AmazonEC2", "total" */
    const char *period;  /* "2026-09-01..2026-10-01" */
    const char *value;   /* exact decimal text, or a date */
    const char *unit;    /* "USD", "percent", "count", … */
    const char *display; /* "$11,365" : made once, by one formatter */
    long row;            /* row of the table it was read from, -1 for totals */
    const char *column;
    const char *formula; /* "sum of BilledCost", NULL for cells */
} Fact;

typedef struct {
    const char *kind; /* bar, line, stacked, area, heatmap, number, table */
    const char *x;    /* column names */
    size_t y_count;
    const char **y;
    const char *series; /* column whose values become one series each; NULL */
} ChartSpec;

/* A further table below an answer: what a change consists of, the charges behind an unusual day. */
typedef struct {
    const char *name;  /* for programs: "effects" */
    const char *title; /* for people, a heading: "What the change consists of" */
    const Table *table;
    const CompiledColumn *columns; /* one per column of the table */
} AnswerSection;

/* One step of the way from words to an answer. */
typedef struct {
    const char *name; /* "workspace", "catalog", "plan", … */
    double ms;
} AnswerStep;

typedef struct {
    AnswerStatus status;
    const char *question, *paraphrase;
    const Plan *plan;                    /* NULL for typed SQL */
    const char *sql, *dialect, *planner; /* planner: offline, llm, learned, sql */
    const Table *table;                  /* rows of the answer: hidden columns removed */
    const CompiledColumn *columns;       /* one per column of the table */
    /* basis */
    const char *measure, *measure_label, *currency, *source, *data_through, *as_of;
    const char *source_label;                  /* for people; NULL = `source` */
    const char *period_start, *period_end;     /* half-open; of a comparison the side that is asked about */
    const char *compared_start, *compared_end; /* the side compared with; NULL when no periods are compared */
    bool period_complete;
    size_t filter_count;
    const char **filters; /* in words */
    size_t assumed_count;
    const char **assumed;
    size_t warning_count;
    const char **warnings; /* oddities of the data that touch this answer */
    size_t section_count;
    const AnswerSection *sections;
    const char *scope;   /* what totals are about: "AmazonRDS", "total" when nothing narrows the question */
    const char *summary; /* Markdown, 1 to 4 sentences */
    size_t fact_count;
    Fact *facts;
    int numbers, numbers_verified;
    ChartSpec chart;
    size_t suggestion_count;
    const char **suggestions;
    size_t recommendation_count;
    const char *
        *recommendations; /* Markdown, a sentence each; their numbers are among the facts and verified like the summary's */
    /* refusals and clarifications */
    const char *code, *message;
    size_t nearest_count;
    const char **nearest;
    size_t alternative_count;
    const char **alternative_paraphrases;
    const Plan **alternative_plans;
    double plan_ms, execute_ms, total_ms;
    size_t step_count;
    const AnswerStep *steps; /* where the time went, in order; for `timing_ms` */
    const char *reused_from; /* id of the question that this was computed for; NULL when it was computed for this one */
    const char *log_id;      /* of the question in the log, for feedback; NULL when it is not noted */
    size_t row_limit;        /* rows that text forms show at most; 0 = what suits the form */
} Answer;

/* Makes facts, summary, chart, basis of a result. Checks the result against itself (shares add up to 100, parts to the
 * total); a check that fails is ERR_INTERNAL, never shown as an answer. */
bool answer_make(Arena *arena, const Catalog *catalog, const Plan *plan, const Compiled *compiled, const Table *table,
                 Answer *out, Err *err);

/* Makes an answer of a table that was worked out from results of queries (unusual days, forecasts): basis, chart, facts, and a
 * summary that speaks of nothing but the facts. Of each fact kind, subject, value, unit, row, column and formula are taken; a
 * display only where it is given ("September 2026"). A summary that does not verify is left out. */
void answer_compose(Arena *arena, const Catalog *catalog, const Plan *plan, const Compiled *compiled, const Table *table,
                    const Fact *facts, size_t fact_count, const char *summary, Answer *out);

/* Appends facts and sentences to an answer that was made; sentences that do not verify are left out, and then it is false. */
bool answer_add(Arena *arena, Answer *answer, const Fact *facts, size_t fact_count, const char *sentences);

/* Appends a recommendation with the facts it speaks of; one that does not verify is left out, and then it is false. */
bool answer_recommend(Arena *arena, Answer *answer, const Fact *facts, size_t fact_count, const char *sentence);

/* What totals of a plan are about: the subject of facts of the whole scope. */
const char *answer_scope(Arena *arena, const Catalog *catalog, const Plan *plan);
/* A name of the data as summaries write it: in bold, escaped. */
char *answer_name(Arena *arena, const char *name);
/* A day or a half-open period as summaries write it. */
char *answer_period_text(Arena *arena, Day start, Day end);

/* An answer to a META plan, from the catalog alone. */
bool answer_meta(Arena *arena, const Catalog *catalog, const Plan *plan, Answer *out, Err *err);

/* The result of SQL that a user typed: rows with labels where a column is one of the catalog's; numbers keep their digits. */
void answer_typed(Arena *arena, const Catalog *catalog, const char *sql, const Table *table, Answer *out);

/* Makes an answer of a table that no plan stands for: what an inquiry of its own found (owners). `columns` say labels, roles and units;
 * `paraphrase` what was understood, `sql` what was read. A summary that does not verify is left out. */
typedef struct {
    const char *paraphrase, *sql, *scope, *summary;
    const Table *table;
    const CompiledColumn *columns; /* one per column of the table */
    const Fact *facts;
    size_t fact_count;
} AnswerFound;
void answer_found(Arena *arena, const Catalog *catalog, const AnswerFound *found, Answer *out);

/* Completes an answer that declines (status, code, message are set): what the data is, and what can be asked of it. */
void answer_declined(Arena *arena, const Catalog *catalog, Answer *out);

/* The object of `ask --json`; numbers carry their exact text. */
Json *answer_json(Arena *arena, const Answer *answer);

/* Re-reads `summary` as a stranger would and checks every quantity in it: it must be what a fact displays, for the name that
 * stands before it, with the direction and rank that the words give it; number words are never verified. Gives how many
 * claims there are and how many are facts. */
void answer_verify(Arena *arena, const Answer *answer, int *numbers, int *verified);

/* One number formatter for tables, facts, charts: money with the currency's sign ("$1,234.50", "EUR 12.00"), two decimals below
 * $10,000 and more where all would vanish ("$0.0012"), whole units above; percent with one decimal; counts grouped. */
char *answer_display(Arena *arena, const char *value, const char *unit);

/* Text forms: a terminal table with bars (width in columns, colour or not), Markdown, CSV (RFC 4180, exact values, formula
 * characters defused). */
char *answer_text(Arena *arena, const Answer *answer, int width, bool colour);
char *answer_markdown(Arena *arena, const Answer *answer);
char *answer_csv(Arena *arena, const Table *table);

#endif
