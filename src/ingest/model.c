#include "ingest/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/sql.h"
#include "base/text.h"

#define NUMBER_DIGITS 18      /* of a DECIMAL that the engine keeps in 64 bits */
#define NUMBER_DIGITS_WIDE 38 /* of one in 128 bits: sums are several times slower */

const char *number_type_text(Arena *arena, NumberType type) {
    return arena_printf(arena, "DECIMAL(%d, %d)", type.width, type.scale);
}

NumberType number_type_default(const char *engine_type) {
    if (text_equal(engine_type, "DOUBLE") || text_equal(engine_type, "FLOAT"))
        return (NumberType){NUMBER_DIGITS, MONEY_SCALE_DOUBLE};
    if (text_starts(engine_type, "DECIMAL(")) {
        int width = atoi(engine_type + strlen("DECIMAL("));
        const char *comma = strchr(engine_type, ',');
        int scale = comma ? atoi(comma + 1) : 0;
        if (scale > MONEY_SCALE_TEXT) return (NumberType){NUMBER_DIGITS_WIDE, MONEY_SCALE_TEXT};
        return (NumberType){width > NUMBER_DIGITS ? NUMBER_DIGITS_WIDE : NUMBER_DIGITS, scale};
    }
    if (text_equal(engine_type, "HUGEINT") || text_equal(engine_type, "UBIGINT")) return (NumberType){NUMBER_DIGITS_WIDE, 0};
    if (text_ends(engine_type, "INT") || text_ends(engine_type, "INTEGER")) return (NumberType){NUMBER_DIGITS_WIDE, 0};
    return (NumberType){NUMBER_DIGITS, MONEY_SCALE_TEXT};
}

const char *number_plain_text(Arena *arena, const char *expression) {
    return sql_format(arena,
                      "CASE WHEN regexp_full_match(%R, " MODEL_SPREADSHEET_AMOUNT
                      ") THEN (CASE WHEN contains(%R, '(') THEN '-' ELSE '' END) || "
                      "regexp_replace(%R, '[^0-9.+-]', '', 'g') ELSE %R END",
                      expression, expression, expression, expression);
}

NumberType number_type_merge(NumberType a, NumberType b) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    int whole_a = a.width - a.scale, whole_b = b.width - b.scale;
    int whole = whole_a > whole_b ? whole_a : whole_b;
    if (a.width <= NUMBER_DIGITS && b.width <= NUMBER_DIGITS && whole + scale <= NUMBER_DIGITS)
        return (NumberType){NUMBER_DIGITS, scale};
    return (NumberType){NUMBER_DIGITS_WIDE, MONEY_SCALE_TEXT};
}

const char *model_constant(Arena *arena, const char *value, const char *type) {
    return value ? sql_format(arena, "CAST(%S AS %R)", value, type) : sql_format(arena, "CAST(NULL AS %R)", type);
}

const char *model_text(const Model *model, const char *key) {
    const ReaderColumn *column = reader_column(model->reader, key);
    if (!column) return NULL;
    if (column->is_constant) return model_constant(model->arena, column->constant, "VARCHAR");
    if (text_equal(column->type, "VARCHAR")) return sql_format(model->arena, "nullif(s.%I, '')", key);
    if (text_starts(column->type, "MAP(") || text_starts(column->type, "STRUCT(") || text_ends(column->type, "[]"))
        return sql_format(model->arena, "CAST(to_json(s.%I) AS VARCHAR)", key);
    return sql_format(model->arena, "nullif(CAST(s.%I AS VARCHAR), '')", key);
}

const char *model_time(const Model *model, const char *key) {
    const ReaderColumn *column = reader_column(model->reader, key);
    if (!column) return NULL;
    if (column->is_constant && !model->spreadsheet_dates) return model_constant(model->arena, column->constant, "TIMESTAMP");
    if (text_equal(column->type, "TIMESTAMP")) return sql_format(model->arena, "s.%I", key);
    if (text_equal(column->type, "TIMESTAMP WITH TIME ZONE")) return sql_format(model->arena, "timezone('UTC', s.%I)", key);
    if (!text_equal(column->type, "VARCHAR")) return sql_format(model->arena, "CAST(s.%I AS TIMESTAMP)", key);
    if (!model->spreadsheet_dates) return sql_format(model->arena, "CAST(nullif(s.%I, '') AS TIMESTAMP)", key);
    const char *text = sql_format(model->arena, "s.%I", key);
    const char *time = sql_format(model->arena, MODEL_TIME_OF_TEXT, text, text, text);
    return sql_format(model->arena,
                      "CASE WHEN s.%I IS NULL OR s.%I = '' THEN NULL ELSE coalesce(%R, CAST(s.%I AS TIMESTAMP)) END", key, key,
                      time, key);
}

