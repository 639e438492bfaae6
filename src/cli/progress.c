#include "cli/progress.h"

#include <stdio.h>

#include "base/text.h"

enum { BAR_WIDTH = 20, SECONDS_PER_MINUTE = 60, BYTES_PER_MB = 1000000 };

static void add_bar(Buffer *out, double fraction) {
    int filled = (int)(fraction * BAR_WIDTH + 0.5);
    for (int i = 0; i < BAR_WIDTH; i++) buffer_add(out, i < filled ? "█" : "░");
    buffer_printf(out, " %3.0f %%", fraction * 100);
}

/* Rows per second, and the time left by the share done so far; only once they mean something. */
static void add_rate(Buffer *out, const OpProgress *progress) {
    const double settled_s = 0.5;
    if (progress->elapsed_s < settled_s) return;
    if (progress->rows) {
        double rate = (double)progress->rows / progress->elapsed_s;
        buffer_printf(out, "  %s rows/s", text_count(out->arena, (long long)rate));
    }
    if (progress->fraction > 0.01 && progress->fraction < 1) {
        int left = (int)(progress->elapsed_s * (1 - progress->fraction) / progress->fraction + 0.5);
        buffer_printf(out, "  %d:%02d left", left / SECONDS_PER_MINUTE, left % SECONDS_PER_MINUTE);
    }
}

void progress_show(void *door, const OpProgress *progress) {
    ProgressLine *line = door;
    Arena *arena = arena_make();
    Buffer out = {.arena = arena};
    if (progress->fraction >= 0) add_bar(&out, progress->fraction < 1 ? progress->fraction : 1);
    if (progress->rows) buffer_printf(&out, "  %s rows", text_count(arena, (long long)progress->rows));
    if (progress->bytes_total)
        buffer_printf(&out, "  %.0f of %.0f MB", (double)progress->bytes / BYTES_PER_MB,
                      (double)progress->bytes_total / BYTES_PER_MB);
    add_rate(&out, progress);
    buffer_printf(&out, "  %s", text_printable(arena, progress->what ? progress->what : ""));
    const char *text = buffer_text(&out);
    /* A line that wraps could not be wiped. */
    size_t size = 0;
    for (size_t at = 0; text[at]; at += size) {
        text_code_point(text + at, &size);
        char *head = arena_text_n(arena, text, at + size);
        if (text_width(head) >= (size_t)line->width) {
            text = arena_text_n(arena, text, at);
            break;
        }
    }
    fprintf(stderr, "\r\x1b[K%s", text);
    fflush(stderr);
    line->shown = true;
    arena_free(arena);
}

void progress_wipe(ProgressLine *line) {
    if (line->shown) fprintf(stderr, "\r\x1b[K");
    line->shown = false;
}
