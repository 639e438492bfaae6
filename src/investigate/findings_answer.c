#include "investigate/findings_answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

enum { WORDS = 60, PHRASE_WORDS = 4, SELECTIONS = 12 };

/* What a question's words come to. */
typedef struct {
    Arena *arena;
    const Knowledge *table;
    size_t word_count;
    const char *words[WORDS];
    bool asks, quick;
    size_t selection_count;
    size_t selections[SELECTIONS]; /* rows of the table that limit the rules */
    size_t unknown_count;
    const char *unknown[FINDINGS_PLACES];
    bool too_much;
} Asked;

/* --- Words --------------------------------------------------------------------------------------------------------------------- */

static void split_words(Asked *asked, const char *question) {
    for (const char *c = question; *c;) {
        while (*c && (isspace((unsigned char)*c) || strchr("?!,;\"()", *c))) c++;
        size_t size = 0;
        while (c[size] && !isspace((unsigned char)c[size]) && !strchr("?!,;\"()", c[size])) size++;
        if (!size) break;
        size_t end = size;
        while (end && c[end - 1] == '.') end--;
        if (asked->word_count == WORDS) {
            asked->too_much = true;
            return;
        }
        if (end) asked->words[asked->word_count++] = text_lower(asked->arena, arena_text_n(asked->arena, c, end));
        c += size;
    }
}

/* The row whose words stand at `at`, the longest; its length in words goes to `size`. False when there is none. */
static bool phrase_at(const Asked *asked, size_t at, size_t *row, size_t *size) {
    for (*size = PHRASE_WORDS; *size > 0; (*size)--) {
        if (at + *size > asked->word_count) continue;
        Buffer phrase = {.arena = asked->arena};
        for (size_t i = 0; i < *size; i++) buffer_printf(&phrase, "%s%s", i ? " " : "", asked->words[at + i]);
        for (*row = 0; *row < asked->table->row_count; (*row)++)
            if (text_equal(knowledge_field(asked->table, *row, "words"), buffer_text(&phrase))) return true;
    }
    return false;
}

/* Words after which an account, a region or a month may be named. */
static bool leads_to_place(const char *word) {
    static const char *const words[] = {"in",  "for",     "within", "of",   "on",   "at",  "the",
                                        "our", "account", "region", "from", "last", "this"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(words[i], word)) return true;
    return false;
}

static Asked read_question(Arena *arena, const char *question) {
    Asked asked = {.arena = arena, .table = knowledge_table(arena, "finding_words.tsv")};
    split_words(&asked, question);
    bool place = false;
    for (size_t at = 0, row = 0, size = 1; at < asked.word_count; at += size) {
        if (!phrase_at(&asked, at, &row, &size)) {
            size = 1;
            if (!place || asked.unknown_count == FINDINGS_PLACES)
                asked.too_much = true;
            else
                asked.unknown[asked.unknown_count++] = asked.words[at];
            continue;
        }
        place = leads_to_place(asked.words[at + size - 1]);
        const char *use = knowledge_field(asked.table, row, "use");
        asked.quick |= text_equal(use, "quick");
        asked.asks |= text_equal(use, "ask") || text_equal(use, "quick");
        if (*knowledge_field(asked.table, row, "rules") && asked.selection_count < SELECTIONS)
            asked.selections[asked.selection_count++] = row;
    }
    return asked;
}

static bool rule_fits(Arena *arena, const Rule *rule, const char *patterns) {
    size_t count = 0;
    const char **parts = text_split(arena, patterns, '|', &count);
    for (size_t i = 0; i < count; i++) {
        if (text_starts(parts[i], "family:")) {
            if (text_equal(rule->family, parts[i] + strlen("family:"))) return true;
        } else if (strstr(rule->id, parts[i])) {
            return true;
        }
    }
    return false;
}

static bool rule_fits_all(const Asked *asked, const Rule *rule) {
    for (size_t i = 0; i < asked->selection_count; i++)
        if (!rule_fits(asked->arena, rule, knowledge_field(asked->table, asked->selections[i], "rules"))) return false;
    return true;
}

/* Whether any rule is about all that was named: none finds idle instances, which a bill does not show. */
static bool is_judged(const Asked *asked) {
    const RuleBook *book = NULL;
    Err ignored = {0};
    if (!rule_book(asked->arena, &book, &ignored)) return false;
    for (size_t i = 0; i < book->rule_count; i++)
        if (rule_fits_all(asked, &book->rules[i])) return true;
    return false;
}

bool findings_asked(Arena *arena, const char *question) {
    const Asked asked = read_question(arena, question);
    return asked.asks && !asked.too_much && is_judged(&asked);
}

