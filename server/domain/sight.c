/* Makes and keeps the sights of all entities. */
#include "server/domain/sight.h"

#include "common/json.h"
#include "common/mem.h"
#include "server/domain/column.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define ENTITIES_MAX 64

/* Lists only grow at their heads, so that readers need no lock. */
static _Atomic(const struct sight *) heads[ENTITIES_MAX];
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
static struct arena *kept;

static int entity_index(const struct entity *e)
{
    for (int i = 0; i < schema_entity_count && i < ENTITIES_MAX; i++)
        if (schema_entities[i] == e)
            return i;
    return 0;
}

/* A level is a matter of the field's class alone, but for fields that nobody
 * sees: three bits a class, on rows in the edit scope and on others. */
static uint64_t key_of(const struct rights *r, const struct entity *e)
{
    uint64_t key = 1;
    for (int i = 0; i < CLASSES; i++) {
        const struct field any = {.klass = (enum field_class)i};
        key = key << 3 | (uint64_t)column_level(r, e, &any, true);
        key = key << 3 | (uint64_t)column_level(r, e, &any, false);
    }
    return key;
}

static const struct sight *find(int at, uint64_t key)
{
    const struct sight *s = atomic_load(&heads[at]);
    while (s && s->key != key)
        s = s->next;
    return s;
}

static const char *name_text(const struct field *f)
{
    struct buf name = BUF_INIT;
    buf_char(&name, ',');
    json_write_key(&name, f->id);
    const char *text = arena_strdup(kept, buf_text(&name));
    buf_free(&name);
    return text;
}

static void fill(struct sight *s, const struct rights *r,
                 const struct entity *e)
{
    size_t n = (size_t)e->nfields + 1;
    const struct field **columns = arena_array(kept, n, sizeof *columns);
    const char **names = arena_array(kept, n, sizeof *names);
    enum level *inside = arena_array(kept, n, sizeof *inside);
    enum level *outside = arena_array(kept, n, sizeof *outside);
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!column_is_readable(r, e, f))
            continue;
        columns[s->ncolumns] = f;
        names[s->ncolumns] = name_text(f);
        inside[s->ncolumns] = column_level(r, e, f, true);
        outside[s->ncolumns] = column_level(r, e, f, false);
        s->varies = s->varies || column_varies(r, e, f);
        s->ncolumns++;
    }
    s->columns = columns;
    s->names = names;
    s->inside = inside;
    s->outside = outside;
}

static const struct sight *make(const struct rights *r, const struct entity *e,
                                int at, uint64_t key)
{
    if (!kept)
        kept = arena_new();
    struct sight *s = arena_alloc(kept, sizeof *s);
    s->key = key;
    s->next = atomic_load(&heads[at]);
    fill(s, r, e);
    struct question q = {.arena = kept,
                         .entity = e,
                         .columns = s->columns,
                         .ncolumns = s->ncolumns,
                         .ask_editable = s->varies};
    query_columns(&q, &s->query);
    atomic_store(&heads[at], s);
    return s;
}

const struct sight *sight_of(const struct rights *r, const struct entity *e)
{
    int at = entity_index(e);
    uint64_t key = key_of(r, e);
    const struct sight *s = find(at, key);
    if (s)
        return s;
    pthread_mutex_lock(&making);
    s = find(at, key);
    if (!s)
        s = make(r, e, at, key);
    pthread_mutex_unlock(&making);
    return s;
}
