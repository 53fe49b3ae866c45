/* The statements a daemon has just issued, as a script for pgbench: reads
 * PostgreSQL's JSON log (log_statement = all) on standard input and takes
 * everything from the connection that used the marked values.
 *
 *   bench_sql TEXT NAME=VALUE … < LOG
 *
 * TEXT is what one of the statements has to contain. Parameters with one of
 * the VALUEs become :NAME. Other parameters become variables, printed as
 * lines "-- D name=value" for pgbench's -D. */
#include "common/buf.h"
#include "common/json.h"
#include "common/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENTS 64
#define PARAMS     250

struct statement {
    int64_t pid;
    char *sql;
    char *param[PARAMS + 1]; /* NULL: SQL NULL */
    int n;
};

static struct statement all[STATEMENTS];
static int count;

/* "parameters: $1 = 'it''s', $2 = NULL" */
static void read_params(struct statement *s, const char *detail)
{
    const char *p = detail ? strchr(detail, '$') : NULL;
    while (p) {
        p = strstr(p, " = ");
        if (!p || s->n == PARAMS)
            return;
        p += 3;
        s->n++;
        if (*p == '\'') {
            struct buf b = BUF_INIT;
            for (p++; *p && (*p != '\'' || p[1] == '\''); p++) {
                if (*p == '\'')
                    p++;
                buf_char(&b, *p);
            }
            s->param[s->n] = x_strdup(buf_text(&b));
            buf_free(&b);
        }
        p = strstr(p, ", $");
    }
}

static void read_line(const char *line, size_t len)
{
    struct err e = {0};
    cJSON *log = NULL;
    struct json_limits limits = {.bytes = 1 << 24};
    if (!json_parse(line, len, &limits, &log, &e))
        return;
    const char *message = json_str(log, "message", "");
    const char *sql = strstr(message, ": ");
    bool run = strncmp(message, "execute ", 8) == 0 ||
               strncmp(message, "statement: ", 11) == 0;
    if (run && sql && count < STATEMENTS) {
        struct statement *s = &all[count++];
        s->pid = json_int(log, "pid", 0);
        s->sql = x_strdup(sql + 2);
        read_params(s, json_str(log, "detail", NULL));
    }
    cJSON_Delete(log);
}

/* The marker that this value is, or NULL. */
static const char *marker_of(char **markers, const char *value)
{
    for (; *markers; markers++) {
        const char *equals = strchr(*markers, '=');
        if (equals && strcmp(equals + 1, value) == 0)
            return *markers;
    }
    return NULL;
}

static void write_param(struct buf *variables, const struct statement *s,
                        int index, int param, char **markers)
{
    const char *value = param <= s->n ? s->param[param] : NULL;
    const char *marker = value ? marker_of(markers, value) : NULL;
    if (marker) {
        printf(":%.*s", (int)strcspn(marker, "="), marker);
    } else if (value) {
        printf(":s%dp%d", index, param);
        buf_printf(variables, "-- D s%dp%d=%s\n", index, param, value);
    } else {
        printf("NULL");
    }
}

static void write_statement(struct buf *variables, const struct statement *s,
                            int index, char **markers)
{
    for (const char *p = s->sql; *p;) {
        if (*p == '$' && isdigit((unsigned char)p[1])) {
            char *end;
            int param = (int)strtol(p + 1, &end, 10);
            write_param(variables, s, index, param, markers);
            p = end;
        } else {
            putchar(*p == '\n' ? ' ' : *p);
            p++;
        }
    }
    printf(";\n");
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int64_t pid = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_sql TEXT NAME=VALUE … < LOG\n");
        return 2;
    }
    while ((len = getline(&line, &cap, stdin)) > 0)
        read_line(line, (size_t)(line[len - 1] == '\n' ? len - 1 : len));
    for (int i = 0; i < count; i++)
        if (strstr(all[i].sql, argv[1]))
            pid = all[i].pid;
    struct buf variables = BUF_INIT;
    for (int i = 0; i < count && pid; i++)
        if (all[i].pid == pid)
            write_statement(&variables, &all[i], i, argv + 2);
    fputs(buf_text(&variables), stdout);
    buf_free(&variables);
    free(line);
    return pid == 0;
}
