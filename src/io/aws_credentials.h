/* io/aws_credentials.h: AWS credentials and region, found where AWS's SDKs find them.
 *
 * Order: environment (AWS_ACCESS_KEY_ID, …); the profile (AWS_PROFILE or "default") of ~/.aws/credentials and ~/.aws/config, in it role by
 * source_profile or credential_source, web identity, sso_session's token cache, static keys, credential_process;
 * AWS_WEB_IDENTITY_TOKEN_FILE; the container endpoint; the instance's metadata (IMDSv2). Source: "Standardized credential providers" in
 * AWS's SDKs and Tools Reference Guide. Nothing is kept between calls: ask again when `expires_s` comes near (aws_credentials_are_fresh). */
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

/* `profile` NULL: AWS_PROFILE, else "default"; a profile that is given goes before the environment's keys. ERR_NOT_FOUND when no place has any: the
 * message lists what was looked at and what to do. */
bool aws_credentials_find(Arena *arena, const char *profile, AwsCredentials *out, Err *err);

/* Whether they can be used for some minutes more. */
bool aws_credentials_are_fresh(const AwsCredentials *credentials);

/* Where they would come from, by what is set and written down alone: nobody is called and no program run. NULL when only the instance's
 * metadata is left. */
const char *aws_credentials_outlook(Arena *arena, const char *profile);

/* AWS_REGION, AWS_DEFAULT_REGION, the profile's region; NULL when nobody says. */
const char *aws_region_find(Arena *arena, const char *profile);

/* The address of a service in place of AWS's own, for "bedrock_runtime" or "dynamodb": AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL, the
 * profile's `services` section, its endpoint_url; NULL when nobody says, or when AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true. */
const char *aws_endpoint_find(Arena *arena, const char *profile, const char *service);

/* "https://bedrock-runtime.eu-west-1.amazonaws.com" for the host's prefix "bedrock-runtime": with the partition's own domain, and the FIPS
 * endpoint where AWS_USE_FIPS_ENDPOINT is true. */
const char *aws_endpoint_usual(Arena *arena, const char *prefix, const char *region);

#endif
