/* The look-ups of the directory: names, people, options, display orders and
 * estimates. All of it is read-only once it is published. */
#include "common/clock.h"
#include "common/date.h"
#include "common/utf8.h"
#include "server/domain/directory_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STALE_MS 3600000

static const struct dir_cache *cache_find(const struct directory *d,
                                          const char *entity)
{
    for (int i = 0; i < CACHES; i++)
        if (strcmp(d->cache[i].entity, entity) == 0)
            return &d->cache[i];
    return NULL;
}

static int compare_ref(const void *key, const void *row)
{
    int64_t id = *(const int64_t *)key;
    int64_t other = ((const struct dir_ref *)row)->id;
    return (id > other) - (id < other);
}

static const struct dir_ref *ref_find(const struct directory *d,
                                      const char *entity, int64_t id)
{
    const struct dir_cache *c = cache_find(d, entity);
    if (!c || c->n == 0)
        return NULL;
    return bsearch(&id, c->rows, (size_t)c->n, sizeof *c->rows, compare_ref);
}

static const struct dir_person *person_find(const struct directory *d,
                                            int64_t id)
{
    /* People stand in the order of their ids, like the cache of users. */
    const struct dir_ref *r = ref_find(d, "user", id);
    return r ? &d->people[r - d->cache[CACHE_user].rows] : NULL;
}

