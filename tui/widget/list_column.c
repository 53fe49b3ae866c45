/* The columns of a list and its order: both come from the field table; the
 * header row picks a column to sort by. */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "schema/access.h"

#include <stdio.h>
#include <string.h>

static bool is_hidden(const struct list *l, const struct field *f)
{
    struct remote *r = list_remote(l);
    return remote_has_rights(r) && remote_level(r, f) == LEVEL_HIDDEN;
}

static bool has_column(const struct column *c, int n, const struct field *f)
{
    for (int i = 0; i < n; i++)
        if (c[i].field == f)
            return true;
    return false;
}

static int layout_width(const cJSON *pair)
{
    return (int)pair->child->next->valuedouble;
}

static void add_column(const struct list *l, struct column *c, int *n,
                       const struct field *f, bool shown, int width)
{
    if (*n == LIST_COLUMNS || !f || is_hidden(l, f) || has_column(c, *n, f))
        return;
    c[(*n)++] = (struct column){f, shown, width};
}

/* Those of the table, unless the user chose his own. */
static void add_chosen(const struct list *l, struct column *c, int *n)
{
    const struct entity *e = l->entity;
    const cJSON *pair;
    for (int i = 0; !l->layout && i < e->nfields; i++)
        if (e->fields[i].flags & F_DEFAULT)
            add_column(l, c, n, &e->fields[i], true, 0);
    cJSON_ArrayForEach(pair, l->layout)
    {
        const char *id = cJSON_GetStringValue(pair->child);
        add_column(l, c, n, field_find(e, id), true, layout_width(pair));
    }
}

/* The first column is one that can not be hidden; its width may be chosen. */
static int fixed_width(const struct list *l, const struct field *f)
{
    const cJSON *pair;
    cJSON_ArrayForEach(pair, l->layout)
    {
        if (strcmp(cJSON_GetStringValue(pair->child), f->id) == 0)
            return layout_width(pair);
    }
    return 0;
}

static bool same_columns(const struct list *l, const struct column *c, int n)
{
    if (n != l->ncolumns)
        return false;
    for (int i = 0; i < n; i++)
        if (c[i].field != l->columns[i].field ||
            c[i].shown != l->columns[i].shown ||
            c[i].width != l->columns[i].width)
            return false;
    return true;
}

bool list_set_columns(struct list *l)
{
    struct column fresh[LIST_COLUMNS];
    const struct field *badges[CELL_BADGES];
    const struct entity *e = l->entity;
    int n = 0;
    for (int i = 0; i < e->nfields; i++)
        if (e->fields[i].flags & F_FIXED)
            add_column(l, fresh, &n, &e->fields[i], true,
                       fixed_width(l, &e->fields[i]));
    add_chosen(l, fresh, &n);
    int nbadges = cell_badges(e, badges);
    for (int i = 0; i < nbadges; i++)
        add_column(l, fresh, &n, badges[i], false, 0);
    if (same_columns(l, fresh, n))
        return false;
    memcpy(l->columns, fresh, sizeof(fresh));
    l->ncolumns = n;
    l->scrolled = 0;
    l->head = -1;
    return true;
}

int list_cell_index(const struct list *l, const struct field *f)
{
    for (int i = 0; i < l->ncolumns; i++)
        if (l->columns[i].field == f)
            return i + 2; /* behind id and version */
    return -1;
}

/* --- order --- */

void list_set_sort(struct list *l, const char *text)
{
    struct err err = {0};
    l->nsort = 0;
    if (text && !sort_from_text(l->entity, text, l->sort, &l->nsort, &err))
        l->nsort = 0;
    err_clear(&err);
}

static int find_key(const struct list *l, const struct field *f)
{
    for (int i = 0; i < l->nsort; i++)
        if (l->sort[i].field == f)
            return i;
    return -1;
}

const char *list_sort_mark(const struct list *l, const struct field *f,
                           char out[16])
{
    struct term *t = app_term(l->owner->app);
    int key = find_key(l, f);
    out[0] = '\0';
    if (key >= 0)
        snprintf(out, 16, "%s%d",
                 term_symbol(t, l->sort[key].desc ? "descending" : "ascending"),
                 key + 1);
    return out;
}

void list_sort_by(struct list *l, const struct field *f, bool add)
{
    int key = find_key(l, f);
    if (key >= 0 && (add || l->nsort == 1)) {
        l->sort[key].desc = !l->sort[key].desc;
    } else if (add && l->nsort < SORT_KEYS) {
        l->sort[l->nsort++] = (struct sort_key){.field = f};
    } else if (add) {
        app_message(l->owner->app, MESSAGE_error,
                    _("At most %d columns sort a list."), SORT_KEYS);
        return;
    } else {
        l->sort[0] = (struct sort_key){.field = f};
        l->nsort = 1;
    }
    list_question(l, true);
}

