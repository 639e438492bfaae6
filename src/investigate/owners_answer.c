#include "investigate/owners_answer.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners_names.h"
#include "investigate/owners_show.h"

enum { THINGS = 8, THING_LENGTH = 4 };
static const double confidence = 0.9;

typedef struct {
    Arena *arena;
    const OwnersReport *report;
    const char *currency;
    Answer *answer;
} Speaker;

/* --- what the question names --- */

static bool is_inside(char c) {
    return c && !isspace((unsigned char)c) && !strchr("?!,;\"'`()<>", c);
}

/* Resources whose id, or the last part of it, is a word of the question. */
static size_t find_things(const OwnersBill *bill, Arena *arena, const char *question, const OwnersResource **out) {
    size_t count = 0;
    for (const char *c = question; *c && count < THINGS;) {
        size_t size = 0;
        while (*c && !is_inside(*c)) c++;
        while (is_inside(c[size])) size++;
        size_t word = size;
        while (word && strchr(".:", c[word - 1])) word--;
        const char *text = arena_text_n(arena, c, word);
        for (size_t r = 0; word >= THING_LENGTH && r < bill->resource_count && count < THINGS; r++)
            if (text_equal_fold(bill->resources[r].id, text) || text_equal_fold(owners_id_end(bill->resources[r].id), text))
                out[count++] = &bill->resources[r];
        c += size;
    }
    return count;
}

/* A word that looks like an id, for saying that there is no such resource. */
static const char *named_thing(Arena *arena, const char *question) {
    for (const char *c = question; *c;) {
        size_t size = 0;
        bool digit = false, mark = false;
        while (*c && !is_inside(*c)) c++;
        for (; is_inside(c[size]); size++) {
            digit = digit || isdigit((unsigned char)c[size]);
            mark = mark || strchr("-_/:.", c[size]);
        }
        if (digit && mark && size >= THING_LENGTH) return arena_text_n(arena, c, size);
        c += size;
    }
    return NULL;
}

/* --- answers --- */

static const char *percent(Arena *arena, double probability) {
    return probability < 0 ? NULL : arena_printf(arena, "%.1f", probability * 100);
}

static const CompiledColumn columns[] = {{.name = "resource_id", .label = "resource", .role = ROLE_KEY},
                                         {.name = "owner", .label = "owner", .role = ROLE_OTHER},
                                         {.name = "probability", .label = "probability", .role = ROLE_OTHER, .unit = "percent"},
                                         {.name = "monthly_cost", .label = "a month", .role = ROLE_OTHER, .unit = "currency"},
                                         {.name = "runner_up", .label = "else", .role = ROLE_OTHER},
                                         {.name = "evidence", .label = "because", .role = ROLE_OTHER}};
static const CellType types[] = {CELL_TEXT, CELL_TEXT, CELL_DECIMAL, CELL_DECIMAL, CELL_TEXT, CELL_TEXT};
enum { COLUMNS = sizeof columns / sizeof *columns };

static Rows begin_rows(const Speaker *speaker, const CompiledColumn *from, const CellType *kinds, size_t count) {
    Rows rows = desk_rows(speaker->arena, from, kinds, count);
    for (size_t i = 0; i < count; i++)
        if (text_equal(rows.columns[i].unit, "currency")) rows.columns[i].unit = speaker->currency;
    return rows;
}

static const char *guess_name(const Speaker *speaker, const OwnerGuess *guess) {
    const Owner *owners = speaker->report->bill.owners;
    if (guess->owner != OWNER_NONE) return owners[guess->owner].name;
    return guess->best == OWNER_NONE ? NULL : arena_printf(speaker->arena, "%s?", owners[guess->best].name);
}

static void add_guess(const Speaker *speaker, Rows *rows, const OwnerGuess *guess) {
    const Owner *owners = speaker->report->bill.owners;
    const char *cells[COLUMNS] = {guess->resource->id,
                                  guess_name(speaker, guess),
                                  percent(speaker->arena, guess->best_probability),
                                  owners_monthly(speaker->arena, speaker->report, guess->resource->cost),
                                  guess->runner_up == OWNER_NONE ? NULL : owners[guess->runner_up].name,
                                  guess->because ? guess->because : "nothing like it is tagged"};
    desk_row(rows, cells);
}

