/* The live number of matches, with its split. */
#include "tui/widget/matches.h"

#include "common/json.h"
#include "common/utf8.h"
#include "tui/widget/cell.h"
#include "tui/widget/split.h"

enum { DEBOUNCE_MS = 300, LABEL_MAX = 14 };

struct matches {
    uv_timer_t uv; /* first: it is freed by its handle */
    struct app *app;
    const struct entity *entity;
    struct arena *scratch; /* of a frame */
    cJSON *params;         /* of the question that waits */
    cJSON *split;
    int64_t total;
    uint64_t call;
    char *failure;
};

static void on_count(void *ctx, const cJSON *result, const struct err *err)
{
    struct matches *m = ctx;
    m->call = 0;
    x_free(&m->failure);
    if (err) {
        m->failure = x_strdup(err->message);
    } else {
        m->total = json_int(result, "total", -1);
        cJSON_Delete(m->split);
        m->split = cJSON_Duplicate(json_get(result, "split"), true);
    }
    app_redraw(m->app);
}

static void on_timer(uv_timer_t *uv)
{
    struct matches *m = (struct matches *)uv;
    char *method = x_asprintf("%s.count", m->entity->id);
    m->call = remote_call(app_remote(m->app), method, m->params, on_count, m);
    m->params = NULL;
    x_free(&method);
}

struct matches *matches_new(struct app *a, const struct entity *e)
{
    struct matches *m = x_calloc(1, sizeof(*m));
    m->app = a;
    m->entity = e;
    m->scratch = arena_new();
    m->total = -1;
    uv_timer_init(app_loop(a), &m->uv);
    return m;
}

static void on_closed(uv_handle_t *h)
{
    struct matches *m = (struct matches *)h;
    x_free(&m);
}

static void forget(struct matches *m)
{
    remote_cancel(app_remote(m->app), m->call);
    m->call = 0;
    cJSON_Delete(m->params);
    m->params = NULL;
}

void matches_free(struct matches **mp)
{
    struct matches *m = *mp;
    if (!m)
        return;
    *mp = NULL;
    forget(m);
    cJSON_Delete(m->split);
    x_free(&m->failure);
    arena_free(&m->scratch);
    uv_timer_stop(&m->uv);
    uv_close((uv_handle_t *)&m->uv, on_closed);
}

void matches_ask(struct matches *m, cJSON *params)
{
    forget(m);
    m->params = params;
    split_ask(app_remote(m->app), m->entity, params);
    /* The first question is answered at once. */
    uint64_t wait = m->total < 0 && !m->failure ? 0 : DEBOUNCE_MS;
    uv_timer_start(&m->uv, on_timer, wait, 0);
}

int64_t matches_total(const struct matches *m)
{
    return m->total;
}

int matches_lines(const struct matches *m)
{
    const struct field *f[SPLIT_MAX];
    return 1 + split_fields(app_remote(m->app), m->entity, f);
}

static void draw_number(struct matches *m, struct rect r)
{
    struct term *t = app_term(m->app);
    bool old = m->params || m->call;
    if (m->failure) {
        term_put(t, r.y, r.x, r.w, STYLE_error, m->failure);
        return;
    }
    const char *n =
        m->total < 0 ? _("counting …") : cell_count(m->scratch, m->total);
    int x = r.x + term_put(t, r.y, r.x, r.w, STYLE_label, _("Matches")) + 1;
    x +=
        term_put(t, r.y, x, r.x + r.w - x, old ? STYLE_missing : STYLE_text, n);
    if (old && m->total >= 0)
        term_put(t, r.y, x, r.x + r.w - x, STYLE_missing,
                 term_symbol(t, "cut"));
}

void matches_draw(struct matches *m, struct rect r)
{
    const struct field *f[SPLIT_MAX];
    struct term *t = app_term(m->app);
    arena_reset(m->scratch);
    draw_number(m, r);
    int n = split_fields(app_remote(m->app), m->entity, f);
    for (int i = 0; i < n && i + 1 < r.h; i++) {
        int y = r.y + 1 + i;
        const char *words = split_words(m->app, m->scratch, f[i], m->split);
        term_put(t, y, r.x, LABEL_MAX, STYLE_label, _(f[i]->label));
        term_put(t, y, r.x + LABEL_MAX + 1, r.w - LABEL_MAX - 1, STYLE_text,
                 words);
    }
}
