/* learn/sender.h: a thread that exchanges with a shared store behind everybody's back (learn/store.h): what is written here is sent, what others
 * wrote is fetched from time to time. Without a network it tries again at growing distances; the queue is on disk. */
#ifndef CURLEW_LEARN_SENDER_H
#define CURLEW_LEARN_SENDER_H

#include "base/arena.h"
#include "learn/store.h"

typedef struct LearnSender LearnSender;

/* NULL for a place that is not shared. */
LearnSender *learn_sender_start(Arena *arena, const LearnPlace *place);

/* Something was written. Safe from any thread; NULL is allowed. */
void learn_sender_wake(LearnSender *sender);

/* Ends the thread: what is under way has LEARN_CLOSE_MS to end; what was not sent stays in the queue. NULL is allowed. */
void learn_sender_close(LearnSender *sender);

#endif
