#include "investigate/athena.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { TABLE_PARTS = 3, MONTH_LENGTH = 7 };

bool athena_table(Arena *arena, const char *table, const char **out, Err *err) {
    size_t count = 0;
    const char **parts = text_split(arena, table, '.', &count);
    Sql *sql = sql_make(arena);
    for (size_t i = 0; i < count; i++) {
        if (count > TABLE_PARTS || text_is_empty(parts[i]) || !text_equal(text_printable(arena, parts[i]), parts[i]))
            return err_set(err, ERR_USAGE,
                           "--table takes the name of a table as Athena knows it, such as cur2 or billing.cur2");
        sql_add(sql, i ? ".%I" : "%I", parts[i]);
    }
    *out = sql_text(sql);
    return true;
}

const char *athena_tag_key(Arena *arena, const char *tag) {
    char *key = text_lower(arena, tag);
    for (char *c = key; *c; c++)
        if (!isalnum((unsigned char)*c)) *c = '_';
    return text_starts(key, "user_") || text_starts(key, "aws_") ? key : arena_printf(arena, "user_%s", key);
}

static bool is_month(const char *text) {
    if (strlen(text) != MONTH_LENGTH || text[4] != '-') return false;
    for (size_t i = 0; i < MONTH_LENGTH; i++)
        if (i != 4 && !isdigit((unsigned char)text[i])) return false;
    return true;
}

bool athena_add_months(Sql *sql, bool legacy, const char *from, const char *to, Err *err) {
    const char *month = legacy ? "date_format(bill_billing_period_start_date, '%Y-%m')" : "billing_period";
    if ((from && !is_month(from)) || (to && !is_month(to)))
        return err_set(err, ERR_USAGE, "--from and --to take months here, such as 2026-07");
    if (from) sql_add(sql, "\n    AND %R >= %S", month, from);
    if (to) sql_add(sql, "\n    AND %R <= %S", month, to);
    return true;
}
