/* io/aws_sign.h: AWS Signature Version 4 in the Authorization header.
 *
 * Format: "Create a signed AWS API request" in AWS's IAM User Guide; tested on AWS's own vectors. The path is given as it goes over the wire
 * and is encoded once more for signing, as every service but S3 does it: a model id with a colon ("%3A" on the wire) is signed as
 * "%253A". */
#ifndef CURLEW_IO_AWS_SIGN_H
#define CURLEW_IO_AWS_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/http.h"

/* Secrets: never in a message, a log or a prompt. */
typedef struct {
    const char *access_key_id;
    const char *secret_access_key;
    const char *session_token; /* NULL for long-lived keys */
} AwsKeys;

typedef struct {
    const char *method;        /* "POST" */
    const char *path;          /* as on the wire, "/model/…/converse"; "" is "/" */
    const char *query;         /* as on the wire, without "?"; NULL for none */
    const HttpHeader *headers; /* those to sign, "Host" among them; the signer adds its own */
    size_t header_count;
    const void *body;
    size_t body_size;
} AwsRequest;

typedef struct {
    const char *region;  /* "us-east-1" */
    const char *service; /* signing name: "bedrock", "dynamodb" */
    long long time_s;    /* seconds since the epoch, UTC */
    bool keep_path;      /* the path is signed without resolving "." and ".." and double slashes */
    bool show_body_hash; /* the digest of the body is a header too (X-Amz-Content-Sha256) */
    bool late_token;     /* the session token is added after signing, not signed (few services) */
} AwsScope;

/* What was signed, and the headers to add to the request. */
typedef struct {
    const char *canonical_request;
    const char *string_to_sign;
    const char *signature; /* 64 hexadecimal digits */
    HttpHeader headers[4]; /* X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256, Authorization: those that apply */
    size_t header_count;
} AwsSigned;

/* Signs `request` with `keys`. ERR_INPUT when a key, the region or a header cannot be signed (empty, line breaks inside an id, more than
 * AWS_HEADERS headers); the message names what, never the secret. */
bool aws_sign(Arena *arena, const AwsRequest *request, const AwsScope *scope, const AwsKeys *keys, AwsSigned *out, Err *err);

/* RFC 3986 percent-encoding of all but letters, digits and "-._~"; `keep` names further bytes left as they are ("/" for paths), NULL for none. */
char *aws_percent_encode(Arena *arena, const char *text, const char *keep);

#endif
