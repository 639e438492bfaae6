/* Event streams of any bytes, in two pieces: no crash, and no message out of a damaged one goes unnoticed by the sanitizers. */
#include <stddef.h>
#include <stdint.h>

#include "io/aws_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_all(void *context, const EventMessage *message, Err *err) {
    (void)err;
    size_t *sum = context;
    for (size_t i = 0; i < message->header_count; i++) *sum += message->headers[i].size;
    for (size_t i = 0; i < message->payload_size; i++) *sum += (unsigned char)message->payload[i];
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_make();
    EventReader *reader = event_reader_make(arena);
    Err err = {0};
    size_t sum = 0;
    if (event_reader_add(reader, data, size / 3, read_all, &sum, &err))
        (void)event_reader_add(reader, data + size / 3, size - size / 3, read_all, &sum, &err);
    arena_free(arena);
    return 0;
}
