/* The files of rules/: "key: value" lines, continued by lines that begin with a space; "sql:" takes the rest. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/knowledge.h"
#include "base/text.h"
#include "investigate/rule.h"

/* --- Lines ------------------------------------------------------------------------------------------------------------- */

typedef struct {
    Arena *arena;
    const char *file;
    const char *rest; /* of the text */
    size_t line;      /* of the entry that was read last */
    size_t next_line;
    Err *err;
} Reader;

typedef struct {
    const char *key;  /* "parameter" of "parameter least_gb" */
    const char *name; /* "least_gb", or "" */
    const char *value;
} Entry;

static bool fail(const Reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(const Reader *reader, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *what = arena_vprintf(reader->arena, format, arguments);
    va_end(arguments);
    return err_set(reader->err, ERR_INTERNAL, "%s:%zu: %s", reader->file, reader->line, what);
}

static const char *take_line(Reader *reader) {
    if (!*reader->rest) return NULL;
    size_t size = strcspn(reader->rest, "\n");
    const char *line = arena_text_n(reader->arena, reader->rest, size);
    reader->rest += size + (reader->rest[size] == '\n');
    reader->next_line++;
    return line;
}

static bool is_word(const char *text) {
    if (!islower((unsigned char)*text)) return false;
    for (const char *c = text; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_' && *c != '-') return false;
    return true;
}

/* The next entry; `more` is false at the end. The value of "sql" is all that is left. */
static bool take_entry(Reader *reader, Entry *out, bool *more) {
    const char *line = NULL;
    *more = false;
    do {
        reader->line = reader->next_line;
        line = take_line(reader);
        if (!line) return true;
    } while (!*line || *line == '#');
    const char *colon = strchr(line, ':');
    if (!colon) return fail(reader, "a line is “key: value”, begins with a space to continue, or with # as a comment");
    char *key = text_trim(reader->arena, arena_text_n(reader->arena, line, (size_t)(colon - line)));
    char *space = strchr(key, ' ');
    out->name = "";
    if (space) {
        *space = '\0';
        out->name = text_trim(reader->arena, space + 1);
    }
    out->key = key;
    *more = true;
    if (text_equal(key, "sql")) {
        out->value = text_trim(reader->arena, reader->rest);
        reader->rest = "";
        return true;
    }
    Buffer value = {.arena = reader->arena};
    buffer_add(&value, text_trim(reader->arena, colon + 1));
    while (*reader->rest == ' ') buffer_printf(&value, " %s", text_trim(reader->arena, take_line(reader)));
    out->value = buffer_text(&value);
    return *out->value ? true : fail(reader, "“%s” is empty", key);
}

/* --- Values ------------------------------------------------------------------------------------------------------------- */

static void add_text(Arena *arena, RuleTexts *texts, const char *text) {
    texts->items =
        arena_grow(arena, texts->items, texts->count * sizeof *texts->items, (texts->count + 1) * sizeof *texts->items);
    texts->items[texts->count++] = text;
}

static void add_list(Arena *arena, RuleTexts *texts, const char *value) {
    size_t count = 0;
    const char **parts = text_split(arena, value, ',', &count);
    for (size_t i = 0; i < count; i++) add_text(arena, texts, text_trim(arena, parts[i]));
}

/* The index of a word in a NULL-terminated list. */
static bool choose(Reader *reader, const Entry *entry, const char *const *words, size_t *out) {
    Buffer known = {.arena = reader->arena};
    for (size_t i = 0; words[i]; i++) {
        *out = i;
        if (text_equal(words[i], entry->value)) return true;
        buffer_printf(&known, "%s%s", i ? ", " : "", words[i]);
    }
    return fail(reader, "“%s” is one of %s, not “%s”", entry->key, buffer_text(&known), entry->value);
}

static const char *const action_words[] = {"delete", "schedule", "replatform", "commit", "inform", NULL};
static const char *const per_words[] = {"region", "account", "organisation", "resource", NULL};
static const char *const how_words[] = {"sum", "max", "min", "each", "first", "list", NULL};
static const char *const class_words[] = {"A", "B", "C", NULL};
static const char *const effort_words[] = {"XS", "S", "M", "L", NULL};
static const char *const family_words[] = {"network",   "storage",       "compute",  "containers",  "database",
                                           "streaming", "observability", "security", "commitments", NULL};

const char *rule_action_name(RuleAction action) {
    return action_words[action];
}

static bool read_parameter(Reader *reader, const Entry *entry, RuleParameter **parameters, size_t *count) {
    Arena *arena = reader->arena;
    const char *comma = strchr(entry->value, ',');
    Decimal number = {0};
    if (!is_word(entry->name))
        return fail(reader, "a parameter has a name of small letters: parameter least_gb: 500, what it means");
    if (!comma) return fail(reader, "a parameter says what it means: parameter %s: NUMBER, words", entry->name);
    const char *text = text_trim(arena, arena_text_n(arena, entry->value, (size_t)(comma - entry->value)));
    if (!decimal_parse(text, &number)) return fail(reader, "“%s” is no number", text);
    for (size_t i = 0; i < *count; i++)
        if (text_equal((*parameters)[i].name, entry->name))
            return fail(reader, "the parameter %s is there already", entry->name);
    *parameters = arena_grow(arena, *parameters, *count * sizeof **parameters, (*count + 1) * sizeof **parameters);
    (*parameters)[(*count)++] = (RuleParameter){.name = entry->name, .number = text, .what = text_trim(arena, comma + 1)};
    return true;
}

static bool read_figure(Reader *reader, const Entry *entry, Rule *rule) {
    Arena *arena = reader->arena;
    size_t how = 0;
    const char *first = strchr(entry->value, ','), *second = first ? strchr(first + 1, ',') : NULL;
    if (!is_word(entry->name) || !second) return fail(reader, "a figure is “figure gb: GB, sum, what it is”");
    Entry way = {.key = "figure", .value = text_trim(arena, arena_text_n(arena, first + 1, (size_t)(second - first - 1)))};
    if (!choose(reader, &way, how_words, &how)) return false;
    if (rule_figure(rule, entry->name)) return fail(reader, "the figure %s is there already", entry->name);
    rule->figures = arena_grow(arena, rule->figures, rule->figure_count * sizeof *rule->figures,
                               (rule->figure_count + 1) * sizeof *rule->figures);
    rule->figures[rule->figure_count++] =
        (RuleFigure){.name = entry->name,
                     .unit = text_trim(arena, arena_text_n(arena, entry->value, (size_t)(first - entry->value))),
                     .how = (FigureHow)how,
                     .what = text_trim(arena, second + 1)};
    return true;
}

/* --- Rules -------------------------------------------------------------------------------------------------------------- */

static bool read_choice(Reader *reader, const Entry *entry, Rule *rule, bool *known) {
    size_t index = 0;
    *known = true;
    if (text_equal(entry->key, "class")) {
        if (!choose(reader, entry, class_words, &index)) return false;
        rule->class = *class_words[index];
    } else if (text_equal(entry->key, "action")) {
        if (!choose(reader, entry, action_words, &index)) return false;
        rule->action = (RuleAction)index;
    } else if (text_equal(entry->key, "per")) {
        if (!choose(reader, entry, per_words, &index)) return false;
        rule->per = (RulePer)index;
    } else if (text_equal(entry->key, "family")) {
        if (!choose(reader, entry, family_words, &index)) return false;
        rule->family = family_words[index];
    } else if (text_equal(entry->key, "effort")) {
        if (!choose(reader, entry, effort_words, &index)) return false;
        rule->effort = effort_words[index];
    } else if (text_equal(entry->key, "risk")) {
        if (!strchr("LMH", *entry->value) || (entry->value[1] && entry->value[1] != ','))
            return fail(reader, "“risk” begins with L, M or H and a comma before the reason");
        rule->risk = entry->value;
    } else {
        *known = false;
    }
    return true;
}

static bool read_text(Reader *reader, const Entry *entry, Rule *rule) {
    const struct {
        const char *key, **field;
        RuleTexts *list;
    } texts[] = {
        {"id", &rule->id, NULL},     {"title", &rule->title, NULL},       {"infers", &rule->infers, NULL},
        {"part", &rule->part, NULL}, {"formula", &rule->formula, NULL},   {"source", &rule->source, NULL},
        {"sql", &rule->sql, NULL},   {"evidence", NULL, &rule->evidence}, {"false-positive", NULL, &rule->false_positives},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!text_equal(texts[i].key, entry->key)) continue;
        if (texts[i].list) {
            add_text(reader->arena, texts[i].list, entry->value);
            return true;
        }
        if (*texts[i].field) return fail(reader, "“%s” is there twice", entry->key);
        *texts[i].field = entry->value;
        return true;
    }
    return fail(reader, "there is no key “%s”; rules/README.md lists them", entry->key);
}

/* "verify when kind = database: aws …" */
static bool read_command(Reader *reader, const Entry *entry, RuleCommands *commands) {
    Arena *arena = reader->arena;
    RuleCommand command = {.template = entry->value};
    if (*entry->name) {
        const char *equals = strchr(entry->name, '=');
        if (!text_starts(entry->name, "when ") || !equals)
            return fail(reader, "a condition is written “%s when FIGURE = TEXT: …”", entry->key);
        const char *figure = entry->name + strlen("when ");
        command.figure = text_trim(arena, arena_text_n(arena, figure, (size_t)(equals - figure)));
        command.value = text_trim(arena, equals + 1);
    }
    const size_t size = sizeof *commands->items;
    commands->items = arena_grow(arena, commands->items, commands->count * size, (commands->count + 1) * size);
    commands->items[commands->count++] = command;
    return true;
}

static bool read_entry(Reader *reader, const Entry *entry, Rule *rule) {
    bool known = false;
    if (text_equal(entry->key, "parameter")) return read_parameter(reader, entry, &rule->parameters, &rule->parameter_count);
    if (text_equal(entry->key, "figure")) return read_figure(reader, entry, rule);
    if (text_equal(entry->key, "verify")) return read_command(reader, entry, &rule->verify);
    if (text_equal(entry->key, "remediate")) return read_command(reader, entry, &rule->remediate);
    if (*entry->name) return fail(reader, "only parameters and figures have names");
    if (text_equal(entry->key, "needs")) {
        add_list(reader->arena, &rule->needs, entry->value);
        return true;
    }
    return read_choice(reader, entry, rule, &known) && (known || read_text(reader, entry, rule));
}

static bool check_complete(Reader *reader, const Rule *rule) {
    /* What only informs has nothing to save, and nothing to fix. */
    const bool informs = rule->action == ACTION_INFORM;
    const struct {
        const char *key;
        bool there;
    } wanted[] = {{"id", rule->id},
                  {"title", rule->title},
                  {"class", rule->class},
                  {"family", rule->family},
                  {"infers", rule->infers},
                  {"formula", rule->formula || informs},
                  {"evidence", rule->evidence.count},
                  {"false-positive", rule->false_positives.count || informs},
                  {"verify", rule->verify.count || informs},
                  {"remediate", rule->remediate.count || informs},
                  {"effort", rule->effort || informs},
                  {"risk", rule->risk || informs},
                  {"source", rule->source},
                  {"sql", rule->sql && *rule->sql}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!wanted[i].there) return fail(reader, "“%s” is missing", wanted[i].key);
    const char *expected = arena_printf(reader->arena, "/%s.rule", rule->id);
    return text_ends(reader->file, expected) || fail(reader, "the id “%s” is not the name of the file", rule->id);
}

bool rule_read(Arena *arena, const char *file, const char *text, Rule *out, Err *err) {
    Reader reader = {.arena = arena, .file = file, .rest = text, .next_line = 1, .err = err};
    Entry entry = {0};
    bool more = true, has_action = false;
    *out = (Rule){.file = file};
    while (more) {
        if (!take_entry(&reader, &entry, &more)) return false;
        if (more && !read_entry(&reader, &entry, out)) return false;
        has_action |= more && text_equal(entry.key, "action");
    }
    if (!out->part) out->part = "all";
    if (out->action == ACTION_INFORM) {
        if (!out->formula) out->formula = "";
        if (!out->effort) out->effort = "";
        if (!out->risk) out->risk = "";
    }
    return check_complete(&reader, out) && (has_action || fail(&reader, "“action” is missing"));
}

bool feature_read(Arena *arena, const char *file, const char *text, Feature *out, Err *err) {
    Reader reader = {.arena = arena, .file = file, .rest = text, .next_line = 1, .err = err};
    Entry entry = {0};
    *out = (Feature){.file = file};
    for (bool more = true; more;) {
        if (!take_entry(&reader, &entry, &more)) return false;
        if (!more) break;
        if (text_equal(entry.key, "parameter")) {
            if (!read_parameter(&reader, &entry, &out->parameters, &out->parameter_count)) return false;
        } else if (text_equal(entry.key, "needs")) {
            add_list(arena, &out->needs, entry.value);
        } else if (text_equal(entry.key, "what")) {
            out->what = entry.value;
        } else if (text_equal(entry.key, "sql")) {
            out->sql = entry.value;
        } else {
            return fail(&reader, "a feature has what, needs, parameter and sql, not “%s”", entry.key);
        }
    }
    if (!out->what || text_is_empty(out->sql)) return fail(&reader, "a feature says “what” it is, and its “sql”");
    const char *name = strrchr(file, '/') + 1;
    out->name = arena_text_n(arena, name, strcspn(name, "."));
    return true;
}

const RuleFigure *rule_figure(const Rule *rule, const char *name) {
    for (size_t i = 0; i < rule->figure_count; i++)
        if (text_equal(rule->figures[i].name, name)) return &rule->figures[i];
    return NULL;
}

const RuleParameter *rule_parameter(const Rule *rule, const char *name) {
    for (size_t i = 0; i < rule->parameter_count; i++)
        if (text_equal(rule->parameters[i].name, name)) return &rule->parameters[i];
    return NULL;
}
