/* io/clock.h: time of day, replaceable in tests through the environment variable CURLEW_NOW (seconds since the epoch). */
#ifndef CURLEW_IO_CLOCK_H
#define CURLEW_IO_CLOCK_H

/* Microseconds of a clock that only goes forward: for measuring. */
long long clock_monotonic_us(void);

/* Seconds since the epoch, UTC. */
long long clock_now(void);

#endif
