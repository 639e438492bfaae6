/* A message on the wire: total length, headers' length, checksum of these two; headers; payload; checksum of all before it.
 * Numbers are big endian. */
#include "io/aws_events.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/unpack.h"

#define PRELUDE_BYTES 12
#define CHECKSUM_BYTES 4

struct EventReader {
    Arena *arena;
    unsigned char *data; /* bytes of the message that is being read */
    size_t size, room;
};

EventReader *event_reader_make(Arena *arena) {
    EventReader *reader = arena_alloc(arena, sizeof *reader);
    reader->arena = arena;
    return reader;
}

bool event_reader_is_whole(const EventReader *reader) {
    return reader->size == 0;
}

const char *event_header_text(const EventMessage *message, const char *name) {
    for (size_t i = 0; i < message->header_count; i++)
        if (message->headers[i].type == EVENT_TEXT && text_equal(message->headers[i].name, name))
            return message->headers[i].bytes;
    return NULL;
}

static uint64_t big_endian(const unsigned char *bytes, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value = value << 8 | bytes[i];
    return value;
}

/* Bytes of a value of a fixed size; -1 for those that begin with their length. */
static int value_bytes(EventHeaderType type) {
    static const signed char sizes[] = {
        [EVENT_TRUE] = 0,  [EVENT_FALSE] = 0,  [EVENT_BYTE] = 1,  [EVENT_INT16] = 2,     [EVENT_INT32] = 4,
        [EVENT_INT64] = 8, [EVENT_BYTES] = -1, [EVENT_TEXT] = -1, [EVENT_TIMESTAMP] = 8, [EVENT_UUID] = 16};
    return sizes[type];
}

static int64_t whole_number(EventHeaderType type, const unsigned char *bytes) {
    switch (type) {
    case EVENT_BYTE: return (int8_t)bytes[0];
    case EVENT_INT16: return (int16_t)big_endian(bytes, 2);
    case EVENT_INT32: return (int32_t)big_endian(bytes, 4);
    default: return (int64_t)big_endian(bytes, 8);
    }
}

static bool broken(Err *err) {
    return err_set_code(err, ERR_IO, "BAD_STREAM",
                        "the answer of the service is damaged (headers of an event do not fit); ask again");
}

/* Reads one header of `size` bytes at most; gives the bytes it took in `taken`. */
static bool read_header(Arena *arena, const unsigned char *bytes, size_t size, EventHeader *out, size_t *taken, Err *err) {
    const size_t name_size = bytes[0];
    size_t at = 1 + name_size;
    if (name_size == 0 || at + 1 > size) return broken(err);
    out->name = arena_text_n(arena, (const char *)bytes + 1, name_size);
    const unsigned char type = bytes[at++];
    if (type > EVENT_UUID) return broken(err);
    out->type = (EventHeaderType)type;

    const int fixed = value_bytes(out->type);
    size_t value_size = (size_t)(fixed < 0 ? 0 : fixed);
    if (fixed < 0) {
        if (at + 2 > size) return broken(err);
        value_size = (size_t)big_endian(bytes + at, 2);
        at += 2;
    }
    if (at + value_size > size) return broken(err);
    if (fixed < 0 || out->type == EVENT_UUID) {
        out->bytes = arena_text_n(arena, (const char *)bytes + at, value_size);
        out->size = value_size;
    } else if (fixed > 0) {
        out->number = whole_number(out->type, bytes + at);
    }
    *taken = at + value_size;
    return true;
}

static bool give_message(EventReader *reader, size_t total, size_t headers_size, EventEach *each, void *context, Err *err) {
    Arena *arena = arena_make();
    EventHeader *headers = arena_array(arena, EVENT_HEADERS, sizeof *headers);
    EventMessage message = {.headers = headers};
    bool ok = true;
    for (size_t at = 0; ok && at < headers_size;) {
        size_t taken = 0;
        if (message.header_count == EVENT_HEADERS)
            ok = err_set(err, ERR_LIMIT, "an event of the service has more than %d headers", EVENT_HEADERS);
        else
            ok = read_header(arena, reader->data + PRELUDE_BYTES + at, headers_size - at, &headers[message.header_count],
                             &taken, err);
        message.header_count += ok;
        at += taken;
    }
    if (ok) {
        message.payload_size = total - PRELUDE_BYTES - headers_size - CHECKSUM_BYTES;
        message.payload = arena_text_n(arena, (const char *)reader->data + PRELUDE_BYTES + headers_size, message.payload_size);
        ok = each(context, &message, err);
    }
    arena_free(arena);
    return ok;
}

/* Gives the first message when it is whole; its bytes go to `taken`, 0 when more must come first. */
static bool take_message(EventReader *reader, EventEach *each, void *context, size_t *taken, Err *err) {
    *taken = 0;
    if (reader->size < PRELUDE_BYTES) return true;
    const size_t total = (size_t)big_endian(reader->data, 4), headers_size = (size_t)big_endian(reader->data + 4, 4);
    if (unpack_crc32(0, reader->data, 8) != (uint32_t)big_endian(reader->data + 8, 4))
        return err_set_code(err, ERR_IO, "BAD_STREAM",
                            "the answer of the service is damaged (prelude checksum mismatch); ask again");
    if (total > EVENT_MESSAGE_BYTES || headers_size > EVENT_HEADERS_BYTES)
        return err_set_code(err, ERR_LIMIT, "BAD_STREAM", "the service sent an event of %zu bytes, more than the format allows",
                            total);
    if (total < PRELUDE_BYTES + CHECKSUM_BYTES || headers_size > total - PRELUDE_BYTES - CHECKSUM_BYTES) return broken(err);
    if (reader->size < total) return true;
    const uint32_t checksum = unpack_crc32(0, reader->data, total - CHECKSUM_BYTES);
    if (checksum != (uint32_t)big_endian(reader->data + total - CHECKSUM_BYTES, 4))
        return err_set_code(err, ERR_IO, "BAD_STREAM",
                            "the answer of the service is damaged (message checksum mismatch); ask again");
    *taken = total;
    return give_message(reader, total, headers_size, each, context, err);
}

/* Room is doubled, so that what the arena cannot give back stays below what is in use. */
static void keep(EventReader *reader, const void *bytes, size_t size) {
    if (reader->size + size > reader->room) {
        size_t room = reader->room ? reader->room : 4096;
        while (room < reader->size + size) room *= 2;
        reader->data = arena_grow(reader->arena, reader->data, reader->size, room);
        reader->room = room;
    }
    memcpy(reader->data + reader->size, bytes, size);
    reader->size += size;
}

bool event_reader_add(EventReader *reader, const void *bytes, size_t size, EventEach *each, void *context, Err *err) {
    if (size == 0) return true;
    keep(reader, bytes, size);
    for (;;) {
        size_t taken = 0;
        if (!take_message(reader, each, context, &taken, err)) return false;
        if (taken == 0) return true;
        memmove(reader->data, reader->data + taken, reader->size - taken);
        reader->size -= taken;
    }
}
