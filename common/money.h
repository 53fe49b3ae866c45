/* Money as an exact number of hundredths; text with two decimals on the wire
 * and in SQL (numeric(14,2)). No double ever holds an amount. */
#ifndef COMMON_MONEY_H
#define COMMON_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#define MONEY_LEN 40
#define MONEY_MAX 99999999999999LL /* hundredths: numeric(14,2) */

/* "12345.6", "1,234,567.89", "１２３", "50万", "1.2亿", "¥300", "-5". More
 * than two decimals (after the unit) or out of range is refused. */
bool money_parse(const char *s, int64_t *hundredths);
/* "12345.60" */
void money_format(int64_t hundredths, char out[MONEY_LEN]);
/* "12,345.60", for people */
void money_format_grouped(int64_t hundredths, char out[MONEY_LEN]);

#endif
