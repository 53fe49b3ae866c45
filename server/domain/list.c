/* <entity>.list and <entity>.count: a page of rows, the exact number of them
 * and its split (LIST-03, LIST-07, LIST-15, LIST-18). */
#include "common/json.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/question.h"
#include "server/domain/record.h"
#include "server/domain/row.h"

#include <string.h>

#define SPLITS_MAX 4

struct list {
    struct question q;
    struct page page;
    enum query_mode mode;
    struct query_layout layout;
    struct row_writer writer;
    uint64_t fingerprint;
    /* around: the row in the middle, then the rows before, then after it */
    int around_limit;
    const char *middle, *before; /* as JSON */
    int nbefore;
    const char *prev;
    struct cursor center;
    /* count */
    const struct field *split[SPLITS_MAX];
    int nsplit;
};

static void submit(struct request *r, enum lane lane, struct sql *s,
                   bool prepare, request_result_fn *fn)
{
    struct db_query q = sql_query(s, prepare);
    request_query(r, lane, &q, fn);
    sql_free(s);
}

static void write_columns(struct request *r, const struct question *q)
{
    buf_str(&r->reply, "{\"columns\":[\"id\",\"version\"");
    for (int i = 0; i < q->ncolumns; i++) {
        buf_char(&r->reply, ',');
        json_write_str(&r->reply, q->columns[i]->id);
    }
    buf_str(&r->reply, "],\"rows\":[");
}

static void write_cursor(struct request *r, const char *key, const char *cursor)
{
    buf_char(&r->reply, ',');
    json_write_key(&r->reply, key);
    if (cursor)
        json_write_str(&r->reply, cursor);
    else
        buf_str(&r->reply, "null");
}

/* The total is a question of its own, which may take longer: slow lane. */
static void count_rows(struct request *r, PGresult *res)
{
    buf_str(&r->reply, ",\"total\":");
    buf_int(&r->reply, db_int(res, 0, 0));
    buf_char(&r->reply, '}');
    request_done(r);
}

static void finish(struct request *r)
{
    struct list *l = r->state;
    if (strcmp(json_str(r->params, "count", "none"), "exact") != 0) {
        buf_char(&r->reply, '}');
        request_done(r);
        return;
    }
    struct sql s;
    sql_init(&s, r->arena);
    query_count(&s, &l->q, NULL, 0);
    submit(r, LANE_slow, &s, false, count_rows);
}

/* Writes up to `limit` rows in display order; true where there were more. */
static bool write_rows(struct list *l, PGresult *res, int limit,
                       struct buf *out)
{
    int n = PQntuples(res);
    int shown = n < limit ? n : limit;
    for (int i = 0; i < shown; i++) {
        if (i)
            buf_char(out, ',');
        int row = query_is_backwards(&l->page) ? shown - 1 - i : i;
        row_write_array(&l->writer, res, row, out);
    }
    return n > shown;
}

static void write_page(struct request *r, struct list *l, PGresult *res)
{
    int limit = l->page.limit;
    int n = PQntuples(res) < limit ? PQntuples(res) : limit;
    bool back = query_is_backwards(&l->page);
    write_columns(r, &l->q);
    bool more = write_rows(l, res, limit, &r->reply);
    /* Rows beyond the side we came from: known by the question itself. */
    bool behind = l->page.kind == PAGE_after || l->page.kind == PAGE_before ||
                  l->page.kind == PAGE_offset;
    const char *start = NULL;
    const char *end = NULL;
    if (n && (back ? more : behind))
        start = row_cursor(&l->writer, res, back ? n - 1 : 0, l->fingerprint);
    if (n && (back ? behind : more))
        end = row_cursor(&l->writer, res, back ? 0 : n - 1, l->fingerprint);
    buf_char(&r->reply, ']');
    write_cursor(r, "next", end);
    write_cursor(r, "prev", start);
}

