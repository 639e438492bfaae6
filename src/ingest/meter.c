#include "ingest/meter.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* Length of "ca-central-1-" at the start of the text, 0 when it does not begin with a full region. */
static size_t full_region(const char *text) {
    size_t i = 0;
    while (islower((unsigned char)text[i])) i++;
    if (i != 2 || text[i] != '-') return 0;
    if (text_starts(text + i, "-gov-")) i += 4;
    if (text_starts(text + i, "-iso")) i += strcspn(text + i + 1, "-") + 1;
    size_t name = i + 1;
    for (i = name; islower((unsigned char)text[i]); i++) continue;
    if (i == name || text[i] != '-' || !isdigit((unsigned char)text[i + 1])) return 0;
    return text[i + 2] == '-' && text[i + 3] ? i + 3 : 0;
}

static bool listed(const Knowledge *prefixes, const char *token, size_t size, const char *kind) {
    for (size_t i = 0; i < prefixes->row_count; i++) {
        const char *prefix = knowledge_field(prefixes, i, "prefix");
        if (strlen(prefix) == size && memcmp(prefix, token, size) == 0 &&
            text_equal(knowledge_field(prefixes, i, "kind"), kind))
            return true;
    }
    return false;
}

static bool is_prefix(const Knowledge *prefixes, const char *token, size_t size, bool edge_product) {
    if (edge_product && listed(prefixes, token, size, "edge")) return true;
    return listed(prefixes, token, size, "region") || listed(prefixes, token, size, "zone") ||
           listed(prefixes, token, size, "global");
}

static const char *strip_prefixes(const Knowledge *prefixes, const char *product_code, const char *usage_type) {
    size_t full = full_region(usage_type);
    if (full) return usage_type + full;
    bool edge_product = listed(prefixes, product_code, strlen(product_code), "product_edge");
    const char *rest = usage_type;
    for (int taken = 0; taken < 2; taken++) {
        const char *dash = strchr(rest, '-');
        if (!dash || !dash[1] || !is_prefix(prefixes, rest, (size_t)(dash - rest), edge_product)) break;
        rest = dash + 1;
    }
    return rest;
}

/* Meters whose detail is an instance type. Source: usage types of AWS price lists. */
static const char *const instance_meters[] = {"BoxUsage",
                                              "SpotUsage",
                                              "HeavyUsage",
                                              "MediumUsage",
                                              "LightUsage",
                                              "UnusedBox",
                                              "DedicatedUsage",
                                              "UnusedDed",
                                              "DedicatedRes",
                                              "ReservedHostUsage",
                                              "HostBoxUsage",
                                              "HostUsage",
                                              "InstanceUsage",
                                              "Multi-AZUsage",
                                              "Multi-AZClusterUsage",
                                              "MirrorUsage",
                                              "InstanceUsageIOOptimized",
                                              "NodeUsage",
                                              "Node",
                                              "ESInstance",
                                              "BoxUsageUnlimited"};

static const char *instance_type(Arena *arena, const char *meter) {
    const char *colon = strchr(meter, ':');
    if (!colon || !strchr(colon, '.')) return NULL;
    for (size_t i = 0; i < sizeof instance_meters / sizeof *instance_meters; i++)
        if (strlen(instance_meters[i]) == (size_t)(colon - meter) && text_starts(meter, instance_meters[i]))
            return arena_text(arena, colon + 1);
    return NULL;
}

static const char *volume_type(Arena *arena, const char *meter) {
    if (!text_starts(meter, "EBS:Volume")) return NULL;
    if (text_starts(meter, "EBS:VolumeIOUsage")) return "standard";
    const char *dot = strchr(meter, '.');
    if (!dot) return text_equal(meter, "EBS:VolumeUsage") ? "standard" : NULL;
    if (text_equal(dot, ".piops")) return "io1";
    size_t size = strcspn(dot + 1, ".-");
    return arena_text_n(arena, dot + 1, size);
}

Meter meter_of(Arena *arena, const Knowledge *prefixes, const char *product_code, const char *usage_type) {
    Meter out = {.meter = arena_text(arena, strip_prefixes(prefixes, product_code, usage_type))};
    out.instance_type = instance_type(arena, out.meter);
    out.volume_type = volume_type(arena, out.meter);
    return out;
}
