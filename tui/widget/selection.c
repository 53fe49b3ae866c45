/* Sets of ids, and what they mean: the rows selected, or those left out. */
#include "tui/widget/selection.h"

#include "common/json.h"
#include "common/mem.h"

#include <string.h>

/* Ascending, each once. */
struct ids {
    int64_t *at;
    int n, cap;
};

struct selection {
    cJSON *shown;        /* the question of the rows on the screen */
    int64_t shown_total; /* -1 unknown */
    bool all;
    cJSON *question;     /* the one that `all`, or every single row, answers */
    int64_t total;       /* of it, as known last */
    bool mixed;          /* single rows of several questions */
    struct ids ids;      /* selected; or, of all, left out */
    struct ids doubtful; /* exceptions that may not match the question */
    /* Of all, while another question is shown: what has been told. */
    struct ids inside, outside;
};

/* --- sets of ids --- */

/* Where it is, or would stand. */
static int find_place(const struct ids *s, int64_t id)
{
    int low = 0, high = s->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (s->at[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool ids_has(const struct ids *s, int64_t id)
{
    int at = find_place(s, id);
    return at < s->n && s->at[at] == id;
}

static bool ids_add(struct ids *s, int64_t id)
{
    int at = find_place(s, id);
    if (at < s->n && s->at[at] == id)
        return true;
    if (s->n == SELECTION_MAX)
        return false;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 64;
        s->at = x_reallocarray(s->at, (size_t)s->cap, sizeof(*s->at));
    }
    memmove(&s->at[at + 1], &s->at[at], (size_t)(s->n - at) * sizeof(*s->at));
    s->at[at] = id;
    s->n++;
    return true;
}

static void ids_drop(struct ids *s, int64_t id)
{
    int at = find_place(s, id);
    if (at == s->n || s->at[at] != id)
        return;
    s->n--;
    memmove(&s->at[at], &s->at[at + 1], (size_t)(s->n - at) * sizeof(*s->at));
}

static void ids_free(struct ids *s)
{
    x_free(&s->at);
    s->n = s->cap = 0;
}

static cJSON *ids_json(const struct ids *s)
{
    cJSON *out = cJSON_CreateArray();
    for (int i = 0; i < s->n; i++)
        cJSON_AddItemToArray(out, cJSON_CreateNumber((double)s->at[i]));
    return out;
}

/* --- life --- */

struct selection *selection_new(void)
{
    struct selection *s = x_calloc(1, sizeof(*s));
    s->shown_total = s->total = -1;
    return s;
}

void selection_none(struct selection *s)
{
    cJSON_Delete(s->question);
    s->question = NULL;
    s->all = s->mixed = false;
    s->total = -1;
    ids_free(&s->ids);
    ids_free(&s->doubtful);
    ids_free(&s->inside);
    ids_free(&s->outside);
}

void selection_free(struct selection **sp)
{
    if (!*sp)
        return;
    selection_none(*sp);
    cJSON_Delete((*sp)->shown);
    x_free(sp);
}

/* --- questions --- */

static bool same_question(const cJSON *a, const cJSON *b)
{
    bool a_empty = !a || !a->child, b_empty = !b || !b->child;
    return a_empty || b_empty ? a_empty && b_empty : cJSON_Compare(a, b, true);
}

/* Every row on the screen answers the question of the selection. */
static bool is_here(const struct selection *s)
{
    return same_question(s->question, s->shown);
}

static void take_question(struct selection *s)
{
    cJSON_Delete(s->question);
    s->question = cJSON_Duplicate(s->shown, true);
    s->total = s->shown_total;
}

void selection_question(struct selection *s, const cJSON *question)
{
    if (same_question(s->shown, question))
        return;
    cJSON_Delete(s->shown);
    s->shown = cJSON_Duplicate(question, true);
    s->shown_total = -1;
}

void selection_total(struct selection *s, int64_t total)
{
    s->shown_total = total;
    if (s->all && is_here(s) && total >= 0)
        s->total = total;
}

/* --- rows --- */

static enum selected within(const struct selection *s, int64_t id)
{
    if (is_here(s) || ids_has(&s->ids, id) || ids_has(&s->inside, id))
        return SELECTED_yes;
    return ids_has(&s->outside, id) ? SELECTED_no : SELECTED_unknown;
}

enum selected selection_has(const struct selection *s, int64_t id)
{
    if (!s->all)
        return ids_has(&s->ids, id) ? SELECTED_yes : SELECTED_no;
    return ids_has(&s->ids, id) ? SELECTED_no : within(s, id);
}

static enum selection_answer set_single(struct selection *s, int64_t id,
                                        bool on)
{
    if (!on) {
        ids_drop(&s->ids, id);
        if (s->ids.n == 0)
            selection_none(s);
        return SELECTION_done;
    }
    if (s->ids.n == 0)
        take_question(s);
    s->mixed = s->mixed || !is_here(s);
    return ids_add(&s->ids, id) ? SELECTION_done : SELECTION_full;
}

enum selection_answer selection_set(struct selection *s, int64_t id, bool on)
{
    if (!s->all)
        return set_single(s, id, on);
    if (within(s, id) != SELECTED_yes)
        return SELECTION_outside;
    if (!on)
        return ids_add(&s->ids, id) ? SELECTION_done : SELECTION_full;
    ids_drop(&s->ids, id);
    ids_drop(&s->doubtful, id);
    return SELECTION_done;
}

void selection_all(struct selection *s)
{
    selection_none(s);
    take_question(s);
    s->all = true;
}

static void doubt_all(struct selection *s)
{
    for (int i = 0; i < s->ids.n; i++)
        ids_add(&s->doubtful, s->ids.at[i]);
}

void selection_invert(struct selection *s)
{
    bool was_all = s->all;
    if (was_all) { /* the exceptions are what is left */
        s->all = false;
        ids_free(&s->inside);
        ids_free(&s->outside);
        ids_free(&s->doubtful);
        if (s->ids.n == 0)
            selection_none(s);
        return;
    }
    if (s->ids.n && (s->mixed || !is_here(s)))
        doubt_all(s);
    take_question(s);
    s->all = true;
    s->mixed = false;
}

/* --- looking --- */

bool selection_is_empty(const struct selection *s)
{
    return !s->all && s->ids.n == 0;
}

bool selection_is_all(const struct selection *s)
{
    return s->all;
}

bool selection_is_whole(const struct selection *s)
{
    return s->all && s->ids.n == 0 && is_here(s);
}

int64_t selection_count(const struct selection *s)
{
    if (!s->all)
        return s->ids.n;
    if (s->total < 0 || s->doubtful.n)
        return -1;
    return s->total > s->ids.n ? s->total - s->ids.n : 0;
}

int selection_exceptions(const struct selection *s)
{
    return s->all ? s->ids.n : 0;
}

cJSON *selection_params(const struct selection *s)
{
    if (selection_is_empty(s))
        return NULL;
    if (!s->all) {
        cJSON *params = cJSON_CreateObject();
        cJSON_AddItemToObject(params, "ids", ids_json(&s->ids));
        return params;
    }
    cJSON *params =
        s->question ? cJSON_Duplicate(s->question, true) : cJSON_CreateObject();
    if (!params->child) /* nothing narrows it: all there are, said plainly */
        cJSON_AddObjectToObject(params, "filter");
    if (s->ids.n)
        cJSON_AddItemToObject(params, "except", ids_json(&s->ids));
    if (selection_count(s) >= 0)
        cJSON_AddNumberToObject(params, "expected_total",
                                (double)selection_count(s));
    return params;
}

/* --- what has to be asked --- */

int selection_doubts(const struct selection *s, int64_t out[SELECTION_DOUBT])
{
    int n = s->doubtful.n < SELECTION_DOUBT ? s->doubtful.n : SELECTION_DOUBT;
    for (int i = 0; i < n; i++)
        out[i] = s->doubtful.at[i];
    return n;
}

cJSON *selection_ask(const struct selection *s, const int64_t *ids, int n)
{
    if (!s->all)
        return NULL;
    cJSON *ask =
        s->question ? cJSON_Duplicate(s->question, true) : cJSON_CreateObject();
    cJSON *theirs = cJSON_DetachItemFromObject(ask, "filter");
    cJSON *filter = cJSON_AddObjectToObject(ask, "filter");
    cJSON *both = cJSON_AddArrayToObject(filter, "and");
    cJSON *mine = cJSON_CreateObject();
    cJSON *in =
        cJSON_AddArrayToObject(cJSON_AddObjectToObject(mine, "id"), "in");
    for (int i = 0; i < n; i++)
        cJSON_AddItemToArray(in, cJSON_CreateNumber((double)ids[i]));
    if (theirs)
        cJSON_AddItemToArray(both, theirs);
    cJSON_AddItemToArray(both, mine);
    return ask;
}

void selection_know(struct selection *s, int64_t id, bool matches)
{
    if (!s->all)
        return;
    if (s->inside.n + s->outside.n >= SELECTION_MAX) {
        ids_free(&s->inside);
        ids_free(&s->outside);
    }
    ids_add(matches ? &s->inside : &s->outside, id);
}

void selection_judge(struct selection *s, const int64_t *ids, int n,
                     const cJSON *rows)
{
    struct ids found = {0};
    const cJSON *row;
    int64_t id;
    cJSON_ArrayForEach(row, rows)
    {
        if (json_is_int(row->child, &id))
            ids_add(&found, id);
    }
    for (int i = 0; i < n; i++) {
        bool matches = ids_has(&found, ids[i]);
        if (ids_has(&s->doubtful, ids[i]) && !matches)
            ids_drop(&s->ids, ids[i]);
        ids_drop(&s->doubtful, ids[i]);
        selection_know(s, ids[i], matches);
    }
    ids_free(&found);
}
