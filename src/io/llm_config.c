#include "io/llm_config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/aws_credentials.h"
#include "io/file.h"

/* What is said of a setting, and where. */
typedef struct {
    Arena *arena;
    const Json *file;       /* NULL: there is none, or it speaks of another provider */
    bool heeds_environment; /* CURLEW_LLM_… speak of the provider that was chosen */
    LlmConfig *config;
} Reading;

static const char *set_variable(const char *name) {
    const char *value = getenv(name);
    return text_is_empty(value) ? NULL : value;
}

static const char *config_path(Arena *arena) {
    const char *folder = set_variable("XDG_CONFIG_HOME"), *home = set_variable("HOME");
    if (!folder && home) folder = file_join(arena, home, ".config");
    return folder ? file_join(arena, folder, "curlew/llm.json") : NULL;
}

static bool read_file(Arena *arena, const char *path, const Json **out, Err *err) {
    struct stat seen;
    char *text = NULL;
    size_t size = 0;
    Json *json = NULL;
    Err unread = {0};
    *out = NULL;
    if (!path || stat(path, &seen) != 0) return true;
    if (!file_read(arena, path, LLM_CONFIG_BYTES, &text, &size, err)) return false;
    const char *shown = text_printable(arena, path);
    if (!json_parse(arena, text, size, &json, &unread) || json_kind(json) != JSON_OBJECT)
        return err_set(err, ERR_INPUT, "%s is no JSON object; write it like {\"provider\": \"bedrock\", \"model\": \"…\"}",
                       shown);
    if (json_has(json, "key") && (seen.st_mode & (S_IRWXG | S_IRWXO)))
        return err_set_code(err, ERR_REFUSED, "LLM_FILE_OPEN", "%s holds a key and others can read it; run: chmod 600 %s",
                            shown, shown);
    *out = json;
    return true;
}

/* CURLEW_LLM_…, else the file's member. `source` becomes the place's name, may be NULL. */
static const char *setting(const Reading *reading, const char *variable, const char *member, const char **source) {
    const char *value = reading->heeds_environment ? set_variable(variable) : NULL;
    const char *place = variable;
    if (!value) {
        value = json_get_text(reading->file, member);
        place = reading->config->file;
    }
    if (text_is_empty(value)) return NULL;
    if (source) *source = place;
    return value;
}

static bool read_number(const Reading *reading, const char *variable, const char *member, long most, int fallback, int *out,
                        Err *err) {
    const char *place = NULL, *text = setting(reading, variable, member, &place);
    char *end = NULL;
    *out = fallback;
    if (!text) return true;
    const long value = strtol(text, &end, 10);
    if (!*text || *end || value < 1 || value > most)
        return err_set(err, ERR_INPUT, "%s in %s takes a whole number from 1 to %ld", member,
                       text_printable(reading->arena, place), most);
    *out = (int)value;
    return true;
}

static bool read_limits(Reading *reading, Err *err) {
    LlmConfig *config = reading->config;
    const char *place = NULL, *temperature = setting(reading, "CURLEW_LLM_TEMPERATURE", "temperature", &place);
    int timeout_s = 0;
    char *end = NULL;
    /* The least chance there is, where one can say so: Anthropic's API has no temperature any more. */
    config->temperature = text_equal(config->provider, "anthropic") ? NULL : "0";
    if (temperature && text_equal_fold(temperature, "default"))
        config->temperature = NULL;
    else if (temperature) {
        const double value = strtod(temperature, &end);
        if (*end || !isdigit((unsigned char)*temperature) || strspn(temperature, "0123456789.") != strlen(temperature) ||
            value > 2)
            return err_set(err, ERR_INPUT, "temperature in %s takes a number from 0 to 2, or “default”",
                           text_printable(reading->arena, place));
        config->temperature = temperature;
    }
    if (!read_number(reading, "CURLEW_LLM_MAX_TOKENS", "max_tokens", LLM_MAX_TOKENS_MOST, LLM_MAX_TOKENS, &config->max_tokens,
                     err) ||
        !read_number(reading, "CURLEW_LLM_TIMEOUT_S", "timeout_s", LLM_TIMEOUT_MOST_MS / 1000, LLM_TIMEOUT_MS / 1000,
                     &timeout_s, err))
        return false;
    config->timeout_ms = timeout_s * 1000;
    return true;
}

