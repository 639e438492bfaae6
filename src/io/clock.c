#include "io/clock.h"

#include <stdlib.h>
#include <time.h>

long long clock_monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

long long clock_now(void) {
    const char *fixed = getenv("CURLEW_NOW");
    if (fixed && *fixed) {
        char *end = NULL;
        long long seconds = strtoll(fixed, &end, 10);
        if (!*end) return seconds;
    }
    return (long long)time(NULL);
}
