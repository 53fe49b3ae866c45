/* Values of every field from any bytes, as typed and as JSON: what is taken
 * is canonical (it survives the wire and the screen unchanged), its mask
 * stays short of it, and searching never misses its own document. */
#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "schema/search.h"
#include "schema/type.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    i18n_init((*argv)[0]);
    return 0;
}

/* The wire takes what it gave. */
static void check_wire(const struct field *f, struct arena *a,
                       const char *value)
{
    struct buf text = BUF_INIT;
    struct err err = {0};
    cJSON *item = NULL;
    const char *back = NULL;
    f->type->to_json(f, value, strlen(value), NULL, &text);
    fuzz_require(json_parse(buf_text(&text), text.len, NULL, &item, NULL));
    fuzz_require(f->type->from_json(f, a, item, &back, &err));
    fuzz_require(back != NULL && strcmp(back, value) == 0);
    cJSON_Delete(item);
    buf_free(&text);
    err_clear(&err);
}

static void check_list(const struct field *f, struct arena *a,
                       const char *value)
{
    const char **items;
    size_t n;
    if (!f->type->list)
        return;
    fuzz_require(list_split(a, value, &items, &n) && n > 0);
    fuzz_require(strcmp(list_join(a, items, n), value) == 0);
}

static void check_shown(const struct field *f, struct arena *a,
                        const char *value)
{
    const char *shown = f->type->format(f, a, value, NULL);
    fuzz_require(shown != NULL && utf8_valid(shown, strlen(shown)));
    const char *masked = f->type->mask(a, value);
    fuzz_require(masked != NULL && utf8_valid(masked, strlen(masked)));
    /* A value of stars looks like a mask. */
    fuzz_require(strcmp(masked, value) != 0 || strchr(value, '*') != NULL);
}

static void check_value(const struct field *f, struct arena *a,
                        const char *value)
{
    struct err err = {0};
    if (value == NULL)
        return;
    fuzz_require(utf8_valid(value, strlen(value)));
    bool good = f->type->check(f, value, &err);
    fuzz_require(good == (err.kind == ERR_NONE));
    err_clear(&err);
    if (!good)
        return;
    check_list(f, a, value);
    check_shown(f, a, value);
    check_wire(f, a, value);
}

static void check_typed(const struct field *f, struct arena *a,
                        const char *text)
{
    struct err err = {0};
    const char *value = NULL;
    bool good = f->type->parse(f, a, text, NULL, &value, &err);
    fuzz_require(good == (err.kind == ERR_NONE));
    fuzz_require(good || err.message[0] != '\0');
    if (good)
        check_value(f, a, value);
    err_clear(&err);
}

static void check_json(const struct field *f, struct arena *a, const char *text)
{
    struct err err = {0};
    const char *value = NULL;
    cJSON *item = NULL;
    if (json_parse(text, strlen(text), NULL, &item, NULL) &&
        f->type->from_json(f, a, item, &value, &err))
        check_value(f, a, value);
    cJSON_Delete(item);
    err_clear(&err);
}

/* A text finds the document made of it, and places in itself. */
static void check_search(struct arena *a, const char *text)
{
    const char *clean = utf8_clean(a, text, strlen(text), false);
    struct search_needle n;
    struct search_doc d;
    struct search_range r[4];
    if (clean == NULL || utf8_length(clean) > 40 ||
        !search_needle(a, clean, &n))
        return;
    search_doc(a, &clean, 1, &clean, 1, &d);
    if (utf8_length(n.folded) < 64)
        fuzz_require(strstr(d.text, n.folded) != NULL);
    fuzz_require(n.digits == NULL || strstr(d.phones, n.digits) != NULL);
    int found = search_matches(a, clean, clean, r, 4);
    for (int i = 0; i < found; i++)
        fuzz_require(r[i].start < r[i].end && r[i].end <= strlen(clean) &&
                     (i == 0 || r[i - 1].end < r[i].start));
    const char *key = search_name_key(a, clean);
    fuzz_require(strcmp(search_name_key(a, key), key) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const struct entity *e =
        schema_entities[data[0] % (unsigned)schema_entity_count];
    const struct field *f = &e->fields[data[1] % (unsigned)e->nfields];
    struct arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data + 2, size - 2);
    const char **items, *low, *high;
    size_t n;
    check_typed(f, a, text);
    check_json(f, a, text);
    check_search(a, text);
    list_split(a, text, &items, &n);
    if (f->type->period != NULL)
        f->type->period(f, a, NULL, text, &low, &high);
    f->type->mask(a, text);
    arena_free(&a);
    return 0;
}
