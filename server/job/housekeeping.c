/* Chores by a table, one after the other on a worker. */
#include "server/job/housekeeping.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/db/db.h"
#include "server/job/trash.h"
#include "server/server.h"

enum { FIRST_MS = 2000, LOOK_MS = 60000, MINUTE_MS = 60000 };

struct chore {
    const char *name;
    uint64_t every_ms;
    const char *sql; /* or */
    bool (*task)(struct db_conn *c, int64_t keep_ms, bool *more, struct err *e);
    const char *help;
};

static const struct chore chores[] = {
#define CHORE(id, minutes, text, about)                                        \
    {#id, (uint64_t)(minutes)*MINUTE_MS, text, NULL, about},
#define TASK(id, minutes, fn, about)                                           \
    {#id, (uint64_t)(minutes)*MINUTE_MS, NULL, fn, about},
#include "server/job/housekeeping.def"
#undef CHORE
#undef TASK
};

enum { CHORES = sizeof(chores) / sizeof(*chores) };

struct housekeeping {
    struct server *server;
    uint64_t due[CHORES]; /* clock_mono_ms */
    int64_t keep_ms;      /* what lies in the trash */
    bool busy;
    uv_timer_t timer;
};

static void run_due(struct db_conn *c, void *ctx)
{
    struct housekeeping *h = ctx;
    for (int i = 0; c != NULL && i < CHORES; i++) {
        struct err e = {0};
        uint64_t now = clock_mono_ms();
        if (now < h->due[i])
            continue;
        bool more = false;
        if (chores[i].task ? chores[i].task(c, h->keep_ms, &more, &e)
                           : db_run(c, chores[i].sql, &e))
            h->due[i] = more ? now : now + chores[i].every_ms;
        else
            log_line(LOG_warn, "chore_failed", "name=%s reason=%s",
                     chores[i].name, log_quote(e.message));
        err_clear(&e);
    }
}

static void on_done(void *ctx)
{
    struct housekeeping *h = ctx;
    h->busy = false;
}

static void on_timer(uv_timer_t *timer)
{
    struct housekeeping *h = timer->data;
    struct err e = {0};
    if (h->busy || h->server->stopping)
        return;
    h->keep_ms = h->server->settings.trash_ms;
    h->busy = db_work(h->server->db, 0, 0, run_due, on_done, h, &e);
    err_clear(&e);
}

struct housekeeping *housekeeping_new(struct server *s)
{
    struct housekeeping *h = x_calloc(1, sizeof(*h));
    h->server = s;
    uv_timer_init(&s->loop, &h->timer);
    h->timer.data = h;
    uv_timer_start(&h->timer, on_timer, FIRST_MS, LOOK_MS);
    return h;
}

void housekeeping_stop(struct housekeeping *h)
{
    uv_close((uv_handle_t *)&h->timer, NULL);
}

void housekeeping_free(struct housekeeping **h)
{
    x_free(h);
}
