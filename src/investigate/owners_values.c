/* Values of the wanted tag become owners. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "investigate/owners_bill.h"

enum { RARE_PERCENT = 1, NEAR_LENGTH = 4, NEAR_SHOWN = 3 };

typedef struct {
    const char *key;  /* without case, spaces and punctuation */
    const char *text; /* as written */
    size_t resource;
} Spelling;

/* Values that say that there is none. */
static bool says_nothing(const char *key) {
    static const char *const words[] = {"",         "na",      "none",       "null",    "nil",      "tbd",
                                        "todo",     "unknown", "undefined",  "default", "untagged", "notset",
                                        "notagged", "missing", "unassigned", "nobody",  "unowned"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(key, words[i])) return true;
    return false;
}

static int compare_spellings(const void *a, const void *b) {
    const Spelling *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (!order) order = strcmp(x->text, y->text);
    return order ? order : x->resource < y->resource ? -1 : x->resource > y->resource;
}

typedef struct {
    const char *name;
    size_t first_resource, count, from, to; /* spellings */
} Found;

static int compare_found(const void *a, const void *b) {
    const Found *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return x->first_resource < y->first_resource ? -1 : x->first_resource > y->first_resource;
}

/* The spelling that most resources use, of equals the one met first. */
static Found find_owner(const Spelling *spellings, size_t from, size_t to) {
    Found found = {.from = from, .to = to, .count = to - from, .first_resource = spellings[from].resource};
    size_t most = 0, met = 0;
    for (size_t i = from; i < to;) {
        size_t end = i;
        while (end < to && text_equal(spellings[end].text, spellings[i].text)) end++;
        if (end - i > most || (end - i == most && spellings[i].resource < met)) {
            most = end - i;
            met = spellings[i].resource;
            found.name = spellings[i].text;
        }
        if (spellings[i].resource < found.first_resource) found.first_resource = spellings[i].resource;
        i = end;
    }
    return found;
}

/* Rare values one letter away from a common one: told, never merged unasked. */
static void note_near(Arena *arena, OwnersBill *bill) {
    Buffer out = {.arena = arena};
    size_t shown = 0;
    for (size_t i = 0; i < bill->owner_count && shown < NEAR_SHOWN; i++) {
        const Owner *rare = &bill->owners[i];
        if (rare->resource_count * 100 >= bill->tagged_count * RARE_PERCENT || strlen(rare->name) < NEAR_LENGTH) continue;
        for (size_t j = 0; j < i; j++) {
            const Owner *common = &bill->owners[j];
            if (common->resource_count * 100 < bill->tagged_count * RARE_PERCENT) break;
            if (text_distance(text_name_key(arena, rare->name), text_name_key(arena, common->name), 1) > 1) continue;
            buffer_printf(&out, "%s“%s” (%s) looks like “%s” (%s)", shown++ ? "; " : "", text_printable(arena, rare->name),
                          text_count(arena, (long long)rare->resource_count), text_printable(arena, common->name),
                          text_count(arena, (long long)common->resource_count));
            break;
        }
    }
    if (shown) bill->near_spellings = buffer_text(&out);
}

void owners_values_settle(Arena *arena, OwnersBill *bill) {
    Spelling *spellings = arena_array(arena, bill->resource_count + 1, sizeof *spellings);
    Found *found = arena_array(arena, bill->resource_count + 1, sizeof *found);
    size_t count = 0, owners = 0;
    for (size_t i = 0; i < bill->resource_count; i++) {
        OwnersResource *resource = &bill->resources[i];
        const char *key = resource->owner_text ? text_name_key(arena, resource->owner_text) : "";
        if (says_nothing(key)) {
            resource->owner_text = NULL;
            resource->tagged_cost = (Decimal){0};
        } else {
            spellings[count++] = (Spelling){key, resource->owner_text, i};
        }
    }
    qsort(spellings, count, sizeof *spellings, compare_spellings);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && text_equal(spellings[end].key, spellings[i].key)) end++;
        found[owners++] = find_owner(spellings, i, end);
        i = end;
    }
    qsort(found, owners, sizeof *found, compare_found);
    bill->owners = arena_array(arena, owners + 1, sizeof *bill->owners);
    bill->owner_count = owners;
    bill->tagged_count = count;
    for (size_t k = 0; k < owners; k++) {
        bill->owners[k] = (Owner){found[k].name, found[k].count};
        for (size_t i = found[k].from; i < found[k].to; i++) bill->resources[spellings[i].resource].owner = (int)k;
    }
    note_near(arena, bill);
}
