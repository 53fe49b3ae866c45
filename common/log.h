/* One structured line an event on standard error: time, level, what, and
 * key=value pairs with quoted values. Secrets are never passed to it. */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>

enum log_level { LOG_debug, LOG_info, LOG_warn, LOG_error };

void log_set_level(enum log_level level);
bool log_level_parse(const char *name, enum log_level *out);
/* fmt is the key=value part: log_line(LOG_info, "conn_close",
 * "id=%d reason=%s", id, log_quote(why)). Thread-safe, one write a line,
 * control characters blanked. */
void log_line(enum log_level level, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "text" quoted and escaped for a log line, in a thread-local ring of 8. */
const char *log_quote(const char *text);
/* A fresh id that is logged with an internal error and told to the client. */
const char *log_incident(char out[17]);

#endif
