/* investigate/advice.h: one rule of tables/recommendations.tsv being judged (inside the room only). */
#ifndef CURLEW_INVESTIGATE_ADVICE_H
#define CURLEW_INVESTIGATE_ADVICE_H

#include "answer/answer.h"
#include "base/knowledge.h"
#include "investigate/desk.h"

enum { ADVICE_FIGURES = 8 };

/* A placeholder of the sentence and the fact that stands for it; a figure without a value is a name in bold. */
typedef struct {
    const char *placeholder;
    Fact fact;
} AdviceFigure;

typedef struct {
    Arena *arena;
    const Desk *desk;
    const Plan *plan;
    const CatalogColumn *tag; /* that was asked about; NULL */
    Day start, end;
    const char *period; /* as SQL condition */
    const char *currency;
    /* of the rule that is judged */
    const Knowledge *rules;
    size_t rule;
    const char *subject;
    PlanScope scope;
    AdviceFigure figures[ADVICE_FIGURES];
    size_t figure_count;
} Advice;

const char *advice_field(const Advice *advice, const char *column);
void advice_name(Advice *advice, const char *placeholder, const char *name);
/* Of the rule's subject, where `subject` is NULL. Zero for a NULL cell. */
void advice_money(Advice *advice, const char *placeholder, const char *subject, const char *value, const char *formula);
void advice_share(Advice *advice, const char *placeholder, Decimal part, Decimal whole, const char *formula);

/* Whether the rule is true of the data, with its figures; each kind of the table has one judge. (recommend_rules.c) */
bool advice_judge(Advice *advice, bool *out, Err *err);

#endif
