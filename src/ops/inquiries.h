/* ops/inquiries.h: questions that are answered by an inquiry of its own instead of a plan: who owns something.
 *
 * One table: the words that lead to an inquiry (tables/inquiries.tsv) and the function that answers. A further kind of inquiry is one
 * row in inquiries.c and its phrases in the table. */
#ifndef CURLEW_OPS_INQUIRIES_H
#define CURLEW_OPS_INQUIRIES_H

#include "answer/answer.h"
#include "investigate/desk.h"

typedef struct {
    const char *name; /* as in the table */
    bool (*answer)(Arena *arena, const Desk *desk, const char *question, Answer *out, Err *err);
} Inquiry;

/* The inquiry that a question asks for, NULL when it is one for the planner. */
const Inquiry *inquiry_find(Arena *arena, const char *question);

/* The inquiry for a question that the planner declined: what could be saved. NULL when it stays declined. */
const Inquiry *inquiry_of_declined(Arena *arena, const char *question);

#endif
