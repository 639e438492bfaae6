#include "io/aws_profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"

typedef struct {
    AwsSectionKind kind;
    const char *section, *key, *value;
} Setting;

struct AwsFiles {
    Arena *arena;
    Setting *settings;
    size_t count, room;
};

/* What is known while the lines of a file are read. */
typedef struct {
    AwsFiles *files;
    bool is_credentials;
    AwsSectionKind kind;
    const char *section; /* NULL: a section of no use here, or none yet */
    const char *above;   /* the key without a value that indented lines belong to; NULL */
} Place;

static void add(Place *place, const char *key, const char *value) {
    AwsFiles *files = place->files;
    if (files->count == files->room) {
        const size_t room = files->room ? files->room * 2 : 32;
        files->settings = arena_grow(files->arena, files->settings, files->count * sizeof(Setting), room * sizeof(Setting));
        files->room = room;
    }
    files->settings[files->count++] = (Setting){place->kind, place->section, key, value};
}

static const char *unquoted(Arena *arena, char *name) {
    const size_t size = strlen(name);
    if (size >= 2 && (*name == '"' || *name == '\'') && name[size - 1] == *name) return arena_text_n(arena, name + 1, size - 2);
    return name;
}

/* "[profile finops]" of the config file, "[finops]" of the credentials file. */
static void read_section(Arena *arena, Place *place, const char *line) {
    static const struct {
        const char *word;
        AwsSectionKind kind;
    } kinds[] = {
        {"profile", AWS_SECTION_PROFILE}, {"sso-session", AWS_SECTION_SSO_SESSION}, {"services", AWS_SECTION_SERVICES}};
    char *inside = text_trim(arena, arena_text_n(arena, line + 1, strcspn(line + 1, "]")));
    place->section = place->above = NULL;
    if (place->is_credentials || text_equal(inside, "default")) {
        place->kind = place->is_credentials ? AWS_SECTION_CREDENTIALS : AWS_SECTION_PROFILE;
        place->section = unquoted(arena, inside);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !place->is_credentials; i++) {
        const size_t size = strlen(kinds[i].word);
        if (!text_starts(inside, kinds[i].word) || !strchr(" \t", inside[size]) || !inside[size]) continue;
        place->kind = kinds[i].kind;
        place->section = unquoted(arena, text_trim(arena, inside + size));
    }
    if (place->section) add(place, "", ""); /* an empty section exists too */
}

/* A comment may follow a value after white space; a secret may hold "#" and ";" elsewhere. */
static char *without_comment(Arena *arena, const char *value) {
    size_t end = 0;
    while (value[end] && !(strchr(" \t", value[end]) && value[end + 1] && strchr("#;", value[end + 1]))) end++;
    return text_trim(arena, arena_text_n(arena, value, end));
}

static void read_line(Arena *arena, Place *place, const char *line) {
    const bool indented = *line == ' ' || *line == '\t';
    const char *text = text_trim(arena, line);
    if (!*text || *text == '#' || *text == ';') return;
    if (*text == '[' && !indented) {
        read_section(arena, place, text);
        return;
    }
    const char *equals = strchr(text, '=');
    if (!place->section || !equals) return;
    const char *key = text_lower(arena, text_trim(arena, arena_text_n(arena, text, (size_t)(equals - text))));
    const char *value = without_comment(arena, equals + 1);
    if (indented && place->above) {
        add(place, arena_printf(arena, "%s.%s", place->above, key), value);
        return;
    }
    place->above = *value ? NULL : key;
    add(place, key, value);
}

static bool read_file(AwsFiles *files, const char *path, bool is_credentials, Err *err) {
    if (!path || file_info(path).kind == FILE_MISSING) return true;
    char *text = NULL;
    size_t size = 0, count = 0;
    if (!file_read(files->arena, path, AWS_CONFIG_BYTES, &text, &size, err)) return false;
    const char **lines = text_split(files->arena, text, '\n', &count);
    Place place = {.files = files, .is_credentials = is_credentials};
    for (size_t i = 0; i < count; i++) read_line(files->arena, &place, lines[i]);
    return true;
}

const char *aws_home_path(Arena *arena, const char *name) {
    const char *home = getenv("HOME");
    return text_is_empty(home) ? NULL : file_join(arena, file_join(arena, home, ".aws"), name);
}

static const char *path_of(Arena *arena, const char *variable, const char *name) {
    const char *given = getenv(variable), *home = getenv("HOME");
    if (text_is_empty(given)) return aws_home_path(arena, name);
    return text_starts(given, "~/") && home ? file_join(arena, home, given + 2) : given;
}

bool aws_files_read(Arena *arena, const AwsFiles **out, Err *err) {
    AwsFiles *files = arena_alloc(arena, sizeof *files);
    files->arena = arena;
    *out = files;
    return read_file(files, path_of(arena, "AWS_CONFIG_FILE", "config"), false, err) &&
           read_file(files, path_of(arena, "AWS_SHARED_CREDENTIALS_FILE", "credentials"), true, err);
}

const char *aws_files_get(const AwsFiles *files, AwsSectionKind kind, const char *name, const char *key) {
    for (size_t i = files->count; i-- > 0;) {
        const Setting *setting = &files->settings[i];
        if (setting->kind == kind && text_equal(setting->section, name) && text_equal_fold(setting->key, key))
            return setting->value;
    }
    return NULL;
}

const char *aws_profile_get(const AwsFiles *files, const char *profile, const char *key) {
    const char *value = aws_files_get(files, AWS_SECTION_CREDENTIALS, profile, key);
    return value ? value : aws_files_get(files, AWS_SECTION_PROFILE, profile, key);
}

bool aws_profile_exists(const AwsFiles *files, const char *profile) {
    return aws_profile_get(files, profile, "") != NULL;
}

const char *aws_profile_name(const char *profile) {
    const char *const names[] = {profile, getenv("AWS_PROFILE"), getenv("AWS_DEFAULT_PROFILE")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!text_is_empty(names[i])) return names[i];
    return "default";
}
