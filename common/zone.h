/* Time zones by name, beside each other in one process: the daemon answers
 * each session in its own. */
#ifndef COMMON_ZONE_H
#define COMMON_ZONE_H

#include <stdint.h>

#define ZONE_LEN 64

/* NULL, "" and names that the system does not know stand for the zone of this
 * process everywhere here. Behind the last change that the system's table
 * lists (2037), that one holds on. Any thread. */

/* Seconds east of UTC at a time (microseconds since 1970, UTC). */
int32_t zone_offset(const char *zone, int64_t us);
/* The day it is there now, in days since 1970. */
int32_t zone_today(const char *zone);
/* When a day begins there, in microseconds since 1970, UTC. */
int64_t zone_day_start(const char *zone, int32_t days);
/* The name of this process's zone, from TZ or /etc/localtime; "" where it has
 * none. Returns out. */
const char *zone_own_name(char out[ZONE_LEN]);

#endif