static void use_key(LlmConfig *config, const char *key, LlmKeyKind kind, const char *source) {
    if (!key || config->key) return;
    config->key = key;
    config->key_kind = kind;
    config->key_source = source;
}

static void use_own_key(Reading *reading, LlmKeyKind kind) {
    const char *source = NULL, *key = setting(reading, "CURLEW_LLM_KEY", "key", &source);
    use_key(reading->config, key, kind, source);
}

/* A provider's usual key goes to the provider's usual place (or where its own variable points), not to a server that only curlew was told of. */
static void set_anthropic(Reading *reading) {
    LlmConfig *config = reading->config;
    use_own_key(reading, LLM_KEY_X_API_KEY);
    if (!config->endpoint) {
        const char *base = set_variable("ANTHROPIC_BASE_URL");
        config->endpoint = base ? base : "https://api.anthropic.com";
        use_key(config, set_variable("ANTHROPIC_API_KEY"), LLM_KEY_X_API_KEY, "ANTHROPIC_API_KEY");
        use_key(config, set_variable("ANTHROPIC_AUTH_TOKEN"), LLM_KEY_BEARER, "ANTHROPIC_AUTH_TOKEN");
    }
}

static bool is_azure(const char *endpoint) {
    const char *host = strstr(endpoint, "://");
    const size_t size = host ? strcspn(host + 3, "/:") : 0;
    return size > 10 && strncmp(host + 3 + size - 10, ".azure.com", 10) == 0;
}

static void set_openai(Reading *reading) {
    LlmConfig *config = reading->config;
    Arena *arena = reading->arena;
    const char *azure = set_variable("AZURE_OPENAI_ENDPOINT"), *base = set_variable("OPENAI_BASE_URL");
    const bool usual = !config->endpoint;
    const bool on_azure = usual ? azure && !base : is_azure(config->endpoint);
    config->api_version = setting(reading, "CURLEW_LLM_API_VERSION", "api_version", NULL);
    if (usual) config->endpoint = on_azure ? azure : base ? base : "https://api.openai.com/v1";
    if (on_azure && usual && !config->api_version) config->api_version = set_variable("OPENAI_API_VERSION");
    const bool by_deployment = config->api_version != NULL;
    use_own_key(reading, on_azure || by_deployment ? LLM_KEY_AZURE : LLM_KEY_BEARER);
    if (on_azure && (usual || azure)) {
        use_key(config, set_variable("AZURE_OPENAI_API_KEY"), LLM_KEY_AZURE, "AZURE_OPENAI_API_KEY");
        use_key(config, set_variable("AZURE_OPENAI_AD_TOKEN"), LLM_KEY_BEARER, "AZURE_OPENAI_AD_TOKEN");
    }
    if (usual && !on_azure) use_key(config, set_variable("OPENAI_API_KEY"), LLM_KEY_BEARER, "OPENAI_API_KEY");
    if ((on_azure || by_deployment) && !strstr(config->endpoint, "/openai"))
        config->endpoint =
            arena_printf(arena, "%.*s/openai%s", (int)(strlen(config->endpoint) - text_ends(config->endpoint, "/")),
                         config->endpoint, by_deployment ? "" : "/v1");
}

/* "arn:aws:bedrock:eu-west-1:1234:…" names its region. */
static const char *region_of_arn(Arena *arena, const char *model) {
    size_t count = 0;
    const char **parts = text_split(arena, model ? model : "", ':', &count);
    return count > 5 && text_equal(parts[0], "arn") && *parts[3] ? parts[3] : NULL;
}

static void set_bedrock(Reading *reading) {
    LlmConfig *config = reading->config;
    config->profile = setting(reading, "CURLEW_LLM_PROFILE", "profile", NULL);
    config->region = region_of_arn(reading->arena, config->model);
    if (!config->region) config->region = setting(reading, "CURLEW_LLM_REGION", "region", NULL);
    if (!config->region) config->region = aws_region_find(reading->arena, config->profile);
    if (!config->region) config->region = "us-east-1";
    use_own_key(reading, LLM_KEY_BEARER);
    use_key(config, set_variable("AWS_BEARER_TOKEN_BEDROCK"), LLM_KEY_BEARER, "AWS_BEARER_TOKEN_BEDROCK");
    if (!config->key) {
        config->key_kind = LLM_KEY_AWS;
        config->key_source = aws_credentials_outlook(reading->arena, config->profile);
    }
    if (!config->endpoint) config->endpoint = aws_endpoint_find(reading->arena, config->profile, "bedrock_runtime");
    if (!config->endpoint) config->endpoint = aws_endpoint_usual(reading->arena, "bedrock-runtime", config->region);
}

