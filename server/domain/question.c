/* Reads what a list is asked for. Whatever a person may not see in full can
 * not be asked by either, or the order of the answer would tell it. */
#include "server/domain/question.h"

#include "common/json.h"
#include "schema/filter.h"
#include "server/auth/session.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/record.h"
#include "server/domain/scope.h"
#include "server/domain/sight.h"

#include <string.h>

#define COLUMNS_MAX 120
#define PEOPLE_MAX  200

/* A parameter; null is as good as none. */
static const cJSON *given(struct request *r, const char *name)
{
    const cJSON *item = json_get(r->params, name);
    return item && !cJSON_IsNull(item) ? item : NULL;
}

static bool not_askable(const struct field *f, const char *where, struct err *e)
{
    char path[96];
    snprintf(path, sizeof path, "%s.%s", where, f->id);
    return err_param(e, path, _("a field that you may read in full"));
}

static bool check_filter(const struct question *q, const struct filter *f,
                         struct err *e)
{
    for (int i = 0; i < f->nchild; i++)
        if (!check_filter(q, f->child[i], e))
            return false;
    if (f->kind == FILTER_COND &&
        !column_is_askable(q->rights, q->entity, f->field))
        return not_askable(f->field, "filter", e);
    return true;
}

/* Which fields quick search looks into for this person. One look at masked
 * phones would be a way around the mask, hit by hit. */
static void read_search(struct question *q, const char *text)
{
    struct arena *a = q->arena;
    struct search_needle *n = arena_alloc(a, sizeof *n);
    const struct entity *e = q->entity;
    const struct field **fields =
        arena_array(a, (size_t)e->nfields, sizeof *fields);
    if (!search_needle(a, text, n))
        return;
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!(f->flags & F_SEARCH))
            continue;
        if (!column_is_askable(q->rights, e, f))
            n->digits = NULL;
        else if (f->ref)
            q->people_field = f->id;
        else
            fields[q->nsearch++] = f;
    }
    if (!field_find(e, "search_phones"))
        n->digits = NULL;
    q->needle = n;
    q->search = fields;
    if (q->people_field) {
        int64_t *people = arena_array(a, PEOPLE_MAX, sizeof *people);
        q->npeople = directory_users_like(q->names, text, people, PEOPLE_MAX);
        q->people = people;
    }
}

static bool read_rights(struct request *r, struct question *q, struct err *e)
{
    const struct entity *entity = r->entity;
    *q = (struct question){.arena = r->arena,
                           .entity = entity,
                           .rights = r->rights,
                           .names = r->names};
    q->trash = json_bool(r->params, "trash", false);
    if (q->trash && !(entity->flags & E_TRASH))
        return err_param(e, "trash", _("a kind of record that has a trash"));
    const char *action = q->trash ? entity->remove : entity->view;
    q->scopes = scope_of(r->rights, action);
    return q->scopes || record_forbidden(action, e);
}

static void ask_editable(struct question *q)
{
    q->ask_editable = true;
    q->edit_scopes = scope_of(q->rights, q->entity->edit);
}

static bool add_column(struct question *q, const struct field **columns,
                       const struct field *f, const char *path, struct err *e)
{
    if (!f || !column_is_readable(q->rights, q->entity, f))
        return err_param(e, path, _("a field that you may read"));
    if (column_varies(q->rights, q->entity, f))
        ask_editable(q);
    columns[q->ncolumns++] = f;
    return true;
}

static bool default_columns(struct question *q, const struct field **columns,
                            struct err *e)
{
    const struct entity *entity = q->entity;
    for (int i = 0; i < entity->nfields && q->ncolumns < COLUMNS_MAX; i++) {
        const struct field *f = &entity->fields[i];
        if (f->flags & F_DEFAULT && column_is_readable(q->rights, entity, f) &&
            !add_column(q, columns, f, "columns", e))
            return false;
    }
    return true;
}

static bool read_columns(struct request *r, struct question *q, struct err *e)
{
    const struct field **columns =
        arena_array(r->arena, COLUMNS_MAX, sizeof *columns);
    const cJSON *list = given(r, "columns");
    const cJSON *item;
    q->columns = columns;
    if (!list)
        return default_columns(q, columns, e);
    cJSON_ArrayForEach(item, list)
    {
        char path[32];
        snprintf(path, sizeof path, "columns[%d]", q->ncolumns);
        if (!cJSON_IsString(item) || q->ncolumns == COLUMNS_MAX)
            return err_param(e, path, _("a field that you may read"));
        const struct field *f = field_find(q->entity, item->valuestring);
        if (!add_column(q, columns, f, path, e))
            return false;
    }
    return true;
}

