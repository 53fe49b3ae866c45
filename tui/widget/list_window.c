/* Pages of rows, one after another without a gap: pages[0] … pages[n-1].
 * Walking on appends a page by the keyset cursor of the last one (or puts one
 * in front), and drops the page that lies farthest behind. A jump forgets all
 * pages and starts with one at an offset. Indexes are those of the whole
 * list; after a jump to the last row of a list whose length is not known yet
 * they are guesses, put right when the count arrives. */
#include "tui/widget/list_window.h"

#include "common/json.h"
#include "common/mem.h"

#include <string.h>

#define FAR_ROWS    300     /* farther than this is a jump, not a walk */
#define GUESSED_END 1000000 /* the last row while nobody knows its index */
#define LOOKAHEAD   10000   /* how far a cursor may run ahead of answers */

struct page {
    cJSON *rows;
    const cJSON **row; /* n of them, into `rows` */
    int n;
    char *prev, *next; /* cursors; NULL: nothing lies there */
};

struct window {
    struct page page[WINDOW_PAGES];
    int n;
    int64_t base; /* index of the first row of page[0] */
    int64_t total;
    bool guessed; /* base was guessed from the end */
};

static void page_free(struct page *p)
{
    cJSON_Delete(p->rows);
    x_free(&p->row);
    x_free(&p->prev);
    x_free(&p->next);
    memset(p, 0, sizeof(*p));
}

static void page_fill(struct page *p, const cJSON *result)
{
    const char *next = json_str(result, "next", NULL);
    const char *prev = json_str(result, "prev", NULL);
    const cJSON *row;
    memset(p, 0, sizeof(*p));
    p->rows = cJSON_Duplicate(json_get(result, "rows"), true);
    p->next = next ? x_strdup(next) : NULL;
    p->prev = prev ? x_strdup(prev) : NULL;
    p->row = x_reallocarray(NULL, (size_t)cJSON_GetArraySize(p->rows) + 1,
                            sizeof(*p->row));
    cJSON_ArrayForEach(row, p->rows)
    {
        p->row[p->n++] = row;
    }
}

static int64_t window_end(const struct window *w)
{
    int64_t end = w->base;
    for (int i = 0; i < w->n; i++)
        end += w->page[i].n;
    return end;
}

struct window *window_new(void)
{
    struct window *w = x_calloc(1, sizeof(*w));
    w->total = -1;
    return w;
}

void window_forget_rows(struct window *w)
{
    for (int i = 0; i < w->n; i++)
        page_free(&w->page[i]);
    w->n = 0;
    w->base = 0;
    w->guessed = false;
}

void window_reset(struct window *w)
{
    window_forget_rows(w);
    w->total = -1;
}

void window_free(struct window **w)
{
    if (!*w)
        return;
    window_forget_rows(*w);
    x_free(w);
}

static void drop_page(struct window *w, int i)
{
    if (i == 0)
        w->base += w->page[0].n;
    page_free(&w->page[i]);
    memmove(&w->page[i], &w->page[i + 1],
            (size_t)(w->n - i - 1) * sizeof(w->page[0]));
    w->n--;
}

static void append(struct window *w, struct page *p)
{
    if (w->n == WINDOW_PAGES)
        drop_page(w, 0);
    w->page[w->n++] = *p;
}

static void prepend(struct window *w, struct page *p)
{
    if (w->n == WINDOW_PAGES)
        drop_page(w, WINDOW_PAGES - 1);
    memmove(&w->page[1], &w->page[0], (size_t)w->n * sizeof(w->page[0]));
    w->page[0] = *p;
    w->base -= p->n;
    w->n++;
}

/* --- what to ask --- */

static bool ask_jump(const struct window *w, int64_t top, int height,
                     struct ask *out)
{
    int64_t first = top - (WINDOW_PAGE_ROWS - height) / 2;
    if (height >= WINDOW_PAGE_ROWS)
        first = top;
    if (w->total >= 0 && first > w->total - WINDOW_PAGE_ROWS)
        first = w->total - WINDOW_PAGE_ROWS;
    *out = (struct ask){.kind = ASK_offset, .offset = first};
    if (first <= 0)
        *out = (struct ask){.kind = ASK_first};
    return true;
}

static bool ask_after(const struct window *w, struct ask *out)
{
    *out = (struct ask){.kind = ASK_after,
                        .cursor = w->page[w->n - 1].next,
                        .offset = window_end(w)};
    return out->cursor != NULL;
}

static bool ask_before(const struct window *w, struct ask *out)
{
    *out = (struct ask){.kind = ASK_before,
                        .cursor = w->page[0].prev,
                        .offset = w->base - WINDOW_PAGE_ROWS};
    return out->cursor != NULL;
}

/* A screen more on each side, as far as the pages kept have room for it: else
 * what is asked for at one end would drop what is wanted at the other. */
static int margin(int height)
{
    int room = ((WINDOW_PAGES - 2) * WINDOW_PAGE_ROWS - height) / 2;
    if (room < 0)
        return 0;
    return room < height ? room : height;
}