/* --- Places and times ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    const char *month;
    const char *account, *region;
} Place;

static const CatalogMonth *month_of(const Catalog *catalog, const char *word) {
    const CatalogMonth *found = NULL;
    for (size_t i = 0; i < catalog->month_count; i++) {
        const CatalogMonth *month = &catalog->months[i];
        const char *name = date_month_name(date_calendar(month->start).month);
        const bool named = text_equal_fold(name, word) || (strlen(word) == 3 && text_starts_fold(name, word));
        if (named || text_equal(month->name, word)) found = month;
    }
    return found;
}

/* A value of a column by its whole text, or by the last part of it ("prod" of "lumenpay-prod") where that is one value's only. */
static const char *value_of(const Catalog *catalog, const char *column_name, const char *word) {
    const CatalogColumn *column = catalog_column(catalog, column_name);
    const char *part = NULL;
    size_t parts = 0;
    for (size_t i = 0; column && i < column->value_count; i++) {
        const char *text = column->values[i].text;
        const size_t size = strlen(text), length = strlen(word);
        if (text_equal_fold(text, word)) return text;
        if (size > length && text[size - length - 1] == '-' && text_equal_fold(text + size - length, word)) {
            part = text;
            parts++;
        }
    }
    return parts == 1 ? part : NULL;
}

static bool is_year(const Catalog *catalog, const char *word) {
    for (size_t i = 0; i < catalog->month_count; i++)
        if (strlen(word) == 4 && text_starts(catalog->months[i].name, word)) return true;
    return false;
}

static bool find_place(const Catalog *catalog, const Asked *asked, Place *out, Err *err) {
    *out = (Place){0};
    for (size_t i = 0; i < asked->unknown_count; i++) {
        const char *word = asked->unknown[i];
        const CatalogMonth *month = month_of(catalog, word);
        const char *name = value_of(catalog, "SubAccountName", word), *id = value_of(catalog, "SubAccountId", word);
        const char *region = value_of(catalog, "RegionId", word);
        if (month)
            out->month = month->name;
        else if (name || id)
            out->account = name ? name : id;
        else if (region)
            out->region = region;
        else if (!is_year(catalog, word))
            return err_set_code(err, ERR_REFUSED, "UNKNOWN_VALUE",
                                "“%.60s” names no account, region or month of this bill. Ask for example: where am I wasting "
                                "money, quick wins, how "
                                "much would gp3 save",
                                text_printable(asked->arena, word));
    }
    return true;
}

/* --- Rows -------------------------------------------------------------------------------------------------------------------------- */

static bool fits(const Asked *asked, const Place *place, const Finding *finding) {
    bool limited = asked->selection_count > 0;
    if (!rule_fits_all(asked, finding->rule)) return false;
    if (asked->quick && (!strchr("XS", *finding->rule->effort) || *finding->rule->risk == 'H')) return false;
    if (place->account && !text_equal(place->account, finding->account) && !text_equal(place->account, finding->account_name))
        return false;
    if (place->region && !text_equal(place->region, finding->region)) return false;
    /* What other findings save already is told only to who asks for it. */
    return finding->best_cents > 0 || (limited && finding->item_count > 0);
}

static const CompiledColumn columns[] = {
    {.name = "finding", .label = "finding", .role = ROLE_KEY},
    {.name = "account", .label = "account", .role = ROLE_OTHER},
    {.name = "region", .label = "region", .role = ROLE_OTHER},
    {.name = "class", .label = "class", .role = ROLE_OTHER},
    {.name = "monthly_saving", .label = "saves a month", .role = ROLE_MEASURE, .unit = "currency"},
    {.name = "monthly_cost", .label = "of", .role = ROLE_OTHER, .unit = "currency"},
    {.name = "rule", .label = "rule", .role = ROLE_OTHER}};
static const CellType types[] = {CELL_TEXT, CELL_TEXT, CELL_TEXT, CELL_TEXT, CELL_DECIMAL, CELL_DECIMAL, CELL_TEXT};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *amount(Arena *arena, long long cents) {
    return arena_printf(arena, "%lld.%02lld", cents / 100, cents % 100);
}

typedef struct {
    size_t count;
    long long sure_cents, unsure_cents; /* classes A and B; C */
    const Finding *largest;
} Sum;

