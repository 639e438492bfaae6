/* web/access.h: who may speak to the server (inside the room only). Pure functions of texts.
 *
 * Against DNS rebinding: the name in the Host header must be one that an attacker's page cannot have, an address or a name that the user
 * allowed. Against requests that other sites make a browser send: an Origin must be the server's own, and the cookie is SameSite. Against
 * other users of the machine and the network: a token. */
#ifndef CURLEW_WEB_ACCESS_H
#define CURLEW_WEB_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Whether `host`, a Host header, names this server: "localhost", the address listened at, any address when that is not a loopback one, or
 * a name of `names` (without port, case ignored). NULL and malformed ones do not. */
bool access_host(const char *host, const char *address, const char *const *names, size_t count);

/* Whether a page of `origin` (an Origin header; NULL = none was sent) may ask the server called `host`: only its own. `secure` = https. */
bool access_origin(const char *origin, const char *host, bool secure);

/* Whether the browser says that another site made the request: Sec-Fetch-Site is neither of our own nor of the user's (NULL = unsaid). */
bool access_from_elsewhere(const char *fetch_site);

/* Compares without telling by its time how much was right. */
bool access_same(const char *given, const char *token);

/* The token of "Bearer TOKEN"; NULL for anything else. */
const char *access_bearer(const char *authorization);

/* Whether a token of the user's choice will do: letters, digits, "-", "_", "." and "~", SERVER_TOKEN_LEAST of them. */
bool access_token_is_good(const char *token);

/* A new token of 256 random bits; NULL when the system gives none. */
const char *access_make_token(Arena *arena);

/* A new name for an upload or an import: 32 hexadecimal digits that nobody can guess; NULL when the system gives none. */
const char *access_make_id(Arena *arena);
bool access_is_id(const char *text);

#endif
