/* answer/chart.h: which chart suits a result, by the roles of its columns (inside the room only). */
#ifndef CURLEW_ANSWER_CHART_H
#define CURLEW_ANSWER_CHART_H

#include "answer/answer.h"

/* Fills answer->chart from answer->columns, answer->table and the plan's wish. */
void chart_choose(Arena *arena, Answer *answer);

#endif
