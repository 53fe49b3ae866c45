/* Sweeps over every person and customer (see sweep.h). */
#include "tests/support/sweep.h"

#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"

#include <inttypes.h>
#include <string.h>

#define WINDOW 32 /* requests under way at once */

struct daemon *sweep_daemon;
struct oracle_db sweep_db;
cJSON *sweep_truth[SWEEP_CUSTOMERS];
int64_t sweep_decisions;
char *sweep_old_phone[SWEEP_CUSTOMERS];

static int64_t send_one(const struct view *v, const struct sweep *s, int i,
                        int64_t id)
{
    struct buf b = BUF_INIT;
    s->params(v, &b, i, id);
    int64_t call = client_send(v->client, s->method, "%s", buf_text(&b));
    buf_free(&b);
    return call;
}

static void check_one(const struct view *v, const struct sweep *s, int i,
                      const cJSON *reply, const cJSON *missing)
{
    sweep_decisions++;
    if (view_has(v, i))
        s->seen(v, i, reply);
    else if (!cJSON_Compare(json_get(reply, "error"), missing, true))
        view_differs(v, i, "not as if it did not exist", reply);
}

static void sweep(const struct view *v, const struct sweep *s)
{
    int64_t calls[WINDOW];
    cJSON *gone = client_wait(v->client, send_one(v, s, 0, SWEEP_MISSING));
    const cJSON *missing = json_get(gone, "error");
    if (client_kind(gone) == ERR_NONE)
        view_differs(v, 0, "for an id that does not exist", gone);
    for (int from = 0; from < sweep_db.ncustomers; from += WINDOW) {
        int n = sweep_db.ncustomers - from;
        n = n < WINDOW ? n : WINDOW;
        for (int i = 0; i < n; i++)
            calls[i] =
                send_one(v, s, from + i, sweep_db.customers[from + i].id);
        for (int i = 0; i < n; i++) {
            cJSON *reply = client_wait(v->client, calls[i]);
            check_one(v, s, from + i, reply, missing);
            cJSON_Delete(reply);
        }
    }
    cJSON_Delete(gone);
}

static void change_phones(struct client *director)
{
    for (int i = 0; i < SWEEP_CUSTOMERS; i += 10) {
        const struct oracle_customer *c = &sweep_db.customers[i];
        sweep_old_phone[i] = x_strdup(c->phone);
        cJSON_Delete(client_result(director, "contact.update",
                                   "{\"id\":%" PRId64 ",\"version\":%" PRId64
                                   ",\"values\":{\"phone\":\"1391234%04d\"}}",
                                   c->contact, c->contact_version, i));
    }
}

static void read_truth(struct client *director)
{
    for (int i = 0; i < sweep_db.ncustomers; i++) {
        cJSON *r =
            client_result(director, "customer.get", "{\"id\":%" PRId64 "}",
                          sweep_db.customers[i].id);
        sweep_truth[i] = cJSON_DetachItemFromObject(r, "record");
        cJSON_Delete(r);
    }
}

bool view_has(const struct view *v, int i)
{
    return oracle_may(&sweep_db.world, v->who->user, "customer.view",
                      &sweep_db.customers[i].row);
}

enum oracle_level view_level(const struct view *v, int i, enum oracle_class c)
{
    return oracle_level(&sweep_db.world, v->who->user,
                        &sweep_db.customers[i].row, c);
}

int sweep_index(int64_t id)
{
    for (int i = 0; i < sweep_db.ncustomers; i++)
        if (sweep_db.customers[i].id == id)
            return i;
    return -1;
}

void sweep_write_id(const struct view *v, struct buf *b, int i, int64_t id)
{
    (void)v;
    (void)i;
    buf_printf(b, "{\"id\":%" PRId64 "}", id);
}

_Noreturn void view_differs(const struct view *v, int i, const char *what,
                            const cJSON *reply)
{
    char *text = cJSON_PrintUnformatted(reply);
    check_fail("%s, customer %" PRId64 ", %s: %.600s", v->who->login,
               sweep_db.customers[i].id, what, text ? text : "nothing");
}

void view_check_value(const struct view *v, int i, const char *entity,
                      const char *field, const cJSON *is, const cJSON *real)
{
    sweep_decisions++;
    enum oracle_level l = view_level(v, i, oracle_class_of(entity, field));
    bool fine = false;
    if (l == ORACLE_HIDDEN)
        fine = is == NULL;
    else if (l > ORACLE_MASKED || cJSON_IsNull(real))
        fine = is && cJSON_Compare(is, real, true);
    else
        fine = cJSON_IsString(is) && strchr(is->valuestring, '*') &&
               !cJSON_Compare(is, real, true);
    if (!fine)
        view_differs(v, i, field, is);
}

void sweep_everybody(void (*look)(const struct view *v))
{
    for (int i = 0; i < sweep_db.npeople; i++) {
        struct view v = {&sweep_db.people[i],
                         client_as(sweep_daemon, sweep_db.people[i].login)};
        look(&v);
        client_close(&v.client);
    }
}

void sweep_run(const struct sweep *s)
{
    for (int i = 0; i < sweep_db.npeople; i++) {
        struct view v = {&sweep_db.people[i],
                         client_as(sweep_daemon, sweep_db.people[i].login)};
        sweep(&v, s);
        client_close(&v.client);
    }
}

int sweep_set_up(void **state)
{
    (void)state;
    sweep_daemon = daemon_start(&(struct daemon_options){
        .customers = SWEEP_CUSTOMERS, .not_started = true});
    oracle_db_scatter(sweep_daemon);
    daemon_run(sweep_daemon);
    struct client *c = client_as(sweep_daemon, "sales_director");
    oracle_db_load(&sweep_db, sweep_daemon);
    if (sweep_db.ncustomers != SWEEP_CUSTOMERS)
        check_fail("%d customers", sweep_db.ncustomers);
    change_phones(c);
    oracle_db_free(&sweep_db);
    oracle_db_load(&sweep_db, sweep_daemon);
    read_truth(c);
    client_close(&c);
    return 0;
}

int sweep_tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < SWEEP_CUSTOMERS; i++) {
        cJSON_Delete(sweep_truth[i]);
        x_free(&sweep_old_phone[i]);
    }
    oracle_db_free(&sweep_db);
    daemon_free(&sweep_daemon);
    return 0;
}
