/* The timing of drafts, and the handing over to the thread pool. */
#include "tui/draft/keeper.h"

#include "common/clock.h"
#include "tui/term/rescue.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    TYPED_MS = 1500, /* from the first key that is not kept: with the disk's
                        own time at most two seconds are lost */
    AGAIN_MS = 5000, /* after a failure */
    RESCUE_MAX = 64 * 1024, /* up to here every key is made ready to rescue */
};

/* What a job in the pool and the screen share: who wrote last. It outlives
 * the keeper while a job is under way. */
struct slot {
    uv_mutex_t lock;
    int refs;
    uint64_t written; /* the newest number that is on the disk */
    char id[DRAFT_ID_LEN];
};

struct job {
    uv_work_t work;
    struct keeper *keeper; /* NULL: it has gone */
    struct store *store;
    struct slot *slot;
    uint64_t number;
    char *text; /* NULL: delete */
    struct store_result result;
};

struct keeper {
    struct keeper *next;
    struct app *app;
    struct store *store; /* NULL: nothing is kept */
    struct draft draft;
    keeper_fill *fill;
    void *ctx;
    uv_timer_t *timer;
    struct slot *slot;
    struct job *job; /* under way */
    uint64_t numbers;
    bool touched;             /* since the last snapshot */
    bool wanted;              /* a save waits for the job under way */
    bool kept;                /* a file is there, or is to be */
    bool moved;               /* told that it lies elsewhere */
    struct store_result last; /* how the last save ended */
    int64_t saved_us;
    void (*then)(void *ctx);
    /* For a dying process. */
    char *rescue_text;
    volatile size_t rescue_len; /* 0: not now */
    struct store_rescue rescue;
};

/* Jobs that the pool has not done yet. */
static struct {
    uv_mutex_t lock;
    uv_cond_t done;
    int n;
    bool ready;
} pending;

static struct keeper *keepers; /* all there are, for the dying process */

static void rescue_all(void)
{
    for (const struct keeper *k = keepers; k != NULL; k = k->next)
        if (k->rescue_len > 0)
            store_do_rescue(&k->rescue, k->rescue_text, k->rescue_len);
}

struct store *keeper_store(struct err *e)
{
    static struct store *store; /* as long as the process */
    if (store == NULL)
        store = store_open(e);
    return store;
}

/* --- the slot --- */

static struct slot *slot_new(const char *id)
{
    struct slot *s = x_calloc(1, sizeof(*s));
    uv_mutex_init(&s->lock);
    s->refs = 1;
    snprintf(s->id, sizeof(s->id), "%s", id);
    return s;
}

static void slot_release(struct slot *s)
{
    if (--s->refs > 0)
        return;
    uv_mutex_destroy(&s->lock);
    x_free(&s);
}

/* Only what is newer than what is there is written. */
static struct store_result put(struct store *store, struct slot *slot,
                               uint64_t number, const char *text)
{
    struct store_result r = {STORE_ok, 0};
    uv_mutex_lock(&slot->lock);
    if (number > slot->written) {
        if (text != NULL)
            r = store_write(store, slot->id, text, strlen(text));
        else
            store_remove(store, slot->id, NULL);
        slot->written = number;
    }
    uv_mutex_unlock(&slot->lock);
    return r;
}

/* --- what is to be kept --- */

static void set_rescue(struct keeper *k, const char *text)
{
    size_t len = text != NULL ? strlen(text) : 0;
    k->rescue_len = 0;
    x_free(&k->rescue_text);
    if (len == 0)
        return;
    k->rescue_text = x_strndup(text, len);
    store_prepare_rescue(k->store, k->draft.id, &k->rescue);
    k->rescue_len = len;
}

/* NULL where nothing is worth keeping. */
static char *snapshot(struct keeper *k)
{
    k->touched = false;
    if (!k->fill(k->ctx, &k->draft))
        return NULL;
    k->draft.saved_us = clock_now_us();
    return draft_print(&k->draft);
}

/* --- jobs --- */

static void count_job(int by)
{
    uv_mutex_lock(&pending.lock);
    pending.n += by;
    uv_cond_signal(&pending.done);
    uv_mutex_unlock(&pending.lock);
}

void keeper_settle(void)
{
    if (!pending.ready)
        return;
    uv_mutex_lock(&pending.lock);
    while (pending.n > 0)
        uv_cond_wait(&pending.done, &pending.lock);
    uv_mutex_unlock(&pending.lock);
}

static void run_job(uv_work_t *work)
{
    struct job *j = work->data;
    j->result = put(j->store, j->slot, j->number, j->text);
    count_job(-1);
}

static void start_job(struct keeper *k, char *text);
static void on_timer(uv_timer_t *timer);

static void tell_end(struct keeper *k, struct store_result r)
{
    struct arena *a = arena_new();
    const char *words = store_words(r, a);
    bool good = r.end == STORE_ok || r.end == STORE_moved;
    bool news = r.end != k->last.end || r.failed != k->last.failed;
    if (words != NULL && good && !k->moved)
        app_message(k->app, MESSAGE_info, "%s", words);
    else if (words != NULL && !good && news)
        app_message(k->app, MESSAGE_error, "%s", words);
    k->moved = k->moved || r.end == STORE_moved;
    k->last = r;
    arena_free(&a);
}

static void after_save(struct keeper *k, const struct job *j)
{
    bool good = j->result.end == STORE_ok || j->result.end == STORE_moved;
    void (*then)(void *ctx) = k->then;
    snprintf(k->draft.id, sizeof(k->draft.id), "%s", j->slot->id);
    tell_end(k, j->result);
    if (good)
        k->saved_us = clock_now_us();
    else
        uv_timer_start(k->timer, on_timer, AGAIN_MS, 0);
    if (good && !k->touched)
        set_rescue(k, NULL); /* it is on the disk */
    k->touched = k->touched || !good;
    app_redraw(k->app);
    if (!k->wanted) {
        k->then = NULL;
        if (then != NULL)
            then(k->ctx);
    }
}

