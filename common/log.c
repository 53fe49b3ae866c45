/* The log: one structured line an event, written in one piece. */
#include "common/log.h"

#include "common/buf.h"
#include "common/clock.h"
#include "common/date.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, QUOTES = 8, QUOTE_BYTES = 512 };

static const char *const names[] = {
    [LOG_debug] = "debug",
    [LOG_info] = "info",
    [LOG_warn] = "warn",
    [LOG_error] = "error",
};

static _Atomic int threshold = LOG_info;

void log_set_level(enum log_level level)
{
    threshold = (int)level;
}

bool log_level_parse(const char *name, enum log_level *out)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Whoever reads the log in a terminal must not be written to by what a
 * client sent, and one event must stay one line. */
static void blank_controls(char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            *s = ' ';
}

void log_line(enum log_level level, const char *what, const char *fmt, ...)
{
    if ((int)level < threshold)
        return;
    char now[TIME_LEN], line[LINE_MAX_BYTES];
    time_format(clock_now_us(), now);
    int used =
        snprintf(line, sizeof(line) - 1, "%s %s %s ", now, names[level], what);
    size_t room = sizeof(line) - 1;
    size_t len = used < 0 ? 0 : (size_t)used < room ? (size_t)used : room - 1;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line + len, room - len, fmt, ap);
    va_end(ap);
    blank_controls(line);
    len = strlen(line);
    while (len > 0 && line[len - 1] == ' ')
        len--;
    line[len++] = '\n';
    /* A log that can not be written has nowhere to complain. */
    ssize_t n = write(STDERR_FILENO, line, len);
    (void)n;
}

/* C1 controls are two bytes in UTF-8; terminals may obey them. */
static bool is_c1(const char *p)
{
    return (unsigned char)p[0] == 0xc2 && ((unsigned char)p[1] & 0xe0) == 0x80;
}

static size_t quote_char(const char *p, char *out)
{
    static const char letters[0x20] = {
        ['\n'] = 'n', ['\t'] = 't', ['\r'] = 'r'};
    static const char hex[] = "0123456789abcdef";
    unsigned char c = (unsigned char)*p;
    char letter = c == '"' || c == '\\' ? *p : c < 0x20 ? letters[c] : '\0';
    if (letter != '\0') {
        out[0] = '\\';
        out[1] = letter;
        return 2;
    }
    if (c < 0x20 || c == 0x7f || is_c1(p)) {
        out[0] = '\\';
        out[1] = 'x';
        out[2] = hex[c >> 4];
        out[3] = hex[c & 15];
        return 4;
    }
    out[0] = *p;
    return 1;
}

const char *log_quote(const char *text)
{
    static _Thread_local char ring[QUOTES][QUOTE_BYTES];
    static _Thread_local unsigned turn;
    char *out = ring[turn++ % QUOTES];
    size_t n = 0;
    out[n++] = '"';
    for (const char *p = text != NULL ? text : ""; *p != '\0'; p++) {
        bool start = ((unsigned char)*p & 0xc0) != 0x80;
        if (n + (start ? 24 : 12) > QUOTE_BYTES) {
            memcpy(out + n, "...", 3);
            n += 3;
            break;
        }
        n += quote_char(p, out + n);
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}

const char *log_incident(char out[17])
{
    uint64_t id = 0;
    if (getrandom(&id, sizeof(id), 0) != (ssize_t)sizeof(id))
        id = (uint64_t)clock_now_us() ^ ((uint64_t)getpid() << 48);
    snprintf(out, 17, "%016" PRIx64, id);
    return out;
}
