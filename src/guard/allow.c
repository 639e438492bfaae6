#include "guard/allow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/knowledge.h"
#include "base/text.h"

typedef struct {
    const char *id, *info;
} AllowType;

struct Allow {
    size_t node_count, function_count, type_count;
    AllowNode *nodes;         /* sorted by kind */
    AllowFunction *functions; /* sorted by name; a name may stand there once for each way of calling it */
    AllowType *types;
};

static int compare_nodes(const void *a, const void *b) {
    return strcmp(((const AllowNode *)a)->kind, ((const AllowNode *)b)->kind);
}

static int compare_functions(const void *a, const void *b) {
    const AllowFunction *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (int)x->call - (int)y->call;
}

static AllowRule read_rule(Arena *arena, const char *key, const char *rule) {
    size_t name = *rule == '=' ? 1 : strcspn(rule, ":");
    const char *argument = *rule == '=' ? rule + 1 : rule[name] ? rule + name + 1 : "";
    return (AllowRule){key, arena_text_n(arena, rule, name), argument};
}

/* The rows of one kind stand together. */
static void load_nodes(Arena *arena, Allow *allow) {
    const Knowledge *table = knowledge_table(arena, "guard_nodes.tsv");
    allow->nodes = arena_array(arena, table->row_count, sizeof *allow->nodes);
    AllowRule *rules = arena_array(arena, table->row_count, sizeof *rules);
    AllowNode *node = NULL;
    for (size_t row = 0; row < table->row_count; row++) {
        const char *kind = knowledge_field(table, row, "kind"), *key = knowledge_field(table, row, "key");
        const char *rule = knowledge_field(table, row, "rule");
        if (!node || !text_equal(node->kind, kind)) {
            node = &allow->nodes[allow->node_count++];
            *node = (AllowNode){.kind = kind, .rules = rules + row};
        }
        if (text_equal(key, "*")) {
            assert(!node->rule_count && "the check of a whole node comes first");
            node->check = rule;
            node->rules++;
        } else {
            node->rules[node->rule_count++] = read_rule(arena, key, rule);
        }
    }
    qsort(allow->nodes, allow->node_count, sizeof *allow->nodes, compare_nodes);
    for (size_t i = 1; i < allow->node_count; i++) assert(compare_nodes(&allow->nodes[i - 1], &allow->nodes[i]) < 0);
}

static AllowCall call_of(const char *kind) {
    static const char *const names[] = {"", "scalar", "aggregate", "window", "operator", "table"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        if (text_equal(names[i], kind)) return (AllowCall)i;
    assert(false && "guard_functions.tsv names an unknown kind of function");
    return CALL_NONE;
}

/* "_-_" is the operator "-", which alone would mean an empty field. */
static char *function_name(Arena *arena, const char *name, AllowCall call) {
    size_t size = strlen(name);
    if (call != CALL_OPERATOR) return text_lower(arena, name);
    assert(size > 2 && name[0] == '_' && name[size - 1] == '_');
    return arena_text_n(arena, name + 1, size - 2);
}

static void load_functions(Arena *arena, Allow *allow) {
    const Knowledge *table = knowledge_table(arena, "guard_functions.tsv");
    allow->functions = arena_array(arena, table->row_count, sizeof *allow->functions);
    for (size_t row = 0; row < table->row_count; row++) {
        AllowCall call = call_of(knowledge_field(table, row, "kind"));
        const char *name = function_name(arena, knowledge_field(table, row, "name"), call);
        allow->functions[allow->function_count++] = (AllowFunction){name, call, knowledge_field(table, row, "rule")};
    }
    qsort(allow->functions, allow->function_count, sizeof *allow->functions, compare_functions);
}

static void load_types(Arena *arena, Allow *allow) {
    const Knowledge *table = knowledge_table(arena, "guard_types.tsv");
    allow->types = arena_array(arena, table->row_count, sizeof *allow->types);
    for (size_t row = 0; row < table->row_count; row++)
        allow->types[allow->type_count++] = (AllowType){knowledge_field(table, row, "id"), knowledge_field(table, row, "info")};
}

const Allow *allow_load(Arena *arena) {
    Allow *allow = arena_alloc(arena, sizeof *allow);
    load_nodes(arena, allow);
    load_functions(arena, allow);
    load_types(arena, allow);
    return allow;
}

const AllowNode *allow_node(const Allow *allow, const char *kind) {
    AllowNode wanted = {.kind = kind};
    return bsearch(&wanted, allow->nodes, allow->node_count, sizeof *allow->nodes, compare_nodes);
}

const AllowFunction *allow_function(const Allow *allow, const char *name, AllowCall call) {
    enum { LONGEST = 63 };
    char lower[LONGEST + 1];
    size_t size = strlen(name);
    if (size > LONGEST) return NULL;
    for (size_t i = 0; i <= size; i++) lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    AllowFunction wanted = {.name = lower, .call = call};
    return bsearch(&wanted, allow->functions, allow->function_count, sizeof *allow->functions, compare_functions);
}

const char *allow_type(const Allow *allow, const char *id) {
    for (size_t i = 0; i < allow->type_count; i++)
        if (text_equal(allow->types[i].id, id)) return allow->types[i].info;
    return NULL;
}