static bool check_endpoint(Arena *arena, LlmConfig *config, Err *err) {
    const char *host = strstr(config->endpoint, "://");
    const bool known = text_starts(config->endpoint, "https://") || text_starts(config->endpoint, "http://");
    size_t size = strlen(config->endpoint);
    bool is_plain = true;
    for (const char *c = config->endpoint; *c; c++) is_plain = is_plain && *c > ' ' && *c < 0x7f && !strchr("?#\"<>\\", *c);
    if (!known || !host || !is_plain || strspn(host + 3, "/:") || memchr(host + 3, '@', strcspn(host + 3, "/")))
        return err_set_code(err, ERR_INPUT, "BAD_ADDRESS",
                            "the endpoint of the language model is no address; write it as https://host or "
                            "http://host:port/v1, with no key in it");
    while (size && config->endpoint[size - 1] == '/') size--;
    config->endpoint = arena_text_n(arena, config->endpoint, size);
    return true;
}

/* Keys are printable ASCII without spaces: what is pasted with a line break is cut at its ends. */
static bool check_key(Arena *arena, LlmConfig *config, Err *err) {
    if (!config->key) return true;
    config->key = text_trim(arena, config->key);
    for (const char *c = config->key; *c; c++)
        if (*c <= ' ' || *c >= 0x7f)
            return err_set_code(err, ERR_INPUT, "LLM_KEY", "the key in %s holds characters that no key has; copy it again",
                                text_printable(arena, config->key_source));
    return true;
}

static bool choose_provider(Arena *arena, const LlmChoice *choice, const Json *file, LlmConfig *config, Err *err) {
    const char *variable = set_variable("CURLEW_LLM"), *written = json_get_text(file, "provider");
    const char *chosen = choice->provider ? choice->provider : variable ? variable : written;
    const char *source = choice->provider ? "--llm" : variable ? "CURLEW_LLM" : config->file;
    static const char *const known[] = {"bedrock", "anthropic", "openai"};
    if (text_is_empty(chosen) || text_equal(chosen, "none")) return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(chosen, known[i])) {
            config->provider = known[i];
            config->provider_source = source;
            return true;
        }
    return err_set(err, ERR_INPUT, "%s names the language model “%.40s”; bedrock, anthropic, openai and none are known",
                   text_printable(arena, source), text_printable(arena, chosen));
}

bool llm_config_read(Arena *arena, const LlmChoice *choice, LlmConfig *out, Err *err) {
    const Json *file = NULL;
    *out = (LlmConfig){.file = config_path(arena), .record = choice->record, .replay = choice->replay};
    if (text_equal(choice->provider, "none")) return true; /* whatever the file holds */
    if (!read_file(arena, out->file, &file, err) || !choose_provider(arena, choice, file, out, err)) return false;
    if (!out->provider) return true;
    const char *variable = set_variable("CURLEW_LLM"), *written = json_get_text(file, "provider");
    Reading reading = {.arena = arena,
                       .file = !written || text_equal(written, out->provider) ? file : NULL,
                       .heeds_environment = !variable || text_equal(variable, out->provider),
                       .config = out};
    out->model = choice->model ? choice->model : setting(&reading, "CURLEW_LLM_MODEL", "model", NULL);
    if (text_equal(out->model, "auto")) out->model = NULL;
    out->endpoint = setting(&reading, "CURLEW_LLM_ENDPOINT", "endpoint", NULL);
    out->has_own_endpoint = out->endpoint != NULL;
    if (!read_limits(&reading, err)) return false;
    if (text_equal(out->provider, "anthropic")) set_anthropic(&reading);
    if (text_equal(out->provider, "openai")) set_openai(&reading);
    if (text_equal(out->provider, "bedrock")) set_bedrock(&reading);
    return check_endpoint(arena, out, err) && check_key(arena, out, err);
}
