/* Small things every test needs (see check.h). */
#include "tests/support/check.h"

#include "common/clock.h"
#include "common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEMP_PREFIX "/tmp/kehu-test-"
#define TEMP_MAX    16

/* Folders not removed yet: what a failing test leaves goes at exit, by the
 * process that made it alone. */
static char *left[TEMP_MAX];
static pid_t left_by;

static int remove_one(const char *path, const struct stat *st, int flag,
                      struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void remove_tree(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_left(void)
{
    for (int i = 0; i < TEMP_MAX && getpid() == left_by; i++)
        if (left[i])
            remove_tree(left[i]);
}

static void remember(const char *dir)
{
    if (left_by != getpid()) {
        memset(left, 0, sizeof left);
        left_by = getpid();
        atexit(remove_left);
    }
    for (int i = 0; i < TEMP_MAX; i++) {
        if (!left[i]) {
            left[i] = x_strdup(dir);
            return;
        }
    }
    check_fail("more than %d folders at once", TEMP_MAX);
}

void check_fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap); /* cmocka's own would cut a picture short */
    va_end(ap);
    fputc('\n', stderr);
    fail();
    abort(); /* outside a test there is nowhere for fail() to jump to */
}

char *check_temp_dir(const char *name)
{
    char *dir = x_asprintf(TEMP_PREFIX "%s-XXXXXX", name);
    if (!mkdtemp(dir))
        check_fail("no folder %s", dir);
    remember(dir);
    return dir;
}

void check_remove_tree(const char *dir)
{
    for (int i = 0; i < TEMP_MAX; i++) {
        if (left[i] && strcmp(left[i], dir) == 0) {
            remove_tree(dir);
            x_free(&left[i]);
        }
    }
}

bool check_wait(bool (*holds)(void *ctx), void *ctx, int ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)ms;
    while (!holds(ctx)) {
        if (clock_mono_ms() >= end)
            return false;
        poll(NULL, 0, 5);
    }
    return true;
}

int64_t check_memory(int pid, const char *what)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    int64_t bytes = -1;
    size_t n = strlen(what);
    while (bytes < 0 && fgets(line, sizeof line, f))
        if (strncmp(line, what, n) == 0 && line[n] == ':')
            bytes = strtoll(line + n + 1, NULL, 10) * 1024;
    fclose(f);
    return bytes;
}
