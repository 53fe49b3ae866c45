/* Who hears of a change, against the rights oracle: those who may see the
 * row, `gone` for those who no longer may, nobody else.
 * proves: ACC-02 */
#include "common/clock.h"
#include "common/json.h"
#include "tests/support/check.h"
#include "tests/support/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE 30000
#define QUIET    1500 /* longer than a daemon takes to look for events */

enum heard { HEARD_nothing, HEARD_updated, HEARD_gone };

/* One person who listens, and what he has to hear of each customer. */
struct listener {
    struct view view;
    enum heard expect[SWEEP_CUSTOMERS];
};

static struct listener listeners[ORACLE_PEOPLE];
static struct client *director;

static void listen_to_all(void **state)
{
    (void)state;
    director = client_as(sweep_daemon, "sales_director");
    for (int p = 0; p < sweep_db.npeople; p++) {
        struct listener *l = &listeners[p];
        const struct oracle_person *who = &sweep_db.people[p];
        l->view = (struct view){who, client_as(sweep_daemon, who->login)};
        if (who->user->roles)
            cJSON_Delete(client_result(l->view.client, "events.subscribe",
                                       "{\"entity\":\"customer\"}"));
        else
            client_refused(l->view.client, ERR_forbidden, "events.subscribe",
                           "{\"entity\":\"customer\"}");
    }
}

/* Changes one field; the daemon's answer carries the new version. */
static void change(int i, const char *field, const char *json)
{
    struct oracle_customer *c = &sweep_db.customers[i];
    cJSON *r = client_result(director, "customer.update",
                             "{\"id\":%" PRId64 ",\"version\":%" PRId64
                             ",\"values\":{\"%s\":%s}}",
                             c->id, c->version, field, json);
    c->version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
}

static void hear(struct listener *l, int *waiting, const cJSON *event)
{
    static const char *const kinds[] = {"", "updated", "gone"};
    const cJSON *params = json_get(event, "params");
    int i = sweep_index(json_int(params, "id", 0));
    const char *kind = json_str(params, "kind", "");
    sweep_decisions++;
    if (i < 0 || l->expect[i] == HEARD_nothing ||
        strcmp(kinds[l->expect[i]], kind) != 0)
        view_differs(&l->view, i < 0 ? 0 : i, "hears", event);
    if (l->expect[i] != HEARD_gone &&
        json_int(params, "version", 0) != sweep_db.customers[i].version)
        return; /* of a change before the last one */
    l->expect[i] = HEARD_nothing;
    (*waiting)--;
}

/* All that was expected comes, and then nothing more. */
static void check_listener(struct listener *l)
{
    int waiting = 0;
    for (int i = 0; i < sweep_db.ncustomers; i++)
        waiting += l->expect[i] != HEARD_nothing;
    uint64_t end = clock_mono_ms() + PATIENCE;
    while (waiting > 0 && clock_mono_ms() < end) {
        cJSON *event = client_notification(l->view.client, "event", QUIET);
        if (event)
            hear(l, &waiting, event);
        cJSON_Delete(event);
    }
    if (waiting > 0)
        check_fail("%s does not hear of %d", l->view.who->login, waiting);
}

static void check_silence(void)
{
    for (int p = 0; p < sweep_db.npeople; p++) {
        cJSON *event = client_notification(listeners[p].view.client, "event",
                                           p == 0 ? QUIET : 0);
        if (event)
            view_differs(&listeners[p].view, 0, "hears too much", event);
    }
}

static void test_changes(void **state)
{
    (void)state;
    for (int i = 0; i < sweep_db.ncustomers; i++) {
        change(i, "internal_notes", "\"heard\"");
        for (int p = 0; p < sweep_db.npeople; p++)
            listeners[p].expect[i] =
                view_has(&listeners[p].view, i) ? HEARD_updated : HEARD_nothing;
    }
    for (int p = 0; p < sweep_db.npeople; p++)
        check_listener(&listeners[p]);
    check_silence();
}

/* Customers that change hands leave some people's sight and come into that
 * of others. */
static void test_changing_hands(void **state)
{
    (void)state;
    for (int i = 0; i < sweep_db.ncustomers; i += 2) {
        struct oracle_row *row = &sweep_db.customers[i].row;
        bool before[ORACLE_PEOPLE];
        char owner[24];
        for (int p = 0; p < sweep_db.npeople; p++)
            before[p] = view_has(&listeners[p].view, i);
        const struct oracle_user *to =
            sweep_db.people[(i / 2) % sweep_db.npeople].user;
        if (to->id == row->owner)
            continue;
        snprintf(owner, sizeof owner, "%" PRId64, to->id);
        change(i, "owner", owner);
        row->owner = to->id;
        for (int p = 0; p < sweep_db.npeople; p++)
            listeners[p].expect[i] = view_has(&listeners[p].view, i)
                                         ? HEARD_updated
                                     : before[p] ? HEARD_gone
                                                 : HEARD_nothing;
    }
    for (int p = 0; p < sweep_db.npeople; p++)
        check_listener(&listeners[p]);
    check_silence();
}

static void test_leave(void **state)
{
    (void)state;
    for (int p = 0; p < sweep_db.npeople; p++)
        client_close(&listeners[p].view.client);
    client_close(&director);
    assert_true(sweep_decisions > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listen_to_all),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_changing_hands),
        cmocka_unit_test(test_leave),
    };
    return cmocka_run_group_tests(tests, sweep_set_up, sweep_tear_down);
}
