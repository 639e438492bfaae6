/* answer/contract.h: the pieces of the contract's JSON object, for those that are told one by one too (inside the room only). */
#ifndef CURLEW_ANSWER_CONTRACT_H
#define CURLEW_ANSWER_CONTRACT_H

#include "answer/answer.h"

const char *contract_status_name(AnswerStatus status);

/* Each adds the member of its name to `root`. */
void contract_put_columns(Json *root, const Answer *answer);
void contract_put_basis(Json *root, const Answer *answer);
void contract_put_facts(Json *root, const Answer *answer);
void contract_put_chart(Json *root, const Answer *answer);
void contract_put_alternatives(Arena *arena, Json *root, const Answer *answer);
/* How long it took, the id under which it is in the log of questions, and of the question it was computed for. */
void contract_put_timing(Json *root, const Answer *answer);
void contract_put_texts(Json *object, const char *key, const char *const *texts, size_t count);

/* A cell as JSON: numbers keep their exact text. */
void contract_add_cell(Json *row, CellType type, const char *cell);
/* How many rows are shown, and whether there are more. */
size_t contract_row_count(const Answer *answer, bool *truncated);

#endif