const char *model_number(const Model *model, const char *key, NumberType *type) {
    const ReaderColumn *column = reader_column(model->reader, key);
    if (!column) return NULL;
    *type = number_type_default(column->type);
    for (size_t i = 0; i < model->override_count; i++)
        if (text_equal(model->overrides[i].key, key)) *type = model->overrides[i].type;
    const char *wanted = number_type_text(model->arena, *type);
    if (text_equal(column->type, "VARCHAR")) {
        const char *text = sql_format(model->arena, "nullif(s.%I, '')", key);
        if (model->spreadsheet_amounts) text = number_plain_text(model->arena, text);
        /* Reading 38 digits takes several times as long as 18, and nearly all values of a column that needs them are small. */
        NumberType small = {NUMBER_DIGITS, type->scale};
        if (type->width > NUMBER_DIGITS && type->scale <= MONEY_SCALE_TEXT)
            return sql_format(model->arena, "coalesce(CAST(TRY_CAST(%R AS %R) AS %R), CAST(%R AS %R))", text,
                              number_type_text(model->arena, small), wanted, text, wanted);
        return sql_format(model->arena, "CAST(%R AS %R)", text, wanted);
    }
    if (text_equal(column->type, "DOUBLE") || text_equal(column->type, "FLOAT")) {
        NumberType rounded = {type->width, type->scale < MONEY_SCALE_DOUBLE ? type->scale : MONEY_SCALE_DOUBLE};
        return sql_format(model->arena, "CAST(CAST(s.%I AS %R) AS %R)", key, number_type_text(model->arena, rounded), wanted);
    }
    return sql_format(model->arena, "CAST(s.%I AS %R)", key, wanted);
}

void model_add_input(Model *model, const char *alias, const char *expression) {
    if (!expression) return;
    if (model->input_count == model->input_room) {
        size_t room = model->input_room ? model->input_room * 2 : 128;
        model->inputs =
            arena_grow(model->arena, model->inputs, model->input_room * sizeof *model->inputs, room * sizeof *model->inputs);
        model->input_room = room;
    }
    model->inputs[model->input_count++] = (InputColumn){alias, expression};
}

bool model_has_input(const Model *model, const char *alias) {
    for (size_t i = 0; i < model->input_count; i++)
        if (text_equal(model->inputs[i].alias, alias)) return true;
    return false;
}

OutputColumn *model_find_output(const Model *model, const char *name) {
    for (size_t i = 0; i < model->output_count; i++)
        if (text_equal_fold(model->outputs[i].name, name)) return &model->outputs[i];
    return NULL;
}

OutputColumn *model_add_output(Model *model, const char *name, const char *expression, const char *source) {
    if (model->output_count == model->output_room) {
        size_t room = model->output_room ? model->output_room * 2 : 128;
        model->outputs = arena_grow(model->arena, model->outputs, model->output_room * sizeof *model->outputs,
                                    room * sizeof *model->outputs);
        model->output_room = room;
    }
    OutputColumn *output = &model->outputs[model->output_count++];
    *output = (OutputColumn){.name = name, .expression = expression, .source = source ? source : ""};
    return output;
}

const char *model_inputs_sql(const Model *model, const char *rejects) {
    Sql *sql = sql_make(model->arena);
    sql_add(sql, "SELECT ");
    sql_list_start(sql);
    for (size_t i = 0; i < model->input_count; i++) {
        sql_list_next(sql, ", ");
        sql_add(sql, "%R AS %I", model->inputs[i].expression, model->inputs[i].alias);
    }
    sql_add(sql, " FROM %R AS s%R", model->source ? model->source : reader_sql(model->reader, rejects),
            model->input_joins ? model->input_joins : "");
    return sql_text(sql);
}

const char *model_sql(const Model *model, const char *rejects) {
    Sql *sql = sql_make(model->arena);
    sql_add(sql, "SELECT ");
    sql_list_start(sql);
    for (size_t i = 0; i < model->output_count; i++) {
        if (model->outputs[i].is_constant || model->outputs[i].same_as) continue;
        sql_list_next(sql, ", ");
        sql_add(sql, "%R AS %I", model->outputs[i].expression, model->outputs[i].name);
    }
    sql_add(sql, " FROM (%R) AS t%R", model_inputs_sql(model, rejects), model->output_join ? model->output_join : "");
    return sql_text(sql);
}
