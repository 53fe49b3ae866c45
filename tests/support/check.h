/* Small things every test needs: failing with words, folders that go away,
 * files, waiting for a condition. */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/* Fails the running cmocka test. */
_Noreturn void check_fail(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));
/* A fresh folder, 0700, with a short path (sockets lie in it); the caller
 * frees the path. It is removed by check_remove_tree, at exit at the latest;
 * nothing else is ever removed. */
char *check_temp_dir(const char *name);
void check_remove_tree(const char *dir);
/* Looks again every few milliseconds; false when `ms` have passed. */
bool check_wait(bool (*holds)(void *ctx), void *ctx, int ms);
/* A number of /proc/PID/smaps_rollup ("Pss", "Rss", "Private_Dirty") in
 * bytes, -1 where it is not to be read. */
int64_t check_memory(int pid, const char *what);

#endif