static void on_job(uv_work_t *work, int status)
{
    struct job *j = work->data;
    struct keeper *k = j->keeper;
    bool saved = j->text != NULL;
    (void)status;
    if (k != NULL) {
        k->job = NULL;
        if (saved)
            after_save(k, j);
    }
    slot_release(j->slot);
    x_free(&j->text);
    x_free(&j);
    if (k != NULL && k->wanted && k->job == NULL) {
        k->wanted = false;
        start_job(k, snapshot(k));
    }
}

/* Takes the text. */
static void start_job(struct keeper *k, char *text)
{
    struct job *j = x_calloc(1, sizeof(*j));
    k->kept = text != NULL;
    *j = (struct job){.keeper = k,
                      .store = k->store,
                      .slot = k->slot,
                      .number = ++k->numbers,
                      .text = text};
    j->work.data = j;
    k->slot->refs++;
    k->job = j;
    count_job(1);
    uv_queue_work(app_loop(k->app), &j->work, run_job, on_job);
}

static void on_timer(uv_timer_t *timer)
{
    struct keeper *k = timer->data;
    if (k->touched)
        keeper_save(k, k->then);
}

/* --- what others ask --- */

struct keeper *keeper_new(struct app *a, struct draft *d, keeper_fill *fill,
                          void *ctx)
{
    struct keeper *k = x_calloc(1, sizeof(*k));
    struct err e = {0};
    k->app = a;
    k->store = keeper_store(&e);
    k->draft = *d;
    k->fill = fill;
    k->ctx = ctx;
    k->kept = d->saved_us > d->created_us;
    draft_hold(&k->draft);
    k->slot = slot_new(d->id);
    memset(d, 0, sizeof(*d));
    k->timer = x_calloc(1, sizeof(*k->timer));
    k->timer->data = k;
    uv_timer_init(app_loop(a), k->timer);
    if (k->store == NULL)
        app_error(a, &e);
    err_clear(&e);
    k->next = keepers;
    keepers = k;
    rescue_on_death(rescue_all);
    if (!pending.ready) {
        uv_mutex_init(&pending.lock);
        uv_cond_init(&pending.done);
        pending.ready = true;
    }
    return k;
}

static void forget(struct keeper *k)
{
    struct keeper **at = &keepers;
    while (*at != NULL && *at != k)
        at = &(*at)->next;
    if (*at == k)
        *at = k->next;
}

/* The last state, without the mark that somebody has it open. The loop is run
 * until the pool is done, also where the program ends. */
static void write_last(struct keeper *k)
{
    char *text = snapshot(k);
    if (text != NULL) {
        x_free(&text);
        draft_release(&k->draft);
        text = draft_print(&k->draft);
    }
    if (k->job != NULL)
        k->job->keeper = NULL;
    start_job(k, text);
}

static void free_timer(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

void keeper_free(struct keeper **kp)
{
    struct keeper *k = *kp;
    if (k == NULL)
        return;
    forget(k);
    k->rescue_len = 0;
    if (k->store != NULL && (k->kept || k->touched || k->wanted))
        write_last(k);
    if (k->job != NULL)
        k->job->keeper = NULL;
    uv_close((uv_handle_t *)k->timer, free_timer);
    slot_release(k->slot);
    x_free(&k->rescue_text);
    draft_free(&k->draft);
    x_free(kp);
}

void keeper_touch(struct keeper *k)
{
    if (k->store == NULL)
        return;
    k->touched = true;
    if (!uv_is_active((uv_handle_t *)k->timer))
        uv_timer_start(k->timer, on_timer, TYPED_MS, 0);
    if (k->rescue_text != NULL && strlen(k->rescue_text) > RESCUE_MAX)
        return;
    bool some = k->fill(k->ctx, &k->draft);
    char *text = some ? draft_print(&k->draft) : NULL;
    set_rescue(k, text);
    x_free(&text);
}

void keeper_save(struct keeper *k, void (*then)(void *ctx))
{
    k->then = then != NULL ? then : k->then;
    uv_timer_stop(k->timer);
    if (k->store == NULL) {
        k->then = NULL;
        if (then != NULL)
            then(k->ctx);
    } else if (k->job != NULL) {
        k->wanted = true;
    } else {
        start_job(k, snapshot(k));
    }
}

void keeper_drop(struct keeper *k)
{
    k->touched = k->wanted = false;
    k->then = NULL;
    uv_timer_stop(k->timer);
    set_rescue(k, NULL);
    if (k->store == NULL || !k->kept)
        return;
    if (k->job != NULL) {
        /* It runs to its end; the number of the deletion is later. */
        k->job->keeper = NULL;
        k->job = NULL;
    }
    start_job(k, NULL);
}

struct draft *keeper_draft(struct keeper *k)
{
    return &k->draft;
}

const char *keeper_state(const struct keeper *k, struct arena *a)
{
    struct tm tm;
    time_t at = (time_t)(k->saved_us / 1000000);
    if (k->store == NULL || k->last.end > STORE_moved)
        return arena_strdup(a, _("draft not kept"));
    if (k->saved_us == 0)
        return "";
    localtime_r(&at, &tm);
    return arena_printf(a, _("draft kept %02d:%02d:%02d"), tm.tm_hour,
                        tm.tm_min, tm.tm_sec);
}

bool keeper_is_kept(const struct keeper *k)
{
    return k->store != NULL && k->kept && k->last.end <= STORE_moved;
}
