/* The gate's inside, for json.c: what json_check tells, and whether the text
 * holds a number longer than cJSON reads. */
#ifndef COMMON_JSON_GATE_H
#define COMMON_JSON_GATE_H

#include "common/json.h"

enum { JSON_NUMBER_MAX = 63, JSON_DEPTH_MAX = 512 };

bool json_gate(const char *text, size_t len, const struct json_limits *l,
               bool *long_number, struct err *e) must_check;

#endif
