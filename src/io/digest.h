/* io/digest.h: checksums and keyed digests. The only file that includes OpenSSL's headers is io/digest.c. */
#ifndef CURLEW_IO_DIGEST_H
#define CURLEW_IO_DIGEST_H

#include <stddef.h>

#include "base/arena.h"

#define DIGEST_SHA256_BYTES 32

typedef struct {
    unsigned char bytes[DIGEST_SHA256_BYTES];
} Sha256;

/* SHA-256 (FIPS 180-4) of `size` bytes. */
Sha256 digest_sha256(const void *data, size_t size);

/* HMAC with SHA-256 (RFC 2104) of `size` bytes under a key of any length. */
Sha256 digest_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size);

/* Lower-case hexadecimal SHA-1 (FIPS 180-4): AWS's tools name the files of their login cache by it; nothing is protected with it. */
char *digest_sha1_hex(Arena *arena, const void *data, size_t size);

/* Lower-case hexadecimal. */
char *digest_hex(Arena *arena, const Sha256 *digest);

#endif
