/* Reads a directory from the database, in one snapshot so that everything in
 * it belongs to the epoch it carries. */
#include "common/clock.h"
#include "common/date.h"
#include "common/pinyin.h"
#include "common/utf8.h"
#include "schema/type.h"
#include "server/domain/directory_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *keep(struct directory *d, const char *text)
{
    return arena_strdup(d->arena, text ? text : "");
}

static const char *const ref_sql[CACHES] = {
    [CACHE_user] = "SELECT id, display_name, display_name_pinyin"
                   " FROM app_user ORDER BY id",
    [CACHE_org_unit] = "SELECT id, name, name_pinyin FROM org_unit"
                       " ORDER BY id",
    [CACHE_tag] = "SELECT id, name, name_pinyin FROM tag ORDER BY id",
};
static const char *const ref_entity[CACHES] = {
    [CACHE_user] = "user", [CACHE_org_unit] = "org_unit", [CACHE_tag] = "tag"};

static int compare_shown(const void *a, const void *b)
{
    const struct dir_ref *x = a;
    const struct dir_ref *y = b;
    int by_name = strcmp(x->sort, y->sort);
    return by_name ? by_name : (x->id > y->id) - (x->id < y->id);
}

static bool load_refs(struct directory *d, int which, struct db_conn *c,
                      struct err *e)
{
    struct dir_cache *cache = &d->cache[which];
    PGresult *res = directory_query(c, ref_sql[which], e);
    if (!res)
        return false;
    size_t n = (size_t)PQntuples(res);
    cache->n = (int)n;
    cache->rows = arena_array(d->arena, n + 1, sizeof *cache->rows);
    cache->order = arena_array(d->arena, n + 1, sizeof *cache->order);
    struct dir_ref *shown = arena_array(d->arena, n + 1, sizeof *shown);
    for (int i = 0; i < cache->n; i++)
        cache->rows[i] =
            (struct dir_ref){db_int(res, i, 0), keep(d, db_text(res, i, 1)),
                             keep(d, db_text(res, i, 2))};
    PQclear(res);
    if (n)
        memcpy(shown, cache->rows, n * sizeof *shown);
    qsort(shown, n, sizeof *shown, compare_shown);
    for (size_t i = 0; i < n; i++)
        cache->order[i] = shown[i].id;
    return true;
}

static unsigned roles_of(struct directory *d, const char *list)
{
    const char **items;
    size_t n = 0;
    unsigned roles = 0;
    if (!list || !list_split(d->arena, list, &items, &n))
        return 0;
    for (size_t i = 0; i < n; i++) {
        int role = role_find(items[i]);
        if (role >= 0)
            roles |= 1u << role;
    }
    return roles;
}

static const char *person_search(struct directory *d, const char *name,
                                 const char *login)
{
    struct arena *a = d->arena;
    const char *folded = utf8_fold(a, name);
    return arena_printf(a, "%s\n%s\n%s\n%s", folded, pinyin_full(a, folded),
                        pinyin_initials(a, folded), utf8_fold(a, login));
}

static bool load_people(struct directory *d, struct db_conn *c, struct err *e)
{
    PGresult *res = directory_query(
        c,
        "SELECT id, coalesce(unit, 0), name, display_name, lang, timezone,"
        " roles, admin, disabled FROM app_user ORDER BY id",
        e);
    if (!res)
        return false;
    d->npeople = PQntuples(res);
    d->people =
        arena_array(d->arena, (size_t)d->npeople + 1, sizeof *d->people);
    for (int i = 0; i < d->npeople; i++) {
        struct directory_user *u = &d->people[i].user;
        u->id = db_int(res, i, 0);
        u->unit = db_int(res, i, 1);
        u->login = keep(d, db_text(res, i, 2));
        u->name = keep(d, db_text(res, i, 3));
        u->lang = keep(d, db_text(res, i, 4));
        u->timezone = keep(d, db_text(res, i, 5));
        u->roles = roles_of(d, db_text(res, i, 6));
        u->admin = db_bool(res, i, 7);
        u->disabled = db_bool(res, i, 8);
        d->people[i].search = person_search(d, u->name, u->login);
    }
    PQclear(res);
    return true;
}

