/* The daemon from its start to its end.
 *
 * The end has three steps: new work is refused while what runs goes on; then
 * the clients are let go; then the lanes to the database close, and with the
 * last handle the loop ends. Each step waits for the one before, but not for
 * longer than the settings say. */
#include "server/server.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/db/cluster.h"
#include "server/db/db.h"
#include "server/job/housekeeping.h"
#include "server/job/sites.h"
#include "server/job/watch.h"
#include "server/net/listener.h"
#include "server/rpc/request.h"
#include "server/rpc/sign_in.h"
#include "server/rpc/subscribe.h"

#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { TICK_MS = 100, SIGNALS = 3, DOWN_MS = 200, LAST_MS = 3000 };

/* The steps of the end. */
enum step { STEP_serving, STEP_draining, STEP_closing, STEP_closed };

struct state {
    const struct server_options *options;
    enum step step;
    uint64_t stop_at; /* when draining began; clock_mono_ms */
    uv_timer_t tick;
    uv_signal_t signal[SIGNALS];
    struct err err; /* why it ends by itself */
    uint64_t down_since;
    bool reviving;
    uv_work_t revive;
};

static struct state *state_of(struct server *s)
{
    return s->state;
}

/* --- the end --- */

static void begin_stop(struct server *s, const char *reason)
{
    struct state *st = state_of(s);
    if (st->step != STEP_serving)
        return;
    log_line(LOG_info, "stopping", "reason=%s", log_quote(reason));
    s->stopping = true;
    st->step = STEP_draining;
    st->stop_at = clock_mono_ms();
    listeners_close(&s->listeners);
}

void server_fail(struct server *s, struct err *e)
{
    struct state *st = state_of(s);
    if (st->err.kind == ERR_NONE)
        err_move(&st->err, e);
    begin_stop(s, st->err.message);
}

static void on_db_closed(void *ctx)
{
    struct server *s = ctx;
    struct state *st = state_of(s);
    s->db = NULL;
    st->step = STEP_closed;
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&st->signal[i], NULL);
    uv_close((uv_handle_t *)&st->tick, NULL);
    uv_close((uv_handle_t *)&s->progress, NULL);
    conns_stop(s);
}

static void let_go(struct server *s)
{
    state_of(s)->step = STEP_closing;
    conns_close_all(s, "the daemon stops");
    subscriptions_free(&s->subscriptions);
    watch_stop(s->watch);
    housekeeping_stop(s->housekeeping);
    sites_stop(s->sites);
    db_close(s->db, on_db_closed, s);
}

static void stop_tick(struct server *s)
{
    struct state *st = state_of(s);
    uint64_t waited = clock_mono_ms() - st->stop_at;
    uint64_t most = (uint64_t)s->settings.stop_ms;
    if (st->step == STEP_draining && (s->running == 0 || waited > most))
        let_go(s);
    if (st->step == STEP_closing && waited > most + LAST_MS) {
        log_line(LOG_warn, "stopped_hard", "running=%d", s->running);
        uv_stop(&s->loop);
    }
}

/* --- the private cluster --- */

static void revive(uv_work_t *work)
{
    struct server *s = work->data;
    struct err e = {0};
    if (!cluster_revive(state_of(s)->options->cluster, &e))
        log_line(LOG_error, "cluster_failed", "reason=%s",
                 log_quote(e.message));
    err_clear(&e);
}

static void on_revived(uv_work_t *work, int status)
{
    struct server *s = work->data;
    (void)status;
    state_of(s)->reviving = false;
    state_of(s)->down_since = 0;
}

/* A database that is ours and away has died: somebody has to start it. */
static void supervise(struct server *s)
{
    struct state *st = state_of(s);
    uint64_t now = clock_mono_ms();
    if (st->options->cluster == NULL || st->reviving ||
        st->step != STEP_serving || s->db == NULL)
        return;
    if (db_is_up(s->db))
        st->down_since = 0;
    else if (st->down_since == 0)
        st->down_since = now;
    else if (now - st->down_since > DOWN_MS)
        st->reviving =
            uv_queue_work(&s->loop, &st->revive, revive, on_revived) == 0;
}

/* --- signals and time --- */

