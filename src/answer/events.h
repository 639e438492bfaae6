/* answer/events.h: an answer told in parts, so that a reader sees each as soon as it is known.
 *
 * In this order; what there is nothing of is left out:
 *   understood  {question, paraphrase, plan, dataset, planner, chips, assumed}   before anything runs
 *   sql         {text, dialect}
 *   columns     {columns:[{name, type, unit, label}]}
 *   rows        {offset, rows:[[…]], display:[[…]]}   at most EVENT_ROWS each; display = as people read the cells
 *   sections    {sections:[{name, title, columns, rows, display}]}
 *   chart       {kind, x, y, series}
 *   summary     {markdown, facts, basis}
 *   verify      {numbers, verified, writer}
 *   suggestions {suggestions, recommendations}
 *   done        {status, row_count, truncated, timing_ms, conversation}
 * A question that is not answered has, instead of sql to suggestions, one of
 *   clarify     {code, message, alternatives:[{paraphrase, plan}], suggestions, basis}
 *   refuse      {code, message, nearest, suggestions, basis}
 * A chip is a piece of the plan: {kind: measure|period|compare|group|grain|filter|concept|having|rank|limit, field, index, text}; `field`
 * and `index` say where in the plan's JSON it stands. */
#ifndef CURLEW_ANSWER_EVENTS_H
#define CURLEW_ANSWER_EVENTS_H

#include "answer/answer.h"

typedef void AnswerTell(void *door, const char *event, const Json *part);

void answer_tell_understood(Arena *arena, const Catalog *catalog, const Plan *plan, const Answer *answer, AnswerTell *tell,
                            void *door);
void answer_tell_sql(Arena *arena, const char *sql, const char *dialect, AnswerTell *tell, void *door);
/* All that comes after the SQL. `conversation` may be NULL. */
void answer_tell(Arena *arena, const Answer *answer, const Json *conversation, AnswerTell *tell, void *door);

#endif
