#include "io/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A build of OpenSSL without SHA-256 can neither tell imports apart nor sign: there is no way to go on. */
static _Noreturn void no_sha256(void) {
    fprintf(stderr, "curlew: OpenSSL has no SHA-256; install a version with its default provider\n");
    abort();
}

Sha256 digest_sha256(const void *data, size_t size) {
    Sha256 digest = {0};
    if (EVP_Digest(data, size, digest.bytes, NULL, EVP_sha256(), NULL) != 1) no_sha256();
    return digest;
}

Sha256 digest_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size) {
    /* RFC 2104: a key longer than the block is its digest. That also keeps the length within OpenSSL's int. */
    Sha256 short_key;
    if (key_size > 64) {
        short_key = digest_sha256(key, key_size);
        key = short_key.bytes;
        key_size = sizeof short_key.bytes;
    }
    Sha256 digest = {0};
    if (!HMAC(EVP_sha256(), key_size ? key : "", (int)key_size, data, size, digest.bytes, NULL)) no_sha256();
    return digest;
}

char *digest_hex(Arena *arena, const Sha256 *digest) {
    static const char digits[] = "0123456789abcdef";
    char text[2 * DIGEST_SHA256_BYTES + 1] = {0};
    for (size_t i = 0; i < DIGEST_SHA256_BYTES; i++) {
        text[2 * i] = digits[digest->bytes[i] >> 4];
        text[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    return arena_text(arena, text);
}
