/* question/conversation.c: see question/conversation.h. */
#include "question/conversation.h"

#include <string.h>

#include "base/text.h"

static bool is_dimension_of(const Plan *plan, const Catalog *catalog, const char *name) {
    for (size_t i = 0; i < plan->group_count; i++)
        if (text_equal(plan->group_by[i], name)) return true;
    const CatalogColumn *row = catalog->row_identifier;
    return text_equal(plan->subject, name) || text_equal(plan->agg_dimension, name) ||
           text_equal(plan->compare.dimension, name) || (plan->intent == INTENT_DETAIL && row && text_equal(row->name, name)) ||
           (plan->intent == INTENT_DRIVERS && plan->group_count == 0 && text_equal(name, "ServiceName"));
}

/* Which columns of the answer say what a row is. */
static size_t choose_columns(Arena *arena, const Catalog *catalog, const Plan *plan, const CompiledColumn *columns,
                             size_t count, size_t *chosen, const char **names) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (columns[i].role == ROLE_BUCKET)
            names[found] = arena_text(arena, columns[i].label);
        else if (columns[i].role == ROLE_KEY && catalog_column(catalog, columns[i].name) &&
                 is_dimension_of(plan, catalog, columns[i].name))
            names[found] = arena_text(arena, columns[i].name);
        else
            continue;
        chosen[found++] = i;
    }
    return found;
}

static ConversationKeys keys_of(Arena *arena, const Catalog *catalog, const Plan *plan, const CompiledColumn *columns,
                                const Table *table) {
    ConversationKeys keys = {.complete = true};
    if (!columns || !table) return keys;
    size_t *chosen = arena_array(arena, table->column_count + 1, sizeof *chosen), bytes = 0;
    keys.columns = arena_array(arena, table->column_count + 1, sizeof *keys.columns);
    keys.column_count = choose_columns(arena, catalog, plan, columns, table->column_count, chosen, keys.columns);
    if (keys.column_count == 0) return keys;
    size_t most = table->row_count < CONVERSATION_ROWS ? table->row_count : CONVERSATION_ROWS;
    keys.cells = arena_array(arena, most * keys.column_count + 1, sizeof *keys.cells);
    for (; keys.row_count < most; keys.row_count++) {
        for (size_t c = 0; c < keys.column_count; c++) {
            const char *cell = table_cell(table, keys.row_count, chosen[c]);
            bytes += cell ? strlen(cell) : 0;
            keys.cells[keys.row_count * keys.column_count + c] = cell ? arena_text(arena, cell) : NULL;
        }
        if (bytes > CONVERSATION_KEY_BYTES) break;
    }
    keys.complete = keys.row_count == table->row_count && !table->truncated;
    return keys;
}

void conversation_add(Arena *arena, const Catalog *catalog, const char *question, const Plan *plan,
                      const CompiledColumn *columns, const Table *table, Conversation *conversation) {
    conversation->offered_count = 0;
    if (plan->intent == INTENT_META) return;
    if (conversation->count == CONVERSATION_TURNS)
        memmove(&conversation->turns[0], &conversation->turns[1], --conversation->count * sizeof conversation->turns[0]);
    conversation->turns[conversation->count++] = (ConversationTurn){.question = arena_text(arena, question),
                                                                    .dataset = arena_text(arena, plan->dataset),
                                                                    .plan = plan_json(arena, plan),
                                                                    .keys = keys_of(arena, catalog, plan, columns, table)};
}

void conversation_offer(Arena *arena, Plan *const *plans, size_t count, Conversation *conversation) {
    conversation->offered_count = 0;
    for (size_t i = 0; i < count && i < CONVERSATION_OFFERS; i++)
        conversation->offered[conversation->offered_count++] = plan_json(arena, plans[i]);
}

bool conversation_back(Conversation *conversation) {
    conversation->offered_count = 0;
    if (conversation->count == 0) return false;
    conversation->count--;
    return true;
}

const ConversationTurn *conversation_last(const Conversation *conversation) {
    return conversation && conversation->count ? &conversation->turns[conversation->count - 1] : NULL;
}

/* --- JSON --- */

static void put_keys(Json *turn, const ConversationKeys *keys) {
    if (keys->column_count == 0) return;
    Json *object = json_put_object(turn, "keys"), *columns = json_put_array(object, "columns");
    for (size_t c = 0; c < keys->column_count; c++) json_add_text(columns, keys->columns[c]);
    Json *rows = json_put_array(object, "rows");
    for (size_t r = 0; r < keys->row_count; r++) {
        Json *row = json_add_array(rows);
        for (size_t c = 0; c < keys->column_count; c++) json_add_text(row, keys->cells[r * keys->column_count + c]);
    }
    json_put_bool(object, "complete", keys->complete);
}