static void add_tagged(const Speaker *speaker, Rows *rows, const OwnersResource *resource) {
    const char *tag = speaker->report->bill.tag;
    const char *cells[COLUMNS] = {resource->id, speaker->report->bill.owners[resource->owner].name,
                                  NULL,         owners_monthly(speaker->arena, speaker->report, resource->cost),
                                  NULL,         arena_printf(speaker->arena, "it carries the tag %s itself", tag)};
    desk_row(rows, cells);
}

static const OwnerGuess *guess_of(const OwnersReport *report, const OwnersResource *resource) {
    for (size_t i = 0; i < report->guess_count; i++)
        if (report->guesses[i].resource == resource) return &report->guesses[i];
    return NULL;
}

static void give(const Speaker *speaker, const Rows *rows, const char *paraphrase, const Fact *facts, size_t fact_count,
                 const char *summary) {
    const OwnersExam *exam = &speaker->report->exam;
    Arena *arena = speaker->arena;
    const AnswerFound found = {.paraphrase = paraphrase,
                               .sql = speaker->report->bill.sql,
                               .scope = "total",
                               .summary = summary,
                               .table = rows->table,
                               .columns = rows->columns,
                               .facts = facts,
                               .fact_count = fact_count};
    const char **said = arena_array(arena, 1, sizeof *said);
    said[0] =
        exam->supported
            ? arena_printf(arena,
                           "Examined on %s tagged resources that were hidden: right %s of the time where it says 90%% or more.",
                           text_count(arena, (long long)exam->trials), owners_percent(arena, exam->precision_at_90))
            : arena_printf(arena, "No probabilities: %s.", exam->why_not);
    speaker->answer->assumed = said;
    speaker->answer->assumed_count = 1;
    speaker->answer->measure = "EffectiveCost";
    speaker->answer->measure_label = "effective cost";
    answer_found(arena, speaker->report->bill.catalog, &found, speaker->answer);
}

static void tell_one(const Speaker *speaker, const OwnersResource *resource, Buffer *said, Fact *facts, size_t *count) {
    const OwnersReport *report = speaker->report;
    Arena *arena = speaker->arena;
    const OwnerGuess *guess = guess_of(report, resource);
    if (!guess)
        buffer_printf(said, "It belongs to %s: it carries the tag.",
                      answer_name(arena, report->bill.owners[resource->owner].name));
    else if (guess->owner == OWNER_NONE)
        buffer_add(said, "Who owns it is not known: nobody is likely enough.");
    else {
        const char *value = percent(arena, guess->probability);
        buffer_printf(said, "It probably belongs to %s, at %s.", answer_name(arena, report->bill.owners[guess->owner].name),
                      answer_display(arena, value, "percent"));
        facts[(*count)++] = (Fact){.kind = "value",
                                   .subject = report->bill.owners[guess->owner].name,
                                   .value = value,
                                   .unit = "percent",
                                   .row = 0,
                                   .column = "probability"};
    }
}

/* All that speaks for the likeliest, as a table of its own. */
static void tell_why(const Speaker *speaker, const OwnerGuess *guess) {
    static const CompiledColumn why[] = {{.name = "evidence", .label = "evidence", .role = ROLE_OTHER}};
    static const CellType kinds[] = {CELL_TEXT};
    if (!guess || !guess->evidence_count) return;
    Rows rows = desk_rows(speaker->arena, why, kinds, 1);
    for (size_t i = 0; i < guess->evidence_count; i++) desk_row(&rows, &guess->evidence[i]);
    AnswerSection *section = arena_alloc(speaker->arena, sizeof *section);
    *section = (AnswerSection){.name = "evidence", .title = "Why", .table = rows.table, .columns = rows.columns};
    speaker->answer->sections = section;
    speaker->answer->section_count = 1;
}

static void tell_things(const Speaker *speaker, const OwnersResource **things, size_t count) {
    Rows rows = begin_rows(speaker, columns, types, COLUMNS);
    Buffer said = {.arena = speaker->arena}, asked = {.arena = speaker->arena};
    Fact facts[THINGS];
    size_t fact_count = 0;
    for (size_t i = 0; i < count; i++) {
        const OwnerGuess *guess = guess_of(speaker->report, things[i]);
        if (guess)
            add_guess(speaker, &rows, guess);
        else
            add_tagged(speaker, &rows, things[i]);
        buffer_printf(&asked, "%s%s", i ? ", " : "", text_printable(speaker->arena, things[i]->id));
    }
    if (count == 1) tell_one(speaker, things[0], &said, facts, &fact_count);
    if (count == 1) tell_why(speaker, guess_of(speaker->report, things[0]));
    give(speaker, &rows, arena_printf(speaker->arena, "who owns %s, by tag %s", buffer_text(&asked), speaker->report->bill.tag),
         facts, fact_count, count == 1 ? buffer_text(&said) : "The table names the owner of each.");
}

