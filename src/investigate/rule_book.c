/* All rules and features that are embedded, features in the order in which they build on each other. */
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "investigate/rule.h"

static const char *file_text(Arena *arena, const char *name) {
    size_t size = 0;
    const char *data = knowledge_file(name, &size);
    return arena_text_n(arena, data, size);
}

static bool reads_one_of(const Feature *feature, const Feature *features, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (&features[i] != feature && rule_sql_names(feature->sql, features[i].name)) return true;
    return false;
}

/* Moves to the front, again and again, what reads none of those that are left. */
static bool order_features(RuleBook *book, Err *err) {
    for (size_t done = 0; done < book->feature_count; done++) {
        size_t next = done;
        while (next < book->feature_count &&
               reads_one_of(&book->features[next], book->features + done, book->feature_count - done))
            next++;
        if (next == book->feature_count)
            return err_set(err, ERR_INTERNAL, "%s: it reads a feature that reads it", book->features[done].file);
        const Feature chosen = book->features[next];
        memmove(&book->features[done + 1], &book->features[done], (next - done) * sizeof chosen);
        book->features[done] = chosen;
    }
    return true;
}

bool rule_book(Arena *arena, const RuleBook **out, Err *err) {
    RuleBook *book = arena_alloc(arena, sizeof *book);
    size_t files = 0;
    while (knowledge_file_name(files)) files++;
    book->rules = arena_array(arena, files, sizeof *book->rules);
    book->features = arena_array(arena, files, sizeof *book->features);
    for (size_t i = 0; i < files; i++) {
        const char *name = knowledge_file_name(i);
        if (text_ends(name, ".rule")) {
            if (!rule_read(arena, name, file_text(arena, name), &book->rules[book->rule_count++], err)) return false;
        } else if (text_ends(name, ".feature")) {
            if (!feature_read(arena, name, file_text(arena, name), &book->features[book->feature_count++], err)) return false;
        }
    }
    *out = book;
    return order_features(book, err);
}
