/* Rows of the entity `saved_filter`, held as the daemon gave them. */
#include "tui/app/saved.h"

#include "common/json.h"
#include "common/mem.h"
#include "common/pinyin.h"
#include "schema/field.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 500 /* of one answer; a person has at most 200 */

struct saved {
    struct remote *remote;
    cJSON *answer; /* holds what the rows point at */
    struct saved_row rows[ROWS_MAX];
    int n;
    const struct saved_row **shown; /* what saved_rows gave */
    uint64_t load, change;
    void (*loaded)(void *ctx);
    void *loaded_ctx;
    saved_fn *changed;
    void *changed_ctx;
    int64_t changed_id;
    /* Positions still to be written after a move, from `moving` on. */
    struct {
        int64_t id, version, position;
    } moves[ROWS_MAX];
    int nmoves, moving;
};

static const char *const columns[] = {"name",       "entity",   "shared",
                                      "is_default", "position", "user_id",
                                      "definition"};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static const char *text_of(const cJSON *item)
{
    return cJSON_IsString(item) ? item->valuestring : "";
}

/* A row is [id, version, …columns]; a person is [id, "name"]. */
static void take_row(struct saved *s, const cJSON *row)
{
    struct saved_row *r = &s->rows[s->n];
    const cJSON *cell[COLUMNS + 2];
    int64_t owner = 0;
    for (int i = 0; i < COLUMNS + 2; i++)
        cell[i] = cJSON_GetArrayItem(row, i);
    *r = (struct saved_row){.name = text_of(cell[2]),
                            .entity = text_of(cell[3]),
                            .shared = text_of(cell[4]),
                            .is_default = cJSON_IsTrue(cell[5]),
                            .owner = text_of(cJSON_GetArrayItem(cell[7], 1)),
                            .definition = cell[8]};
    json_is_int(cell[6], &r->position);
    json_is_int(cJSON_GetArrayItem(cell[7], 0), &owner);
    r->mine = owner == remote_user_id(s->remote);
    if (json_is_int(cell[0], &r->id) && json_is_int(cell[1], &r->version))
        s->n++;
}

static int by_place(const void *a, const void *b)
{
    const struct saved_row *x = a, *y = b;
    if (x->mine != y->mine)
        return x->mine ? -1 : 1;
    if (x->mine && x->position != y->position)
        return x->position < y->position ? -1 : 1;
    struct arena *arena = arena_new();
    int order = strcmp(pinyin_sort_key(arena, x->name),
                       pinyin_sort_key(arena, y->name));
    arena_free(&arena);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static void tell_changed(struct saved *s, const struct err *err)
{
    saved_fn *then = s->changed;
    s->changed = NULL;
    if (then != NULL)
        then(s->changed_ctx, s->changed_id, err);
}

static void on_load(void *ctx, const cJSON *result, const struct err *err)
{
    struct saved *s = ctx;
    void (*then)(void *ctx) = s->loaded;
    const cJSON *row;
    s->load = 0;
    s->loaded = NULL;
    if (result != NULL) {
        cJSON_Delete(s->answer);
        s->answer = cJSON_Duplicate(result, true);
        s->n = 0;
        cJSON_ArrayForEach(row, json_get(s->answer, "rows"))
        {
            if (s->n < ROWS_MAX)
                take_row(s, row);
        }
        qsort(s->rows, (size_t)s->n, sizeof(*s->rows), by_place);
    }
    if (then != NULL && (err == NULL || err->kind != ERR_cancelled))
        then(s->loaded_ctx);
    if (s->change == 0)
        tell_changed(s, NULL);
}

static void ask(struct saved *s)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddItemToObject(params, "columns",
                          cJSON_CreateStringArray(columns, COLUMNS));
    cJSON_AddNumberToObject(params, "limit", ROWS_MAX);
    remote_cancel(s->remote, s->load);
    s->load = remote_call(s->remote, "saved_filter.list", params, on_load, s);
}

void saved_load(struct saved *s, struct remote *r, bool afresh,
                void (*then)(void *ctx), void *ctx)
{
    if (afresh) {
        s->n = 0;
        s->changed = NULL;
    }
    s->remote = r;
    s->loaded = then;
    s->loaded_ctx = ctx;
    ask(s);
}

const struct saved_row *const *saved_rows(const struct saved *s,
                                          const char *entity, int *n)
{
    *n = 0;
    for (int i = 0; s != NULL && i < s->n; i++)
        if (strcmp(s->rows[i].entity, entity) == 0)
            s->shown[(*n)++] = &s->rows[i];
    return s != NULL ? s->shown : NULL;
}

