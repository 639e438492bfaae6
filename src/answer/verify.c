/* Re-reads a finished summary as a stranger would: every quantity in the text is cut out again and must be what some fact
 * displays, for the name that stands before it. What the writer meant plays no part. */
#include <ctype.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/summary.h"
#include "answer/verify.h"
#include "base/text.h"

typedef struct {
    Arena *arena;
    const Answer *answer;
    const char *subject;     /* name last seen in this sentence; NULL */
    int direction;           /* 1 after "rose", -1 after "fell" in this sentence, 0 before */
    const char *word;        /* the last plain word, lower case */
    const char *superlative; /* "highest" that still waits for its name; NULL */
    int numbers, verified;
} Reader;

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '\'';
}

static bool listed(const char *word, const char *const *list) {
    for (; *list; list++)
        if (text_equal(word, *list)) return true;
    return false;
}

static void count(Reader *reader, bool right) {
    reader->numbers++;
    reader->verified += right;
}

/* The fact's subject as the summary writes it equals the name read. */
static bool same_subject(Reader *reader, const char *name, const Fact *fact) {
    if (!name || !fact->subject) return false;
    const char *bold = summary_name(reader->arena, fact->subject);
    size_t size = strlen(bold);
    return size == strlen(name) + 4 && memcmp(bold + 2, name, size - 4) == 0;
}

static bool known_subject(Reader *reader, const char *name) {
    for (size_t i = 0; i < reader->answer->fact_count; i++)
        if (same_subject(reader, name, &reader->answer->facts[i])) return true;
    return false;
}

static bool is_change(const Fact *fact) {
    return text_equal(fact->kind, "delta") || text_equal(fact->kind, "percent");
}

/* Direction words and signs must say the same as the fact. */
static bool same_direction(const Reader *reader, const Fact *fact) {
    if (!is_change(fact)) return !text_equal(reader->word, "by");
    return reader->direction == (*fact->value == '-' ? -1 : 1);
}

/* "from … to …" names the side compared with first. */
static bool same_side(const Reader *reader, const Fact *fact) {
    bool from = text_equal(reader->word, "from"), to = text_equal(reader->word, "to");
    if ((!from && !to) || fact->row < 0 || text_equal(fact->kind, "date")) return true;
    for (size_t i = 0; reader->answer->table && i < reader->answer->table->column_count; i++) {
        const CompiledColumn *column = &reader->answer->columns[i];
        if (text_equal(column->name, fact->column)) return from ? column->role == ROLE_BEFORE : column->role == ROLE_MEASURE;
    }
    return false;
}

/* Facts of the whole scope may be said where no name stands before them; facts of a row only behind its name. */
static bool same_owner(Reader *reader, const Fact *fact) {
    if (text_equal(fact->kind, "date") && fact->row < 0) return true;
    if (reader->subject) return same_subject(reader, reader->subject, fact);
    return text_equal(fact->subject, reader->answer->scope);
}

static void check(Reader *reader, const char *span) {
    for (size_t i = 0; i < reader->answer->fact_count; i++) {
        const Fact *fact = &reader->answer->facts[i];
        if (text_equal(fact->kind, "rank")) continue;
        const char *display = fact->display;
        if (is_change(fact) && (*display == '-' || *display == '+')) display++;
        if (!verify_same(display, span, text_equal(fact->kind, "count"))) continue;
        if (same_owner(reader, fact) && same_direction(reader, fact) && same_side(reader, fact)) {
            count(reader, true);
            return;
        }
    }
    count(reader, false);
}

static bool ranked(Reader *reader, const char *word) {
    for (size_t i = 0; i < reader->answer->fact_count; i++) {
        const Fact *fact = &reader->answer->facts[i];
        if (text_equal(fact->kind, "rank") && text_equal(fact->display, word) && same_subject(reader, reader->subject, fact))
            return true;
    }
    return false;
}

static void end_sentence(Reader *reader) {
    if (reader->superlative) count(reader, false);
    reader->subject = NULL;
    reader->superlative = NULL;
    reader->direction = 0;
    reader->word = NULL;
}

