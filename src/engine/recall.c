#include "engine/recall.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

typedef struct {
    Arena *arena; /* of this one; NULL = free */
    uint64_t hash;
    const char *sql;
    const Table *table;
} Kept;

struct Recall {
    pthread_mutex_t mutex;
    size_t next; /* to be taken for the next result */
    Kept kept[ENGINE_RECALLED];
};

static void recall_close(void *handle) {
    Recall *recall = handle;
    for (size_t i = 0; i < ENGINE_RECALLED; i++) arena_free(recall->kept[i].arena);
    pthread_mutex_destroy(&recall->mutex);
}

Recall *recall_open(Arena *arena) {
    Recall *recall = arena_alloc(arena, sizeof *recall);
    pthread_mutex_init(&recall->mutex, NULL);
    arena_on_free(arena, recall_close, recall);
    return recall;
}

/* FNV-1a, so that most texts are told apart without reading them. */
static uint64_t hash_of(const char *text) {
    uint64_t hash = 14695981039346656037ULL;
    for (const char *c = text; *c; c++) hash = (hash ^ (uint64_t)(unsigned char)*c) * 1099511628211ULL;
    return hash;
}

static Table *copy_table(Arena *arena, const Table *table) {
    Table *copy = arena_alloc(arena, sizeof *copy);
    *copy = *table;
    copy->columns = arena_array(arena, table->column_count + 1, sizeof *copy->columns);
    copy->cells = arena_array(arena, table->row_count * table->column_count + 1, sizeof *copy->cells);
    for (size_t i = 0; i < table->column_count; i++)
        copy->columns[i] = (TableColumn){arena_text(arena, table->columns[i].name), table->columns[i].type};
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        if (table->cells[i]) copy->cells[i] = arena_text(arena, table->cells[i]);
    return copy;
}

/* With the mutex held. */
static const Kept *find(const Recall *recall, uint64_t hash, const char *sql) {
    for (size_t i = 0; i < ENGINE_RECALLED; i++) {
        const Kept *kept = &recall->kept[i];
        if (kept->arena && kept->hash == hash && text_equal(kept->sql, sql)) return kept;
    }
    return NULL;
}

bool recall_find(Arena *arena, Recall *recall, const char *sql, Table **out) {
    const uint64_t hash = hash_of(sql);
    pthread_mutex_lock(&recall->mutex);
    const Kept *kept = find(recall, hash, sql);
    *out = kept ? copy_table(arena, kept->table) : NULL;
    pthread_mutex_unlock(&recall->mutex);
    return *out != NULL;
}

static bool is_small(const char *sql, const Table *table) {
    size_t bytes = strlen(sql);
    for (size_t i = 0; i < table->row_count * table->column_count && bytes <= ENGINE_RECALLED_BYTES; i++)
        bytes += sizeof(char *) + (table->cells[i] ? strlen(table->cells[i]) : 0);
    return !table->truncated && bytes <= ENGINE_RECALLED_BYTES;
}

void recall_keep(Recall *recall, const char *sql, const Table *table) {
    if (!is_small(sql, table)) return;
    const uint64_t hash = hash_of(sql);
    Arena *arena = arena_make();
    const Kept fresh = {arena, hash, arena_text(arena, sql), copy_table(arena, table)};
    pthread_mutex_lock(&recall->mutex);
    const bool known = find(recall, hash, sql) != NULL;
    Arena *unwanted = arena;
    if (!known) {
        Kept *place = &recall->kept[recall->next];
        recall->next = (recall->next + 1) % ENGINE_RECALLED;
        unwanted = place->arena;
        *place = fresh;
    }
    pthread_mutex_unlock(&recall->mutex);
    arena_free(unwanted);
}
