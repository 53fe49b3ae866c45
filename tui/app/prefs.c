/* Rows of the entity `preference`, one a key. A row is written by one call at
 * a time; what changes meanwhile goes with the next. */
#include "tui/app/prefs.h"

#include "common/json.h"
#include "common/mem.h"
#include "schema/field.h"

#include <stdio.h>
#include <string.h>

enum {
    PREFS_MAX = 200,     /* what the daemon keeps of one person */
    VALUE_BYTES = 20000, /* likewise */
    QUIET_MS = 2000,     /* after the last change */
    FINISH_MS = 1000,
    TRIES = 3, /* against another writer */
};

struct pref {
    struct prefs *all;
    char *key;
    cJSON *value;
    int64_t id, version; /* 0: not on the daemon yet */
    bool dirty;
    int tries;
    uint64_t call; /* under way */
};

struct prefs {
    uv_loop_t *loop;
    uv_timer_t *timer;
    struct remote *remote;
    struct pref *at[PREFS_MAX];
    int n;
    uint64_t load;
    void (*then)(void *ctx);
    void *ctx;
};

static struct pref *find(const struct prefs *p, const char *key)
{
    for (int i = 0; i < p->n; i++)
        if (strcmp(p->at[i]->key, key) == 0)
            return p->at[i];
    return NULL;
}

static struct pref *find_or_add(struct prefs *p, const char *key)
{
    struct pref *f = find(p, key);
    if (f != NULL || p->n == PREFS_MAX)
        return f;
    f = x_calloc(1, sizeof(*f));
    f->all = p;
    f->key = x_strdup(key);
    p->at[p->n++] = f;
    return f;
}

static void forget(struct prefs *p)
{
    while (p->n > 0) {
        struct pref *f = p->at[--p->n];
        if (p->remote != NULL)
            remote_cancel(p->remote, f->call);
        cJSON_Delete(f->value);
        x_free(&f->key);
        x_free(&f);
    }
}

/* --- writing --- */

static void send_pref(struct pref *f);

/* Somebody else wrote it since: his row is the one to change. */
static void on_found(void *ctx, const cJSON *result, const struct err *err)
{
    struct pref *f = ctx;
    const cJSON *rows = json_get(result, "rows");
    const cJSON *row = rows != NULL ? rows->child : NULL;
    f->call = 0;
    f->id = f->version = 0;
    if (err != NULL)
        return;
    if (row != NULL && json_is_int(row->child, &f->id))
        json_is_int(row->child->next, &f->version);
    send_pref(f);
}

static void look_again(struct pref *f)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *filter = cJSON_AddObjectToObject(params, "filter");
    cJSON *is = cJSON_AddObjectToObject(filter, "key");
    cJSON_AddStringToObject(is, "eq", f->key);
    f->dirty = true;
    f->call =
        remote_call(f->all->remote, "preference.list", params, on_found, f);
}

static void on_written(void *ctx, const cJSON *result, const struct err *err)
{
    struct pref *f = ctx;
    f->call = 0;
    if (err == NULL) {
        const cJSON *record = json_get(result, "record");
        f->id = json_int(record, "id", 0);
        f->version = json_int(record, "version", 0);
        f->tries = 0;
        if (f->dirty)
            send_pref(f);
        return;
    }
    bool other = err->kind == ERR_conflict || err->kind == ERR_not_found ||
                 (err->kind == ERR_invalid && f->id == 0);
    if (other && ++f->tries < TRIES)
        look_again(f);
}

static void send_pref(struct pref *f)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *values = cJSON_AddObjectToObject(params, "values");
    if (f->id != 0) {
        cJSON_AddNumberToObject(params, "id", (double)f->id);
        cJSON_AddNumberToObject(params, "version", (double)f->version);
    } else {
        cJSON_AddStringToObject(values, "key", f->key);
    }
    cJSON_AddItemToObject(values, "value", cJSON_Duplicate(f->value, true));
    f->dirty = false;
    f->call = remote_call(
        f->all->remote, f->id != 0 ? "preference.update" : "preference.create",
        params, on_written, f);
}

void prefs_flush(struct prefs *p)
{
    if (p == NULL || p->remote == NULL)
        return;
    uv_timer_stop(p->timer);
    for (int i = 0; i < p->n; i++)
        if (p->at[i]->dirty && p->at[i]->call == 0)
            send_pref(p->at[i]);
}

