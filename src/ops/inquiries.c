#include "ops/inquiries.h"

#include <ctype.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "investigate/findings_answer.h"
#include "investigate/owners_answer.h"

static const Inquiry inquiries[] = {{"owners", owners_answer}};

/* The question in lower case, its words one space apart, with a space at both ends, so that phrases are found as whole words. */
static const char *plain_words(Arena *arena, const char *question) {
    Buffer out = {.arena = arena};
    buffer_add_char(&out, ' ');
    for (const char *c = question; *c; c++) {
        const bool space = isspace((unsigned char)*c) || strchr("?!,;\"()", *c);
        if (!space)
            buffer_add_char(&out, (char)tolower((unsigned char)*c));
        else if (out.data[out.size - 1] != ' ')
            buffer_add_char(&out, ' ');
    }
    if (out.data[out.size - 1] != ' ') buffer_add_char(&out, ' ');
    return buffer_text(&out);
}

static bool has_words(Arena *arena, const char *words, const char *phrase) {
    return strstr(words, arena_printf(arena, " %s ", phrase)) != NULL;
}

/* A word that only an id or a technical name looks like: "vol-0abc", "arn:aws:…", "/aws/lambda/f", "acme-ledger-exports". */
static bool names_thing(const char *words) {
    for (const char *c = words; *c;) {
        const size_t size = strcspn(c, " ");
        const size_t mark = strcspn(c, "-_/:");
        if (size > 3 && mark < size) return true;
        c += size + strspn(c + size, " ");
    }
    return false;
}

static bool names_untagged(Arena *arena, const char *words) {
    static const char *const phrases[] = {"untagged",     "without a tag", "without tags", "without tag",  "with no tag",
                                          "with no tags", "have no tag",   "has no tag",   "no owner tag", "without an owner",
                                          "unowned",      "not tagged",    "unattributed"};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (has_words(arena, words, phrases[i])) return true;
    return false;
}

static bool begins_with(Arena *arena, const char *words, const char *phrase) {
    const char *first = arena_printf(arena, " %s ", phrase);
    return strncmp(words, first, strlen(first)) == 0;
}

static bool has_need(Arena *arena, const char *words, const char *phrase, const char *need) {
    if (text_equal(need, "first")) return begins_with(arena, words, phrase) && names_thing(words);
    if (text_equal(need, "thing")) return names_thing(words);
    if (text_equal(need, "belongs")) return has_words(arena, words, "belong to") && names_thing(words);
    if (text_equal(need, "either")) return names_thing(words) || names_untagged(arena, words);
    return true;
}

const Inquiry *inquiry_find(Arena *arena, const char *question) {
    const Knowledge *table = knowledge_table(arena, "inquiries.tsv");
    const char *words = plain_words(arena, question);
    for (size_t row = 0; row < table->row_count; row++) {
        if (!has_words(arena, words, knowledge_field(table, row, "phrase"))) continue;
        if (!has_need(arena, words, knowledge_field(table, row, "phrase"), knowledge_field(table, row, "needs"))) continue;
        for (size_t i = 0; i < sizeof inquiries / sizeof *inquiries; i++)
            if (text_equal(inquiries[i].name, knowledge_field(table, row, "inquiry"))) return &inquiries[i];
    }
    return NULL;
}

const Inquiry *inquiry_of_declined(Arena *arena, const char *question) {
    static const Inquiry findings = {"findings", findings_answer};
    return findings_asked(arena, question) ? &findings : NULL;
}
