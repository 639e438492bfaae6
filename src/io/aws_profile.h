/* io/aws_profile.h: AWS's shared files, ~/.aws/config and ~/.aws/credentials (or where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say).
 *
 * Format: "Shared config and credentials files" in AWS's SDKs and Tools Reference Guide: sections in brackets, `key = value`, indented
 * lines below a key without a value are its own settings. They hold secrets: values go nowhere but to who asked. */
#ifndef CURLEW_IO_AWS_PROFILE_H
#define CURLEW_IO_AWS_PROFILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

typedef enum { AWS_SECTION_CREDENTIALS, AWS_SECTION_PROFILE, AWS_SECTION_SSO_SESSION, AWS_SECTION_SERVICES } AwsSectionKind;

typedef struct AwsFiles AwsFiles;

/* Reads both files; one that is missing is empty. ERR_INPUT when one is there and cannot be read. */
bool aws_files_read(Arena *arena, const AwsFiles **out, Err *err);

/* The value of `key` in the section `kind` `name` (keys without regard to case; "dynamodb.endpoint_url" for a setting below a key), NULL when
 * there is none. The last one of several wins. */
const char *aws_files_get(const AwsFiles *files, AwsSectionKind kind, const char *name, const char *key);

/* The value of a profile's key: in the credentials file, else in the config file. */
const char *aws_profile_get(const AwsFiles *files, const char *profile, const char *key);
bool aws_profile_exists(const AwsFiles *files, const char *profile);

/* `profile` itself, else AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". */
const char *aws_profile_name(const char *profile);

/* A file of the user's ~/.aws folder, such as "sso/cache"; NULL without a home. */
const char *aws_home_path(Arena *arena, const char *name);

#endif
