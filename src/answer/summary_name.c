/* Names of the data in prose: they may hold anything, and must read as names. */
#include <string.h>

#include "answer/display.h"
#include "answer/summary.h"
#include "base/text.h"

enum {
    NAME_COLUMNS = 60, /* a longer name hides the sentence around it */
    WORDS_OF_PROSE = 7 /* as many spaces make a sentence of a name; “September 2026 / Amazon Elastic Compute Cloud” has six */
};

char *summary_escape(Arena *arena, const char *text) {
    Buffer out = {.arena = arena};
    for (const char *c = text; *c; c++) {
        bool link = *c == ':' && c[1] == '/';
        if (link || strchr("\\`*_[]<>#|~&!@$", *c)) buffer_add_char(&out, '\\');
        buffer_add_char(&out, *c);
    }
    return arena_text(arena, buffer_text(&out));
}

/* A name that could be read as part of the sentence: amounts, percentages, or words enough to be a statement. */
static bool reads_like_prose(const char *text) {
    size_t spaces = 0;
    for (const char *c = text; *c; c++) spaces += *c == ' ';
    return spaces >= WORDS_OF_PROSE || strpbrk(text, "$%") || strstr(text, "€") || strstr(text, "£");
}

char *summary_name(Arena *arena, const char *subject) {
    char *name = summary_escape(arena, display_shorten(arena, subject, NAME_COLUMNS));
    return reads_like_prose(subject) ? arena_printf(arena, "**“%s”**", name) : arena_printf(arena, "**%s**", name);
}

char *summary_plain(Arena *arena, const char *markdown, const char *open, const char *close) {
    Buffer out = {.arena = arena};
    bool inside = false;
    for (const char *c = markdown; *c; c++) {
        if (c[0] == '*' && c[1] == '*') {
            buffer_add(&out, inside ? close : open);
            inside = !inside;
            c++;
        } else {
            if (*c == '\\' && c[1]) c++;
            buffer_add_char(&out, *c);
        }
    }
    return arena_text(arena, buffer_text(&out));
}
