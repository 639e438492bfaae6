#include "cli/words.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/text.h"

/* How many mistakes a word may have for a suggestion to be help and not a riddle. */
enum { NEAR_MOST = 3 };

/* Options of the door itself, known to every operation. */
typedef struct {
    const char *name;
    bool sets_form;
    OpForm form;
} DoorOption;

static const DoorOption door_options[] = {{"json", true, FORM_JSON},         {"csv", true, FORM_CSV},
                                          {"markdown", true, FORM_MARKDOWN}, {"no-color", false, FORM_TEXT},
                                          {"no-colour", false, FORM_TEXT},   {"help", false, FORM_TEXT},
                                          {"version", false, FORM_TEXT},     {NULL, false, FORM_TEXT}};

static const DoorOption *door_option(const char *name) {
    for (const DoorOption *option = door_options; option->name; option++)
        if (text_equal(option->name, name)) return option;
    return NULL;
}

static const OpArgument *argument_of(const Operation *operation, const char *name) {
    for (const OpArgument *const *at = operation ? operation->arguments : NULL; at && *at; at++)
        if (!(*at)->positional && text_equal((*at)->name, name)) return *at;
    return NULL;
}

/* "--name", "--name=value", "-h". A word with a space before any "=" is text, such as SQL that begins with a comment. */
static bool is_option(const char *word) {
    assert(word);
    if (text_equal(word, "-h") || text_equal(word, "-V")) return true;
    if (word[0] != '-' || word[1] != '-' || !isalpha((unsigned char)word[2]))
        return word[0] == '-' && isalpha((unsigned char)word[1]) && !word[2];
    size_t size = strspn(word + 2, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return word[2 + size] == '\0' || word[2 + size] == '=';
}

typedef struct {
    const char *word;
    unsigned distance;
} Nearest;

static void consider(Nearest *nearest, const char *word, const char *candidate) {
    unsigned distance = text_distance(word, candidate, NEAR_MOST);
    bool begins = strlen(word) >= 2 && text_starts(candidate, word);
    if (begins) distance = 1;
    if (distance <= NEAR_MOST && distance < strlen(word) && distance < nearest->distance)
        *nearest = (Nearest){candidate, distance};
}

static bool unknown_option(Arena *arena, const Operation *operation, const char *word, const char *name, Err *err) {
    Nearest nearest = {NULL, NEAR_MOST + 1};
    for (const DoorOption *option = door_options; option->name; option++) consider(&nearest, name, option->name);
    for (const OpArgument *const *at = operation ? operation->arguments : NULL; at && *at; at++)
        if (!(*at)->positional) consider(&nearest, name, (*at)->name);
    const char *shown = text_printable(arena, arena_text_n(arena, word, strcspn(word, "=")));
    const char *of = operation ? operation->name : "curlew";
    if (nearest.word)
        return err_set_code(err, ERR_USAGE, "UNKNOWN_OPTION", "%s has no option %.60s; did you mean --%s?", of, shown,
                            nearest.word);
    return err_set_code(err, ERR_USAGE, "UNKNOWN_OPTION", "%s has no option %.60s; see: curlew help%s%s", of, shown,
                        operation ? " " : "", operation ? operation->name : "");
}

static const char *joined(Arena *arena, int count, char **words) {
    Buffer out = {.arena = arena};
    for (int i = 0; i < count; i++) buffer_printf(&out, "%s%s", i ? " " : "", words[i]);
    return text_printable(arena, buffer_text(&out));
}

/* `words` begin with the one that is no command: perhaps a question without "ask". */
static bool unknown_command(Arena *arena, int count, char **words, Err *err) {
    const char *word = words[0];
    Nearest nearest = {NULL, NEAR_MOST + 1};
    for (const Operation *operation = operations; operation->name; operation++) consider(&nearest, word, operation->name);
    consider(&nearest, word, "help");
    const char *shown = text_printable(arena, word);
    if (nearest.word && !strchr(word, ' '))
        return err_set_code(err, ERR_USAGE, "UNKNOWN_COMMAND", "There is no command “%.60s”; did you mean: curlew %s?", shown,
                            nearest.word);
    if (count > 1 || strchr(word, ' '))
        return err_set_code(err, ERR_USAGE, "UNKNOWN_COMMAND",
                            "There is no command “%.60s”; to ask a question: curlew ask \"%.200s\"", shown,
                            joined(arena, count, words));
    return err_set_code(err, ERR_USAGE, "UNKNOWN_COMMAND", "There is no command “%.60s”; see: curlew help", shown);
}

static void add_value(Arena *arena, OpCall *call, const char *name, const char *value) {
    call->names = arena_grow(arena, call->names, call->count * sizeof *call->names, (call->count + 1) * sizeof *call->names);
    call->values =
        arena_grow(arena, call->values, call->count * sizeof *call->values, (call->count + 1) * sizeof *call->values);
    call->names[call->count] = name;
    call->values[call->count++] = value;
}

static bool read_door_option(const DoorOption *option, Words *out, Err *err) {
    if (option->sets_form) {
        if (out->form != FORM_TEXT && out->form != option->form)
            return err_set(err, ERR_USAGE, "--json, --csv and --markdown exclude each other; give one of them");
        out->form = option->form;
    }
    if (text_starts(option->name, "no-colo")) out->no_colour = true;
    if (text_equal(option->name, "help")) out->help = true;
    if (text_equal(option->name, "version")) out->version = true;
    return true;
}

/* Reads the option at `*at`, and its value from the next word where it has none of its own. */
static bool read_option(Arena *arena, int count, char **words, int *at, Words *out, Err *err) {
    const char *word = words[*at];
    assert(word);
    if (text_equal(word, "-h")) word = "--help";
    if (text_equal(word, "-V")) word = "--version";
    const char *name = word + (word[1] == '-' ? 2 : 1), *equals = strchr(word, '=');
    if (equals) name = arena_text_n(arena, name, (size_t)(equals - name));
    const OpArgument *argument = argument_of(out->operation, name);
    const DoorOption *option = door_option(name);
    if (!argument && !option) return unknown_option(arena, out->operation, word, name, err);
    bool flag = !argument || argument->type == ARGUMENT_FLAG;
    if (flag && equals) return err_set(err, ERR_USAGE, "--%s takes no value", name);
    if (option && !argument) return read_door_option(option, out, err);
    if (!argument->repeated && call_text(&out->call, argument->name))
        return err_set(err, ERR_USAGE, "--%s is given twice; give it once", argument->name);
    const char *value = equals ? equals + 1 : "";
    if (!flag && !equals) {
        if (*at + 1 >= count || is_option(words[*at + 1]))
            return err_set(err, ERR_USAGE, "--%s needs a value: --%s %s", argument->name, argument->name, argument->value);
        value = words[++*at];
    }
    add_value(arena, &out->call, argument->name, value);
    return true;
}

/* Gives the words that are no options to the operation's positional argument. */
static bool place_words(Arena *arena, const char *const *texts, size_t count, Words *out, Err *err) {
    const OpArgument *positional = NULL;
    for (const OpArgument *const *at = out->operation->arguments; *at; at++)
        if ((*at)->positional) positional = *at;
    if (!count) return true;
    if (!positional)
        return err_set(err, ERR_USAGE, "%s takes options only, not “%.60s”; see: curlew help %s", out->operation->name,
                       text_printable(arena, texts[0]), out->operation->name);
    Buffer joined = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        if (positional->repeated) add_value(arena, &out->call, positional->name, texts[i]);
        if (i) buffer_add_char(&joined, ' ');
        buffer_add(&joined, texts[i]);
    }
    if (!positional->repeated) add_value(arena, &out->call, positional->name, arena_text(arena, buffer_text(&joined)));
    return true;
}

