/* ops.h: everything the program can do, as one table. The command line, later HTTP and MCP, derive from it: names, help,
 * arguments, the function behind. A new capability is one row in ops.c, one function in ops/, one case file. */
#ifndef CURLEW_OPS_H
#define CURLEW_OPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

typedef enum {
    ARGUMENT_TEXT,
    ARGUMENT_PATH, /* of this machine: only doors of its own user offer it */
    ARGUMENT_DATE,
    ARGUMENT_COUNT,
    ARGUMENT_FLAG,
    ARGUMENT_JSON /* the text of a JSON object; for doors that speak JSON the object itself */
} ArgumentType;

/* What an operation can be told. On the command line `--as-of VALUE`, in JSON a member "as_of". */
typedef struct {
    const char *name; /* "as-of" */
    ArgumentType type;
    bool positional; /* the words after the options; the last one takes all that are left, joined by spaces */
    bool required;
    const char *unless;  /* another argument, given instead of this one that is required; NULL */
    bool repeated;       /* may be given several times */
    const char *value;   /* what the value is, for help: "DATE"; NULL for flags */
    const char *choices; /* words allowed, separated by "|"; NULL = any */
    const char *coming;  /* words that a later version will allow, separated by "|": declined with that reason; NULL */
    const char *help;    /* one line */
} OpArgument;

/* One call: the values given, checked against the arguments' types. */
typedef struct {
    size_t count;
    const char **names; /* name and value of each, in the order given; flags have the value "" */
    const char **values;
} OpCall;

const char *call_text(const OpCall *call, const char *name); /* the last value given, NULL when there is none */
bool call_flag(const OpCall *call, const char *name);
long long call_count(const OpCall *call, const char *name, long long fallback);
const char *const *call_list(Arena *arena, const OpCall *call, const char *name, size_t *count);

/* How far a long operation has come. */
typedef struct {
    const char *what;
    double fraction; /* 0 to 1, -1 when unknown */
    unsigned long long rows, bytes, bytes_total;
    double elapsed_s;
} OpProgress;

/* Open workspaces that wait for the next call (ops/pool.h); for doors that stay open. */
typedef struct SessionPool SessionPool;
/* The log of questions of a door that stays open (learn/log.h). */
typedef struct LearnLog LearnLog;

typedef struct OpResult OpResult; /* made by an operation, shown by op_show() */

/* What an operation may reach besides its arguments. */
typedef struct {
    const volatile bool *stop;                                /* set by Ctrl-C */
    void (*progress)(void *door, const OpProgress *progress); /* NULL = nobody watches */
    /* Parts of the result as soon as they are known, in the order of answer/events.h: "understood" before anything runs, "sql",
     * "rows", … "done", or "error". NULL = the result as a whole is enough. */
    void (*tell)(void *door, const char *event, const Json *part);
    /* Steps of a tour as soon as each is done; NULL = the result as a whole is enough. */
    void (*step)(void *door, const OpResult *result);
    void *door;
    SessionPool *pool; /* NULL = each call opens its workspace for itself */
    LearnLog *log;     /* NULL = each call starts its own */
} OpContext;

typedef enum {
    OUTCOME_DONE, /* answered */
    OUTCOME_DECLINED /* refused, or asked back */,
    OUTCOME_PROBLEM /* done, and what was found is not in order */
} OpOutcome;

typedef enum { FORM_TEXT, FORM_JSON, FORM_CSV, FORM_MARKDOWN } OpForm;

typedef struct {
    const char *name;                   /* "ask" */
    const char *group;                  /* heading of the help: "Ask" */
    const char *summary;                /* one line */
    const char *detail;                 /* what else there is to know, for `help NAME`; NULL */
    const char *example;                /* one command line per line */
    const OpArgument *const *arguments; /* NULL-terminated */
    bool tabular;                       /* can be shown as CSV */
    bool writes;                        /* changes files: a workspace, a folder of samples; a thumb in the log is none */
    bool converses;                     /* goes on from line to line (ops/chat.h): only doors that can are to offer it */
    bool serves;                        /* opens a door that stays open (OpDoor): only the command line offers it */
    bool (*run)(Arena *arena, const OpContext *context, const OpCall *call, OpResult *out, Err *err);
} Operation;

/* The table, ended by a row without a name. */
extern const Operation operations[];
const Operation *operation_find(const char *name); /* NULL when there is none */

/* Runs an operation. What goes wrong is in `err`; a result that declines is not an error. */
bool operation_run(Arena *arena, const OpContext *context, const Operation *operation, const OpCall *call, const OpResult **out,
                   Err *err);

OpOutcome op_outcome(const OpResult *result);
/* The result in a form: text for a terminal of `width` columns, in colour or not; the JSON object; CSV; Markdown. */
const char *op_show(Arena *arena, const OpResult *result, OpForm form, int width, bool colour);
/* The JSON object of a failure: the answer contract's for questions, status and reason for others. */
const char *op_show_error(Arena *arena, const Operation *operation, const OpCall *call, const Err *err);

/* What an operation that `serves` opens: returns when the user stops it. main.c ties them together. */
typedef struct {
    const char *operation; /* "serve"; NULL ends a list of doors */
    bool (*open)(Arena *arena, const OpContext *context, const OpCall *call, Err *err);
} OpDoor;

/* "0.1.0" and the engine's version. */
const char *program_version(void);
const char *engine_version(void);

#endif
