/* Time comes from here alone, so that tests can set it. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* Microseconds since 1970, UTC; moved by clock_shift and KEHU_CLOCK (seconds
 * to add, or an RFC 3339 time to start from; read at the first call). */
int64_t clock_now_us(void);
/* Milliseconds that never go back; for deadlines and durations. */
uint64_t clock_mono_ms(void);
void clock_shift(int64_t us);

#endif
