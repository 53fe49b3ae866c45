/* Calendar dates and points in time as text: ISO 8601 dates, RFC 3339 UTC
 * times, and the forms people type. */
#ifndef COMMON_DATE_H
#define COMMON_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_LEN 11 /* "2025-07-04" and NUL; years 0001 to 9999 */
#define TIME_LEN 32 /* "2025-07-04T08:00:00Z" and NUL, with room */

/* Days since 1970-01-01 (proleptic Gregorian). */
bool date_parse_iso(const char *s, size_t len, int32_t *days);
/* What a person types: 2025-07-04, 2025/7/4, 2025.7.4, 2025年7月4日,
 * 20250704, 7-4 (this year), 今天/today, 明天, 昨天, +7, -3. Full-width
 * digits count. `today` in days. */
bool date_parse_human(const char *s, int32_t today, int32_t *days);
void date_format(int32_t days, char out[DATE_LEN]);
void date_split(int32_t days, int *y, int *m, int *d);
bool date_join(int y, int m, int d, int32_t *days);
/* Monday 1 … Sunday 7 */
int date_weekday(int32_t days);
/* Adds months, keeping to the last day of a shorter month. */
int32_t date_add_months(int32_t days, int months);
/* Today in the local time zone of this process. */
int32_t date_today(void);
/* RFC 3339 with any offset (or PostgreSQL's "2025-07-04 08:00:00.123+00")
 * to microseconds UTC, and back as "2025-07-04T08:00:00Z" (fractions are
 * written as .123456 only when not zero). */
bool time_parse(const char *s, size_t len, int64_t *us);
void time_format(int64_t us, char out[TIME_LEN]);
/* Local time for people: "2025-07-04 16:00". */
void time_format_local(int64_t us, char out[TIME_LEN]);

#endif