static bool load_units(struct directory *d, struct db_conn *c, struct err *e)
{
    PGresult *res = directory_query(
        c,
        "SELECT id, coalesce(parent, 0), coalesce(manager, 0), kind"
        " FROM org_unit ORDER BY id",
        e);
    if (!res)
        return false;
    d->nunits = PQntuples(res);
    d->units = arena_array(d->arena, (size_t)d->nunits + 1, sizeof *d->units);
    for (int i = 0; i < d->nunits; i++)
        d->units[i] =
            (struct dir_unit){db_int(res, i, 0), db_int(res, i, 1),
                              db_int(res, i, 2), keep(d, db_text(res, i, 3))};
    PQclear(res);
    return true;
}

/* An item is only as public as its list is: what a code means is needed by
 * everybody who sees a record. */
static bool load_options(struct directory *d, struct db_conn *c, struct err *e)
{
    PGresult *res =
        directory_query(c,
                        "SELECT list, code, zh, en, parent, position, disabled"
                        " FROM option_item ORDER BY list, position, code",
                        e);
    if (!res)
        return false;
    size_t n = (size_t)PQntuples(res);
    d->noptions = (int)n;
    d->options = arena_array(d->arena, n + 1, sizeof *d->options);
    d->codes = arena_array(d->arena, n + 1, sizeof *d->codes);
    for (int i = 0; i < d->noptions; i++) {
        d->options[i] =
            (struct directory_option){.list = keep(d, db_text(res, i, 0)),
                                      .code = keep(d, db_text(res, i, 1)),
                                      .zh = keep(d, db_text(res, i, 2)),
                                      .en = keep(d, db_text(res, i, 3)),
                                      .parent = keep(d, db_text(res, i, 4)),
                                      .position = db_int(res, i, 5),
                                      .disabled = db_bool(res, i, 6)};
        d->codes[i] = d->options[i].code;
    }
    PQclear(res);
    return true;
}

static bool load_epoch(struct directory *d, struct db_conn *c, struct err *e)
{
    PGresult *res = directory_query(
        c, "SELECT value FROM state WHERE name = 'rights_epoch'", e);
    if (!res)
        return false;
    d->epoch = PQntuples(res) ? db_int(res, 0, 0) : 0;
    PQclear(res);
    return true;
}

static bool load_all(struct directory *d, struct db_conn *c, struct err *e)
{
    if (!db_run(c, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                e) ||
        !load_epoch(d, c, e))
        return false;
    for (int i = 0; i < CACHES; i++)
        if (!load_refs(d, i, c, e))
            return false;
    return load_people(d, c, e) && load_units(d, c, e) &&
           load_options(d, c, e) && directory_load_rights(d, c, e) &&
           directory_load_stats(d, c, e);
}

PGresult *directory_query(struct db_conn *c, const char *sql, struct err *e)
{
    struct db_query q = {.sql = sql};
    return db_exec(c, &q, e);
}

struct directory *directory_load(struct db_conn *c, struct err *e)
{
    struct arena *a = arena_new();
    struct directory *d = arena_alloc(a, sizeof *d);
    d->arena = a;
    d->loaded = clock_mono_ms();
    d->day = date_today();
    atomic_init(&d->refs, 1);
    for (int i = 0; i < CACHES; i++)
        d->cache[i].entity = ref_entity[i];
    for (int i = 0; i < LANGS; i++)
        d->names[i] = (struct dir_names){d, (enum lang)i};
    if (db_begin(c, e) && load_all(d, c, e) && db_commit(c, e))
        return d;
    db_rollback(c);
    directory_unref(&d);
    return NULL;
}