static void reload(struct server *s)
{
    struct state *st = state_of(s);
    struct settings fresh = {0};
    struct err e = {0};
    const char *fixed = NULL;
    bool ok = st->options->reread(st->options->ctx, &fresh, &e);
    if (ok)
        fixed = settings_fixed_change(server_settings, server_setting_count,
                                      &s->settings, &fresh);
    if (fixed != NULL)
        ok = err_set(&e, ERR_invalid, _("%s can only be changed by a restart."),
                     fixed);
    if (ok) {
        struct settings old = s->settings;
        s->settings = fresh;
        fresh = old;
        log_set_level((enum log_level)s->settings.log_level);
        log_line(LOG_info, "reloaded", "settings=new");
    } else {
        log_line(LOG_error, "reload_refused", "reason=%s",
                 log_quote(e.message));
    }
    server_settings_free(&fresh);
    err_clear(&e);
}

static void on_signal(uv_signal_t *handle, int sig)
{
    struct server *s = handle->data;
    if (sig == SIGHUP) {
        reload(s);
        return;
    }
    if (state_of(s)->step != STEP_serving && sig == SIGINT)
        uv_stop(&s->loop);
    begin_stop(s, sig == SIGINT ? "interrupted" : "asked to stop");
    stop_tick(s);
}

static void on_tick(uv_timer_t *timer)
{
    struct server *s = timer->data;
    conns_tick(s);
    request_tick(s);
    supervise(s);
    stop_tick(s);
}

static void on_progress(uv_async_t *async)
{
    request_send_progress(async->data);
}

/* --- the beginning --- */

static void raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
}

static struct db_options db_options_of(const struct settings *s,
                                       const char *url)
{
    return (struct db_options){.conninfo = url,
                               .quick_connections = (int)s->quick_connections,
                               .slow_connections = (int)s->slow_connections,
                               .workers = (int)s->workers,
                               .queue_max = (int)s->queue,
                               .slow_per_client = (int)s->slow_per_user,
                               .quick_timeout_ms = s->quick_ms,
                               .slow_timeout_ms = s->slow_ms,
                               .work_timeout_ms = s->request_ms};
}

/* They may have been blocked until now, so that none was lost. */
static void take_signals(struct server *s, struct state *st)
{
    static const int signals[SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_init(&s->loop, &st->signal[i]);
        st->signal[i].data = s;
        uv_signal_start(&st->signal[i], on_signal, signals[i]);
        sigaddset(&set, signals[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void open_handles(struct server *s, struct state *st)
{
    take_signals(s, st);
    uv_timer_init(&s->loop, &st->tick);
    uv_async_init(&s->loop, &s->progress, on_progress);
    st->tick.data = s->progress.data = st->revive.data = s;
    uv_timer_start(&st->tick, on_tick, TICK_MS, TICK_MS);
    conns_start(s);
}

static void start(struct server *s, const struct server_options *o)
{
    struct db_options d = db_options_of(&s->settings, o->url);
    open_handles(s, state_of(s));
    s->db = db_new(&s->loop, &d);
    s->watch = watch_new(s);
    s->sign_in = sign_in_new(s);
    s->subscriptions = subscriptions_new(s);
    s->housekeeping = housekeeping_new(s);
    s->sites = sites_new(s);
    struct err e = {0};
    s->listeners = listeners_open(s, &e);
    if (s->listeners == NULL)
        server_fail(s, &e);
}

static void free_all(struct server *s)
{
    watch_free(&s->watch);
    sign_in_free(&s->sign_in);
    housekeeping_free(&s->housekeeping);
    sites_free(&s->sites);
    while (s->narenas > 0)
        arena_free(&s->arenas[--s->narenas]);
    server_settings_free(&s->settings);
}

bool server_run(const struct server_options *o, struct err *e)
{
    struct state st = {.options = o};
    struct server *s = x_calloc(1, sizeof(*s));
    s->settings = *o->settings;
    memset(o->settings, 0, sizeof(*o->settings));
    s->state = &st;
    raise_limits();
    if (sodium_init() < 0 || uv_loop_init(&s->loop) != 0) {
        x_free(&s);
        return err_set(e, ERR_internal, _("The daemon can not start."));
    }
    start(s, o);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    bool clean = uv_loop_close(&s->loop) == 0;
    log_line(LOG_info, "stopped", "clean=%d", clean);
    bool ok = st.err.kind == ERR_NONE;
    err_move(e, &st.err);
    /* Threads that could not be waited for still hold all of it. */
    if (clean) {
        free_all(s);
        x_free(&s);
    }
    return ok;
}