Json *conversation_json(Arena *arena, const Conversation *conversation) {
    Json *root = json_make_object(arena);
    json_put_integer(root, "v", 1);
    Json *turns = json_put_array(root, "turns");
    for (size_t i = 0; i < conversation->count; i++) {
        const ConversationTurn *turn = &conversation->turns[i];
        Json *object = json_add_object(turns);
        json_put_text(object, "question", turn->question);
        json_put_text(object, "dataset", turn->dataset);
        json_put_shared(object, "plan", turn->plan);
        put_keys(object, &turn->keys);
    }
    if (conversation->offered_count == 0) return root;
    Json *offered = json_put_array(root, "offered");
    for (size_t i = 0; i < conversation->offered_count; i++)
        json_put_shared(json_add_object(offered), "plan", conversation->offered[i]);
    return root;
}

static bool read_keys(Arena *arena, const Json *json, ConversationKeys *keys) {
    *keys = (ConversationKeys){.complete = true};
    if (json_kind(json) == JSON_NULL) return true;
    const Json *columns = json_get(json, "columns"), *rows = json_get(json, "rows");
    if (json_kind(json) != JSON_OBJECT || json_kind(columns) != JSON_ARRAY || json_kind(rows) != JSON_ARRAY) return false;
    if (json_count(columns) > PLAN_ITEMS) return false;
    keys->complete = json_get_bool(json, "complete", false);
    keys->column_count = json_count(columns);
    keys->columns = arena_array(arena, keys->column_count + 1, sizeof *keys->columns);
    for (size_t c = 0; c < keys->column_count; c++) {
        const Json *name = json_at(columns, c);
        if (json_kind(name) != JSON_TEXT) return false;
        keys->columns[c] = arena_text(arena, json_text(name));
    }
    keys->row_count = json_count(rows) < CONVERSATION_ROWS ? json_count(rows) : CONVERSATION_ROWS;
    keys->complete = keys->complete && keys->row_count == json_count(rows);
    keys->cells = arena_array(arena, keys->row_count * keys->column_count + 1, sizeof *keys->cells);
    for (size_t r = 0; r < keys->row_count; r++) {
        const Json *row = json_at(rows, r);
        if (json_kind(row) != JSON_ARRAY || json_count(row) != keys->column_count) return false;
        for (size_t c = 0; c < keys->column_count; c++) {
            const Json *cell = json_at(row, c);
            if (json_kind(cell) != JSON_TEXT && json_kind(cell) != JSON_NULL) return false;
            const char *text = json_kind(cell) == JSON_TEXT ? json_text(cell) : NULL;
            keys->cells[r * keys->column_count + c] = text ? arena_text(arena, text) : NULL;
        }
    }
    return true;
}

static bool read_turn(Arena *arena, const Json *json, ConversationTurn *turn) {
    const char *question = json_get_text(json, "question"), *dataset = json_get_text(json, "dataset");
    turn->plan = json_get(json, "plan");
    if (json_kind(json) != JSON_OBJECT || !question || !dataset || json_kind(turn->plan) != JSON_OBJECT) return false;
    turn->question = arena_text(arena, question);
    turn->dataset = arena_text(arena, dataset);
    return read_keys(arena, json_get(json, "keys"), &turn->keys);
}

static bool unreadable(Err *err, const char *what) {
    return err_set_code(err, ERR_INPUT, "INVALID_CONVERSATION", "The conversation cannot be read (%s); start a new one", what);
}

bool conversation_read(Arena *arena, const Json *json, Conversation *out, Err *err) {
    *out = (Conversation){0};
    const Json *turns = json_get(json, "turns"), *offered = json_get(json, "offered");
    if (json_kind(json) != JSON_OBJECT || json_get_integer(json, "v", 0) != 1) return unreadable(err, "version");
    if (json_kind(turns) != JSON_ARRAY || json_count(turns) > CONVERSATION_TURNS) return unreadable(err, "turns");
    for (size_t i = 0; i < json_count(turns); i++)
        if (!read_turn(arena, json_at(turns, i), &out->turns[out->count++])) return unreadable(err, "a turn");
    if (json_kind(offered) == JSON_NULL) return true;
    if (json_kind(offered) != JSON_ARRAY || json_count(offered) > CONVERSATION_OFFERS) return unreadable(err, "offers");
    for (size_t i = 0; i < json_count(offered); i++) {
        const Json *plan = json_get(json_at(offered, i), "plan");
        if (json_kind(plan) != JSON_OBJECT) return unreadable(err, "an offer");
        out->offered[out->offered_count++] = plan;
    }
    return true;
}