/* --- widths --- */

/* Names are long: the frozen column takes its share of a wide screen. */
static int frozen_bonus(const struct list *l)
{
    int spare = (l->rect.w - LIST_NARROW) / 4;
    return spare < 0 ? 0 : spare > 10 ? 10 : spare;
}

int list_column_width(const struct list *l, int column)
{
    char mark[16];
    const struct field *f = l->columns[column].field;
    int label =
        utf8_width(_(f->label)) + utf8_width(list_sort_mark(l, f, mark));
    int width = f->width + (column == 0 ? frozen_bonus(l) : 0);
    if (l->columns[column].width > 0)
        return l->columns[column].width;
    return width > label ? width : label;
}

/* --- sideways --- */

static int shown_columns(const struct list *l)
{
    int n = 0;
    for (int i = 0; i < l->ncolumns; i++)
        n += l->columns[i].shown;
    return n;
}

void list_sideways(struct list *l, int by)
{
    int last = shown_columns(l) - 2; /* the frozen one never goes */
    l->scrolled += by;
    if (l->scrolled > last)
        l->scrolled = last;
    if (l->scrolled < 0)
        l->scrolled = 0;
}

/* --- the header --- */

static bool can_sort(const struct list *l, int column)
{
    const struct field *f = l->columns[column].field;
    struct remote *r = list_remote(l);
    return l->columns[column].shown && (f->flags & F_SORT) &&
           (!remote_has_rights(r) || remote_level(r, f) > LEVEL_MASKED);
}

/* The next column that sorts, from `at` (included) on in this direction; -1.
 */
static int next_head(const struct list *l, int at, int by)
{
    while (at >= 0 && at < l->ncolumns && !can_sort(l, at))
        at += by;
    return at >= 0 && at < l->ncolumns ? at : -1;
}

int list_column_x(const struct list *l, int column)
{
    int x = l->rect.x + LIST_GUTTER;
    if (column == 0)
        return x;
    if (!l->columns[column].shown || column <= l->scrolled)
        return -1;
    x += list_column_width(l, 0) + 1;
    for (int i = 1 + l->scrolled; i < column; i++)
        x += l->columns[i].shown ? list_column_width(l, i) + 1 : 0;
    return x < l->rect.x + l->rect.w ? x : -1;
}

int list_spans(const struct list *l, struct list_span out[LIST_COLUMNS])
{
    int right = l->rect.x + l->rect.w;
    int n = 0;
    for (int i = 0; i < l->ncolumns; i++) {
        int x = list_column_x(l, i);
        int w = list_column_width(l, i);
        bool whole = x + w <= right;
        if (x < 0 || (!whole && i > l->scrolled + 1))
            continue;
        out[n++] = (struct list_span){i, x, whole ? w : right - x};
    }
    return n;
}

/* Scrolls until the picked column stands on the screen as a whole. */
static void show_head(struct list *l)
{
    int right = l->rect.x + l->rect.w;
    if (l->head <= 0 || l->cards)
        return;
    if (l->head - 1 < l->scrolled)
        l->scrolled = l->head - 1;
    while (l->scrolled < l->head - 1) {
        int x = list_column_x(l, l->head);
        if (x >= 0 && x + list_column_width(l, l->head) <= right)
            return;
        l->scrolled++;
    }
}

void list_head_open(struct list *l)
{
    int start = l->nsort ? list_cell_index(l, l->sort[0].field) - 2 : 0;
    l->head = next_head(l, start < 0 ? 0 : start, 1);
    if (l->head < 0)
        l->head = next_head(l, 0, 1);
    if (l->head >= 0)
        show_head(l);
}

static bool head_step(struct list *l, int by)
{
    int next = next_head(l, l->head + by, by);
    if (next >= 0)
        l->head = next;
    show_head(l);
    return true;
}

static bool head_sort(struct list *l, bool add)
{
    const struct field *f = l->columns[l->head].field;
    l->head = -1;
    list_sort_by(l, f, add);
    return true;
}

bool list_head_act(struct list *l, enum action_id a)
{
    if (a == ACT_left || a == ACT_prev_field)
        return head_step(l, -1);
    if (a == ACT_right || a == ACT_next_field)
        return head_step(l, 1);
    if (a == ACT_open || a == ACT_sort)
        return head_sort(l, false);
    if (a == ACT_sort_add)
        return head_sort(l, true);
    l->head = -1; /* any other key leaves the header and does its work */
    return a == ACT_back;
}

void list_head_click(struct list *l, int x, bool add)
{
    for (int i = 0; i < l->ncolumns; i++) {
        int from = list_column_x(l, i);
        if (from >= 0 && x >= from && x < from + list_column_width(l, i) &&
            can_sort(l, i))
            list_sort_by(l, l->columns[i].field, add);
    }
}