static void ask_page(struct request *r, enum lane lane, request_result_fn *fn)
{
    struct list *l = r->state;
    struct sql s;
    sql_init(&s, r->arena);
    query_page(&s, &l->q, &l->page, l->mode, &l->layout);
    row_writer_init(&l->writer, r, &l->q, &l->layout);
    submit(r, lane, &s, query_is_shape(&l->q, l->mode), fn);
}

/* A bounded walk that found too little says nothing about what lies beyond
 * its bound: then all matching rows are fetched. True where it asked again. */
static bool asked_again(struct request *r, PGresult *res, request_result_fn *fn)
{
    struct list *l = r->state;
    if (l->mode != QUERY_bounded || PQntuples(res) > l->page.limit)
        return false;
    l->mode = QUERY_fetch;
    ask_page(r, LANE_slow, fn);
    return true;
}

static void page_rows(struct request *r, PGresult *res)
{
    if (asked_again(r, res, page_rows))
        return;
    write_page(r, r->state, res);
    finish(r);
}

static void ask_side(struct request *r, enum page_kind kind, int limit,
                     request_result_fn *fn)
{
    struct list *l = r->state;
    l->page = (struct page){.kind = kind, .cursor = l->center, .limit = limit};
    l->mode = query_choose(&l->q, &l->page);
    ask_page(r, LANE_quick, fn);
}

static void around_after(struct request *r, PGresult *res)
{
    struct list *l = r->state;
    if (asked_again(r, res, around_after))
        return;
    int n = PQntuples(res) < l->page.limit ? PQntuples(res) : l->page.limit;
    write_columns(r, &l->q);
    buf_str(&r->reply, l->before);
    if (l->nbefore)
        buf_char(&r->reply, ',');
    buf_str(&r->reply, l->middle);
    if (n)
        buf_char(&r->reply, ',');
    bool more = write_rows(l, res, l->page.limit, &r->reply);
    buf_char(&r->reply, ']');
    const char *last = NULL;
    if (more && n)
        last = row_cursor(&l->writer, res, n - 1, l->fingerprint);
    else if (more)
        last = cursor_write(r->arena, &l->center);
    write_cursor(r, "next", last);
    write_cursor(r, "prev", l->prev);
    finish(r);
}

static void around_before(struct request *r, PGresult *res)
{
    struct list *l = r->state;
    if (asked_again(r, res, around_before))
        return;
    l->nbefore =
        PQntuples(res) < l->page.limit ? PQntuples(res) : l->page.limit;
    struct buf rows = BUF_INIT;
    bool more = write_rows(l, res, l->page.limit, &rows);
    l->before = arena_strdup(r->arena, buf_text(&rows));
    buf_free(&rows);
    if (more && l->nbefore)
        l->prev = row_cursor(&l->writer, res, l->nbefore - 1, l->fingerprint);
    else if (more)
        l->prev = cursor_write(r->arena, &l->center);
    ask_side(r, PAGE_after, l->around_limit - 1 - l->nbefore, around_after);
}

static void around_center(struct request *r, PGresult *res)
{
    struct list *l = r->state;
    if (PQntuples(res) == 0) {
        struct err e = {0};
        record_not_found(&e);
        request_fail(r, &e);
        return;
    }
    struct buf middle = BUF_INIT;
    row_write_array(&l->writer, res, 0, &middle);
    l->middle = arena_strdup(r->arena, buf_text(&middle));
    buf_free(&middle);
    l->center = (struct cursor){
        .question = l->fingerprint, .n = l->q.nsort, .id = db_int(res, 0, 0)};
    for (int i = 0; i < l->q.nsort; i++)
        l->center.keys[i] =
            arena_strdup(r->arena, db_text(res, 0, l->layout.key[i]));
    ask_side(r, PAGE_before, (l->around_limit - 1) / 2, around_before);
}

