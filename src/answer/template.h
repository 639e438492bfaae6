/* answer/template.h: documents made of a template of tables/ and a JSON tree: HTML, Markdown, Jira text.
 *
 * The template is text with the marks of Mustache: {{name}} puts a text in, escaped for the document's form; {{{name}}} as it is (only for
 * what this program made itself); {{#name}}…{{/name}} repeats what stands between for each item of a list, or once when the value is an
 * object, true or a text that is not empty; {{^name}}…{{/name}} stands in when there is none. {{.}} is the item itself. Names are
 * looked up in the innermost object first. A line that holds only a section's mark leaves no line behind. */
#ifndef CURLEW_ANSWER_TEMPLATE_H
#define CURLEW_ANSWER_TEMPLATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

typedef enum { TEMPLATE_HTML, TEMPLATE_MARKDOWN, TEMPLATE_JIRA } TemplateForm;

/* The document in `out`, in the arena. `name` is a file of tables/, which is our own: ERR_INTERNAL when its marks do not match. Texts of the
 * data are made printable before they are escaped. */
bool template_render(Arena *arena, const char *name, TemplateForm form, const Json *data, const char **out, Err *err);

/* The same for a template's text, for tests. */
bool template_render_text(Arena *arena, const char *text, TemplateForm form, const Json *data, const char **out, Err *err);

#endif
