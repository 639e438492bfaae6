/* Commands that set tags, for people to review. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "investigate/owners_show.h"

enum { ARNS_EACH = 20, PRINTABLE_LEAST = 0x20, DELETE = 0x7F }; /* the service takes 20 resources a call */

/* Ids without an ARN: how the ARN of their kind goes on behind the account. */
typedef struct {
    const char *kind, *service, *type;
} ArnForm;

static const ArnForm forms[] = {{"i", "ec2", "instance"},
                                {"vol", "ec2", "volume"},
                                {"snap", "ec2", "snapshot"},
                                {"eni", "ec2", "network-interface"},
                                {"eipalloc", "ec2", "elastic-ip"},
                                {"nat", "ec2", "natgateway"},
                                {"vpce", "ec2", "vpc-endpoint"},
                                {"vpn", "ec2", "vpn-connection"},
                                {"tgw", "ec2", "transit-gateway"},
                                {"ami", "ec2", "image"},
                                {"fs", "elasticfilesystem", "file-system"}};

static const char *partition(const char *region) {
    return text_starts(region, "cn-") ? "aws-cn" : text_starts(region, "us-gov-") ? "aws-us-gov" : "aws";
}

static const char *arn_of(Arena *arena, const OwnersResource *resource) {
    if (text_starts(resource->id, "arn:")) return resource->id;
    if (text_equal(resource->service, "AmazonS3") && !strpbrk(resource->id, "/: "))
        return arena_printf(arena, "arn:%s:s3:::%s", partition(resource->region), resource->id);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (text_equal(resource->kind, forms[i].kind) && !text_is_empty(resource->region) && !text_is_empty(resource->account))
            return arena_printf(arena, "arn:%s:%s:%s:%s:%s/%s", partition(resource->region), forms[i].service, resource->region,
                                resource->account, forms[i].type, resource->id);
    return NULL;
}

/* Between single quotes a shell reads nothing but text; the quote itself is written outside of them. Characters that act on a terminal, or
 * end the line, have no place in a command that somebody is to review. */
static bool quote(Arena *arena, const char *text, const char **out) {
    Buffer quoted = {.arena = arena};
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < PRINTABLE_LEAST || (unsigned char)*c == DELETE) return false;
    if (!text_is_utf8(text, strlen(text)) || !text_equal(text_printable(arena, text), text)) return false;
    buffer_add_char(&quoted, '\'');
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            buffer_add(&quoted, "'\\''");
        else
            buffer_add_char(&quoted, *c);
    buffer_add_char(&quoted, '\'');
    *out = buffer_text(&quoted);
    return true;
}

typedef struct {
    const OwnerGuess *guess;
    const char *arn;
} Item;

static int compare_items(const void *a, const void *b) {
    const OwnerGuess *x = ((const Item *)a)->guess, *y = ((const Item *)b)->guess;
    int order = strcmp(x->resource->account, y->resource->account);
    if (!order) order = strcmp(x->resource->region, y->resource->region);
    if (!order) order = x->owner - y->owner;
    return order ? order : strcmp(x->resource->id, y->resource->id);
}

static bool same_call(const OwnerGuess *a, const OwnerGuess *b) {
    return text_equal(a->resource->account, b->resource->account) && text_equal(a->resource->region, b->resource->region) &&
           a->owner == b->owner;
}

/* One call for the items, all of one account, region and owner; false when something in it cannot be quoted. */
static bool write_call(Arena *arena, const OwnersReport *report, const Item *items, size_t count, const char **out) {
    const OwnerGuess *first = items[0].guess;
    const char *region = text_is_empty(first->resource->region) ? "us-east-1" : first->resource->region, *quoted = NULL;
    Json *tags = json_make_object(arena);
    Buffer line = {.arena = arena};
    json_put_text(tags, report->bill.tag, report->bill.owners[first->owner].name);
    if (!quote(arena, region, &quoted)) return false;
    buffer_printf(&line, "aws resourcegroupstaggingapi tag-resources --region %s", quoted);
    if (!text_is_utf8(report->bill.owners[first->owner].name, strlen(report->bill.owners[first->owner].name))) return false;
    if (!quote(arena, json_write(arena, tags, false), &quoted)) return false;
    buffer_printf(&line, " --tags %s --resource-arn-list", quoted);
    for (size_t i = 0; i < count; i++) {
        if (!quote(arena, items[i].arn, &quoted)) return false;
        buffer_printf(&line, " %s", quoted);
    }
    *out = buffer_text(&line);
    return true;
}

static void comment(Buffer *out, const Item *item) {
    const OwnerGuess *guess = item->guess;
    Arena *arena = out->arena;
    buffer_printf(out, "# %s  %s  %s\n", owners_percent(arena, guess->probability), text_printable(arena, guess->resource->id),
                  guess->evidence_count ? guess->evidence[0] : "");
}

static Item *choose_items(Arena *arena, const OwnersReport *report, size_t *count, size_t *without) {
    Item *items = arena_array(arena, report->guess_count + 1, sizeof *items);
    for (size_t i = 0; i < report->guess_count; i++) {
        const OwnerGuess *guess = &report->guesses[i];
        if (guess->owner == OWNER_NONE || guess->probability < report->confidence) continue;
        const char *arn = arn_of(arena, guess->resource);
        if (arn)
            items[(*count)++] = (Item){guess, arn};
        else
            ++*without;
    }
    qsort(items, *count, sizeof *items, compare_items);
    return items;
}

const char *owners_commands(Arena *arena, const OwnersReport *report, const char ***runnable, size_t *count) {
    size_t item_count = 0, without = 0, unsafe = 0;
    Item *items = choose_items(arena, report, &item_count, &without);
    const char **calls = arena_array(arena, item_count + 1, sizeof *calls);
    Buffer out = {.arena = arena};
    *count = 0;
    buffer_printf(&out,
                  "# Sets the tag %s on %zu resources that were named with %s or more by `curlew owners`.\n"
                  "# Read it first; run each part with credentials of its account. Nothing was changed yet.\n",
                  text_printable(arena, report->bill.tag), item_count, owners_percent(arena, report->confidence));
    for (size_t i = 0, end = 0; i < item_count; i = end) {
        const OwnersResource *resource = items[i].guess->resource;
        if (i == 0 || !text_equal(items[i - 1].guess->resource->account, resource->account))
            buffer_printf(&out, "\n# --- account %s %s\n", text_printable(arena, resource->account),
                          text_printable(arena, resource->account_name));
        for (end = i; end < item_count && end - i < ARNS_EACH && same_call(items[i].guess, items[end].guess);) end++;
        if (!write_call(arena, report, items + i, end - i, &calls[*count])) {
            unsafe += end - i;
            continue;
        }
        for (size_t j = i; j < end; j++) comment(&out, &items[j]);
        buffer_printf(&out, "%s\n", calls[(*count)++]);
    }
    if (without) buffer_printf(&out, "\n# %zu more resources have no ARN that the bill would tell.\n", without);
    if (unsafe)
        buffer_printf(&out, "\n# %zu more resources have characters in their tag or id that do not belong in a command.\n",
                      unsafe);
    *runnable = calls;
    return buffer_text(&out);
}
