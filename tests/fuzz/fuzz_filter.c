/* Filters and sort orders of any text and any JSON: what is taken writes
 * itself as JSON, and where a text can say it as text, that is taken again and
 * writes itself the same; its words resolve to days. */
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "schema/filter.h"
#include "schema/period.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    i18n_init((*argv)[0]);
    return 0;
}

static void check_tree(const struct filter *f, int depth, int *conditions)
{
    fuzz_require(depth <= 2 * FILTER_DEPTH + 2);
    if (f->kind == FILTER_COND) {
        fuzz_require(++*conditions <= 2 * FILTER_CONDITIONS);
        fuzz_require(f->field->type->ops & 1u << f->op);
        fuzz_require(f->nvalues > 0);
        for (int i = 0; i < f->nvalues; i++)
            fuzz_require(f->values[i] != NULL || f->op == OP_between);
        return;
    }
    fuzz_require(f->nchild > 0 && f->nchild <= FILTER_CONDITIONS);
    for (int i = 0; i < f->nchild; i++)
        check_tree(f->child[i], depth + 1, conditions);
}

/* The tree as text, or NULL where the wire refuses it (a tree read from a
 * text may lie deeper, or hold more, than the wire allows). */
static const char *write(struct arena *a, const struct filter *f)
{
    cJSON *json = filter_to_json(f);
    const char *text = json_print(a, json);
    cJSON_Delete(json);
    return text;
}

static struct filter *read(const struct entity *e, struct arena *a,
                           const char *text, size_t len, bool *good)
{
    struct filter *f = NULL;
    struct err err = {0};
    cJSON *json = NULL;
    *good = json_parse(text, len, NULL, &json, NULL) &&
            filter_from_json(e, a, json, &f, &err);
    cJSON_Delete(json);
    err_clear(&err);
    return f;
}

static void check_stable(const struct entity *e, struct arena *a,
                         const struct filter *f)
{
    int conditions = 0;
    bool good;
    if (f == NULL)
        return;
    check_tree(f, 0, &conditions);
    const char *once = write(a, f);
    struct filter *again = read(e, a, once, strlen(once), &good);
    fuzz_require(good || conditions > FILTER_CONDITIONS);
    if (good)
        fuzz_require(strcmp(write(a, again), once) == 0);
}

static bool has_word(const struct filter *f)
{
    for (int i = 0; i < f->nchild; i++)
        if (has_word(f->child[i]))
            return true;
    for (int i = 0; f->kind == FILTER_COND && i < f->nvalues; i++)
        if (f->values[i] != NULL && f->field->type->period != NULL &&
            period_is(f->values[i]))
            return true;
    return false;
}

static void check_words(struct arena *a, struct filter *f)
{
    fuzz_require(*filter_say(a, f, NULL, 0) != '\0');
    fuzz_require(*filter_say_values(a, f, NULL, 2) != '\0');
    fuzz_require(!has_word(filter_resolve(a, f, "Europe/Berlin")));
}

/* A text, its tree, the tree as text, the same tree. */
static void check_said(const struct entity *e, struct arena *a,
                       const struct filter *f, const char *search)
{
    struct filter *again = NULL;
    const char *found = NULL;
    struct err err = {0};
    const char *text = filter_to_text(e, a, f, search, NULL);
    fuzz_require(text != NULL);
    bool good = filter_from_text(e, a, text, NULL, &again, &found, &err);
    err_clear(&err);
    /* Labels may make the text longer than one may be. */
    fuzz_require(good || strlen(text) > 8192);
    if (!good)
        return;
    fuzz_require(strcmp(write(a, again), write(a, f)) == 0);
    fuzz_require((found == NULL) == (search == NULL));
    fuzz_require(found == NULL || strcmp(found, search) == 0);
}

static void check_text(const struct entity *e, struct arena *a,
                       const char *text)
{
    struct filter *f = NULL;
    const char *search = NULL;
    struct err err = {0};
    bool good = filter_from_text(e, a, text, NULL, &f, &search, &err);
    fuzz_require(good == (err.kind == ERR_NONE));
    if (good) {
        check_stable(e, a, f);
        check_said(e, a, f, search);
    }
    if (good && f != NULL)
        check_words(a, f);
    filter_has_condition(text);
    err_clear(&err);
}

/* What came by the wire may be more than a text can say. */
static void check_json(const struct entity *e, struct arena *a,
                       const char *text)
{
    bool good;
    struct filter *f = read(e, a, text, strlen(text), &good);
    check_stable(e, a, f);
    filter_to_text(e, a, f, NULL, NULL);
    if (f != NULL)
        check_words(a, f);
}

static void check_sort(const struct entity *e, const char *text)
{
    struct sort_key keys[SORT_KEYS];
    struct err err = {0};
    int n = 0;
    bool good = sort_from_text(e, text, keys, &n, &err);
    fuzz_require(good == (err.kind == ERR_NONE));
    fuzz_require(n >= 0 && n <= SORT_KEYS);
    for (int i = 0; good && i < n; i++)
        fuzz_require(keys[i].field->flags & F_SORT);
    err_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const struct entity *e =
        schema_entities[data[0] % (unsigned)schema_entity_count];
    struct arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data + 1, size - 1);
    check_json(e, a, text);
    check_text(e, a, text);
    check_sort(e, text);
    arena_free(&a);
    return 0;
}
