/* Where the user was: the screens from the first up to the last that can say
 * how to come back to it, kept while he works and when he leaves. */
#include "tui/app/inner.h"

#define KEY "session"

enum { QUIET_MS = 2000, SCREENS_MAX = 4 };

static cJSON *state_of(struct screen *s)
{
    cJSON *state = s->ops->state != NULL ? s->ops->state(s) : NULL;
    if (state != NULL)
        cJSON_AddStringToObject(state, "screen", s->ops->name);
    return state;
}

/* From the first screen up. */
static int stack_up(struct app *a, struct screen *out[SCREENS_MAX])
{
    int n = 0, depth = 0;
    for (struct screen *s = a->top; s != NULL; s = s->below)
        depth++;
    for (struct screen *s = a->top; s != NULL; s = s->below)
        if (--depth < SCREENS_MAX)
            out[depth] = s, n++;
    return n;
}

void restore_keep(struct app *a)
{
    struct screen *stack[SCREENS_MAX];
    /* Signed out, what stands here is no longer anybody's. */
    if (!a->options.settings->restore || !a->started || !a->ready ||
        a->top == NULL || a->prefs == NULL)
        return;
    cJSON *all = cJSON_CreateObject();
    cJSON *screens = cJSON_AddArrayToObject(all, "screens");
    int n = stack_up(a, stack);
    for (int i = 0; i < n; i++) {
        cJSON *state = state_of(stack[i]);
        if (state == NULL)
            break;
        cJSON_AddItemToArray(screens, state);
    }
    if (screens->child != NULL)
        prefs_put(a->prefs, KEY, all);
    else
        cJSON_Delete(all); /* a question before the first screen */
}

static void on_timer(uv_timer_t *timer)
{
    restore_keep(timer->data);
}

void restore_soon(struct app *a)
{
    if (a->prefs != NULL && a->started)
        uv_timer_start(&a->quiet, on_timer, QUIET_MS, 0);
}

const cJSON *app_left_at(struct app *a)
{
    const cJSON *kept = prefs_get(a->prefs, KEY);
    const cJSON *screens = cJSON_GetObjectItemCaseSensitive(kept, "screens");
    return a->options.settings->restore && cJSON_IsArray(screens) ? screens
                                                                  : NULL;
}
