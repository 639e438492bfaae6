/* question/lexicon.c: look-ups, see question/lexicon.h; lexicon_build.c fills it. */
#include "question/lexicon.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

typedef struct LexiconSlot LexiconSlot;
struct LexiconSlot {
    const char *key;
    const LexiconEntry *entries;
    bool english;
    LexiconSlot *next;
};

/* The key of one word of a phrase, appended at `key`; gives its bytes. */
static size_t word_key(const char *word, size_t size, char *key) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)word[i];
        if (isalnum(c) || c >= 0x80) key[count++] = (char)tolower(c);
    }
    if (count > 0) return count;
    memcpy(key, word, size);
    return size;
}

void lexicon_key(Buffer *out, const char *phrase) {
    char part[256];
    while (*phrase) {
        while (*phrase == ' ') phrase++;
        size_t size = strcspn(phrase, " ");
        if (size > sizeof part) size = sizeof part; /* longer words come in pieces, which join again */
        if (size > 0) buffer_add_n(out, part, word_key(phrase, size, part));
        phrase += size;
    }
}

static size_t hash(const char *key) {
    size_t value = 1469598103934665603u;
    for (; *key; key++) value = (value ^ (unsigned char)*key) * 1099511628211u;
    return value ^ (value >> 29);
}

static LexiconSlot *slot_of(const struct Lexicon *lexicon, const char *key) {
    LexiconSlot *slot = lexicon->buckets[hash(key) & (lexicon->bucket_count - 1)];
    while (slot && !text_equal(slot->key, key)) slot = slot->next;
    return slot;
}

const LexiconEntry *lexicon_find(const struct Lexicon *lexicon, const char *key) {
    const LexiconSlot *slot = slot_of(lexicon, key);
    return slot ? slot->entries : NULL;
}

static LexiconSlot *slot_for(Arena *arena, struct Lexicon *lexicon, const char *phrase) {
    char small[128];
    Buffer key = {.arena = arena, .data = small, .room = sizeof small};
    small[0] = '\0';
    lexicon_key(&key, phrase);
    const char *text = buffer_text(&key);
    if (!*text) return NULL;
    LexiconSlot *slot = slot_of(lexicon, text);
    if (slot) return slot;
    slot = arena_alloc(arena, sizeof *slot);
    slot->key = arena_text(arena, text);
    LexiconSlot **bucket = &lexicon->buckets[hash(slot->key) & (lexicon->bucket_count - 1)];
    slot->next = *bucket;
    *bucket = slot;
    lexicon->phrase_count++;
    return slot;
}

static bool same_meaning(const LexiconEntry *a, const LexiconEntry *b) {
    if (a->symbol != b->symbol || !frame_same_action(a->action, b->action) || a->column != b->column ||
        a->value_count != b->value_count)
        return false;
    for (size_t i = 0; i < a->value_count; i++)
        if (!text_equal(a->values[i], b->values[i])) return false;
    return text_equal(a->absent, b->absent);
}

void lexicon_add(Arena *arena, struct Lexicon *lexicon, const char *phrase, LexiconEntry entry) {
    LexiconSlot *slot = slot_for(arena, lexicon, phrase);
    if (!slot) return;
    for (const LexiconEntry *have = slot->entries; have; have = have->next)
        if (same_meaning(have, &entry) && have->weight >= entry.weight) return;
    LexiconEntry *made = arena_alloc(arena, sizeof *made);
    *made = entry;
    made->next = slot->entries;
    slot->entries = made;
}

bool lexicon_is_english(const struct Lexicon *lexicon, const char *word) {
    const LexiconSlot *slot = slot_of(lexicon, word);
    return slot && slot->english;
}

void lexicon_mark_english(Arena *arena, struct Lexicon *lexicon, const char *word) {
    LexiconSlot *slot = slot_for(arena, lexicon, word);
    if (slot) slot->english = true;
}
