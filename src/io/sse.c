#include "io/sse.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

struct SseReader {
    Buffer line, name, data;
    bool has_data;
    bool after_cr;   /* the LF of a CRLF is still to come */
    bool past_start; /* a byte order mark may only stand at the very beginning */
};

SseReader *sse_reader_make(Arena *arena) {
    SseReader *reader = arena_alloc(arena, sizeof *reader);
    reader->line.arena = reader->name.arena = reader->data.arena = arena;
    return reader;
}

static void empty(Buffer *buffer) {
    buffer->size = 0;
    if (buffer->data) *buffer->data = '\0';
}

static bool give(SseReader *reader, SseEach *each, void *context, Err *err) {
    const char *name = reader->name.size ? buffer_text(&reader->name) : "message";
    const bool go_on = !reader->has_data || each(context, name, buffer_text(&reader->data), reader->data.size, err);
    empty(&reader->name);
    empty(&reader->data);
    reader->has_data = false;
    return go_on;
}

/* The value after "field:", without the one space that may follow; NULL when the line is another field. */
static const char *value_of(const char *line, const char *field) {
    const size_t size = strlen(field);
    if (strncmp(line, field, size) != 0 || (line[size] && line[size] != ':')) return NULL;
    if (!line[size]) return "";
    return line + size + 1 + (line[size + 1] == ' ');
}

static bool take_line(SseReader *reader, SseEach *each, void *context, Err *err) {
    const char *line = buffer_text(&reader->line);
    if (!reader->past_start && text_starts(line, "\xEF\xBB\xBF")) line += 3;
    reader->past_start = true;
    if (!*line) return give(reader, each, context, err);
    const char *name = value_of(line, "event"), *data = value_of(line, "data");
    if (name) {
        empty(&reader->name);
        buffer_add(&reader->name, name);
    }
    if (data) {
        if (reader->has_data) buffer_add_char(&reader->data, '\n');
        buffer_add(&reader->data, data);
        reader->has_data = true;
    }
    return true;
}

bool sse_reader_add(SseReader *reader, const void *bytes, size_t size, SseEach *each, void *context, Err *err) {
    const char *at = bytes, *end = at + size;
    while (at < end) {
        if (reader->after_cr && *at == '\n') {
            reader->after_cr = false;
            at++;
            continue;
        }
        reader->after_cr = false;
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r') stop++;
        if (reader->line.size + (size_t)(stop - at) + reader->data.size > SSE_EVENT_BYTES)
            return err_set(err, ERR_LIMIT, "an event of the answer's stream is longer than %zu MB; it was not read further",
                           SSE_EVENT_BYTES >> 20);
        buffer_add_n(&reader->line, at, (size_t)(stop - at));
        if (stop == end) break;
        reader->after_cr = *stop == '\r';
        at = stop + 1;
        const bool go_on = take_line(reader, each, context, err);
        empty(&reader->line);
        if (!go_on) return false;
    }
    return true;
}

bool sse_reader_end(SseReader *reader, SseEach *each, void *context, Err *err) {
    if (reader->line.size && !take_line(reader, each, context, err)) return false;
    empty(&reader->line);
    return give(reader, each, context, err);
}
