/* JSON that others wrote (manifests, tag maps, syntax trees) either is refused or is written back as what it was. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_make();
    Json *value = NULL;
    Err err = {0};
    if (json_parse(arena, (const char *)data, size, &value, &err)) {
        const char *once = json_write(arena, value, false);
        Json *again = NULL;
        bool read = json_parse(arena, once, strlen(once), &again, &err);
        assert(read);
        assert(strcmp(once, json_write(arena, again, false)) == 0);
    } else {
        assert(err.kind == ERR_INPUT);
    }
    arena_free(arena);
    return 0;
}
