/* The columns as the user wants them: which, in what order, how wide. His
 * choice is kept on the daemon, one for each kind of record (LIST-14). */
#include "tui/widget/list_impl.h"

#include "tui/app/prefs.h"

static char *key_of(const struct list *l)
{
    return x_asprintf("columns.%s", l->entity->id);
}

cJSON *list_own_layout(struct list *l)
{
    char *key = key_of(l);
    const cJSON *kept = prefs_get(app_prefs(l->owner->app), key);
    char *left_out = l->left_out; /* of the view: this is another matter */
    l->left_out = NULL;
    cJSON *own =
        cJSON_GetArraySize(kept) > 0 ? list_known_columns(l, kept) : NULL;
    x_free(&l->left_out);
    l->left_out = left_out;
    x_free(&key);
    return own;
}

static cJSON *pair_of(const char *id, int width)
{
    cJSON *pair = cJSON_CreateArray();
    cJSON_AddItemToArray(pair, cJSON_CreateString(id));
    cJSON_AddItemToArray(pair, cJSON_CreateNumber(width));
    return pair;
}

cJSON *list_layout(const struct list *l)
{
    cJSON *layout = cJSON_CreateArray();
    for (int i = 0; i < l->ncolumns; i++)
        if (l->columns[i].shown)
            cJSON_AddItemToArray(
                layout, pair_of(l->columns[i].field->id, l->columns[i].width));
    return layout;
}

/* The same set in another order needs no new rows. */
static void show(struct list *l, cJSON *layout)
{
    cJSON_Delete(l->layout);
    l->layout = layout;
    enum list_change change = list_set_columns(l);
    if (change == LIST_other)
        list_question(l, true);
    else if (change == LIST_more)
        list_refetch(l);
    app_redraw(l->owner->app);
}

void list_put_layout(struct list *l, cJSON *layout)
{
    char *key = key_of(l);
    prefs_put(app_prefs(l->owner->app), key,
              layout ? cJSON_Duplicate(layout, true) : cJSON_CreateArray());
    x_free(&key);
    show(l, layout);
}

void list_set_width(struct list *l, int column, int width)
{
    int at = 0;
    width = width < LIST_WIDTH_MIN ? LIST_WIDTH_MIN : width;
    width = width > LIST_WIDTH_MAX ? LIST_WIDTH_MAX : width;
    if (column < 0 || width == list_column_width(l, column))
        return;
    for (int i = 0; i < column; i++)
        at += l->columns[i].shown;
    cJSON *layout = list_layout(l);
    cJSON_ReplaceItemInArray(layout, at,
                             pair_of(l->columns[column].field->id, width));
    list_put_layout(l, layout);
}

void list_tell_width(struct list *l, int column)
{
    app_message(l->owner->app, MESSAGE_info, _("%s: %d cells wide."),
                _(l->columns[column].field->label),
                list_column_width(l, column));
}

/* The first column behind the frozen one that is on the screen. */
static int first_moving(const struct list *l)
{
    for (int i = 1 + l->scrolled; i < l->ncolumns; i++)
        if (l->columns[i].shown)
            return i;
    return 0;
}

void list_widen(struct list *l, int by)
{
    int column = list_in_header(l) ? l->head : first_moving(l);
    list_set_width(l, column, list_column_width(l, column) + by);
    list_tell_width(l, column);
}
