#include "web/access.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "base/text.h"

enum { HOST_BYTES = 256, PORT_DIGITS = 5 };

/* The name without brackets and port, false when the header has another form. */
static bool split_host(const char *host, char name[HOST_BYTES]) {
    if (!host || !*host || strlen(host) >= HOST_BYTES) return false;
    const char *end = *host == '[' ? strchr(host, ']') : host + strcspn(host, ":");
    const char *start = *host == '[' ? host + 1 : host;
    if (!end || end == start) return false;
    memcpy(name, start, (size_t)(end - start));
    name[end - start] = '\0';
    const char *rest = *end == ']' ? end + 1 : end;
    if (!*rest) return true;
    size_t digits = strspn(rest + 1, "0123456789");
    return *rest == ':' && digits > 0 && digits <= PORT_DIGITS && !rest[1 + digits];
}

static bool is_address(const char *name) {
    struct in6_addr room;
    return inet_pton(AF_INET, name, &room) == 1 || inet_pton(AF_INET6, name, &room) == 1;
}

static bool is_loopback(const char *address) {
    struct in_addr four;
    enum { LOOPBACK_NET = 127, NET_SHIFT = 24 };
    if (inet_pton(AF_INET, address, &four) == 1) return ntohl(four.s_addr) >> NET_SHIFT == LOOPBACK_NET;
    return text_equal(address, "::1");
}

bool access_host(const char *host, const char *address, const char *const *names, size_t count) {
    char name[HOST_BYTES];
    if (!split_host(host, name)) return false;
    if (text_equal_fold(name, "localhost") || text_equal(name, address)) return true;
    if (is_address(name)) return is_loopback(name) || !is_loopback(address);
    for (size_t i = 0; i < count; i++)
        if (text_equal_fold(name, names[i])) return true;
    return false;
}

bool access_origin(const char *origin, const char *host, bool secure) {
    const char *scheme = secure ? "https://" : "http://";
    if (!origin) return true;
    return host && text_starts(origin, scheme) && text_equal_fold(origin + strlen(scheme), host);
}

bool access_from_elsewhere(const char *fetch_site) {
    return fetch_site && !text_equal(fetch_site, "same-origin") && !text_equal(fetch_site, "none");
}

bool access_same(const char *given, const char *token) {
    if (!given || strlen(given) > SERVER_TOKEN_MOST) return false;
    const size_t size = strlen(token), given_size = strlen(given);
    unsigned char different = given_size != size;
    for (size_t i = 0; i < size; i++) different |= (unsigned char)(token[i] ^ given[i < given_size ? i : given_size]);
    return !different;
}

const char *access_bearer(const char *authorization) {
    static const char scheme[] = "Bearer ";
    return authorization && text_starts_fold(authorization, scheme) ? authorization + strlen(scheme) : NULL;
}

bool access_token_is_good(const char *token) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    const size_t size = strlen(token);
    return size >= SERVER_TOKEN_LEAST && size <= SERVER_TOKEN_MOST && strspn(token, letters) == size;
}

static const char *random_digits(Arena *arena, size_t bytes) {
    enum { MOST = 32 };
    unsigned char random[MOST];
    if (bytes > MOST || getrandom(random, bytes, 0) != (ssize_t)bytes) return NULL;
    Buffer out = {.arena = arena};
    for (size_t i = 0; i < bytes; i++) buffer_printf(&out, "%02x", random[i]);
    return buffer_text(&out);
}

const char *access_make_token(Arena *arena) {
    enum { BYTES = 32 };
    return random_digits(arena, BYTES);
}

const char *access_make_id(Arena *arena) {
    enum { BYTES = 16 };
    return random_digits(arena, BYTES);
}

bool access_is_id(const char *text) {
    enum { DIGITS = 32 };
    return text && strlen(text) == DIGITS && strspn(text, "0123456789abcdef") == DIGITS;
}
