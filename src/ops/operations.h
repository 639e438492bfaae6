/* ops/operations.h: the functions behind the table of ops.c, and what they give. */
#ifndef CURLEW_OPS_OPERATIONS_H
#define CURLEW_OPS_OPERATIONS_H

#include "answer/answer.h"
#include "answer/report.h"
#include "base/json.h"
#include "ops.h"
#include "ops/session.h"

/* Either an answer, or a report with its JSON. */
struct OpResult {
    OpOutcome outcome;
    Answer *answer;
    Report *report;
    Json *json;
    const char *text;     /* a document that is shown as it is, instead of the report; NULL */
    const Table *table;   /* rows of a report, for CSV; NULL */
    size_t excerpt_lines; /* people are shown so many lines of the text, and how many more there are; 0 = all */
    Json *conversation;   /* what the next question may follow, for a client that carries it; NULL */
};

typedef bool OpRun(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err);

OpRun op_ask, op_sql;                    /* ask.c */
OpRun op_chat;                           /* chat.c */
OpRun op_why, op_anomalies, op_forecast; /* analysis.c */
OpRun op_athena_sql;                     /* athena.c */
OpRun op_owners;                         /* owners.c */
OpRun op_architecture;                   /* architecture.c */
OpRun op_load;                           /* load.c */
OpRun op_profile, op_questions;          /* profile.c */
OpRun op_stats, op_feedback, op_forget;  /* learn.c */
OpRun op_sample;                         /* sample.c */
OpRun op_demo;                           /* demo.c */
OpRun op_doctor;                         /* doctor.c */
OpRun op_datasets, op_preview;           /* datasets.c */
OpRun op_fields, op_complete;            /* fields.c */
OpRun op_export;                         /* export.c */
OpRun op_serve;                          /* serve.c */

/* profile_report.c: the profile as tables for people. */
Report *profile_report(Arena *arena, const Catalog *catalog, const Json *profile);

#endif
