/* Text of foreign origin: what is printed holds no control character, numbers and dates read back as themselves, quoted SQL stays one literal. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/sql.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(Arena *arena, const char *text) {
    Decimal value = {0}, again = {0};
    if (!decimal_parse(text, &value)) return;
    bool read = decimal_parse(decimal_text(arena, value), &again);
    assert(read && decimal_compare(value, again) == 0);
    (void)decimal_grouped(arena, value, 2);
    Decimal result = {0};
    if (decimal_subtract(value, again, &result)) assert(decimal_is_zero(result));
    if (decimal_divide(value, again, 4, &result)) assert(strcmp(decimal_fixed(arena, result, 4), "1.0000") == 0);
}

static void check_date(Arena *arena, const char *text) {
    Day day = 0;
    if (date_parse(text, &day)) assert(strncmp(date_text(arena, day), text, 10) == 0);
}

static void check_printable(Arena *arena, const char *text) {
    const char *shown = text_printable(arena, text);
    assert(text_is_utf8(shown, strlen(shown)));
    for (const char *c = shown; *c; c++) assert((unsigned char)*c >= 0x20 && *c != 0x7F);
    assert(text_width(shown) <= 2 * strlen(shown));
}

/* Every quote inside stands in a pair, so the literal ends where it should. */
static void check_literal(Arena *arena, const char *text) {
    const char *literal = sql_format(arena, "%S", text);
    size_t length = strlen(literal), at = 1;
    assert(literal[0] == '\'' && literal[length - 1] == '\'');
    while (at < length - 1) {
        if (literal[at] == '\'') assert(literal[++at] == '\'' && at < length - 1);
        at++;
    }
    assert(at == length - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_make();
    const char *text = arena_text_n(arena, (const char *)data, size);
    check_number(arena, text);
    check_date(arena, text);
    check_printable(arena, text);
    check_literal(arena, text);
    const char *key = text_name_key(arena, text);
    assert(strcmp(key, text_name_key(arena, key)) == 0);
    (void)text_distance(text, key, 3);
    arena_free(arena);
    return 0;
}
