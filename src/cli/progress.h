/* cli/progress.h: a line on the terminal that says how far a long operation has come (inside the room only). */
#ifndef CURLEW_CLI_PROGRESS_H
#define CURLEW_CLI_PROGRESS_H

#include <stdbool.h>

#include "ops.h"

typedef struct {
    int width;
    bool shown; /* a line stands on the terminal and must be wiped */
} ProgressLine;

/* An OpContext.progress function; `door` is a ProgressLine. */
void progress_show(void *door, const OpProgress *progress);
void progress_wipe(ProgressLine *line);

#endif
