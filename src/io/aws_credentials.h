/* io/aws_credentials.h: AWS credentials and region, found where AWS's SDKs find them.
 *
 * Order: environment (AWS_ACCESS_KEY_ID, …); the profile (AWS_PROFILE or "default") of ~/.aws/credentials and ~/.aws/config, in it static
 * keys, role by source_profile, sso_session's token cache, credential_process, web identity; AWS_WEB_IDENTITY_TOKEN_FILE; the container
 * endpoint; the instance's metadata (IMDSv2). Source: "Standardized credential providers" in AWS's SDKs and Tools Reference Guide. */
#ifndef CURLEW_IO_AWS_CREDENTIALS_H
#define CURLEW_IO_AWS_CREDENTIALS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/aws_sign.h"

typedef struct {
    AwsKeys keys;
    long long expires_s; /* seconds since the epoch; 0 = never */
    const char *source;  /* "environment", "profile finops (credential_process)": for `doctor`; no secret */
} AwsCredentials;

/* `profile` NULL: AWS_PROFILE, else "default". ERR_NOT_FOUND when no place has any: the message lists what was looked at and what to do. */
bool aws_credentials_find(Arena *arena, const char *profile, AwsCredentials *out, Err *err);

/* AWS_REGION, AWS_DEFAULT_REGION, the profile's region; NULL when nobody says. */
const char *aws_region_find(Arena *arena, const char *profile);

#endif