static void tell_untagged(const Speaker *speaker) {
    const OwnersReport *report = speaker->report;
    Rows rows = begin_rows(speaker, columns, types, COLUMNS);
    for (size_t i = 0; i < report->guess_count; i++) add_guess(speaker, &rows, &report->guesses[i]);
    const char *count = arena_printf(speaker->arena, "%zu", report->named_count);
    const char *all = arena_printf(speaker->arena, "%zu", report->guess_count);
    const Fact facts[] = {
        {.kind = "count", .subject = "total", .value = count, .unit = "count", .row = -1, .column = "resource_id"},
        {.kind = "count", .subject = "total", .value = all, .unit = "count", .row = -1, .column = "resource_id"}};
    const char *summary =
        arena_printf(speaker->arena, "%s of %s resources have an owner who is likely enough to be named.",
                     answer_display(speaker->arena, count, "count"), answer_display(speaker->arena, all, "count"));
    give(speaker, &rows,
         arena_printf(speaker->arena, "probable owners, by tag %s, of the resources without it", report->bill.tag), facts, 2,
         summary);
}

static void tell_by_owner(const Speaker *speaker) {
    static const CompiledColumn by[] = {
        {.name = "owner", .label = "probable owner", .role = ROLE_KEY},
        {.name = "named_resources", .label = "resources", .role = ROLE_OTHER, .unit = "count"},
        {.name = "named_cost", .label = "untagged cost", .role = ROLE_MEASURE, .unit = "currency"},
        {.name = "monthly_named_cost", .label = "a month", .role = ROLE_OTHER, .unit = "currency"}};
    static const CellType kinds[] = {CELL_TEXT, CELL_INTEGER, CELL_DECIMAL, CELL_DECIMAL};
    const OwnersReport *report = speaker->report;
    Arena *arena = speaker->arena;
    Rows rows = begin_rows(speaker, by, kinds, 4);
    for (size_t i = 0; i <= report->share_count; i++) {
        const OwnerShare *share = i < report->share_count ? &report->shares[i] : &report->unknown;
        if (!share->named_count) continue;
        const char *cells[] = {share->name ? share->name : "(unknown)", arena_printf(arena, "%zu", share->named_count),
                               decimal_text(arena, share->named), owners_monthly(arena, report, share->named)};
        desk_row(&rows, cells);
    }
    give(speaker, &rows,
         arena_printf(arena, "effective cost of resources without the tag %s, by probable owner", report->bill.tag), NULL, 0,
         "What nobody is likely enough to own stands as unknown.");
}

/* "by likely owner", "per probable team", … */
static bool asks_by_owner(Arena *arena, const char *question) {
    static const char *const each[] = {"by", "per", "for each"}, *const how[] = {"likely", "probable", "likeliest", "presumed"},
                             *const whom[] = {"owner", "team"};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        for (size_t j = 0; j < sizeof how / sizeof *how; j++)
            for (size_t k = 0; k < sizeof whom / sizeof *whom; k++)
                if (text_contains_fold(question, arena_printf(arena, "%s %s %s", each[i], how[j], whom[k]))) return true;
    return false;
}

bool owners_answer(Arena *arena, const Desk *desk, const char *question, Answer *out, Err *err) {
    OwnersReport *report = arena_alloc(arena, sizeof *report);
    const OwnersResource *things[THINGS];
    if (!owners_find(arena, desk, NULL, confidence, report, err)) return false;
    const Speaker speaker = {.arena = arena,
                             .report = report,
                             .currency = desk->catalog->currency_count == 1 ? desk->catalog->currencies[0] : NULL,
                             .answer = out};
    const size_t count = find_things(&report->bill, arena, question, things);
    const char *named = named_thing(arena, question);
    if (count)
        tell_things(&speaker, things, count);
    else if (named)
        return err_set_code(err, ERR_REFUSED, "UNKNOWN_VALUE", "No resource of this bill is called “%.200s”",
                            text_printable(arena, named));
    else if (asks_by_owner(arena, question))
        tell_by_owner(&speaker);
    else
        tell_untagged(&speaker);
    return true;
}
