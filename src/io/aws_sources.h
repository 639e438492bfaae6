/* io/aws_sources.h: the places that credentials come from, for io/aws_credentials.c alone.
 *
 * Each gives true with `out->keys` filled, true with keys of NULL when it is not set up, false with `err` when it is set up and fails. What
 * they say never holds a key, a token or what a server or program wrote beside them. */
#ifndef CURLEW_IO_AWS_SOURCES_H
#define CURLEW_IO_AWS_SOURCES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/aws_credentials.h"
#include "io/aws_profile.h"
#include "io/http.h"

typedef struct {
    Arena *arena;
    const AwsFiles *files;
    const char *asked; /* the profile as the caller named it; NULL */
} AwsSearch;

/* aws_role.c: security tokens for a role, by keys of another or by a token of an identity provider (a file). */
typedef struct {
    const char *role_arn, *session_name, *external_id, *duration_s; /* NULL where it is not given */
    const char *region;
    const char *source; /* for the message and `out->source` */
} AwsRole;
bool aws_role_assume(const AwsSearch *search, const AwsRole *role, const AwsKeys *keys, AwsCredentials *out, Err *err);
bool aws_role_by_token_file(const AwsSearch *search, const AwsRole *role, const char *token_file, AwsCredentials *out,
                            Err *err);

/* aws_sso.c: IAM Identity Center, with the token that `aws sso login` left. */
bool aws_sso_find(const AwsSearch *search, const char *profile, AwsCredentials *out, Err *err);

/* aws_process.c: a program that prints credentials. */
bool aws_process_find(const AwsSearch *search, const char *profile, const char *command, AwsCredentials *out, Err *err);

/* aws_metadata.c: the endpoint of a container, the metadata service of an instance. */
bool aws_container_find(const AwsSearch *search, AwsCredentials *out, Err *err);
bool aws_instance_find(const AwsSearch *search, AwsCredentials *out, Err *err);

/* Fills `out` from the four members that every JSON form has, by their names there. ERR_INPUT when one of the first two is missing. */
typedef struct {
    const char *id, *secret, *token, *expires;
} AwsKeyNames;
bool aws_keys_read(Arena *arena, const HttpResponse *response, const AwsKeyNames *names, const char *source,
                   AwsCredentials *out, Err *err);

#endif
