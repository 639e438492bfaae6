/* ingest/oddities.h: sentences about what a careful reader of the data should know, collected while a delivery is imported. */
#ifndef CURLEW_INGEST_ODDITIES_H
#define CURLEW_INGEST_ODDITIES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"

typedef struct {
    Arena *arena;
    size_t count, room, left_out;
    const char **sentences;
} Oddities;

#define ODD_SPREADSHEET_DATES                                                                                                  \
    "Dates look as a spreadsheet saves them (month/day/year was assumed); amounts may have been rounded by it too"

/* Keeps the first LOAD_ODDITIES sentences, each once, and counts the rest. */
void odd_add(Oddities *odd, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends them to a JSON array; the last says how many were left out. */
void odd_write(const Oddities *odd, Json *array);

#endif
