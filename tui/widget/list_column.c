/* The columns of a list: those of the field table, or those the user chose;
 * where they stand on the screen. */
#include "tui/widget/list_impl.h"

#include "common/utf8.h"
#include "schema/access.h"

#include <string.h>

/* The parent of all rows stands in the title, not in each of them. */
static bool is_same_in_all(const struct list *l, const struct field *f)
{
    return l->entity->parent && f->ref &&
           strcmp(f->ref, l->entity->parent) == 0 &&
           cJSON_GetObjectItemCaseSensitive(l->fixed, f->id);
}

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
    if (*n == LIST_COLUMNS || !f || is_hidden(l, f) || has_column(c, *n, f) ||
        is_same_in_all(l, f))
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

static bool is_wanted(const struct list *l, const struct field *f)
{
    for (int i = 0; i < l->nwanted; i++)
        if (l->wanted[i] == f)
            return true;
    return false;
}

/* What was once asked for is asked for on: a column that is hidden, moved or
 * shown again needs no new rows. */
static enum list_change follow_columns(struct list *l)
{
    enum list_change change = LIST_same;
    for (int i = 0; i < l->nwanted; i++) {
        if (is_hidden(l, l->wanted[i])) {
            l->nwanted = 0;
            change = LIST_other;
        }
    }
    for (int i = 0; i < l->ncolumns && l->nwanted < LIST_COLUMNS; i++) {
        if (is_wanted(l, l->columns[i].field))
            continue;
        l->wanted[l->nwanted++] = l->columns[i].field;
        change = change == LIST_other ? change : LIST_more;
    }
    return change;
}

/* The column picked in the header stays so, wherever it is now. */
static void keep_head(struct list *l, const struct field *head)
{
    l->head = head ? list_column_of(l, head) : -1;
    list_sideways(l, 0);
}

enum list_change list_set_columns(struct list *l)
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
    if (!same_columns(l, fresh, n)) {
        const struct field *head = l->head >= 0 && l->head < l->ncolumns
                                       ? l->columns[l->head].field
                                       : NULL;
        memcpy(l->columns, fresh, sizeof(fresh));
        l->ncolumns = n;
        keep_head(l, head);
    }
    return follow_columns(l);
}

int list_cell_index(const struct list *l, const struct field *f)
{
    for (int i = 0; i < l->nwanted; i++)
        if (l->wanted[i] == f)
            return i + 2; /* behind id and version */
    return -1;
}

int list_column_of(const struct list *l, const struct field *f)
{
    for (int i = 0; i < l->ncolumns; i++)
        if (l->columns[i].field == f && l->columns[i].shown)
            return i;
    return -1;
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

/* --- where they stand --- */

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
