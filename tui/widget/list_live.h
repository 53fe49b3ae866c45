/* Live rows of a list: what is followed, what has to be read again, what is
 * marked. list_live.c does it, list_live_draw.c shows it. */
#ifndef TUI_WIDGET_LIST_LIVE_H
#define TUI_WIDGET_LIST_LIVE_H

#include "tui/remote/follow.h"
#include "tui/widget/list_impl.h"

#define LIST_MARKS  200
#define LIST_TRIALS 8

struct id_set {
    int64_t id[FOLLOW_MAX];
    int n;
};

struct list_mark {
    int64_t id;
    uint64_t cells; /* a bit each, in the order of the row */
    uint64_t until; /* clock_mono_ms */
};

struct list_live {
    struct follow *follow;
    struct id_set followed; /* sorted */
    bool stale;             /* it has to be asked for again … */
    bool renewing;          /* … and holds for what is shown from then on */
    bool others;            /* rows that are not shown changed */
    struct id_set dirty;    /* changed since they were read */
    struct id_set reading, checking;
    struct id_set own;  /* saved here: not marked */
    struct id_set gone; /* shown still, not there any more */
    uint64_t read_call, check_call;
    uint64_t read_at, due; /* clock_mono_ms; due 0: no */
    struct list_mark mark[LIST_MARKS];
    int nmarks;
    cJSON *trial[LIST_TRIALS]; /* the rows before what is being saved */
    int ntrials;
};

void list_live_open(struct list *l);
void list_live_close(struct list *l);
/* The rows of the view are followed, and read again where they changed. */
void list_live_view(struct list *l);
/* All rows are asked for anew. */
void list_live_forget(struct list *l);
/* The cells of a row that just changed, a bit each, in their order in it. */
uint64_t list_live_marks(const struct list *l, const cJSON *row);
bool list_live_gone(const struct list *l, const cJSON *row);

/* list_live_draw.c */
/* Over a row that has been drawn. */
void list_live_draw(struct list *l, int y, const cJSON *row,
                    const struct list_span *spans, int n);
/* That there is more to see, to stand before the count; "". */
const char *list_live_hint(struct list *l);

#endif