static Sum add_rows(Arena *arena, const Asked *asked, const Place *place, const Findings *findings, Rows *rows) {
    Sum sum = {0};
    for (size_t i = 0; i < findings->count; i++) {
        const Finding *finding = &findings->items[i];
        if (!fits(asked, place, finding)) continue;
        const char *cells[COLUMNS] = {finding->title,
                                      finding->account_name ? finding->account_name : finding->account,
                                      finding->region,
                                      arena_printf(arena, "%c", finding->class),
                                      amount(arena, finding->best_cents),
                                      amount(arena, finding->cost_cents),
                                      finding->rule->id};
        desk_row(rows, cells);
        if (!sum.largest) sum.largest = finding;
        sum.count++;
        *(finding->class == 'C' ? &sum.unsure_cents : &sum.sure_cents) += finding->best_cents;
    }
    return sum;
}

static const char *topic(const Asked *asked) {
    Buffer out = {.arena = asked->arena};
    for (size_t i = 0; i < asked->selection_count; i++) {
        const char *label = knowledge_field(asked->table, asked->selections[i], "label");
        if (!strstr(buffer_text(&out), label)) buffer_printf(&out, "%s%s", out.size ? ", " : "", label);
    }
    return buffer_text(&out);
}

static const char *paraphrase(const Asked *asked, const Place *place, const Findings *findings) {
    const CalendarDate month = date_calendar(findings->period.start);
    const char *about = topic(asked);
    return arena_printf(asked->arena, "%s of the inference rules%s%s%s%s%s%s, %s %d", asked->quick ? "Quick wins" : "Findings",
                        *about ? " on " : "", about, place->account ? " in " : "", place->account ? place->account : "",
                        place->region ? " in " : "", place->region ? place->region : "", date_month_name(month.month),
                        month.year);
}

static const char *summary(Arena *arena, const Sum *sum, const char *currency, Fact *facts, size_t *fact_count) {
    Buffer out = {.arena = arena};
    if (!sum->count) return "The rules that could be judged found nothing of that on this bill.";
    const char *sure = amount(arena, sum->sure_cents), *unsure = amount(arena, sum->unsure_cents);
    if (sum->sure_cents) {
        buffer_printf(&out, "**%s** a month could be saved: proven by the bill or likely.",
                      answer_display(arena, sure, currency));
        facts[(*fact_count)++] = (Fact){.kind = "value",
                                        .subject = "total",
                                        .value = sure,
                                        .unit = currency,
                                        .row = -1,
                                        .column = "monthly_saving",
                                        .formula = "sum of monthly_saving of classes A and B"};
    }
    if (sum->unsure_cents) {
        buffer_printf(&out, "%s**%s** a month%s needs a check outside the bill first.", out.size ? " " : "",
                      answer_display(arena, unsure, currency), sum->sure_cents ? " more" : "");
        facts[(*fact_count)++] = (Fact){.kind = "value",
                                        .subject = "total",
                                        .value = unsure,
                                        .unit = currency,
                                        .row = -1,
                                        .column = "monthly_saving",
                                        .formula = "sum of monthly_saving of class C"};
    }
    if (!out.size) buffer_add(&out, "It is counted in other findings on the same resources already.");
    return buffer_text(&out);
}

bool findings_answer(Arena *arena, const Desk *desk, const char *question, Answer *out, Err *err) {
    const Asked asked = read_question(arena, question);
    Architecture architecture = {0};
    Place place = {0};
    Fact facts[4];
    size_t fact_count = 0;
    if (!find_place(desk->catalog, &asked, &place, err)) return false;
    if (!findings_find(arena, desk, place.month, &architecture, err)) return false;
    const Findings *findings = &architecture.findings;
    Rows rows = desk_rows(arena, columns, types, COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++)
        if (text_equal(rows.columns[i].unit, "currency")) rows.columns[i].unit = findings->currency;
    const Sum sum = add_rows(arena, &asked, &place, findings, &rows);
    const AnswerFound found = {.paraphrase = paraphrase(&asked, &place, findings),
                               .sql = "",
                               .scope = "total",
                               .summary = summary(arena, &sum, findings->currency, facts, &fact_count),
                               .table = rows.table,
                               .columns = rows.columns,
                               .facts = facts,
                               .fact_count = fact_count};
    out->measure = "EffectiveCost";
    out->measure_label = "effective cost";
    const char **said = arena_array(arena, 2, sizeof *said);
    said[out->assumed_count++] =
        "Savings of different findings do not overlap; how each was worked out: curlew architecture --rule RULE.";
    if (findings->not_judged_count)
        said[out->assumed_count++] = arena_printf(arena, "%zu rules of %zu need what this bill does not have.",
                                                  findings->not_judged_count, findings->rule_count);
    out->assumed = said;
    answer_found(arena, desk->catalog, &found, out);
    out->period_start = date_text(arena, findings->period.start);
    out->period_end = date_text(arena, findings->period.end);
    out->period_complete = findings->period.complete;
    return true;
}
