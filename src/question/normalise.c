/* question/normalise.c: see question/tokens.h and question/normalise.h. */
#include "question/normalise.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* Code points that mean the same as an ASCII text in a question. */
static const struct {
    unsigned first, last;
    const char *ascii;
} FOLDED[] = {
    {0x00A0, 0x00A0, " "},  {0x2000, 0x200A, " "}, {0x202F, 0x202F, " "},   {0x3000, 0x3000, " "},   {0x2018, 0x201B, "'"},
    {0x2032, 0x2032, "'"},  {0x00B4, 0x00B4, "'"}, {0x201C, 0x201F, "\""},  {0x00AB, 0x00AB, "\""},  {0x00BB, 0x00BB, "\""},
    {0x2010, 0x2012, "-"},  {0x2212, 0x2212, "-"}, {0x2013, 0x2015, " - "}, {0x2026, 0x2026, " . "}, {0x2264, 0x2264, "<="},
    {0x2265, 0x2265, ">="}, {0x20AC, 0x20AC, "$"}, {0x00A3, 0x00A3, "$"},   {0x2044, 0x2044, "/"},   {0xFE6A, 0xFE6A, "%"},
};

/* Characters that hide or reorder text, and control characters: no honest question needs them. */
static bool unsafe(unsigned point) {
    if (point < 0x20) return point != '\t' && point != '\n' && point != '\r';
    return point == 0x7F || (point >= 0x80 && point < 0xA0) || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

static void add_folded(Buffer *out, unsigned point, const char *bytes, size_t size) {
    if (point == '\t' || point == '\n' || point == '\r') {
        buffer_add_char(out, ' ');
        return;
    }
    if (point >= 0xFF01 && point <= 0xFF5E) {
        buffer_add_char(out, (char)(point - 0xFF01 + 0x21));
        return;
    }
    for (size_t i = 0; i < sizeof FOLDED / sizeof *FOLDED; i++) {
        if (point >= FOLDED[i].first && point <= FOLDED[i].last) {
            buffer_add(out, FOLDED[i].ascii);
            return;
        }
    }
    buffer_add_n(out, bytes, size);
}

bool normalise(Arena *arena, const char *question, const char **out, Err *err) {
    size_t size = strlen(question);
    if (size > QUESTION_BYTES)
        return err_set_code(err, ERR_REFUSED, "TOO_BROAD",
                            "The question is longer than %d characters. Ask one thing at a time.", QUESTION_BYTES);
    if (!text_is_utf8(question, size))
        return err_set_code(err, ERR_REFUSED, "UNSAFE", "The question is not valid text (UTF-8).");
    Buffer text = {.arena = arena};
    for (size_t at = 0; at < size;) {
        size_t bytes = 1;
        unsigned point = text_code_point(question + at, &bytes);
        if (unsafe(point))
            return err_set_code(
                err, ERR_REFUSED, "UNSAFE",
                "The question holds invisible, control or direction-changing characters. Type it in plain text.");
        add_folded(&text, point, question + at, bytes);
        at += bytes;
    }
    *out = buffer_text(&text);
    return true;
}