/* The first option of a list. */
static int list_start(const struct directory *d, const char *list)
{
    int low = 0;
    int high = d->noptions;
    while (low < high) {
        int mid = low + (high - low) / 2;
        if (strcmp(d->options[mid].list, list) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static const char *name_option(void *ctx, const char *list, const char *code)
{
    const struct dir_names *n = ctx;
    const struct directory_option *o =
        directory_option(n->directory, list, code);
    if (!o)
        return NULL;
    return n->lang == LANG_zh ? o->zh : o->en;
}

static const char *name_ref(void *ctx, const char *entity, int64_t id)
{
    const struct dir_names *n = ctx;
    const struct dir_ref *r = ref_find(n->directory, entity, id);
    return r ? r->name : NULL;
}

static bool text_is(const char *a, const char *folded)
{
    struct arena *arena = arena_new();
    bool same = strcmp(utf8_fold(arena, a), folded) == 0;
    arena_free(&arena);
    return same;
}

/* An id as text lives in a small ring of this thread, as the caller copies
 * it at once. */
static const char *id_text(int64_t id)
{
    static _Thread_local char ring[8][24];
    static _Thread_local unsigned at;
    char *out = ring[at++ % 8];
    snprintf(out, sizeof ring[0], "%" PRId64, id);
    return out;
}

static const char *name_code(void *ctx, const char *list, const char *text)
{
    const struct dir_names *n = ctx;
    const struct directory *d = n->directory;
    struct arena *a = arena_new();
    const char *folded = utf8_fold(a, text);
    const struct dir_cache *c = cache_find(d, list);
    const char *found = NULL;
    for (int i = 0; c && i < c->n && !found; i++)
        if (text_is(c->rows[i].name, folded))
            found = id_text(c->rows[i].id);
    int count;
    const struct directory_option *o = directory_options(d, list, &count);
    for (int i = 0; i < count && !found; i++)
        if (text_is(o[i].code, folded) || text_is(o[i].zh, folded) ||
            text_is(o[i].en, folded))
            found = o[i].code;
    arena_free(&a);
    return found;
}

static int compare_count(const void *key, const void *row)
{
    const struct dir_count *a = key;
    const struct dir_count *b = row;
    int by_field = strcmp(a->field, b->field);
    return by_field ? by_field : strcmp(a->value, b->value);
}

static int64_t count_of(const struct directory *d, const char *field,
                        const char *value)
{
    const struct dir_stats *s = &d->stats;
    if (s->ncounts == 0)
        return s->rows;
    struct dir_count key = {field, value, 0};
    const struct dir_count *found =
        bsearch(&key, s->counts, (size_t)s->ncounts, sizeof key, compare_count);
    key.value = DIR_OTHERS;
    if (!found)
        found = bsearch(&key, s->counts, (size_t)s->ncounts, sizeof key,
                        compare_count);
    return found ? found->rows : s->rows;
}

static const struct dir_range *range_find(const struct dir_stats *s,
                                          const char *column)
{
    for (int i = 0; i < s->nranges; i++)
        if (strcmp(s->ranges[i].field, column) == 0)
            return &s->ranges[i];
    return NULL;
}

static bool within(const char *value, const char *from, const char *to)
{
    return (!from || strcmp(value, from) >= 0) &&
           (!to || strcmp(value, to) <= 0);
}

static int compare_gram(const void *key, const void *row)
{
    int32_t a = *(const int32_t *)key;
    int32_t b = ((const struct dir_gram *)row)->gram;
    return (a > b) - (a < b);
}

struct directory *directory_ref(struct directory *d)
{
    atomic_fetch_add(&d->refs, 1);
    return d;
}

void directory_unref(struct directory **d)
{
    if (*d && atomic_fetch_sub(&(*d)->refs, 1) == 1)
        arena_free(&(struct arena *){(*d)->arena});
    *d = NULL;
}

bool directory_is_stale(const struct directory *d)
{
    return clock_mono_ms() - d->loaded > STALE_MS || date_today() != d->day;
}

int64_t directory_epoch(const struct directory *d)
{
    return d->epoch;
}

const struct directory_user *directory_user(const struct directory *d,
                                            int64_t id)
{
    const struct dir_person *p = person_find(d, id);
    return p ? &p->user : NULL;
}

const struct rights *directory_rights(const struct directory *d, int64_t user)
{
    const struct dir_person *p = person_find(d, user);
    return p ? p->rights : NULL;
}

bool directory_has_ref(const struct directory *d, const char *entity,
                       int64_t id)
{
    return ref_find(d, entity, id) != NULL;
}

const struct directory_option *directory_options(const struct directory *d,
                                                 const char *list, int *n)
{
    int from = list_start(d, list);
    int to = from;
    while (to < d->noptions && strcmp(d->options[to].list, list) == 0)
        to++;
    *n = to - from;
    return d->options + from;
}

const struct directory_option *
directory_option(const struct directory *d, const char *list, const char *code)
{
    int n;
    const struct directory_option *o = directory_options(d, list, &n);
    for (int i = 0; i < n; i++)
        if (strcmp(o[i].code, code) == 0)
            return &o[i];
    return NULL;
}

struct names directory_names(const struct directory *d, enum lang lang)
{
    return (struct names){.option = name_option,
                          .ref = name_ref,
                          .code = name_code,
                          .ctx = (void *)(uintptr_t)&d->names[lang]};
}

int directory_users_like(const struct directory *d, const char *needle,
                         int64_t *out, int max)
{
    struct arena *a = arena_new();
    const char *folded = utf8_fold(a, needle);
    int n = 0;
    for (int i = 0; *folded && i < d->npeople && n < max; i++)
        if (strstr(d->people[i].search, folded))
            out[n++] = d->people[i].user.id;
    arena_free(&a);
    return n;
}

int directory_order_refs(const struct directory *d, const char *entity,
                         const int64_t **ids)
{
    const struct dir_cache *c = cache_find(d, entity);
    *ids = c ? c->order : NULL;
    return c ? c->n : 0;
}

int directory_order_codes(const struct directory *d, const char *list,
                          const char *const **codes)
{
    int n;
    const struct directory_option *o = directory_options(d, list, &n);
    *codes = d->codes + (o - d->options);
    return n;
}

int64_t directory_rows(const struct directory *d)
{
    return d->stats.rows;
}

int64_t directory_rows_value(const struct directory *d, const char *column,
                             const char *value)
{
    return count_of(d, column, value);
}

int64_t directory_rows_between(const struct directory *d, const char *column,
                               const char *from, const char *to)
{
    const struct dir_stats *s = &d->stats;
    const struct dir_range *r = range_find(s, column);
    if (!r)
        return s->rows;
    /* A stretch counts where it touches the range. */
    int64_t rows = r->stretch;
    for (size_t i = 1; i < r->n; i++)
        rows += within(r->bounds[i], from, to) ? r->stretch : 0;
    for (int i = 0; i < s->ncounts; i++)
        if (strcmp(s->counts[i].field, column) == 0 &&
            within(s->counts[i].value, from, to))
            rows += s->counts[i].rows;
    return rows < s->rows ? rows : s->rows;
}

int64_t directory_rows_gram(const struct directory *d, int32_t gram)
{
    if (d->stats.ngrams == 0)
        return 0;
    const struct dir_gram *g =
        bsearch(&gram, d->stats.grams, (size_t)d->stats.ngrams, sizeof *g,
                compare_gram);
    return g ? g->rows : 0;
}