const struct saved_row *saved_find(const struct saved *s, int64_t id)
{
    for (int i = 0; s != NULL && i < s->n; i++)
        if (s->rows[i].id == id)
            return &s->rows[i];
    return NULL;
}

const struct saved_row *saved_named(const struct saved *s, const char *entity,
                                    const char *name)
{
    for (int i = 0; s != NULL && i < s->n; i++) {
        const struct saved_row *r = &s->rows[i];
        if (r->mine && strcmp(r->entity, entity) == 0 &&
            strcmp(r->name, name) == 0)
            return r;
    }
    return NULL;
}

const struct saved_row *saved_default(const struct saved *s, const char *entity)
{
    for (int i = 0; s != NULL && i < s->n; i++) {
        const struct saved_row *r = &s->rows[i];
        if (r->mine && r->is_default && strcmp(r->entity, entity) == 0)
            return r;
    }
    return NULL;
}

/* What the daemon holds now is read before anybody is told. */
static void on_change(void *ctx, const cJSON *result, const struct err *err)
{
    struct saved *s = ctx;
    s->change = 0;
    if (err != NULL) {
        tell_changed(s, err);
        return;
    }
    s->changed_id = json_int(json_get(result, "record"), "id", 0);
    ask(s);
}

void saved_change(struct saved *s, const char *verb, cJSON *params,
                  saved_fn *then, void *ctx)
{
    char *method = x_asprintf("saved_filter.%s", verb);
    s->changed = then;
    s->changed_ctx = ctx;
    s->changed_id = 0;
    s->change = remote_call(s->remote, method, params, on_change, s);
    x_free(&method);
}

/* --- order --- */

static void send_move(struct saved *s);

static void on_move(void *ctx, const cJSON *result, const struct err *err)
{
    struct saved *s = ctx;
    (void)result;
    s->change = 0;
    if (err != NULL)
        tell_changed(s, err);
    if (err != NULL || s->moving == s->nmoves)
        ask(s);
    else
        send_move(s);
}

static void send_move(struct saved *s)
{
    int i = s->moving++;
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "id", (double)s->moves[i].id);
    cJSON_AddNumberToObject(params, "version", (double)s->moves[i].version);
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    cJSON_AddNumberToObject(values, "position", (double)s->moves[i].position);
    s->change =
        remote_call(s->remote, "saved_filter.update", params, on_move, s);
}

/* Mine of one list, in their new order, get the numbers 1, 2, 3 …; usually
 * only two of them have others. */
static void number(struct saved *s, struct saved_row *const *mine, int n)
{
    s->nmoves = s->moving = 0;
    for (int i = 0; i < n; i++) {
        if (mine[i]->position == i + 1)
            continue;
        int at = s->nmoves++;
        s->moves[at].id = mine[i]->id;
        s->moves[at].version = mine[i]->version;
        s->moves[at].position = i + 1;
    }
}

void saved_move(struct saved *s, int64_t id, int by, saved_fn *then, void *ctx)
{
    const struct saved_row *row = saved_find(s, id);
    struct saved_row **mine = x_calloc(ROWS_MAX, sizeof(*mine));
    int n = 0, at = 0;
    for (int i = 0; row != NULL && i < s->n; i++) {
        struct saved_row *r = &s->rows[i];
        if (!r->mine || strcmp(r->entity, row->entity) != 0)
            continue;
        at = r == row ? n : at;
        mine[n++] = r;
    }
    if (at + by >= 0 && at + by < n && s->change == 0) {
        struct saved_row *other = mine[at + by];
        mine[at + by] = mine[at];
        mine[at] = other;
        number(s, mine, n);
        s->changed = then;
        s->changed_ctx = ctx;
        s->changed_id = id;
        if (s->nmoves > 0)
            send_move(s);
    }
    x_free(&mine);
}

void saved_forget(struct saved *s, const void *ctx)
{
    if (s == NULL)
        return;
    if (s->changed_ctx == ctx)
        s->changed = NULL;
    if (s->loaded_ctx == ctx)
        s->loaded = NULL;
}

struct saved *saved_new(void)
{
    struct saved *s = x_calloc(1, sizeof(*s));
    s->shown = x_calloc(ROWS_MAX, sizeof(*s->shown));
    return s;
}

void saved_free(struct saved **sp)
{
    struct saved *s = *sp;
    if (s == NULL)
        return;
    if (s->remote != NULL) {
        remote_cancel(s->remote, s->load);
        remote_cancel(s->remote, s->change);
    }
    cJSON_Delete(s->answer);
    x_free(&s->shown);
    x_free(sp);
}