/* A name in bold. What is no fact's subject is read as plain text instead: a number in it is a number. */
static const char *read_name(Reader *reader, const char *at) {
    const char *end = at + 2;
    while (*end && !(end[0] == '*' && end[1] == '*')) end += *end == '\\' && end[1] ? 2 : 1;
    if (!*end) return at + 2;
    const char *name = arena_text_n(reader->arena, at + 2, (size_t)(end - at) - 2);
    if (!known_subject(reader, name)) return at + 2;
    reader->subject = name;
    reader->word = NULL;
    reader->direction = 0;
    if (reader->superlative && !ranked(reader, reader->superlative)) count(reader, false);
    reader->superlative = NULL;
    return end + 2;
}

static void read_word(Reader *reader, const char *word) {
    static const char *const up[] = {"rose", "grew", "increased", "up", "more", "higher", "gained", NULL};
    static const char *const down[] = {"fell", "dropped", "decreased", "down", "less", "lower", "lost", NULL};
    static const char *const superlatives[] = {"highest", "lowest", "biggest",  "largest",   "smallest", "greatest",
                                               "most",    "least",  "cheapest", "costliest", NULL};
    static const char *const numbers[] = {"zero",    "one",     "two",      "three",   "four",    "five",     "six",
                                          "seven",   "eight",   "nine",     "ten",     "eleven",  "twelve",   "dozen",
                                          "half",    "third",   "thirds",   "double",  "doubled", "twice",    "triple",
                                          "tripled", "hundred", "thousand", "million", "billion", "majority", "minority",
                                          "all",     "none",    "nearly",   "roughly", "about",   "almost",   NULL};
    reader->word = word;
    if (listed(word, up)) reader->direction = 1;
    if (listed(word, down)) reader->direction = -1;
    if (listed(word, superlatives)) {
        if (reader->superlative) count(reader, false);
        reader->superlative = word;
    }
    if (listed(word, numbers)) count(reader, false);
}

static const char *read_plain_word(Reader *reader, const char *at) {
    const char *end = at;
    while (is_word_byte(*end)) end++;
    read_word(reader, text_lower(reader->arena, arena_text_n(reader->arena, at, (size_t)(end - at))));
    return end;
}

/* Bytes of the quantity at `at`: as cut from the text, or a whole display that stands here (units in lower case). */
static size_t span_at(const Reader *reader, const char *at) {
    size_t size = verify_span(at);
    for (size_t i = 0; size && i < reader->answer->fact_count; i++) {
        const char *display = reader->answer->facts[i].display;
        if (*display == '-' || *display == '+') display++;
        size_t whole = strlen(display);
        if (whole > size && text_starts(at, display) && !is_word_byte(at[whole])) size = whole;
    }
    return size;
}

static bool ends_sentence(const char *at) {
    return (*at == '.' || *at == '!' || *at == '?') && (at[1] == '\0' || at[1] == ' ' || at[1] == '\n');
}

void answer_verify(Arena *arena, const Answer *answer, int *numbers, int *verified) {
    Reader reader = {.arena = arena, .answer = answer};
    const char *at = answer->summary ? answer->summary : "";
    while (*at) {
        size_t size = span_at(&reader, at);
        if (size) {
            check(&reader, arena_text_n(arena, at, size));
            reader.word = NULL;
            at += size;
        } else if (at[0] == '*' && at[1] == '*') {
            at = read_name(&reader, at);
        } else if (is_word_byte(*at)) {
            at = read_plain_word(&reader, at);
        } else {
            if (ends_sentence(at)) end_sentence(&reader);
            at++;
        }
    }
    end_sentence(&reader);
    *numbers = reader.numbers;
    *verified = reader.verified;
}

bool verify_is_plain(Arena *arena, const char *text) {
    const Answer nothing = {.summary = text};
    int claims = 0, verified = 0;
    answer_verify(arena, &nothing, &claims, &verified);
    return claims == 0 && is_word_byte(*text) && !strpbrk(text, "*\\`[]<>.!?%$") &&
           text_equal(text, text_printable(arena, text));
}
