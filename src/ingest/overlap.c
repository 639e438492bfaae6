#include "ingest/overlap.h"

#include "base/json.h"
#include "base/text.h"

static bool same_period(const Entry *a, const Entry *b) {
    return text_equal(a->snapshot.dataset, b->snapshot.dataset) && text_equal(a->snapshot.period, b->snapshot.period);
}

/* The account that two bills are both addressed to, NULL when there is none. Bills that do not say whom they are for are compared by what
 * they charge: equal totals of equally many lines are one bill. */
static const char *shared_payer(const Entry *a, const Entry *b) {
    const Json *left = json_get(a->snapshot.facts, "payers"), *right = json_get(b->snapshot.facts, "payers");
    for (size_t i = 0; i < json_count(left); i++)
        for (size_t j = 0; j < json_count(right); j++) {
            const char *account = json_get_text(json_at(left, i), "account");
            const char *provider = json_get_text(json_at(left, i), "provider"),
                       *other = json_get_text(json_at(right, j), "provider");
            if (!text_equal(account, json_get_text(json_at(right, j), "account"))) continue;
            if (!text_equal(provider, other) && !text_is_empty(provider) && !text_is_empty(other)) continue;
            if (!text_is_empty(account)) return account;
            const char *billed = json_get_text(json_at(json_get(a->snapshot.facts, "totals"), 0), "billed");
            const char *other_billed = json_get_text(json_at(json_get(b->snapshot.facts, "totals"), 0), "billed");
            if (billed && text_equal(billed, other_billed) && a->snapshot.row_count == b->snapshot.row_count) return "";
        }
    return NULL;
}

/* A later delivery of the same export. */
static bool supersedes(const Entry *added, const Entry *old) {
    if (!same_period(added, old)) return false;
    if (text_equal(added->root, old->root)) return true;
    if (!text_equal(added->snapshot.dataset, "bill")) return false;
    return text_equal(added->report, old->report) && !text_is_empty(added->report) &&
           text_equal(added->snapshot.format, old->snapshot.format) && shared_payer(added, old) != NULL;
}

static bool refuse(const Entry *a, const Entry *b, const char *payer, Err *err) {
    return err_set_code(
        err, ERR_REFUSED, "DUPLICATE_BILL",
        "The bill of %s%s%s is there twice: %s (%s) and %s (%s); adding them would double every cost. Load only one of them, "
        "or use --replace to keep only the paths given",
        a->snapshot.period, text_is_empty(payer) ? "" : " of payer account ", payer, a->snapshot.source, a->snapshot.format,
        b->snapshot.source, b->snapshot.format);
}

static bool check_pairs(const Ledger *ledger, Err *err) {
    for (size_t i = 0; i < ledger->entry_count; i++)
        for (size_t j = i + 1; j < ledger->entry_count; j++) {
            const Entry *a = &ledger->entries[i], *b = &ledger->entries[j];
            if (!text_equal(a->snapshot.dataset, "bill") || !same_period(a, b)) continue;
            const char *payer = shared_payer(a, b);
            if (payer) return refuse(a, b, payer, err);
        }
    return true;
}

bool overlap_join(Arena *arena, const Ledger *before, const Entry *added, size_t added_count, bool replace, Oddities *notes,
                  Ledger *out, Err *err) {
    *out = (Ledger){.folder = before->folder, .revision = before->revision + 1};
    out->entries = arena_array(arena, before->entry_count + added_count + 1, sizeof *out->entries);
    out->dropped = arena_array(arena, before->entry_count + 1, sizeof *out->dropped);
    for (size_t i = 0; i < before->entry_count; i++) {
        const Entry *old = &before->entries[i];
        const Entry *newer = NULL;
        bool reused = false;
        for (size_t j = 0; j < added_count; j++) {
            reused |= text_equal(added[j].file, old->file);
            if (supersedes(&added[j], old)) newer = &added[j];
        }
        if (reused) continue;
        if (newer && !replace)
            odd_add(notes, "%s%s%s of %s replaces what was loaded before", newer->snapshot.dataset,
                    *newer->snapshot.period ? " " : "", newer->snapshot.period, newer->snapshot.source);
        if (newer || replace)
            out->dropped[out->dropped_count++] = old->file;
        else
            out->entries[out->entry_count++] = *old;
    }
    if (before->rollup_file) out->dropped[out->dropped_count++] = before->rollup_file;
    for (size_t j = 0; j < added_count; j++) out->entries[out->entry_count++] = added[j];
    return check_pairs(out, err);
}
