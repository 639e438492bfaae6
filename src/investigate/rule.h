/* investigate/rule.h: the inference rules of rules/, embedded in the program. rules/README.md describes the files.
 *
 * A rule is text that a FinOps person reviews; what is read here is only taken apart, never interpreted twice. A file that is not
 * well-formed gives an error that names its line: the build runs the same reader over all files (check/check_rules.c). */
#ifndef CURLEW_INVESTIGATE_RULE_H
#define CURLEW_INVESTIGATE_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "question/dialect.h"

/* In the order in which savings apply to one resource: what is deleted needs no schedule. */
typedef enum { ACTION_DELETE, ACTION_SCHEDULE, ACTION_REPLATFORM, ACTION_COMMIT, ACTION_INFORM } RuleAction;

/* What one finding is about. */
typedef enum { PER_REGION, PER_ACCOUNT, PER_ORGANISATION, PER_RESOURCE } RulePer;

/* What stands for several rows of a figure. */
typedef enum { FIGURE_SUM, FIGURE_MAX, FIGURE_MIN, FIGURE_EACH, FIGURE_FIRST, FIGURE_LIST } FigureHow;

typedef struct {
    const char *name;
    const char *number; /* exact decimal text */
    const char *what;
    const char *sql; /* instead of the number: a constant that the engine gives to features ({start_day}); else NULL */
} RuleParameter;

typedef struct {
    const char *name; /* a column of the result */
    const char *unit; /* USD, rate, percent, count, text, date, or the name of a unit */
    FigureHow how;
    const char *what;
} RuleFigure;

typedef struct {
    size_t count;
    const char **items;
} RuleTexts;

/* One command, for rows whose figure `figure` is `value` (NULL = all rows). */
typedef struct {
    const char *figure, *value;
    const char *template;
} RuleCommand;

typedef struct {
    size_t count;
    RuleCommand *items;
} RuleCommands;

typedef struct {
    const char *file; /* "rules/nat-idle.rule" */
    const char *id, *title, *family, *infers, *part, *formula, *effort, *risk, *source;
    char class; /* 'A', 'B' or 'C' */
    RulePer per;
    RuleAction action;
    RuleTexts needs, evidence, false_positives;
    RuleCommands verify, remediate;
    size_t parameter_count;
    RuleParameter *parameters;
    size_t figure_count;
    RuleFigure *figures;
    const char *sql; /* as in the file, with {parameter} and @form(…) */
} Rule;

/* A relation that rules read; rules/features/<name>.feature. */
typedef struct {
    const char *file;
    const char *name, *what;
    RuleTexts needs; /* a feature without them is an empty relation */
    size_t parameter_count;
    RuleParameter *parameters;
    const char *sql;
} Feature;

typedef struct {
    size_t rule_count;
    Rule *rules; /* by id */
    size_t feature_count;
    Feature *features; /* in the order in which they are made: none reads a later one */
} RuleBook;

/* Everything that is embedded. ERR_INTERNAL with file, line and reason for the first file that is not well-formed. */
bool rule_book(Arena *arena, const RuleBook **out, Err *err);

/* One file's text, for tests: `file` is its name within the project. */
bool rule_read(Arena *arena, const char *file, const char *text, Rule *out, Err *err);
bool feature_read(Arena *arena, const char *file, const char *text, Feature *out, Err *err);

const char *rule_action_name(RuleAction action);
const RuleFigure *rule_figure(const Rule *rule, const char *name);       /* NULL */
const RuleParameter *rule_parameter(const Rule *rule, const char *name); /* NULL */

/* The SQL of a file in a dialect: parameters and forms put in. ERR_INTERNAL for a name that does not exist. (rule_sql.c) */
bool rule_sql(Arena *arena, const char *file, const char *sql, const RuleParameter *parameters, size_t parameter_count,
              const Dialect *dialect, const char **out, Err *err);
/* Whether SQL text reads a relation: its name stands behind FROM or JOIN. */
bool rule_sql_names(const char *sql, const char *relation);

#endif
