/* io/unpack.c: streaming decompression of a file's head; memory is bounded by the limit, whatever the file claims to hold. */
#include "io/unpack.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/text.h"

#define INPUT_BYTES ((size_t)64 * 1024)

typedef struct {
    FILE *file;
    unsigned char *input;
    char *output;
    size_t room;
    size_t size;
    bool whole;
    bool discard; /* the output is written over and over: only the end matters */
} Unpacking;

typedef enum { UNPACK_DONE, UNPACK_DAMAGED, UNPACK_CUT, UNPACK_UNREADABLE } UnpackResult;

Packing unpack_detect(const char *bytes, size_t size) {
    if (size >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0) return PACKING_GZIP;
    if (size >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0) return PACKING_ZSTD;
    return PACKING_NONE;
}

/* Between members of a gzip file: true when another one follows. Anything else behind a member is padding, which gzip ignores too. */
static bool next_member(Unpacking *work, z_stream *stream) {
    if (stream->avail_in == 0) {
        stream->next_in = work->input;
        stream->avail_in = (uInt)fread(work->input, 1, INPUT_BYTES, work->file);
    }
    return stream->avail_in > 0 && stream->next_in[0] == 0x1f && inflateReset(stream) == Z_OK;
}

/* Whether more output is wanted; makes room for it when nothing is kept. */
static bool wants_more(Unpacking *work) {
    if (work->discard && work->size == work->room) work->size = 0;
    return work->size < work->room;
}

static UnpackResult inflate_all(Unpacking *work, z_stream *stream) {
    while (wants_more(work)) {
        if (stream->avail_in == 0) {
            stream->next_in = work->input;
            stream->avail_in = (uInt)fread(work->input, 1, INPUT_BYTES, work->file);
            if (stream->avail_in == 0) return ferror(work->file) ? UNPACK_UNREADABLE : UNPACK_CUT;
        }
        stream->next_out = (Bytef *)work->output + work->size;
        stream->avail_out = (uInt)(work->room - work->size);
        int result = inflate(stream, Z_NO_FLUSH);
        work->size = work->room - stream->avail_out;
        if (result == Z_STREAM_END) {
            if (!next_member(work, stream)) {
                work->whole = true;
                return UNPACK_DONE;
            }
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            return UNPACK_DAMAGED;
        }
    }
    return UNPACK_DONE;
}

static UnpackResult unpack_gzip(Unpacking *work) {
    enum { GZIP_WINDOW = 15 + 16 };
    z_stream stream = {0};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) return UNPACK_DAMAGED;
    UnpackResult result = inflate_all(work, &stream);
    inflateEnd(&stream);
    return result;
}

static UnpackResult decompress_all(Unpacking *work, ZSTD_DStream *stream) {
    ZSTD_inBuffer input = {work->input, 0, 0};
    size_t pending = 1; /* 0 exactly between frames */
    while (wants_more(work)) {
        if (input.pos == input.size) {
            input = (ZSTD_inBuffer){work->input, fread(work->input, 1, INPUT_BYTES, work->file), 0};
            if (input.size == 0 && ferror(work->file)) return UNPACK_UNREADABLE;
            if (input.size == 0) {
                work->whole = pending == 0;
                return pending == 0 ? UNPACK_DONE : UNPACK_CUT;
            }
        }
        ZSTD_outBuffer output = {work->output, work->room, work->size};
        pending = ZSTD_decompressStream(stream, &output, &input);
        if (ZSTD_isError(pending)) return UNPACK_DAMAGED;
        work->size = output.pos;
    }
    return UNPACK_DONE;
}

static UnpackResult unpack_zstd(Unpacking *work) {
    ZSTD_DStream *stream = ZSTD_createDStream();
    if (!stream) return UNPACK_DAMAGED;
    UnpackResult result = decompress_all(work, stream);
    ZSTD_freeDStream(stream);
    return result;
}

static UnpackResult read_plain(Unpacking *work) {
    work->size = fread(work->output, 1, work->room, work->file);
    if (ferror(work->file)) return UNPACK_UNREADABLE;
    work->whole = work->size < work->room;
    return UNPACK_DONE;
}

static UnpackResult unpack_any(Unpacking *work, Packing packing) {
    switch (packing) {
    case PACKING_NONE: return read_plain(work);
    case PACKING_GZIP: return unpack_gzip(work);
    case PACKING_ZSTD: return unpack_zstd(work);
    }
    return UNPACK_DAMAGED;
}

static bool report(UnpackResult result, Packing packing, const char *path, Err *err) {
    if (result == UNPACK_DONE) return true;
    Arena *scratch = arena_make();
    const char *shown = text_printable(scratch, path);
    const char *name = packing == PACKING_ZSTD ? "zstd" : "gzip";
    if (result == UNPACK_DAMAGED) {
        err_set(err, ERR_INPUT, "%s is a damaged %s file: download or export it again", shown, name);
    } else if (result == UNPACK_CUT) {
        err_set(err, ERR_INPUT, "%s is cut short (%s ends too early): download or export it again", shown, name);
    } else {
        err_set(err, ERR_IO, "%s cannot be read: %s", shown, errno ? strerror(errno) : "the disk reports an error");
    }
    arena_free(scratch);
    return false;
}

bool unpack_head(Arena *arena, const char *path, Packing packing, size_t limit_bytes, char **out, size_t *size, bool *whole,
                 Err *err) {
    Unpacking work = {.file = fopen(path, "rbe"), .room = limit_bytes};
    if (!work.file) return report(UNPACK_UNREADABLE, packing, path, err);
    work.output = arena_alloc(arena, limit_bytes + 1);
    work.input = packing == PACKING_NONE ? NULL : arena_alloc(arena, INPUT_BYTES);
    UnpackResult result = unpack_any(&work, packing);
    fclose(work.file);
    *out = work.output;
    *size = work.size;
    *whole = work.whole;
    return report(result, packing, path, err);
}

bool unpack_verify(const char *path, Packing packing, Err *err) {
    enum { OUTPUT_BYTES = 256 * 1024 };
    if (packing == PACKING_NONE) return true;
    Unpacking work = {.file = fopen(path, "rbe"), .room = OUTPUT_BYTES, .discard = true};
    if (!work.file) return report(UNPACK_UNREADABLE, packing, path, err);
    Arena *scratch = arena_make();
    work.output = arena_alloc(scratch, OUTPUT_BYTES);
    work.input = arena_alloc(scratch, INPUT_BYTES);
    UnpackResult result = unpack_any(&work, packing);
    fclose(work.file);
    arena_free(scratch);
    return report(result, packing, path, err);
}

uint32_t unpack_crc32(uint32_t before, const void *data, size_t size) {
    return (uint32_t)crc32_z(before, data, size);
}
