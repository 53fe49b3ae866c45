/* A kehud of the test's own: a fresh database from a migrated template, a
 * unix socket in a temporary folder, ended and cleared away at exit. Whatever
 * fails in here fails the test. */
#ifndef TESTS_SUPPORT_DAEMON_H
#define TESTS_SUPPORT_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Every user of a database with demo data signs in with this. */
#define DAEMON_PASSWORD "correct-horse-battery"

struct daemon_options {
    /* Demo data: an organisation, one user per role named as the role, 40
     * users in all, and so many customers. 0: an empty, migrated database. */
    int customers;
    bool organisation; /* the organisation, where customers is 0 */
    /* Settings over the usual ones, "limits.idle=2s", NULL-terminated; or
     * NULL. A key given here replaces the usual one. */
    const char *const *set;
    /* More arguments for `kehud serve`, NULL-terminated; or NULL. These and
     * the environment have to live as long as the daemon. */
    const char *const *args;
    /* "KEHU_CLOCK=86400", NULL-terminated; or NULL. */
    const char *const *env;
    bool not_started; /* the database and the files only; see daemon_run */
};

struct daemon {
    pid_t pid; /* 0: not running */
    char dir[64];
    char socket[96];
    char config[96];
    char log[96];
    char database[64];
    char conninfo[256];       /* as kehu_app */
    char owner_conninfo[256]; /* as kehu_owner */
    char server[128];         /* "unix:/…", for KEHU_SERVER */
    const char *const *args;
    const char *const *env;
    bool joined; /* the database belongs to another one */
    struct daemon *next;
};

/* Starts one; NULL takes the defaults. It answers when this returns. */
struct daemon *daemon_start(const struct daemon_options *o);
/* Starts the program again (after daemon_stop, daemon_kill, not_started). */
void daemon_run(struct daemon *d);
/* Another daemon on the database of the first, with a socket of its own. */
struct daemon *daemon_join(const struct daemon *first,
                           const struct daemon_options *o);
/* SIGTERM, waits; the exit status as of waitpid. */
int daemon_stop(struct daemon *d);
void daemon_kill(struct daemon *d); /* SIGKILL, waits */
/* True once the program has ended by itself, within the time; status as of
 * waitpid. */
bool daemon_ended(struct daemon *d, int timeout_ms, int *status);
/* Stops it and drops the database. */
void daemon_free(struct daemon **d);

/* What it has logged so far; the caller frees it. */
char *daemon_log(const struct daemon *d);
/* Waits until the log holds the text. */
bool daemon_logged(const struct daemon *d, const char *text, int timeout_ms);

/* SQL as kehu_owner, printf-formatted, on a connection of its own: the first
 * value of the first row ("" for NULL or no row); the caller frees it. */
char *daemon_sql(const struct daemon *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int64_t daemon_sql_int(const struct daemon *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
