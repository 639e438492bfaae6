#include "answer/chart.h"

#include "base/text.h"

/* More groups than colours tell apart: two dimensions become a heat map. */
enum { STACKED_SERIES = 8 };

static const char *column_of(const Answer *answer, ColumnRole role, size_t skip) {
    for (size_t i = 0; i < answer->table->column_count; i++)
        if (answer->columns[i].role == role && skip-- == 0) return answer->columns[i].name;
    return NULL;
}

/* Distinct texts of a column, counted no further than `most` + 1. */
static size_t distinct_cells(const Answer *answer, const char *name, size_t most) {
    int column = table_find(answer->table, name);
    size_t count = 0;
    const char *seen[STACKED_SERIES + 1] = {0};
    for (size_t row = 0; column >= 0 && row < answer->table->row_count && count <= most; row++) {
        const char *cell = table_cell(answer->table, row, (size_t)column);
        size_t i = 0;
        while (i < count && !text_equal(seen[i], cell)) i++;
        if (i == count && count <= STACKED_SERIES) seen[count++] = cell;
    }
    return count;
}

static void add_values(Arena *arena, Answer *answer, ChartSpec *chart) {
    chart->y = arena_array(arena, answer->table->column_count + 1, sizeof *chart->y);
    for (size_t i = 0; i < answer->table->column_count; i++) {
        ColumnRole role = answer->columns[i].role;
        bool value = role == ROLE_MEASURE || role == ROLE_COUNT || role == ROLE_BEFORE;
        if (value) chart->y[chart->y_count++] = answer->columns[i].name;
    }
    const char *share = column_of(answer, ROLE_SHARE, 0);
    if (!chart->y_count && share) chart->y[chart->y_count++] = share;
}

/* A wish is followed where the columns can carry it. */
static const char *wished(const Plan *plan, const ChartSpec *chart) {
    const char *wish = plan ? plan->chart : NULL;
    if (text_is_empty(wish) || text_equal(wish, "auto")) return NULL;
    if (text_equal(wish, "table") || (text_equal(wish, "number") && !chart->x)) return wish;
    return chart->x && chart->y_count ? wish : NULL;
}

static const char *kind_by_roles(const Answer *answer, ChartSpec *chart) {
    const char *bucket = column_of(answer, ROLE_BUCKET, 0);
    const char *key = column_of(answer, ROLE_KEY, 0), *second = column_of(answer, ROLE_KEY, 1);
    bool rows = answer->plan && (answer->plan->intent == INTENT_DETAIL || answer->plan->intent == INTENT_FIRST_LAST);
    if (!chart->y_count || rows) return "table";
    if (answer->table->row_count == 1 && !bucket) {
        chart->x = key;
        return "number";
    }
    if (bucket) {
        chart->x = bucket;
        chart->series = key;
        return second ? "table" : "line";
    }
    chart->x = key ? key : column_of(answer, ROLE_CURRENCY, 0);
    chart->series = second;
    if (!chart->x || column_of(answer, ROLE_KEY, 2)) return "table";
    if (!second) return "bar";
    return distinct_cells(answer, second, STACKED_SERIES) <= STACKED_SERIES ? "stacked" : "heatmap";
}

void chart_choose(Arena *arena, Answer *answer) {
    ChartSpec *chart = &answer->chart;
    *chart = (ChartSpec){.kind = "table"};
    if (!answer->table || !answer->columns || answer->table->row_count == 0) return;
    add_values(arena, answer, chart);
    chart->kind = kind_by_roles(answer, chart);
    const char *wish = wished(answer->plan, chart);
    if (wish) chart->kind = wish;
}
