/* The only file that includes histedit.h (libedit). */
#include "io/line_editor.h"

#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "io/file.h"

enum { COMPLETIONS = 40 };

struct LineEditor {
    EditLine *edit;
    History *history;
    LineEditorOptions options;
    char *prompt; /* libedit wants it writable */
    Arena *added; /* lines of this session, for the history file */
    Buffer lines;
    char last[CHAT_LINE_BYTES + 1];
};

static LineEditor *editor_of(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return data;
}

static char *prompt_of(EditLine *edit) {
    return editor_of(edit)->prompt;
}

/* How many bytes all texts begin with alike, case ignored. */
static size_t common_size(const char *const *texts, size_t count) {
    size_t size = strlen(texts[0]);
    for (size_t i = 1; i < count; i++) {
        Arena *arena = arena_make();
        while (size > 0 && !text_starts_fold(texts[i], arena_text_n(arena, texts[0], size))) size--;
        arena_free(arena);
    }
    while (size > 0 && ((unsigned char)texts[0][size] & 0xC0) == 0x80) size--; /* not within a character */
    return size;
}

/* Characters, which is what the editor counts. */
static int character_count(const char *text) {
    int count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void list_texts(const char *const *texts, size_t count) {
    putchar('\n');
    for (size_t i = 0; i < count; i++) printf("  %s\n", texts[i]);
    if (count == COMPLETIONS) puts("  …");
}

static unsigned char on_tab(EditLine *edit, int key) {
    (void)key;
    LineEditor *editor = editor_of(edit);
    const LineInfo *line = el_line(edit);
    Arena *arena = arena_make();
    const char *texts[COMPLETIONS];
    const char *before = arena_text_n(arena, line->buffer, (size_t)(line->cursor - line->buffer));
    size_t from = 0, count = editor->options.complete(arena, editor->options.context, before, &from, texts, COMPLETIONS);
    size_t typed = strlen(before) - from, size = count ? common_size(texts, count) : 0;
    unsigned char result = CC_ERROR;
    if (count == 1 || (count > 1 && size > typed)) {
        el_deletestr(edit, character_count(before + from));
        const char *text = arena_text_n(arena, texts[0], size);
        if (el_insertstr(edit, count == 1 ? arena_printf(arena, "%s ", text) : text) == 0) result = CC_REFRESH;
    } else if (count > 1) {
        list_texts(texts, count);
        result = CC_REDISPLAY;
    }
    arena_free(arena);
    return result;
}

/* --- history --- */

static void add_to_history(LineEditor *editor, const char *line) {
    HistEvent event;
    history(editor->history, &event, H_ENTER, line);
}

static void read_history(LineEditor *editor) {
    Arena *arena = arena_make();
    char *text = NULL;
    size_t size = 0, count = 0;
    Err ignored = {0};
    if (editor->options.history_path &&
        file_read(arena, editor->options.history_path, CHAT_HISTORY_BYTES, &text, &size, &ignored)) {
        const char **lines = text_split(arena, text, '\n', &count);
        for (size_t i = 0; i < count; i++)
            if (*lines[i]) add_to_history(editor, lines[i]);
    }
    arena_free(arena);
}

/* Lines that other sessions wrote meanwhile stay. */
static void save_history(LineEditor *editor) {
    if (!editor->options.history_path || editor->lines.size == 0) return;
    Arena *arena = arena_make();
    char *text = NULL;
    size_t size = 0, count = 0;
    Err ignored = {0};
    Buffer out = {.arena = arena};
    if (file_read(arena, editor->options.history_path, CHAT_HISTORY_BYTES, &text, &size, &ignored)) buffer_add(&out, text);
    buffer_add(&out, buffer_text(&editor->lines));
    const char **lines = text_split(arena, buffer_text(&out), '\n', &count);
    size_t first = count > CHAT_HISTORY_LINES + 1 ? count - CHAT_HISTORY_LINES - 1 : 0, bytes = 0;
    for (size_t i = count; i-- > first;) {
        bytes += strlen(lines[i]) + 1;
        if (bytes > CHAT_HISTORY_BYTES) first = i + 1;
    }
    Buffer kept = {.arena = arena};
    for (size_t i = first; i < count; i++)
        if (*lines[i]) buffer_printf(&kept, "%s\n", lines[i]);
    if (file_make_folder(file_folder(arena, editor->options.history_path), &ignored))
        file_write_quick(editor->options.history_path, buffer_text(&kept), kept.size, &ignored);
    arena_free(arena);
}

static void close_editor(void *context) {
    LineEditor *editor = context;
    save_history(editor);
    if (editor->edit) el_end(editor->edit);
    if (editor->history) history_end(editor->history);
    arena_free(editor->added);
}

bool line_editor_open(Arena *arena, const LineEditorOptions *options, LineEditor **out, Err *err) {
    LineEditor *editor = arena_alloc(arena, sizeof *editor);
    HistEvent event;
    *editor = (LineEditor){.options = *options, .prompt = arena_text(arena, options->prompt), .added = arena_make()};
    editor->lines.arena = editor->added;
    arena_on_free(arena, close_editor, editor);
    /* libedit counts characters by the locale; all text here is UTF-8. */
    if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "");
    editor->history = history_init();
    editor->edit = el_init("curlew", stdin, stdout, stderr);
    if (!editor->history || !editor->edit)
        return err_set(err, ERR_IO, "The terminal cannot be used for typing; pipe the questions in");
    history(editor->history, &event, H_SETSIZE, CHAT_HISTORY_LINES);
    history(editor->history, &event, H_SETUNIQUE, 1);
    el_set(editor->edit, EL_CLIENTDATA, editor);
    el_set(editor->edit, EL_PROMPT, prompt_of);
    el_set(editor->edit, EL_EDITOR, "emacs");
    el_set(editor->edit, EL_HIST, history, editor->history);
    /* While a line is typed Ctrl-C is a key like others; while an answer is worked out it is the signal. */
    el_set(editor->edit, EL_SETTY, "-d", "-isig", NULL);
    el_set(editor->edit, EL_BIND, "^C", "em-kill-line", NULL);
    el_set(editor->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    if (options->complete) {
        el_set(editor->edit, EL_ADDFN, "curlew-complete", "names of the bill", on_tab);
        el_set(editor->edit, EL_BIND, "^I", "curlew-complete", NULL);
    }
    read_history(editor);
    *out = editor;
    return true;
}

const char *line_editor_read(Arena *arena, LineEditor *editor) {
    int count = 0;
    const char *line = el_gets(editor->edit, &count);
    if (!line || count <= 0) return NULL;
    size_t size = strcspn(line, "\r\n");
    if (size > CHAT_LINE_BYTES) size = CHAT_LINE_BYTES;
    const char *text = arena_text_n(arena, line, size);
    bool repeated = text_equal(text, editor->last);
    memcpy(editor->last, text, size + 1);
    if (*text_trim(arena, text) && !repeated) {
        add_to_history(editor, text);
        buffer_printf(&editor->lines, "%s\n", text);
    }
    return text;
}