static void ask_around(struct request *r, int64_t id)
{
    struct list *l = r->state;
    struct sql s;
    l->around_limit = l->page.limit;
    sql_init(&s, r->arena);
    query_row(&s, &l->q, id, &l->layout);
    row_writer_init(&l->writer, r, &l->q, &l->layout);
    submit(r, LANE_quick, &s, false, around_center);
}

static void write_split(struct request *r, const struct list *l, PGresult *res,
                        int at)
{
    const struct field *f = l->split[at];
    struct names names = directory_names(r->names, r->lang);
    bool first = true;
    json_write_key(&r->reply, f->id);
    buf_char(&r->reply, '[');
    for (int i = 0; i < PQntuples(res); i++) {
        if (db_int(res, i, at * 2 + 1) != 0)
            continue; /* this row is about another field */
        buf_str(&r->reply, first ? "[" : ",[");
        first = false;
        column_write(r->arena, f, LEVEL_READ, db_text(res, i, at * 2),
                     (size_t)PQgetlength(res, i, at * 2), &names, &r->reply);
        buf_char(&r->reply, ',');
        buf_int(&r->reply, db_int(res, i, l->nsplit * 2));
        buf_char(&r->reply, ']');
    }
    buf_char(&r->reply, ']');
}

static int64_t total_of(const struct list *l, PGresult *res)
{
    for (int i = 0; i < PQntuples(res); i++) {
        bool about_all = true;
        for (int k = 0; k < l->nsplit; k++)
            about_all = about_all && db_int(res, i, k * 2 + 1) == 1;
        if (about_all)
            return db_int(res, i, l->nsplit * 2);
    }
    return 0;
}

static void count_done(struct request *r, PGresult *res)
{
    struct list *l = r->state;
    buf_str(&r->reply, "{\"total\":");
    buf_int(&r->reply, total_of(l, res));
    if (l->nsplit)
        buf_str(&r->reply, ",\"split\":{");
    for (int i = 0; i < l->nsplit; i++) {
        if (i)
            buf_char(&r->reply, ',');
        write_split(r, l, res, i);
    }
    buf_str(&r->reply, l->nsplit ? "}}" : "}");
    request_done(r);
}

/* `split`: the fields whose values are to be counted one by one. */
static bool read_split(struct request *r, struct list *l, struct err *e)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_get(r->params, "split"))
    {
        const struct field *f = cJSON_IsString(item)
                                    ? field_find(r->entity, item->valuestring)
                                    : NULL;
        if (l->nsplit == SPLITS_MAX || !f || !f->options || f->type->list ||
            !column_is_askable(r->rights, r->entity, f))
            return err_param(e, "split",
                             _("up to four fields with a list of options"));
        l->split[l->nsplit++] = f;
    }
    return true;
}

void record_list(struct request *r)
{
    struct list *l = arena_alloc(r->arena, sizeof *l);
    struct err e = {0};
    r->state = l;
    if (!question_read_list(r, &l->q, &e) ||
        !question_read_page(r, &l->q, &l->page, &e)) {
        request_fail(r, &e);
        return;
    }
    l->fingerprint = question_fingerprint(r, &l->q);
    int64_t around = json_int(r->params, "around", 0);
    if (around > 0) {
        ask_around(r, around);
        return;
    }
    l->mode = query_choose(&l->q, &l->page);
    ask_page(r, l->page.kind == PAGE_offset ? LANE_slow : LANE_quick,
             page_rows);
}

void record_count(struct request *r)
{
    struct list *l = arena_alloc(r->arena, sizeof *l);
    struct err e = {0};
    struct sql s;
    r->state = l;
    if (!question_read(r, &l->q, &e) || !read_split(r, l, &e)) {
        request_fail(r, &e);
        return;
    }
    sql_init(&s, r->arena);
    query_count(&s, &l->q, l->split, l->nsplit);
    submit(r, LANE_slow, &s, false, count_done);
}
