#include "cli/help.h"

#include <string.h>

#include "base/text.h"

enum { NAME_WIDTH = 12, OPTION_WIDTH = 20 };

static void add_wrapped(Buffer *out, const char *text, int indent, int width) {
    size_t room = width > indent + 20 ? (size_t)(width - indent) : 20, used = 0;
    while (*text) {
        size_t size = strcspn(text, " ");
        size_t columns = text_width(arena_text_n(out->arena, text, size));
        if (used && used + 1 + columns > room) {
            buffer_printf(out, "\n%*s", indent, "");
            used = 0;
        }
        if (used) buffer_add_char(out, ' ');
        buffer_add_n(out, text, size);
        used += columns + (used > 0);
        text += size;
        while (*text == ' ') text++;
    }
    buffer_add_char(out, '\n');
}

const char *help_all(Arena *arena, int width) {
    Buffer out = {.arena = arena};
    buffer_add(&out, "curlew answers questions about cloud bills, with exact numbers and the SQL behind them.\n");
    const char *group = NULL;
    for (const Operation *operation = operations; operation->name; operation++) {
        if (!text_equal(group, operation->group)) buffer_printf(&out, "\n%s\n", operation->group);
        group = operation->group;
        buffer_printf(&out, "  %-*s", NAME_WIDTH, operation->name);
        add_wrapped(&out, operation->summary, NAME_WIDTH + 2, width);
    }
    buffer_add(&out, "\nStart with\n"
                     "  curlew load PATH             a bill, or the folder of an export\n"
                     "  curlew questions             what can be asked of it\n"
                     "  curlew ask total cost by service\n"
                     "\nEvery command has --json and --help; curlew help COMMAND says more. curlew --version\n");
    return arena_text(arena, buffer_text(&out));
}

static void add_usage(Buffer *out, const Operation *operation) {
    buffer_printf(out, "curlew %s", operation->name);
    for (const OpArgument *const *at = operation->arguments; *at; at++) {
        const OpArgument *argument = *at;
        if (!argument->required || argument->positional) continue;
        buffer_printf(out, " --%s %s", argument->name, argument->value);
    }
    buffer_add(out, " [OPTION]...");
    for (const OpArgument *const *at = operation->arguments; *at; at++)
        if ((*at)->positional) buffer_printf(out, " %s%s", (*at)->value, (*at)->repeated ? "..." : "");
    buffer_add(out, "\n");
}

static void add_option(Buffer *out, const char *name, const char *value, const char *help, int width) {
    const char *shown = arena_printf(out->arena, "--%s%s%s", name, value ? " " : "", value ? value : "");
    buffer_printf(out, "  %-*s ", OPTION_WIDTH, shown);
    add_wrapped(out, help, OPTION_WIDTH + 3, width);
}

const char *help_operation(Arena *arena, const Operation *operation, int width) {
    Buffer out = {.arena = arena};
    add_usage(&out, operation);
    buffer_printf(&out, "%*s", 2, "");
    add_wrapped(&out, operation->summary, 2, width);
    if (operation->detail) {
        buffer_add(&out, "\n  ");
        add_wrapped(&out, operation->detail, 2, width);
    }
    buffer_add(&out, "\nOptions\n");
    for (const OpArgument *const *at = operation->arguments; *at; at++) {
        const OpArgument *argument = *at;
        if (argument->positional) {
            buffer_printf(&out, "  %-*s ", OPTION_WIDTH, argument->value);
            add_wrapped(&out, argument->help, OPTION_WIDTH + 3, width);
        } else {
            const char *help = argument->repeated ? arena_printf(arena, "%s; may be repeated", argument->help) : argument->help;
            add_option(&out, argument->name, argument->value, help, width);
        }
    }
    add_option(&out, "json", NULL, "print one JSON object", width);
    if (operation->tabular) add_option(&out, "csv", NULL, "print the rows as CSV, exact values", width);
    add_option(&out, "markdown", NULL, "print Markdown", width);
    add_option(&out, "no-color", NULL, "no colour (so does the variable NO_COLOR)", width);
    buffer_add(&out, "\nExamples\n");
    size_t count = 0;
    const char **examples = text_split(arena, operation->example, '\n', &count);
    for (size_t i = 0; i < count; i++) buffer_printf(&out, "  %s\n", examples[i]);
    return arena_text(arena, buffer_text(&out));
}
