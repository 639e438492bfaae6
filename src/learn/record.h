/* learn/record.h: what is remembered of one question. Plain data. */
#ifndef CURLEW_LEARN_RECORD_H
#define CURLEW_LEARN_RECORD_H

#include <stddef.h>

#include "answer/answer.h"
#include "base/arena.h"

/* Texts may be NULL: not known. Questions are personal data: nothing of this leaves the log but by its own commands. */
typedef struct {
    const char *id;           /* unique, in order of time: learn_id() */
    long long at_s;           /* when it was asked, seconds since the epoch */
    const char *user;         /* who asked: the system's user name, or the client's */
    const char *conversation; /* of a client; NULL for a question alone */
    const char *place;        /* folder of the workspace */
    const char *data_version; /* changes when the data does */
    const char *dataset;
    const char *question;
    const char *pattern;    /* the plan without its values, periods and counts, in words: "cost by service, ranked" */
    const char *planner;    /* offline, llm, learned, sql */
    const char *plan_hash;  /* of equal plans equal */
    const char *plan;       /* JSON */
    const char *paraphrase; /* how it was understood */
    const char *assumed;    /* JSON array of sentences */
    const char *status;     /* answered, clarify, refused, error */
    const char *code;       /* of a refusal, or a question back */
    const char *unknown;    /* JSON array of the words that were not understood */
    const char *services;   /* JSON array of the services that were asked about */
    const char *engine;     /* "duckdb" */
    long long row_count;
    double plan_ms, execute_ms, total_ms;
    int numbers, verified;   /* of the summary */
    const char *reused_from; /* id of the question whose result this is; NULL when it was computed */
    /* For the next one that asks the same (learn/result.h); NULL for what is not kept. */
    const char *result_key, *result; /* the answer */
    const char *words_key, *memory;  /* the words alone, with the conversation that they begin, as JSON */
} LearnRecord;

/* A new id: 12 hexadecimal digits of milliseconds, 12 of chance. */
const char *learn_id(Arena *arena);

/* What is to be remembered of `answer`; who, where and when are the caller's to add. `unknown` are the words that were not understood. */
void learn_observe(Arena *arena, const Answer *answer, const char *const *unknown, size_t unknown_count, LearnRecord *out);

/* The pattern of a plan: what two questions share that differ in values, periods and counts only. */
const char *learn_pattern(Arena *arena, const Plan *plan);

#endif