static void on_timer(uv_timer_t *timer)
{
    prefs_flush(timer->data);
}

const cJSON *prefs_get(const struct prefs *p, const char *key)
{
    const struct pref *f = p != NULL ? find(p, key) : NULL;
    return f != NULL ? f->value : NULL;
}

static bool fits(const cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);
    bool fits = text != NULL && strlen(text) < VALUE_BYTES;
    cJSON_free(text);
    return fits;
}

void prefs_put(struct prefs *p, const char *key, cJSON *value)
{
    struct pref *f = p != NULL ? find_or_add(p, key) : NULL;
    if (f == NULL || cJSON_Compare(f->value, value, true) || !fits(value)) {
        cJSON_Delete(value);
        return;
    }
    cJSON_Delete(f->value);
    f->value = value;
    f->dirty = true;
    f->tries = 0;
    uv_timer_start(p->timer, on_timer, QUIET_MS, 0);
}

static bool is_written(const struct prefs *p)
{
    for (int i = 0; i < p->n; i++)
        if (p->at[i]->dirty || p->at[i]->call != 0)
            return false;
    return true;
}

static void on_patience(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

void prefs_finish(struct prefs *p)
{
    bool over = false;
    prefs_flush(p);
    if (p == NULL || p->remote == NULL || is_written(p) ||
        remote_state(p->remote) != REMOTE_ready)
        return;
    p->timer->data = &over;
    uv_timer_start(p->timer, on_patience, FINISH_MS, 0);
    while (!over && !is_written(p))
        uv_run(p->loop, UV_RUN_ONCE);
    uv_timer_stop(p->timer);
    p->timer->data = p;
}

/* --- reading --- */

/* What was changed here before the answer came is newer than the answer. */
static void take_row(struct prefs *p, const cJSON *row)
{
    int64_t id, version;
    const cJSON *key = cJSON_GetArrayItem(row, 2);
    const cJSON *value = cJSON_GetArrayItem(row, 3);
    if (!cJSON_IsString(key) || value == NULL ||
        !json_is_int(row->child, &id) ||
        !json_is_int(row->child->next, &version))
        return;
    struct pref *f = find_or_add(p, key->valuestring);
    if (f == NULL)
        return;
    f->id = id;
    f->version = version;
    if (f->dirty)
        return;
    cJSON_Delete(f->value);
    f->value = cJSON_Duplicate(value, true);
}

static void on_load(void *ctx, const cJSON *result, const struct err *err)
{
    struct prefs *p = ctx;
    const cJSON *row;
    p->load = 0;
    cJSON_ArrayForEach(row, json_get(result, "rows"))
    {
        take_row(p, row);
    }
    if (p->then != NULL && (err == NULL || err->kind != ERR_cancelled))
        p->then(p->ctx);
}

void prefs_load(struct prefs *p, struct remote *r, void (*then)(void *ctx),
                void *ctx)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *columns = cJSON_AddArrayToObject(params, "columns");
    forget(p);
    p->remote = r;
    p->then = then;
    p->ctx = ctx;
    cJSON_AddItemToArray(columns, cJSON_CreateString("key"));
    cJSON_AddItemToArray(columns, cJSON_CreateString("value"));
    cJSON_AddNumberToObject(params, "limit", PREFS_MAX);
    remote_cancel(r, p->load);
    p->load = remote_call(r, "preference.list", params, on_load, p);
}

struct prefs *prefs_new(uv_loop_t *loop)
{
    struct prefs *p = x_calloc(1, sizeof(*p));
    p->loop = loop;
    p->timer = x_calloc(1, sizeof(*p->timer));
    p->timer->data = p;
    uv_timer_init(loop, p->timer);
    return p;
}

static void on_closed(uv_handle_t *h)
{
    uv_timer_t *timer = (uv_timer_t *)h;
    x_free(&timer);
}

void prefs_free(struct prefs **pp)
{
    struct prefs *p = *pp;
    if (p == NULL)
        return;
    if (p->remote != NULL)
        remote_cancel(p->remote, p->load);
    forget(p);
    uv_close((uv_handle_t *)p->timer, on_closed);
    x_free(pp);
}
