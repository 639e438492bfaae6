/* investigate/inquiry.h: one explanation of a change on its way (inside the room only): what is found goes to sections, facts
 * and sentences of the answer. */
#ifndef CURLEW_INVESTIGATE_INQUIRY_H
#define CURLEW_INVESTIGATE_INQUIRY_H

#include "answer/answer.h"
#include "base/text.h"
#include "investigate/dimensions.h"
#include "investigate/effects.h"

enum { INQUIRY_SECTIONS = 6, INQUIRY_FACTS = 24 };

typedef struct {
    Arena *arena;
    const Desk *desk;
    const Plan *plan;
    const char *currency;
    Decimal before, after, change; /* of the whole scope */
    Decimal effects[EFFECT_COUNT]; /* add up to the change */
    Effect order[EFFECT_COUNT];    /* those that are not zero, the largest first */
    size_t order_count;
    AnswerSection sections[INQUIRY_SECTIONS];
    size_t section_count;
    Fact facts[INQUIRY_FACTS];
    size_t fact_count;
    Buffer said;
} Inquiry;

void inquiry_fact(Inquiry *inquiry, Fact fact);
void inquiry_section(Inquiry *inquiry, const char *name, const char *title, const Rows *rows);
/* "**usage** rose by $1,234.00", with its fact. */
void inquiry_say_change(Inquiry *inquiry, const char *subject, Decimal change, const char *column);

/* 100 x part / whole with ten digits; NULL when whole is zero. */
const char *inquiry_percent(Arena *arena, Decimal part, Decimal whole);
/* A member as people know it: "482910375526 (lumenpay-prod)", "(untagged)". */
const char *inquiry_member(Arena *arena, const CatalogColumn *column, const char *member, const char *companion);
/* "new", "gone", or "". */
const char *inquiry_state(Decimal before, Decimal after);

/* members.c: members of a dimension with what the change of each consists of; the resources that moved most within a member. */
bool members_tell(Inquiry *inquiry, const char *name, const CatalogColumn *dimension, Err *err);
bool members_tell_resources(Inquiry *inquiry, const DimensionLead *lead, Err *err);

#endif
