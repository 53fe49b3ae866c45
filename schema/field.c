/* Looking up entities and fields, the columns that sort, and the hash by
 * which a client knows whether its tables are the daemon's. */
#include "common/date.h"
#include "common/mem.h"
#include "schema/type.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define HASH_START 14695981039346656037ULL
#define HASH_PRIME 1099511628211ULL

/* FNV-1a; the NUL goes in too, so that "a","bc" and "ab","c" differ. */
static uint64_t hash_text(uint64_t h, const char *s)
{
    for (s = s == NULL ? "" : s; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * HASH_PRIME;
    return h * HASH_PRIME;
}

static uint64_t hash_number(uint64_t h, int64_t n)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, n);
    return hash_text(h, text);
}

/* One open-addressing table over the fields of all entities, so that a look-up
 * costs one or two comparisons. It is filled once and never changes. */
#define SLOTS 1024

static struct slot {
    const struct entity *entity;
    const struct field *field;
} slots[SLOTS];
static char tables_hash[17];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t slot_of(const struct entity *e, const char *id)
{
    uint64_t h = hash_text(hash_text(HASH_START, e->id), id);
    return (size_t)((h ^ (h >> 32)) % SLOTS);
}

static void slots_add(const struct entity *e, const struct field *f)
{
    size_t i = slot_of(e, f->id);
    while (slots[i].field != NULL)
        i = (i + 1) % SLOTS;
    slots[i] = (struct slot){e, f};
}

/* What a client must know of a field to be right about it; texts are left
 * out, since a better wording makes nobody incompatible. */
static uint64_t hash_field(uint64_t h, const struct field *f)
{
    const char *const texts[] = {f->id, f->type->name, f->options, f->ref,
                                 f->value};
    const int64_t numbers[] = {
        f->flags, (int)f->klass, (int)f->tab, f->step,
        f->width, f->min,        f->max,      (int)f->required_from};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        h = hash_text(h, texts[i]);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        h = hash_number(h, numbers[i]);
    return h;
}

static void prepare(void)
{
    uint64_t h = HASH_START;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        h = hash_number(hash_text(h, e->id), e->flags);
        for (int k = 0; k < e->nfields; k++) {
            slots_add(e, &e->fields[k]);
            h = hash_field(h, &e->fields[k]);
        }
    }
    snprintf(tables_hash, sizeof(tables_hash), "%016" PRIx64, h);
}

const struct entity *entity_find(const char *id)
{
    for (int i = 0; i < schema_entity_count; i++)
        if (strcmp(schema_entities[i]->id, id) == 0)
            return schema_entities[i];
    return NULL;
}

const struct field *field_find(const struct entity *e, const char *id)
{
    pthread_once(&once, prepare);
    for (size_t i = slot_of(e, id); slots[i].field != NULL; i = (i + 1) % SLOTS)
        if (slots[i].entity == e && strcmp(slots[i].field->id, id) == 0)
            return slots[i].field;
    return NULL;
}

int field_index(const struct entity *e, const struct field *f)
{
    return (int)(f - e->fields);
}

const char *field_sort_column(const struct field *f, char out[64])
{
    const char *twin = (f->flags & F_PINYIN)          ? "_pinyin"
                       : (f->type->sort_twin != NULL) ? "_sort"
                                                      : "";
    snprintf(out, 64, "%s%s", f->id, twin);
    return out;
}

const char *field_sort_type(const struct field *f)
{
    return f->type->sort_sql;
}

const char *field_default(const struct field *f, struct arena *a)
{
    bool today = f->type == &type_date && f->value != NULL &&
                 strcmp(f->value, "today") == 0;
    if (!today)
        return f->value;
    char *out = arena_alloc(a, DATE_LEN);
    date_format(date_today(), out);
    return out;
}

bool field_is_empty(const struct field *f, const char *value)
{
    return value == NULL || value[0] == '\0' ||
           (f->type->list && strcmp(value, f->type->empty) == 0);
}

const char *field_stored(const struct field *f, const char *value)
{
    return field_is_empty(f, value) ? f->type->empty : value;
}

const char *schema_hash(void)
{
    pthread_once(&once, prepare);
    return tables_hash;
}
