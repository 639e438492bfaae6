/* base/sql.h: the only place where SQL text is put together.
 *
 * Templates are string constants of ours; everything that varies goes through a conversion, so that a name or a value can
 * never become syntax:
 *   %I  identifier, always quoted         %S  string literal        %N  number literal (checked decimal text)
 *   %d  long long integer                 %R  SQL text made by another Sql (trusted), or a constant of ours
 *   %%  a percent sign
 * The first mistake (a %N that is no number, a NULL) sticks; sql_text() then gives NULL. */
#ifndef CURLEW_BASE_SQL_H
#define CURLEW_BASE_SQL_H

#include "base/arena.h"

typedef struct Sql Sql;

Sql *sql_make(Arena *arena);
/* Appends the template with its conversions. Integers for %d are passed as long long. */
void sql_add(Sql *sql, const char *format, ...);
/* Appends `separator` unless nothing was added since the last sql_list_start(). */
void sql_list_start(Sql *sql);
void sql_list_next(Sql *sql, const char *separator);
/* The text, or NULL after a mistake. Valid until the next addition. */
const char *sql_text(const Sql *sql);

/* One template at once, as text in the arena; NULL after a mistake. */
const char *sql_format(Arena *arena, const char *format, ...);

#endif
