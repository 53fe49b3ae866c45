/* One method on every customer by every person, each answer held against the
 * rights oracle; a row out of sight has to answer exactly as one that does
 * not exist. Whatever differs fails the test. */
#ifndef TESTS_SUPPORT_SWEEP_H
#define TESTS_SUPPORT_SWEEP_H

#include "common/buf.h"
#include "tests/support/client.h"
#include "tests/support/daemon.h"
#include "tests/support/oracle_db.h"

#define SWEEP_CUSTOMERS 200
#define SWEEP_MISSING   INT64_C(4000000000) /* an id that does not exist */

extern struct daemon *sweep_daemon;
extern struct oracle_db sweep_db;
/* The records as the director reads them, who reads them all. */
extern cJSON *sweep_truth[SWEEP_CUSTOMERS];
extern int64_t sweep_decisions;
/* Every tenth customer's contact had this phone before it got another: it
 * stands in the history alone. NULL for the others. */
extern char *sweep_old_phone[SWEEP_CUSTOMERS];

/* One person at work. */
struct view {
    const struct oracle_person *who;
    struct client *client;
};

struct sweep {
    const char *method;
    /* Writes the params for customer number i (or, with the same i, for an
     * `id` that does not exist). */
    void (*params)(const struct view *v, struct buf *b, int i, int64_t id);
    /* The answer for a row in view. */
    void (*seen)(const struct view *v, int i, const cJSON *reply);
};

/* For cmocka_run_group_tests: the daemon, the oracle's view, the truth. */
int sweep_set_up(void **state);
int sweep_tear_down(void **state);

/* Everybody, signed in, one after the other. */
void sweep_everybody(void (*look)(const struct view *v));
/* Everybody runs the same sweep. */
void sweep_run(const struct sweep *s);
/* Params with just the id. */
void sweep_write_id(const struct view *v, struct buf *b, int i, int64_t id);
/* The number of the customer with this id, -1 where there is none. */
int sweep_index(int64_t id);

bool view_has(const struct view *v, int i);
enum oracle_level view_level(const struct view *v, int i, enum oracle_class c);
/* One field of one row: hidden, masked or as it really is. */
void view_check_value(const struct view *v, int i, const char *entity,
                      const char *field, const cJSON *is, const cJSON *real);
_Noreturn void view_differs(const struct view *v, int i, const char *what,
                            const cJSON *reply);

#endif