bool window_want(const struct window *w, int64_t top, int height,
                 struct ask *out)
{
    int64_t end = window_end(w);
    int64_t bottom = top + height;
    if (w->total == 0)
        return false;
    if (w->n == 0)
        return ask_jump(w, top, height, out);
    if (top > end + FAR_ROWS || bottom < w->base - FAR_ROWS)
        return ask_jump(w, top, height, out);
    if (bottom > end && ask_after(w, out))
        return true;
    if (top < w->base && ask_before(w, out))
        return true;
    if (bottom + margin(height) > end && ask_after(w, out))
        return true;
    return top - margin(height) < w->base && ask_before(w, out);
}

bool window_useful(const struct window *w, const struct ask *a, int64_t top,
                   int height)
{
    int64_t end = window_end(w);
    if (a->kind == ASK_last || a->kind == ASK_around)
        return true;
    if (a->kind == ASK_after || a->kind == ASK_before)
        return top <= end + FAR_ROWS && top + height >= w->base - FAR_ROWS;
    return top + height > a->offset && top < a->offset + WINDOW_PAGE_ROWS;
}

/* --- what came --- */

/* A page that stands alone: the answer to a jump. */
static void start_with(struct window *w, const struct ask *a, struct page *p)
{
    int64_t total = w->total;
    window_forget_rows(w);
    w->page[w->n++] = *p;
    w->base = a->offset;
    if (a->kind == ASK_first)
        w->base = 0;
    if (a->kind == ASK_last) {
        w->base = (total >= 0 ? total : GUESSED_END) - p->n;
        w->guessed = total < 0;
    }
    if (w->base < 0)
        w->base = 0;
}

static void place_around(struct window *w, const struct ask *a)
{
    int64_t found = window_find(w, a->id);
    if (found >= 0)
        w->base += a->offset - found;
    if (w->base < 0)
        w->base = 0;
}

/* The ends tell the truth about indexes: before the first row lies nothing,
 * behind the last one neither. */
static int64_t settle(struct window *w)
{
    int64_t moved = 0;
    if (w->n && !w->page[0].prev && w->base != 0) {
        moved = -w->base;
        w->base = 0;
        w->guessed = false;
    }
    if (w->n && !w->page[w->n - 1].next && !w->guessed)
        w->total = window_end(w);
    return moved;
}

int64_t window_take(struct window *w, const struct ask *a, const cJSON *result)
{
    struct page page;
    page_fill(&page, result);
    if (a->kind == ASK_first) {
        x_free(&page.prev);
        start_with(w, a, &page);
    } else if (a->kind == ASK_after && w->n) {
        append(w, &page);
    } else if (a->kind == ASK_before && w->n) {
        prepend(w, &page);
    } else {
        start_with(w, a, &page);
        if (a->kind == ASK_last)
            x_free(&w->page[0].next);
        if (a->kind == ASK_around)
            place_around(w, a);
    }
    return settle(w);
}

/* --- looking --- */

const cJSON *window_row(const struct window *w, int64_t index)
{
    int64_t at = w->base;
    if (index < at)
        return NULL;
    for (int i = 0; i < w->n; at += w->page[i++].n)
        if (index < at + w->page[i].n)
            return w->page[i].row[index - at];
    return NULL;
}

int64_t window_find(const struct window *w, int64_t id)
{
    int64_t at = w->base;
    int64_t found;
    for (int i = 0; i < w->n; at += w->page[i++].n)
        for (int j = 0; j < w->page[i].n; j++)
            if (json_is_int(w->page[i].row[j]->child, &found) && found == id)
                return at + j;
    return -1;
}

bool window_put(struct window *w, const cJSON *row)
{
    int64_t id, found;
    if (!json_is_int(row->child, &id))
        return false;
    for (int i = 0; i < w->n; i++) {
        struct page *p = &w->page[i];
        for (int j = 0; j < p->n; j++) {
            if (!json_is_int(p->row[j]->child, &found) || found != id)
                continue;
            cJSON *copy = cJSON_Duplicate(row, true);
            cJSON_ReplaceItemViaPointer(p->rows, (cJSON *)p->row[j], copy);
            p->row[j] = copy;
            return true;
        }
    }
    return false;
}

bool window_empty(const struct window *w)
{
    return window_end(w) == w->base;
}

int64_t window_total(const struct window *w)
{
    return w->total;
}

int64_t window_set_total(struct window *w, int64_t total)
{
    int64_t moved = 0;
    bool end_is_here = w->n && !w->page[w->n - 1].next;
    if (end_is_here && !w->guessed)
        return 0; /* what was seen counts for more than what was counted */
    if (end_is_here) {
        moved = total - window_end(w);
        w->base += moved;
        w->guessed = false;
    }
    w->total = total;
    return moved;
}

int64_t window_bound(const struct window *w)
{
    int64_t end = window_end(w);
    if (w->total >= 0)
        return w->total > end ? w->total : end;
    if (w->n && !w->page[w->n - 1].next)
        return end;
    return end + LOOKAHEAD;
}

bool window_placed(const struct window *w)
{
    return !w->guessed;
}
