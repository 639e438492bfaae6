/* Which of many models is asked when none is named. The table is tables/llm_models.tsv. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"
#include "io/llm_wire.h"

/* "claude-sonnet-4-5-20250929-v1:0" is version 4.5 of 2025-09-29; "gpt-5.1" version 5.1; "claude-3-7-sonnet-20250219" 3.7. */
typedef struct {
    long major, minor, date;
} Version;

static Version version_of(const char *id) {
    enum { DATE_DIGITS = 8 };
    Version version = {0};
    bool has_major = false, has_minor = false;
    for (const char *at = id; *at;) {
        if (!isdigit((unsigned char)*at)) {
            at++;
            continue;
        }
        const size_t digits = strspn(at, "0123456789");
        const bool of_word = at > id && (isalpha((unsigned char)at[-1]) || at[-1] == ':'); /* "v1:0", "s3" */
        const long number = digits <= DATE_DIGITS ? strtol(at, NULL, 10) : 0;
        if (digits == DATE_DIGITS) version.date = number;
        if (digits <= 2 && !of_word && !version.date) {
            if (!has_major)
                version.major = number;
            else if (!has_minor)
                version.minor = number;
            has_minor = has_major;
            has_major = true;
        }
        at += digits;
    }
    return version;
}

static bool is_newer(const char *a, const char *b) {
    const Version x = version_of(a), y = version_of(b);
    if (x.major != y.major) return x.major > y.major;
    if (x.minor != y.minor) return x.minor > y.minor;
    return x.date > y.date;
}

/* On Bedrock the same model is listed as itself and by profiles that route within a geography or everywhere. A profile of the region's own geography
 * keeps the data there; some models are only asked through one. */
static int nearness(const LlmConfig *config, const char *id) {
    static const struct {
        const char *region, *profile;
    } geographies[] = {{"us-gov-", "us-gov."},    {"us-", "us."},  {"ca-", "us."}, {"eu-", "eu."}, {"ap-northeast-", "jp."},
                       {"ap-southeast-2", "au."}, {"ap-", "apac."}};
    if (!config->region) return 0;
    for (size_t i = 0; i < sizeof geographies / sizeof *geographies; i++)
        if (text_starts(config->region, geographies[i].region) && text_starts(id, geographies[i].profile)) return 3;
    return text_starts(id, "global.") ? 2 : text_starts(id, "anthropic.") ? 1 : 0;
}

static size_t row_of(const Knowledge *table, const char *provider) {
    size_t row = 0;
    while (row < table->row_count && !text_equal(knowledge_field(table, row, "provider"), provider)) row++;
    return row;
}

static bool has_word(Arena *arena, const char *id, const char *words) {
    size_t count = 0;
    const char **list = text_split(arena, words, '|', &count);
    for (size_t i = 0; i < count; i++)
        if (*list[i] && text_contains_fold(id, list[i])) return true;
    return false;
}

const char *llm_models_fallback(Arena *arena, const char *provider) {
    const Knowledge *table = knowledge_table(arena, "llm_models.tsv");
    const size_t row = row_of(table, provider);
    return row < table->row_count ? knowledge_field(table, row, "fallback") : "";
}

const char *llm_models_choose(Arena *arena, const LlmConfig *config, const Json *models) {
    const Knowledge *table = knowledge_table(arena, "llm_models.tsv");
    const size_t row = row_of(table, config->provider);
    const char *best = NULL;
    for (size_t i = 0; i < json_count(models) && row < table->row_count; i++) {
        const char *id = json_get_text(json_at(models, i), "id");
        if (!id || !text_contains_fold(id, knowledge_field(table, row, "class")) ||
            has_word(arena, id, knowledge_field(table, row, "without")))
            continue;
        /* Another geography's profile cannot be asked from here. */
        if (config->region && nearness(config, id) == 0) continue;
        if (!best || is_newer(id, best) || (!is_newer(best, id) && nearness(config, id) > nearness(config, best))) best = id;
    }
    /* A server of one's own lists what it has loaded, under names of its own. */
    if (!best && text_equal(config->provider, "openai")) best = json_get_text(json_at(models, 0), "id");
    return best ? best : llm_models_fallback(arena, config->provider);
}
