/* A kehud of the test's own: its settings are written from a list of keys,
 * its folder and its database go when the test program ends. */
#include "tests/support/daemon.h"
#include "tests/support/client.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

#include "common/buf.h"
#include "common/clock.h"
#include "common/mem.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define START_MS 30000
#define STOP_MS  20000
#define KEYS_MAX 64

static struct daemon *all;

/* --- settings --- */

static size_t group_length(const char *key)
{
    return strcspn(key, ".=");
}

static bool same_key(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");
    return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

static void add_key(const char *keys[KEYS_MAX], size_t *n, const char *key)
{
    for (size_t i = 0; i < *n; i++)
        if (same_key(keys[i], key)) {
            keys[i] = key;
            return;
        }
    assert_true(*n < KEYS_MAX);
    keys[(*n)++] = key;
}

/* One "group.name=value" ("session.peers={root: sales}" for a map) with all
 * others of its group below one heading; what has been written is cleared from
 * the list. */
static void write_group(struct buf *b, const char *keys[], size_t n, size_t i)
{
    const char *first = keys[i];
    size_t len = group_length(first);
    if (first[len] != '.') {
        buf_printf(b, "%.*s: \"%s\"\n", (int)len, first, first + len + 1);
        return;
    }
    buf_printf(b, "%.*s:\n", (int)len, first);
    for (size_t k = i; k < n; k++) {
        const char *key = keys[k];
        if (!key || group_length(key) != len || strncmp(key, first, len) != 0)
            continue;
        size_t end = strcspn(key, "=");
        const char *quote = key[end + 1] == '{' ? "" : "\"";
        buf_printf(b, "  %.*s: %s%s%s\n", (int)(end - len - 1), key + len + 1,
                   quote, key + end + 1, quote);
        keys[k] = NULL;
    }
}

static void write_settings(struct daemon *d, const struct daemon_options *o)
{
    char listen[128], url[300], migrate[300];
    const char *keys[KEYS_MAX];
    size_t n = 0;
    struct buf b = BUF_INIT;
    snprintf(listen, sizeof(listen), "listen.unix=%s", d->socket);
    snprintf(url, sizeof(url), "database.url=%s", d->conninfo);
    snprintf(migrate, sizeof(migrate), "database.migrate_url=%s",
             d->owner_conninfo);
    add_key(keys, &n, listen);
    add_key(keys, &n, url);
    add_key(keys, &n, migrate);
    add_key(keys, &n, "sites.every=0d"); /* tests ask no sites */
    for (const char *const *s = o->set; s && *s; s++)
        add_key(keys, &n, *s);
    for (size_t i = 0; i < n; i++)
        if (keys[i])
            write_group(&b, keys, n, i);
    program_write_file(d->config, buf_text(&b));
    buf_free(&b);
}

/* --- life --- */

/* A test program that ends early, by a failed assertion or not, leaves no
 * daemon, database or folder behind; fail_msg must not be reached from here,
 * so errors of the database are let be. */
static void free_all(void)
{
    for (struct daemon *d = all; d; d = d->next)
        if (d->pid > 0) {
            kill(d->pid, SIGKILL);
            waitpid(d->pid, NULL, 0);
        }
}

static struct daemon *new_daemon(const struct daemon_options *o)
{
    static bool registered;
    struct daemon *d = x_calloc(1, sizeof(*d));
    program_tempdir(d->dir);
    snprintf(d->socket, sizeof(d->socket), "%s/kehu.sock", d->dir);
    snprintf(d->config, sizeof(d->config), "%s/config.yaml", d->dir);
    snprintf(d->log, sizeof(d->log), "%s/log", d->dir);
    snprintf(d->server, sizeof(d->server), "unix:%s", d->socket);
    d->args = o->args;
    d->env = o->env;
    d->next = all;
    all = d;
    if (!registered)
        atexit(free_all);
    registered = true;
    return d;
}

static void set_database(struct daemon *d, const char *name)
{
    snprintf(d->database, sizeof(d->database), "%s", name);
    database_conninfo(d->conninfo, name, "kehu_app");
    database_conninfo(d->owner_conninfo, name, "kehu_owner");
}

static void die_with_log(struct daemon *d, const char *why)
{
    char *log = daemon_log(d);
    fail_msg("kehud %s:\n%s", why, log);
}

void daemon_run(struct daemon *d)
{
    const char *argv[32] = {"kehud", "serve", "--config", d->config};
    size_t n = 4;
    for (const char *const *a = d->args; a && *a && n < 31; a++)
        argv[n++] = *a;
    struct program p = {.argv = argv, .env = d->env, .log = d->log};
    assert_int_equal(d->pid, 0);
    d->pid = program_spawn(&p);
    uint64_t end = clock_mono_ms() + START_MS;
    while (!client_answers(d->server)) {
        int status = 0;
        if (program_ended(d->pid, 5, &status)) {
            d->pid = 0;
            die_with_log(d, "ended at its start");
        }
        if (clock_mono_ms() > end)
            die_with_log(d, "does not answer");
    }
}

struct daemon *daemon_start(const struct daemon_options *o)
{
    static const struct daemon_options none;
    char name[64];
    o = o ? o : &none;
    struct daemon *d = new_daemon(o);
    bool demo = o->customers > 0 || o->organisation;
    database_create(name, demo ? DATABASE_demo : DATABASE_migrated,
                    o->customers);
    set_database(d, name);
    write_settings(d, o);
    if (!o->not_started)
        daemon_run(d);
    return d;
}

struct daemon *daemon_join(const struct daemon *first,
                           const struct daemon_options *o)
{
    static const struct daemon_options none;
    o = o ? o : &none;
    struct daemon *d = new_daemon(o);
    set_database(d, first->database);
    d->joined = true;
    write_settings(d, o);
    if (!o->not_started)
        daemon_run(d);
    return d;
}

int daemon_stop(struct daemon *d)
{
    int status = 0;
    assert_true(d->pid > 0);
    kill(d->pid, SIGTERM);
    if (!program_ended(d->pid, STOP_MS, &status))
        die_with_log(d, "does not stop");
    d->pid = 0;
    return status;
}

void daemon_kill(struct daemon *d)
{
    if (d->pid > 0) {
        kill(d->pid, SIGKILL);
        waitpid(d->pid, NULL, 0);
    }
    d->pid = 0;
}

bool daemon_ended(struct daemon *d, int timeout_ms, int *status)
{
    if (!program_ended(d->pid, timeout_ms, status))
        return false;
    d->pid = 0;
    return true;
}

void daemon_free(struct daemon **d)
{
    struct daemon **at = &all;
    if (!*d)
        return;
    while (*at && *at != *d)
        at = &(*at)->next;
    if (*at)
        *at = (*d)->next;
    if ((*d)->pid > 0)
        daemon_stop(*d);
    if (!(*d)->joined)
        database_drop((*d)->database);
    x_free(d);
}

/* --- what it says, what it holds --- */

char *daemon_log(const struct daemon *d)
{
    char *text = program_read_file(d->log);
    return text ? text : x_strdup("");
}

bool daemon_logged(const struct daemon *d, const char *text, int timeout_ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)timeout_ms;
    for (;;) {
        char *log = daemon_log(d);
        bool found = strstr(log, text) != NULL;
        free(log);
        if (found || clock_mono_ms() > end)
            return found;
        usleep(5000);
    }
}

char *daemon_sql(const struct daemon *d, const char *fmt, ...)
{
    va_list ap;
    char *sql = NULL;
    va_start(ap, fmt);
    if (vasprintf(&sql, fmt, ap) < 0)
        fail_msg("no memory");
    va_end(ap);
    char *value = database_sql(d->owner_conninfo, sql);
    free(sql);
    return value;
}

int64_t daemon_sql_int(const struct daemon *d, const char *fmt, ...)
{
    va_list ap;
    char *sql = NULL;
    va_start(ap, fmt);
    if (vasprintf(&sql, fmt, ap) < 0)
        fail_msg("no memory");
    va_end(ap);
    char *value = database_sql(d->owner_conninfo, sql);
    int64_t n = strtoll(value, NULL, 10);
    free(value);
    free(sql);
    return n;
}
