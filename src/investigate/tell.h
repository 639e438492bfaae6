/* investigate/tell.h: unusual days that were found, as an answer (inside the room only). */
#ifndef CURLEW_INVESTIGATE_TELL_H
#define CURLEW_INVESTIGATE_TELL_H

#include "answer/answer.h"
#include "investigate/events.h"

enum { SEARCH_LEVELS = 6 };

/* One search for unusual days. */
typedef struct {
    Arena *arena;
    const Desk *desk;
    const Plan *plan;
    const char *usage; /* condition of the lines that are judged */
    const CatalogColumn *dimensions[DAYS_KEYS];
    size_t dimension_count;
    unsigned levels[SEARCH_LEVELS]; /* combinations of dimensions, as bits */
    size_t level_count;
    DayFrame frame;
    size_t days;  /* days with lines */
    double least; /* money that a day must be off by */
    Events events;
} Search;

/* blame.c: what drove the event, as text: "Amazon CloudWatch, USE1-DataProcessing-Bytes, arn:aws:logs:…"; NULL when nothing
 * stands out. */
bool blame_event(const Search *search, const Event *event, const char **out, Err *err);

/* Names the drivers of the events and makes the answer. */
bool tell_anomalies(Search *search, Answer *out, Err *err);

#endif
