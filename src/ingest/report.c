#include "ingest/report.h"

#include "base/decimal.h"
#include "base/text.h"
#include "io/clock.h"

/* Snapshots of one data set, format and source are one entry of the report. */
static bool same_source(const Entry *a, const Entry *b) {
    return text_equal(a->snapshot.dataset, b->snapshot.dataset) && text_equal(a->snapshot.format, b->snapshot.format) &&
           text_equal(a->root, b->root) && text_equal(a->report, b->report);
}

typedef struct {
    const char *currency;
    Decimal billed, effective;
    bool has_effective;
} Total;

static Decimal number_or_zero(const char *text) {
    Decimal value = {0, 0};
    if (text && !decimal_parse(text, &value)) value = (Decimal){0, 0};
    return value;
}

#define REPORT_CURRENCIES 32

static size_t add_totals(const Json *facts, Total *totals, size_t count) {
    const Json *list = json_get(facts, "totals");
    for (size_t i = 0; i < json_count(list); i++) {
        const Json *total = json_at(list, i);
        const char *currency = json_get_text(total, "currency");
        size_t at = 0;
        while (at < count && !text_equal(totals[at].currency, currency)) at++;
        if (at == REPORT_CURRENCIES) continue;
        if (at == count) totals[count++] = (Total){.currency = currency, .has_effective = true};
        Decimal billed = number_or_zero(json_get_text(total, "billed")),
                effective = number_or_zero(json_get_text(total, "effective"));
        totals[at].has_effective &= json_has(total, "effective");
        if (!decimal_add(totals[at].billed, billed, &totals[at].billed) ||
            !decimal_add(totals[at].effective, effective, &totals[at].effective))
            totals[at].has_effective = false;
    }
    return count;
}

static void write_totals(Arena *arena, Json *object, const Total *totals, size_t count) {
    Json *array = json_put_array(object, "totals");
    for (size_t i = 0; i < count; i++) {
        Json *total = json_add_object(array);
        json_put_text(total, "currency", totals[i].currency);
        json_put_number(total, "billed", decimal_text(arena, totals[i].billed));
        if (totals[i].has_effective) json_put_number(total, "effective", decimal_text(arena, totals[i].effective));
    }
}

static const char *const identity_keys[] = {"billed", "amortized", "upfront", "amortized_upfront", "residual"};

/* The identity of all periods together; left out when one of them has none. */
static void write_identity(Arena *arena, Json *object, const Entry *entries, const bool *members, size_t count) {
    Decimal sums[5] = {{0, 0}};
    const char *currency = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!members[i]) continue;
        const Json *identity = json_get(entries[i].snapshot.facts, "identity");
        const char *own = json_get_text(identity, "currency");
        if (!identity || (currency && !text_equal(currency, own))) return;
        currency = own ? own : currency;
        for (size_t k = 0; k < 5; k++)
            if (!decimal_add(sums[k], number_or_zero(json_get_text(identity, identity_keys[k])), &sums[k])) return;
    }
    Json *identity = json_put_object(object, "identity");
    for (size_t k = 0; k < 5; k++) json_put_number(identity, identity_keys[k], decimal_text(arena, sums[k]));
}

static void write_dataset(Arena *arena, Json *object, const Entry *entries, const bool *members, size_t count, size_t first) {
    Total totals[REPORT_CURRENCIES];
    size_t total_count = 0;
    long long rows = 0, rollup_rows = 0, accounts = 0, services = 0;
    const Snapshot *snapshot = &entries[first].snapshot;
    json_put_text(object, "name", snapshot->dataset);
    json_put_text(object, "format", snapshot->format);
    json_put_text(object, "source", snapshot->source);
    json_put_text(object, "report", entries[first].report);
    Json *periods = json_put_array(object, "periods");
    for (size_t i = 0; i < count; i++) {
        if (!members[i]) continue;
        const Json *facts = entries[i].snapshot.facts;
        if (*entries[i].snapshot.period) json_add_text(periods, entries[i].snapshot.period);
        rows += entries[i].snapshot.row_count;
        rollup_rows += entries[i].snapshot.rollup_row_count;
        long long own_accounts = json_get_integer(facts, "accounts", 0), own_services = json_get_integer(facts, "services", 0);
        accounts = own_accounts > accounts ? own_accounts : accounts;
        services = own_services > services ? own_services : services;
        total_count = add_totals(facts, totals, total_count);
    }
    json_put_integer(object, "row_count", rows);
    if (!text_equal(snapshot->dataset, "bill")) return;
    json_put_integer(object, "rollup_row_count", rollup_rows);
    json_put_integer(object, "accounts", accounts);
    json_put_integer(object, "services", services);
    write_totals(arena, object, totals, total_count);
    write_identity(arena, object, entries, members, count);
    Json *months = json_put_array(object, "months");
    for (size_t i = 0; i < count; i++) {
        if (!members[i]) continue;
        Json *month = json_add_object(months);
        json_put_text(month, "period", entries[i].snapshot.period);
        json_put_integer(month, "row_count", entries[i].snapshot.row_count);
        json_put_shared(month, "totals", json_get(entries[i].snapshot.facts, "totals"));
        json_put_bool(month, "complete", json_get_bool(entries[i].snapshot.facts, "complete", false));
        json_put_text(month, "data_through", json_get_text(entries[i].snapshot.facts, "data_through"));
    }
}

Json *report_write(Arena *arena, const Entry *entries, size_t count, const Oddities *notes, bool unchanged,
                   long long started_us) {
    Json *report = json_make_object(arena);
    long long rows = 0;
    unsigned long long bytes = 0;
    Oddities odd = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        rows += entries[i].snapshot.row_count;
        bytes += file_info(entries[i].snapshot.path).size_bytes;
        const Json *remarks = json_get(entries[i].snapshot.facts, "odd");
        for (size_t k = 0; k < json_count(remarks); k++) odd_add(&odd, "%s", json_text(json_at(remarks, k)));
    }
    json_put_bool(report, "unchanged", unchanged);
    json_put_integer(report, "row_count", rows);
    json_put_integer(report, "size_bytes", (long long)bytes);
    json_put_integer(report, "elapsed_ms", (clock_monotonic_us() - started_us) / 1000);
    Json *datasets = json_put_array(report, "datasets");
    bool *written = arena_array(arena, count + 1, sizeof *written);
    for (size_t i = 0; i < count; i++) {
        if (written[i]) continue;
        bool *members = arena_array(arena, count + 1, sizeof *members);
        for (size_t j = i; j < count; j++) written[j] |= members[j] = same_source(&entries[i], &entries[j]);
        write_dataset(arena, json_add_object(datasets), entries, members, count, i);
    }
    odd_write(notes, json_put_array(report, "notes"));
    odd_write(&odd, json_put_array(report, "odd"));
    return report;
}
