#include "ops/memory.h"

#include <string.h>

#include "base/text.h"
#include "io/file.h"

static const char *memory_folder(Arena *arena) {
    return file_join(arena, file_data_home(arena), "conversations");
}

static const char *memory_path(Arena *arena, const char *folder) {
    char *absolute = NULL;
    Err ignored = {0};
    const char *place = file_absolute(arena, folder, &absolute, &ignored) ? absolute : folder;
    return file_join(arena, memory_folder(arena), arena_printf(arena, "%.32s.json", file_sha256(arena, place, strlen(place))));
}

bool memory_read(Arena *arena, const char *folder, Conversation *out, Err *err) {
    const char *path = memory_path(arena, folder);
    char *text = NULL;
    size_t size = 0;
    Json *json = NULL;
    if (file_info(path).kind == FILE_MISSING)
        return err_set_code(err, ERR_NOT_FOUND, "NO_CONVERSATION",
                            "There is no question to continue: ask one first, without --continue");
    return file_read(arena, path, CONVERSATION_BYTES, &text, &size, err) && json_parse(arena, text, size, &json, err) &&
           conversation_read(arena, json, out, err);
}

/* The oldest files make way for new ones. */
static void forget_old(Arena *arena, const char *folder) {
    const char **names = NULL;
    size_t count = 0;
    Err ignored = {0};
    if (!file_list(arena, folder, &names, &count, &ignored)) return;
    while (count > CONVERSATION_FILES) {
        size_t oldest = 0;
        for (size_t i = 1; i < count; i++)
            if (file_info(file_join(arena, folder, names[i])).modified_ns <
                file_info(file_join(arena, folder, names[oldest])).modified_ns)
                oldest = i;
        file_remove(file_join(arena, folder, names[oldest]), &ignored);
        names[oldest] = names[--count];
    }
}

void memory_write(Arena *arena, const char *folder, const Conversation *conversation) {
    const char *path = memory_path(arena, folder), *place = memory_folder(arena);
    Err ignored = {0};
    bool new = file_info(path).kind == FILE_MISSING;
    const char *text = json_write(arena, conversation_json(arena, conversation), false);
    if (!file_make_folder(place, &ignored)) return;
    file_write_quick(path, text, strlen(text), &ignored);
    if (new) forget_old(arena, place);
}
