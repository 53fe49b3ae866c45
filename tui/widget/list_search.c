/* The search box of a list (LIST-03): asks half a second after the last key,
 * at once on Enter. */
#include "tui/widget/list_impl.h"

#include <string.h>

#define DEBOUNCE_MS 500
#define SEARCH_MAX  64 /* code points: more are not compared */

/* The text as typed, without blanks at its ends. */
static char *typed_text(const struct list *l)
{
    const char *text = edit_text(l->box);
    size_t len;
    text += strspn(text, " ");
    len = strlen(text);
    while (len && text[len - 1] == ' ')
        len--;
    return x_strndup(text, len);
}

static void apply(struct list *l)
{
    char *text = typed_text(l);
    uv_timer_stop(l->debounce);
    if (strcmp(text, l->search) == 0) {
        x_free(&text);
        return;
    }
    x_free(&l->search);
    l->search = text;
    list_question(l, false);
}

static void on_debounce(uv_timer_t *timer)
{
    apply(timer->data);
}

void list_search_open(struct list *l, const char *text)
{
    if (!l->box) {
        l->box = edit_new(SEARCH_MAX, false);
        l->debounce = x_calloc(1, sizeof(*l->debounce));
        l->debounce->data = l;
        uv_timer_init(app_loop(l->owner->app), l->debounce);
    }
    l->head = -1;
    edit_set(l->box, text ? text : l->search);
    l->typing = !text;
    if (text)
        apply(l);
}

bool list_search_key(struct list *l, const struct event *e)
{
    unsigned before = edit_changes(l->box);
    if (!edit_key(l->box, e))
        return false;
    if (edit_changes(l->box) != before)
        uv_timer_start(l->debounce, on_debounce, DEBOUNCE_MS, 0);
    return true;
}

void list_search_clear(struct list *l)
{
    l->typing = false;
    if (!l->box)
        return;
    edit_set(l->box, "");
    apply(l);
}

bool list_search_act(struct list *l, enum action_id a)
{
    if (a == ACT_back) {
        list_search_clear(l);
        return true;
    }
    l->typing = false; /* the rows have the keys again */
    apply(l);
    return a == ACT_open || a == ACT_down || a == ACT_next_field;
}

static void free_timer(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

void list_search_free(struct list *l)
{
    edit_free(&l->box);
    if (l->debounce)
        uv_close((uv_handle_t *)l->debounce, free_timer);
    x_free(&l->search);
}
