/* engine/sandbox.h: what the query process takes away from itself. Nothing here can be undone by what it runs later. */
#ifndef CURLEW_ENGINE_SANDBOX_H
#define CURLEW_ENGINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Before anything is opened: dies with its parent, no new privileges, no core dumps, no writing of files, ceilings on memory, processor time
 * and open files; where the kernel has Landlock, the whole file system read-only and no TCP. */
bool sandbox_begin(size_t memory_bytes, int timeout_ms, int threads, Err *err);

/* After the data was opened: only the system calls that computing and answering need, for all threads; no file can be opened any
 * more. ERR_INTERNAL when the kernel has no such filter: then nothing may run. */
bool sandbox_seal(Err *err);

#endif
