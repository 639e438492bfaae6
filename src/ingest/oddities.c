#include "ingest/oddities.h"

#include <stdarg.h>

#include "base/limits.h"
#include "base/text.h"

void odd_add(Oddities *odd, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *sentence = arena_vprintf(odd->arena, format, args);
    va_end(args);
    for (size_t i = 0; i < odd->count; i++)
        if (text_equal(odd->sentences[i], sentence)) return;
    if (odd->count == LOAD_ODDITIES) {
        odd->left_out++;
        return;
    }
    if (odd->count == odd->room) {
        size_t room = odd->room ? odd->room * 2 : 16;
        odd->sentences =
            arena_grow(odd->arena, odd->sentences, odd->room * sizeof *odd->sentences, room * sizeof *odd->sentences);
        odd->room = room;
    }
    odd->sentences[odd->count++] = sentence;
}

void odd_write(const Oddities *odd, Json *array) {
    for (size_t i = 0; i < odd->count; i++) json_add_text(array, odd->sentences[i]);
    if (odd->left_out) json_add_text(array, arena_printf(odd->arena, "%zu more remarks were left out", odd->left_out));
}
