/* Any text either becomes a plan that can be checked, said in words and hashed, or is declined with a sentence. No engine: what needs
 * one (identifiers) is looked up elsewhere. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/catalog_fixture.h"
#include "question/understand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    Catalog *catalog;
    Lexicon *lexicon;
} Subject;

static void read_one(const Subject *subject, const char *question) {
    Arena *arena = arena_make();
    Reading reading;
    Err err = {0};
    bool read = question_understand(arena, NULL, subject->lexicon, question, subject->catalog->as_of, NULL, &reading, &err);
    assert(read);
    if (reading.status == READING_PLAN) {
        assert(reading.plan && plan_hash(arena, reading.plan));
        if (plan_check(arena, subject->catalog, reading.plan, &err))
            assert(*plan_paraphrase(arena, subject->catalog, reading.plan));
        else
            assert(err.kind == ERR_REFUSED && *err.message);
    } else {
        assert(!text_is_empty(reading.code) && !text_is_empty(reading.message));
        assert(reading.status != READING_CLARIFY || reading.alternative_count >= 2);
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static Subject subjects[2];
    static Arena *forever;
    if (!forever) {
        Err err = {0};
        forever = arena_make();
        subjects[0].catalog = fixture_bill(forever);
        subjects[1].catalog = fixture_volumes(forever);
        for (size_t i = 0; i < 2; i++) {
            bool built = lexicon_build(forever, subjects[i].catalog, &subjects[i].lexicon, &err);
            assert(built);
        }
    }
    char *question = malloc(size + 1);
    memcpy(question, data, size);
    question[size] = '\0';
    for (size_t i = 0; i < 2; i++) read_one(&subjects[i], question);
    free(question);
    return 0;
}
