/* A PostgreSQL cluster of the test's own, to be stopped and killed. After
 * postgres_start the databases of this program (database.h, daemon.h) lie in
 * it. What was committed has reached the operating system, so killing loses
 * nothing; a power cut is not what it is for. */
#ifndef TESTS_SUPPORT_POSTGRES_H
#define TESTS_SUPPORT_POSTGRES_H

#include <stdbool.h>

struct postgres {
    char note[64]; /* folder of the cluster script's note */
    char data[128];
};

void postgres_start(struct postgres *p);
/* Fast shutdown, as an administrator would; returns when it is down. */
void postgres_stop(struct postgres *p);
/* SIGKILL to the postmaster: everything of it dies without a word. */
void postgres_kill(struct postgres *p);
/* SIGKILL to one backend that serves kehu_app: PostgreSQL throws everybody
 * out and recovers by itself. False where there was none. */
bool postgres_kill_backend(struct postgres *p);
/* Starts it again; returns when it takes connections. */
void postgres_run(struct postgres *p);
void postgres_free(struct postgres *p);

#endif
