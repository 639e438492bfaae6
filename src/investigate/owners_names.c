#include "investigate/owners_names.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum {
    ARN_PARTS = 5,
    HASH_LENGTH = 5,
    HASH_DIGITS = 2,
    HEX_LENGTH = 8,
    TOKEN_LENGTH = 40,
    PREFIX_LENGTH = 10,
    MARK_LENGTH = 4,
    DATE_LENGTH = 8
};

/* What follows the fifth colon of an ARN: "function:checkout-api"; NULL for any other id. */
static const char *arn_resource(const char *id) {
    if (!text_starts(id, "arn:")) return NULL;
    for (int i = 0; id && i < ARN_PARTS; i++) {
        id = strchr(id, ':');
        if (id) id++;
    }
    return id;
}

const char *owners_id_end(const char *id) {
    const char *end = id;
    for (const char *c = id; *c; c++)
        if ((*c == '/' || *c == ':') && c[1]) end = c + 1;
    return end;
}

/* The length of "vol" in "vol-0abc1234", 0 when the id has another form. */
static size_t id_prefix(const char *id) {
    size_t letters = strspn(id, "abcdefghijklmnopqrstuvwxyz");
    if (!letters || letters > PREFIX_LENGTH || id[letters] != '-') return 0;
    size_t digits = strspn(id + letters + 1, "0123456789abcdef");
    return digits >= HEX_LENGTH && !id[letters + 1 + digits] ? letters : 0;
}

const char *owners_id_name(const char *id) {
    const char *resource = arn_resource(id);
    if (id_prefix(owners_id_end(id))) return "";
    if (!resource) return id;
    size_t type = strcspn(resource, ":/");
    return resource[type] && resource[type + 1] ? resource + type + 1 : resource;
}

const char *owners_kind(Arena *arena, const char *id, const char *service) {
    const char *end = owners_id_end(id), *resource = arn_resource(id);
    const size_t prefix = id_prefix(end);
    if (prefix) return arena_text_n(arena, end, prefix);
    if (!resource) return text_is_empty(service) ? "other" : service;
    const char *name = strchr(id + 4, ':');
    name = name ? name + 1 : id;
    const size_t type = strcspn(resource, ":/");
    const int service_size = (int)strcspn(name, ":");
    if (!resource[type]) return arena_text_n(arena, name, (size_t)service_size);
    return arena_printf(arena, "%.*s:%.*s", service_size, name, (int)type, resource);
}

bool owners_kind_is_compute(const char *kind) {
    static const char *const kinds[] = {"i", "vol", "eni", "eipalloc", "ec2:elastic-ip", "ec2:instance", "ec2:volume"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_equal(kind, kinds[i])) return true;
    return false;
}

/* Letters mixed with digits as machines mix them: "9f2ab1c", "AROAK3X". */
static bool is_hash(const char *word, size_t size) {
    size_t digits = 0, changes = 0, hex = 0;
    for (size_t i = 0; i < size; i++) {
        digits += isdigit((unsigned char)word[i]) != 0;
        hex += isxdigit((unsigned char)word[i]) != 0;
        if (i && (isdigit((unsigned char)word[i]) != 0) != (isdigit((unsigned char)word[i - 1]) != 0)) changes++;
    }
    if (digits == size) return true;
    if (hex == size && size >= HASH_LENGTH && digits) return true;
    return size >= HASH_LENGTH && digits >= HASH_DIGITS && changes >= 2;
}

static void add_token(Arena *arena, const char *word, size_t size, const char **out, size_t *count) {
    if (is_hash(word, size)) return;
    while (size && isdigit((unsigned char)word[size - 1])) size--;
    if (size < 2 || size > TOKEN_LENGTH || *count == NAME_TOKENS) return;
    const char *token = text_lower(arena, arena_text_n(arena, word, size));
    for (size_t i = 0; i < *count; i++)
        if (text_equal(out[i], token)) return;
    out[(*count)++] = token;
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

size_t owners_name_tokens(Arena *arena, const char *name, const char **out) {
    size_t count = 0;
    while (*name) {
        size_t size = 0;
        while (*name && !is_word(*name)) name++;
        while (is_word(name[size])) {
            bool hump = size && islower((unsigned char)name[size - 1]) && isupper((unsigned char)name[size]);
            if (hump) break;
            size++;
        }
        if (size) add_token(arena, name, size, out, &count);
        name += size;
    }
    return count;
}

static void add_link(Arena *arena, const char *part, size_t size, const char **out, size_t *count) {
    if (*count == NAME_LINKS) return;
    const char *link = text_lower(arena, arena_text_n(arena, part, size));
    for (size_t i = 0; i < *count; i++)
        if (text_equal(out[i], link)) return;
    out[(*count)++] = link;
}

/* A mark: short enough for a name, with a digit, and no year, date or account number. */
static bool is_mark(const char *word, size_t size) {
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) digits += isdigit((unsigned char)word[i]) != 0;
    if (digits == size) return size >= MARK_LENGTH + 1 && size < DATE_LENGTH;
    return size >= MARK_LENGTH && digits >= 1 && (digits >= HASH_DIGITS || is_hash(word, size));
}

size_t owners_name_links(Arena *arena, const char *id, const char **out) {
    const char *name = owners_id_name(id), *end = owners_id_end(id);
    size_t count = 0;
    if (!*name) add_link(arena, end, strlen(end), out, &count);
    for (const char *c = name; *c;) {
        const size_t size = strcspn(c, "/:");
        if (size >= MARK_LENGTH) add_link(arena, c, size, out, &count);
        c += size;
        while (*c == '/' || *c == ':') c++;
    }
    for (const char *c = name; *c;) {
        size_t size = 0;
        while (is_word(c[size])) size++;
        if (size && is_mark(c, size)) add_link(arena, c, size, out, &count);
        c += size ? size : 1;
    }
    return count;
}

bool owners_name_is_mark(const char *part) {
    return is_mark(part, strlen(part));
}

bool owners_name_is_plain(const char *word) {
    static const char *const stages[] = {"prod", "prd",     "production",  "live",    "staging", "stage",
                                         "stg",  "preprod", "uat",         "test",    "tst",     "qa",
                                         "dev",  "develop", "development", "sandbox", "sbx",     "demo"};
    static const char *const things[] = {
        "nat",      "gateway", "igw",   "tgw",      "alb",   "nlb",    "elb",      "lb",    "vpc",    "vpce", "endpoint",
        "eni",      "eip",     "ec2",   "instance", "node",  "nodes",  "server",   "host",  "vm",     "asg",  "autoscaled",
        "cluster",  "eks",     "ecs",   "task",     "pod",   "lambda", "function", "fn",    "db",     "rds",  "database",
        "table",    "queue",   "sqs",   "topic",    "sns",   "bucket", "s3",       "vol",   "volume", "disk", "snap",
        "snapshot", "backup",  "image", "repo",     "log",   "logs",   "group",    "alarm", "errors", "key",  "kms",
        "secret",   "service", "svc",   "app",      "stack", "role",   "aws",      "amazon"};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (text_equal(word, stages[i])) return true;
    for (size_t i = 0; i < sizeof things / sizeof *things; i++)
        if (text_equal(word, things[i])) return true;
    return false;
}
