/* Asking for possible duplicates, and showing them. */
#include "tui/screen/similar.h"

#include "common/json.h"
#include "tui/screen/record_screen.h"
#include "tui/widget/menu.h"

#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 500, SHOWN_MAX = 20 };

struct similar {
    struct app *app;
    struct similar_options o;
    uv_timer_t *timer;
    uint64_t call;
    char *asked;  /* the values asked for last, as text */
    cJSON *found; /* the rows of the answer */
    char *words;
    bool unknown; /* the daemon has no such method */
};

static void on_timer(uv_timer_t *timer);

/* --- what an answer says --- */

static const char *name_of(const struct similar *s, const cJSON *row)
{
    return json_str(row, s->o.entity->title, "");
}

static const char *owner_of(const cJSON *row)
{
    return json_str(row, "owner_name", "");
}

static char *line_of(const struct similar *s, const cJSON *row)
{
    const char *owner = owner_of(row);
    return *owner ? x_asprintf(_("%s (%s)"), name_of(s, row), owner)
                  : x_strdup(name_of(s, row));
}

static void make_words(struct similar *s)
{
    int n = similar_count(s);
    x_free(&s->words);
    if (n == 0)
        return;
    char *first = line_of(s, s->found->child);
    const char *key = app_keys(s->app, ACT_similar);
    const char *sign = term_symbol(app_term(s->app), "warn");
    s->words =
        n > 1 ? x_asprintf(_("%s Similar: %s and %d more  %s shows "
                             "them"),
                           sign, first, n - 1, key)
              : x_asprintf(_("%s Similar: %s  %s shows it"), sign, first, key);
    x_free(&first);
}

static void take(struct similar *s, const cJSON *rows)
{
    cJSON_Delete(s->found);
    s->found = cJSON_IsArray(rows) ? cJSON_Duplicate(rows, true) : NULL;
    make_words(s);
    s->o.changed(s->o.ctx);
}

/* A daemon without the method is not asked again; any other failure is no
 * reason to disturb anybody who types. */
static void on_found(void *ctx, const cJSON *result, const struct err *err)
{
    struct similar *s = ctx;
    s->call = 0;
    s->unknown = err && err->kind == ERR_unknown_method;
    if (!err)
        take(s, json_get(result, "similar"));
}

/* --- asking --- */

static void ask(struct similar *s, cJSON *values)
{
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.similar", s->o.entity->id);
    cJSON_AddItemToObject(params, "values", values);
    remote_cancel(app_remote(s->app), s->call);
    s->call = remote_call(app_remote(s->app), method, params, on_found, s);
    x_free(&method);
}

static void on_timer(uv_timer_t *timer)
{
    struct similar *s = timer->data;
    cJSON *values = cJSON_CreateObject();
    s->o.gather(s->o.ctx, values);
    char *text = cJSON_PrintUnformatted(values);
    bool news = !s->asked || strcmp(s->asked, text) != 0;
    bool some = values->child != NULL;
    x_free(&s->asked);
    s->asked = x_strdup(text);
    cJSON_free(text);
    if (news && some && remote_state(app_remote(s->app)) == REMOTE_ready) {
        ask(s, values);
        return;
    }
    cJSON_Delete(values);
    if (news && !some && s->found)
        take(s, NULL);
}

void similar_follow(struct similar *s)
{
    if (!s->unknown)
        uv_timer_start(s->timer, on_timer, WAIT_MS, 0);
}

/* --- showing --- */

int similar_count(const struct similar *s)
{
    return cJSON_GetArraySize(s->found);
}

const char *similar_words(const struct similar *s)
{
    return s->words;
}

const char *similar_note(const struct similar *s, const struct field *f)
{
    return strcmp(f->id, s->o.entity->title) == 0 ? s->words : NULL;
}

static void on_chosen(void *ctx, const struct menu_item *item)
{
    struct similar *s = ctx;
    struct record_options o = {.entity = s->o.entity, .id = item->id};
    o.id = strtoll(item->value, NULL, 10);
    if (o.id > 0)
        record_screen_open(s->app, &o);
    else
        app_message(s->app, MESSAGE_info,
                    _("You can not open it; ask the one who looks after it."));
}

void similar_show(struct similar *s)
{
    struct menu_item items[SHOWN_MAX] = {0};
    struct arena *a = arena_new();
    const cJSON *row;
    int n = 0;
    cJSON_ArrayForEach(row, s->found)
    {
        if (n == SHOWN_MAX)
            break;
        long long id = (long long)json_int(row, "id", 0);
        items[n].label = arena_strdup(a, name_of(s, row));
        items[n].hint = arena_strdup(a, owner_of(row));
        items[n++].value = arena_printf(a, "%lld", id);
    }
    menu_open(s->app, _("Similar ones"), items, n, on_chosen, s);
    arena_free(&a);
}

/* --- life --- */

struct similar *similar_new(struct app *a, const struct similar_options *o)
{
    struct similar *s = x_calloc(1, sizeof(*s));
    s->app = a;
    s->o = *o;
    s->timer = x_calloc(1, sizeof(*s->timer));
    s->timer->data = s;
    uv_timer_init(app_loop(a), s->timer);
    return s;
}

static void free_timer(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

void similar_free(struct similar **sp)
{
    struct similar *s = *sp;
    if (!s)
        return;
    remote_cancel(app_remote(s->app), s->call);
    uv_close((uv_handle_t *)s->timer, free_timer);
    cJSON_Delete(s->found);
    x_free(&s->asked);
    x_free(&s->words);
    x_free(sp);
}
