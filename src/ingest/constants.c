#include "ingest/constants.h"

#include "base/limits.h"
#include "base/table.h"
#include "base/text.h"

/* Times of charges vary, and what is made of them (days, their order) is looked for in the lines. */
static bool is_charge_time(const char *key) {
    static const char *const times[] = {"line_item_usage_start_date", "line_item_usage_end_date", "identity_time_interval",
                                        "ChargePeriodStart", "ChargePeriodEnd"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (text_equal(times[i], key)) return true;
    return false;
}

static bool is_candidate(const ReaderColumn *column) {
    return (text_equal(column->type, "VARCHAR") || text_equal(column->type, "TIMESTAMP")) && !is_charge_time(column->key);
}

bool constants_guess(Arena *arena, Watch *watch, const Reader *reader, ConstantGuess **out, size_t *count, Err *err) {
    Sql *sql = sql_make(arena);
    size_t candidates = 0;
    const char **keys = arena_array(arena, reader->column_count + 1, sizeof *keys);
    sql_add(sql, "SELECT ");
    sql_list_start(sql);
    for (size_t i = 0; i < reader->column_count; i++) {
        const ReaderColumn *column = &reader->columns[i];
        if (!is_candidate(column)) continue;
        sql_list_next(sql, ", ");
        sql_add(sql, text_equal(column->type, "VARCHAR") ? "nullif(s.%I, '')" : "CAST(s.%I AS VARCHAR)", column->key);
        keys[candidates++] = column->key;
    }
    *count = 0;
    *out = arena_array(arena, candidates + 1, sizeof **out);
    if (candidates == 0) return true;
    sql_add(sql, " FROM %R AS s", reader_head_sql(reader, CONSTANT_SAMPLE_ROWS));
    Table *table = NULL;
    if (!duck_rows(arena, watch->session, sql_text(sql), &table, err)) return false;
    for (size_t i = 0; i < candidates; i++) {
        bool same = table->row_count > 0;
        for (size_t row = 1; row < table->row_count && same; row++) {
            const char *first = table_cell(table, 0, i), *other = table_cell(table, row, i);
            same = first && other ? text_equal(first, other) : first == other;
        }
        if (same) (*out)[(*count)++] = (ConstantGuess){keys[i], table_cell(table, 0, i)};
    }
    return true;
}

void constants_add_checks(Sql *sql, const Reader *reader, const ConstantGuess *guesses, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *key = guesses[i].key, *value = guesses[i].value;
        bool is_text = text_equal(reader_column(reader, key)->type, "VARCHAR");
        if (!value)
            sql_add(sql, is_text ? ", bool_or(s.%I <> '')" : ", bool_or(s.%I IS NOT NULL)", key);
        else
            sql_add(sql,
                    is_text ? ", bool_or(s.%I IS DISTINCT FROM %S)" : ", bool_or(s.%I IS DISTINCT FROM CAST(%S AS TIMESTAMP))",
                    key, value);
        sql_add(sql, " AS varies_%d", (long long)i);
    }
}

bool constants_settle(Arena *arena, Watch *watch, const char *table, const ConstantGuess *guesses, size_t count, Reader *reader,
                      Err *err) {
    if (count == 0) return true;
    Sql *sql = sql_make(arena);
    sql_add(sql, "SELECT ");
    for (size_t i = 0; i < count; i++) sql_add(sql, i ? ", bool_or(varies_%d)" : "bool_or(varies_%d)", (long long)i);
    sql_add(sql, " FROM %I", table);
    Table *varies = NULL;
    if (!duck_rows(arena, watch->session, sql_text(sql), &varies, err)) return false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reader->column_count; j++) {
            ReaderColumn *column = &reader->columns[j];
            if (!text_equal(column->key, guesses[i].key) || text_equal(table_cell(varies, 0, i), "true")) continue;
            column->is_constant = true;
            column->constant = guesses[i].value;
        }
    return true;
}

/* The constant that an expression of the model stands for, if it is one. */
static bool find_constant(const Model *model, const char *expression, OutputColumn *output) {
    for (size_t i = 0; i < model->reader->column_count; i++) {
        const ReaderColumn *column = &model->reader->columns[i];
        static const char *const types[] = {"VARCHAR", "TIMESTAMP"};
        for (size_t t = 0; column->is_constant && t < 2; t++) {
            if (!text_equal(expression, model_constant(model->arena, column->constant, types[t]))) continue;
            output->is_constant = true;
            output->constant = column->constant;
            output->constant_type = types[t];
            return true;
        }
    }
    return false;
}

/* Both are in the rollup or neither, so that it has what the other one refers to. */
static bool is_same(const OutputColumn *stored, const OutputColumn *output) {
    return !stored->is_constant && !stored->same_as && stored->kind == output->kind && stored->in_rollup == output->in_rollup &&
           stored->is_dimension == output->is_dimension && text_equal(stored->expression, output->expression);
}

void constants_mark_outputs(Model *model) {
    for (size_t i = 0; i < model->output_count; i++) {
        OutputColumn *output = &model->outputs[i];
        for (size_t j = 0; j < model->input_count && !output->is_constant; j++) {
            const InputColumn *input = &model->inputs[j];
            if (text_equal(output->expression, sql_format(model->arena, "t.%I", input->alias)))
                find_constant(model, input->expression, output);
        }
        for (size_t j = 0; j < i && !output->is_constant && !output->same_as; j++)
            if (is_same(&model->outputs[j], output)) output->same_as = model->outputs[j].name;
    }
}
