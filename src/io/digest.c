#include "io/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A build of OpenSSL without SHA-256 can neither tell imports apart nor sign: there is no way to go on. */
static _Noreturn void no_digest(const char *name) {
    fprintf(stderr, "curlew: OpenSSL has no %s; install a version with its default provider\n", name);
    abort();
}

Sha256 digest_sha256(const void *data, size_t size) {
    Sha256 digest = {0};
    if (EVP_Digest(data, size, digest.bytes, NULL, EVP_sha256(), NULL) != 1) no_digest("SHA-256");
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
    if (!HMAC(EVP_sha256(), key_size ? key : "", (int)key_size, data, size, digest.bytes, NULL)) no_digest("SHA-256");
    return digest;
}

static char *hex(Arena *arena, const unsigned char *bytes, size_t size) {
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * size + 1);
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}

char *digest_hex(Arena *arena, const Sha256 *digest) {
    return hex(arena, digest->bytes, sizeof digest->bytes);
}

char *digest_sha1_hex(Arena *arena, const void *data, size_t size) {
    unsigned char bytes[20] = {0};
    if (EVP_Digest(data, size, bytes, NULL, EVP_sha1(), NULL) != 1) no_digest("SHA-1");
    return hex(arena, bytes, sizeof bytes);
}
