/* credential_process: a program of the user's choice prints credentials as JSON. It is run without a shell. */
#include <ctype.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/aws_call.h"
#include "io/aws_sources.h"
#include "io/clock.h"
#include "io/program.h"

enum { WORDS = 64 };

/* Splits at white space; quotes hold words together, "\" takes the next character as it is (not within '…'). False for an open quote or too
 * many words. */
static bool split_words(Arena *arena, const char *line, const char **words) {
    size_t count = 0;
    while (*line) {
        while (isspace((unsigned char)*line)) line++;
        if (!*line) break;
        if (count == WORDS - 1) return false;
        Buffer word = {.arena = arena};
        char quote = '\0';
        for (; *line && (quote || !isspace((unsigned char)*line)); line++) {
            if (quote && *line == quote)
                quote = '\0';
            else if (!quote && strchr("'\"", *line))
                quote = *line;
            else if (*line == '\\' && quote != '\'' && line[1])
                buffer_add_char(&word, *++line);
            else
                buffer_add_char(&word, *line);
        }
        if (quote) return false;
        words[count++] = buffer_text(&word);
    }
    return count > 0;
}

bool aws_process_find(const AwsSearch *search, const char *profile, const char *command, AwsCredentials *out, Err *err) {
    static const AwsKeyNames names = {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"};
    Arena *arena = search->arena;
    const char *shown = text_printable(arena, profile), *words[WORDS] = {NULL}, *output = NULL;
    size_t size = 0;
    Err failure = {0}; /* what the program complains may hold a secret: it is not shown */
    if (!split_words(arena, command, words))
        return err_set(err, ERR_INPUT, "the credential_process of the profile %s cannot be read: look at its quotes", shown);
    if (!program_run_whole(arena, words, "", 0, AWS_CONFIG_BYTES, AWS_CREDENTIALS_TIMEOUT_MS, NULL, &output, &size, &failure))
        return err_set_code(err, failure.kind == ERR_TIMEOUT ? ERR_TIMEOUT : ERR_REFUSED, "AWS_PROCESS",
                            "the credential_process of the profile %s %s; run it by hand to see what it says", shown,
                            failure.kind == ERR_NOT_FOUND ? "is no program of this machine"
                            : failure.kind == ERR_TIMEOUT ? "did not end in time"
                                                          : "failed");
    const HttpResponse as_answer = {.body = output, .size = size};
    const char *source = arena_printf(arena, "profile %s (credential_process)", shown);
    if (!aws_keys_read(arena, &as_answer, &names, source, out, err)) return false;
    if (!out->expires_s || out->expires_s > clock_now()) return true;
    out->keys = (AwsKeys){0};
    return err_set_code(err, ERR_REFUSED, "AWS_PROCESS",
                        "the credential_process of the profile %s gave credentials that have expired", shown);
}
