#include "answer/cells.h"

#include <string.h>

#include "answer/display.h"
#include "base/text.h"

const char *cells_exact(Arena *arena, const char *cell, CellType type) {
    if (!cell || type != CELL_DECIMAL || !strchr(cell, '.') || strpbrk(cell, "eE")) return cell;
    size_t size = strlen(cell);
    while (cell[size - 1] == '0') size--;
    if (cell[size - 1] == '.') size--;
    bool nothing = size == 2 && cell[0] == '-' && cell[1] == '0';
    return nothing ? "0" : cell[size] ? arena_text_n(arena, cell, size) : cell;
}

static bool is_number(CellType type) {
    return type == CELL_DECIMAL || type == CELL_INTEGER;
}

static int column_of(const Answer *answer, ColumnRole role) {
    for (size_t i = 0; answer->columns && i < answer->table->column_count; i++)
        if (answer->columns[i].role == role) return (int)i;
    return -1;
}

static const char *row_cell(const Answer *answer, size_t row, ColumnRole role) {
    int column = column_of(answer, role);
    return column < 0 ? NULL : table_cell(answer->table, row, (size_t)column);
}

static bool is_value(ColumnRole role) {
    return role == ROLE_MEASURE || role == ROLE_BEFORE || role == ROLE_DELTA || role == ROLE_TOTAL;
}

const char *cells_unit(const Answer *answer, size_t row, size_t column) {
    if (!answer->columns) return NULL;
    const CompiledColumn *head = &answer->columns[column];
    if (head->role == ROLE_PERCENT || head->role == ROLE_SHARE) return "percent";
    if (head->unit && !text_equal(head->unit, "currency")) return head->unit;
    if (!is_value(head->role)) return head->role == ROLE_COUNT ? "count" : NULL;
    const char *currency = row_cell(answer, row, ROLE_CURRENCY);
    if (currency) return currency;
    return head->unit ? answer->currency : row_cell(answer, row, ROLE_UNIT);
}

static bool is_tag(const char *column) {
    return text_starts(column, "tag_") || text_starts(column, "costcategory_") || text_starts(column, "accounttag_");
}

static Grain bucket_grain(const Answer *answer) {
    if (!answer->plan) return GRAIN_NONE;
    return answer->plan->grain != GRAIN_NONE ? answer->plan->grain : answer->plan->agg_grain;
}

/* Numbers without a unit (typed SQL) keep their exact digits: nobody said that they may be rounded. */
static char *number_text(Arena *arena, const Answer *answer, size_t row, size_t column) {
    const char *cell = table_cell(answer->table, row, column);
    const char *unit = cells_unit(answer, row, column);
    if (!answer->columns || answer->columns[column].role == ROLE_OTHER)
        if (!unit) return text_printable(arena, cell);
    ColumnRole role = answer->columns[column].role;
    DisplayForm form = {.sign = role == ROLE_DELTA || role == ROLE_PERCENT, .bare = true};
    return display_number(arena, cell, unit, form);
}

char *cells_text(Arena *arena, const Answer *answer, size_t row, size_t column) {
    const char *cell = table_cell(answer->table, row, column);
    CellType type = answer->table->columns[column].type;
    ColumnRole role = answer->columns ? answer->columns[column].role : ROLE_OTHER;
    const char *name = answer->table->columns[column].name;
    if (role == ROLE_KEY) return display_name(arena, cell, is_tag(name));
    if (role == ROLE_BUCKET) return display_bucket(arena, cell, bucket_grain(answer));
    if (!cell) return arena_text(arena, role == ROLE_COMPANION ? "" : "–");
    if (is_number(type)) return number_text(arena, answer, row, column);
    return text_printable(arena, cell);
}

/* "consumed quantity (GB)"; money shows its currency in every cell. */
static const char *title(Arena *arena, const Answer *answer, size_t column) {
    const CompiledColumn *head = answer->columns ? &answer->columns[column] : NULL;
    const char *label = text_printable(arena, head && head->label ? head->label : answer->table->columns[column].name);
    const char *unit = head ? head->unit : NULL;
    bool said = !unit || display_is_money(unit) || text_equal(unit, "currency") || text_equal(unit, "percent") ||
                text_equal(unit, "count") || text_equal(unit, label);
    return said ? label : arena_printf(arena, "%s (%s)", label, text_printable(arena, unit));
}

int cells_value_column(const Answer *answer) {
    static const ColumnRole roles[] = {ROLE_DELTA, ROLE_MEASURE, ROLE_COUNT, ROLE_SHARE};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        int column = column_of(answer, roles[i]);
        if (column >= 0 && is_number(answer->table->columns[column].type)) return column;
    }
    return -1;
}

/* The total of a column; NULL when the answer has none, or one per currency. */
static const Fact *total_of(const Answer *answer, const char *column) {
    const Fact *found = NULL;
    for (size_t i = 0; i < answer->fact_count; i++) {
        const Fact *fact = &answer->facts[i];
        if (!text_equal(fact->kind, "total") || !text_equal(fact->column, column)) continue;
        if (found) return NULL;
        found = fact;
    }
    return found;
}

static bool names_rows(const Answer *answer) {
    return column_of(answer, ROLE_KEY) == 0 || column_of(answer, ROLE_BUCKET) == 0;
}

static void add_foot(Arena *arena, const Answer *answer, Grid *grid, size_t row, size_t shown) {
    const Plan *plan = answer->plan;
    bool all = shown == answer->table->row_count && !answer->table->truncated;
    bool cut = plan && (plan->rank.n > 0 || plan->rank.until || plan->having_count > 0 || plan->rank.positive_only);
    grid_set(grid, row, 0, all && !cut ? "total" : "total with others");
    for (size_t i = 1; i < grid->column_count; i++) {
        ColumnRole role = answer->columns[i].role;
        const Fact *total = role == ROLE_MEASURE || role == ROLE_BEFORE ? total_of(answer, answer->columns[i].name) : NULL;
        if (total) grid_set(grid, row, i, display_number(arena, total->value, total->unit, (DisplayForm){.bare = true}));
    }
}

Grid *cells_grid(Arena *arena, const Answer *answer, size_t rows) {
    const Table *table = answer->table;
    bool foot = false;
    for (size_t i = 0; i < table->column_count && answer->columns; i++)
        foot |= answer->columns[i].role == ROLE_MEASURE && total_of(answer, answer->columns[i].name) != NULL;
    foot = foot && table->row_count > 1 && names_rows(answer);
    Grid *grid = grid_make(arena, table->column_count, rows + foot);
    for (size_t i = 0; i < table->column_count; i++) {
        grid->columns[i].title = title(arena, answer, i);
        grid->columns[i].right = is_number(table->columns[i].type);
        for (size_t row = 0; row < rows; row++) grid_set(grid, row, i, cells_text(arena, answer, row, i));
    }
    grid->foot = foot;
    if (foot) add_foot(arena, answer, grid, rows, rows);
    return grid;
}
