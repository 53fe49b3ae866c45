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
    list_timer_stop(l, TIMER_search);
    if (strcmp(text, l->search) == 0) {
        x_free(&text);
        return;
    }
    x_free(&l->search);
    l->search = text;
    list_question(l, false);
}

static void ensure_box(struct list *l)
{
    if (l->box)
        return;
    l->box = edit_new(SEARCH_MAX, false);
    edit_set(l->box, l->search);
}

void list_search_open(struct list *l, const char *text)
{
    ensure_box(l);
    l->head = -1;
    edit_set(l->box, text ? text : l->search);
    list_searches_typed(l);
    l->opened_at = edit_changes(l->box);
    l->typing = !text;
    if (!text)
        return;
    apply(l);
    list_searches_note(l);
}

bool list_search_key(struct list *l, const struct event *e)
{
    unsigned before = edit_changes(l->box);
    if (!edit_key(l->box, e))
        return false;
    if (edit_changes(l->box) == before)
        return true;
    list_searches_typed(l);
    list_timer_start(l, TIMER_search, DEBOUNCE_MS, apply);
    return true;
}

void list_search_clear(struct list *l)
{
    l->typing = false;
    ensure_box(l);
    edit_set(l->box, "");
    apply(l);
}

static bool recall(struct list *l, enum action_id a)
{
    if ((a != ACT_up && a != ACT_down) ||
        !list_searches_step(l, a == ACT_up ? 1 : -1))
        return false;
    list_timer_start(l, TIMER_search, DEBOUNCE_MS, apply);
    return true;
}

bool list_search_act(struct list *l, enum action_id a)
{
    if (recall(l, a))
        return true;
    if (a == ACT_back) {
        list_search_clear(l);
        return true;
    }
    l->typing = false; /* the rows have the keys again */
    apply(l);
    /* What was not entered is kept when it finds something. */
    l->noting = a != ACT_open;
    if (a == ACT_open)
        list_searches_note(l);
    else
        list_search_found(l);
    return a == ACT_open || a == ACT_down || a == ACT_next_field;
}

void list_search_found(struct list *l)
{
    if (!l->noting || window_empty(l->window))
        return;
    l->noting = false;
    list_searches_note(l);
}
