/* The timers of a list: none of them runs at idle. */
#include "tui/widget/list_impl.h"

struct timer {
    uv_timer_t uv; /* first: it is freed by its handle */
    struct list *list;
    void (*fn)(struct list *l);
};

static void on_timer(uv_timer_t *uv)
{
    struct timer *t = (struct timer *)uv;
    t->fn(t->list);
    app_redraw(t->list->owner->app);
}

static void on_closed(uv_handle_t *h)
{
    struct timer *t = (struct timer *)h;
    x_free(&t);
}

void list_timers_open(struct list *l)
{
    for (int i = 0; i < LIST_TIMERS; i++) {
        struct timer *t = x_calloc(1, sizeof(*t));
        t->list = l;
        uv_timer_init(app_loop(l->owner->app), &t->uv);
        l->timer[i] = &t->uv;
    }
}

void list_timers_close(struct list *l)
{
    for (int i = 0; i < LIST_TIMERS; i++)
        uv_close((uv_handle_t *)l->timer[i], on_closed);
}

void list_timer_start(struct list *l, enum list_timer which, uint64_t ms,
                      void (*fn)(struct list *l))
{
    struct timer *t = (struct timer *)l->timer[which];
    t->fn = fn;
    uv_timer_start(&t->uv, on_timer, ms, 0);
}

void list_timer_stop(struct list *l, enum list_timer which)
{
    uv_timer_stop(l->timer[which]);
}