/* The operation is the first word that is no option; "help WORD" is one too. */
static bool find_operation(Arena *arena, int count, char **words, int *at, Words *out, Err *err) {
    int i = 0;
    while (i < count && is_option(words[i])) i++;
    *at = i;
    if (i == count) return true;
    if (text_equal(words[i], "help")) {
        out->help = true;
        out->help_about = i + 1 < count ? words[i + 1] : NULL;
        return true;
    }
    out->operation = operation_find(words[i]);
    return out->operation || unknown_command(arena, count - i, words + i, err);
}

static void read_form(int count, char **words, Words *out) {
    for (int i = 0; i < count && !text_equal(words[i], "--"); i++)
        if (text_equal(words[i], "--json")) out->form = FORM_JSON;
}

bool words_read(Arena *arena, int count, char **words, Words *out, Err *err) {
    *out = (Words){0};
    int at = 0;
    if (!find_operation(arena, count, words, &at, out, err)) {
        read_form(count, words, out);
        return false;
    }
    if (out->help_about) return true;
    const char **texts = arena_array(arena, (size_t)count + 1, sizeof *texts);
    size_t text_count = 0;
    bool options = true, good = true;
    for (int i = 0; i < count && good; i++) {
        if (i == at) continue;
        if (options && text_equal(words[i], "--"))
            options = false;
        else if (options && is_option(words[i]))
            good = read_option(arena, count, words, &i, out, err);
        else
            texts[text_count++] = words[i];
    }
    if (!good) read_form(count, words, out);
    if (!good || out->help || out->version || !out->operation) return good;
    return place_words(arena, texts, text_count, out, err);
}