static bool read_sort(struct request *r, struct question *q, struct err *e)
{
    const cJSON *list = json_get(r->params, "sort");
    bool given = list && !cJSON_IsNull(list);
    if (given &&
        !sort_from_json(q->entity, r->arena, list, q->sort, &q->nsort, e))
        return false;
    if (!list && q->entity->sort &&
        !sort_from_text(q->entity, q->entity->sort, q->sort, &q->nsort, e))
        return false;
    for (int i = 0; i < q->nsort; i++) {
        if (column_is_askable(q->rights, q->entity, q->sort[i].field))
            continue;
        if (list)
            return not_askable(q->sort[i].field, "sort", e);
        q->nsort = i; /* the usual order, as far as it may be known */
    }
    return true;
}

bool question_read_record(struct request *r, struct question *q, struct err *e)
{
    if (!read_rights(r, q, e))
        return false;
    q->sight = sight_of(q->rights, q->entity);
    q->columns = q->sight->columns;
    q->ncolumns = q->sight->ncolumns;
    if (q->sight->varies)
        ask_editable(q);
    return true;
}

bool question_read(struct request *r, struct question *q, struct err *e)
{
    struct filter *filter = NULL;
    if (!read_rights(r, q, e) ||
        !filter_from_json(r->entity, r->arena, given(r, "filter"), &filter,
                          e) ||
        (filter && !check_filter(q, filter, e)))
        return false;
    q->filter = filter_resolve(r->arena, filter, r->session->timezone);
    const char *text = json_str(r->params, "search", "");
    if (text[0])
        read_search(q, text);
    return true;
}

bool question_read_list(struct request *r, struct question *q, struct err *e)
{
    return question_read(r, q, e) && read_columns(r, q, e) &&
           read_sort(r, q, e);
}

uint64_t question_fingerprint(struct request *r, const struct question *q)
{
    const cJSON *filter = given(r, "filter");
    uint64_t h = cursor_hash(CURSOR_SEED, q->entity->id);
    h = cursor_hash(h, q->trash ? "trash" : "");
    h = cursor_hash(h, filter ? json_print(r->arena, filter) : "");
    h = cursor_hash(h, json_str(r->params, "search", ""));
    for (int i = 0; i < q->nsort; i++) {
        h = cursor_hash(h, q->sort[i].field->id);
        h = cursor_hash(h, q->sort[i].desc ? "desc" : "asc");
    }
    return h;
}

static bool read_cursor(struct request *r, const struct question *q,
                        const char *name, struct page *p, struct err *e)
{
    const char *text = json_str(r->params, name, "");
    if (!cursor_read(r->arena, text, q->sort, q->nsort, &p->cursor) ||
        p->cursor.question != question_fingerprint(r, q))
        return err_param(e, name, _("a cursor of this very list"));
    return true;
}

bool question_read_page(struct request *r, const struct question *q,
                        struct page *p, struct err *e)
{
    static const char *const ways[] = {"after", "before", "offset", "around"};
    int found = 0;
    *p = (struct page){.kind = PAGE_start};
    p->limit = (int)json_int(r->params, "limit", PAGE_LIMIT);
    if (p->limit < 1 || p->limit > PAGE_LIMIT_MAX)
        return err_param(e, "limit", _("a number from 1 to 500"));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        found += given(r, ways[i]) != NULL;
    if (found > 1)
        return err_param(e, "after",
                         _("only one of after, before, offset, around"));
    const char *before = json_str(r->params, "before", NULL);
    if (before && !before[0]) {
        p->kind = PAGE_end;
    } else if (before) {
        p->kind = PAGE_before;
        return read_cursor(r, q, "before", p, e);
    } else if (json_str(r->params, "after", "")[0]) {
        p->kind = PAGE_after;
        return read_cursor(r, q, "after", p, e);
    }
    p->offset = json_int(r->params, "offset", 0);
    if (p->offset < 0)
        return err_param(e, "offset", _("a number from 0 on"));
    if (p->offset > 0)
        p->kind = PAGE_offset;
    return true;
}
