/* Writes rows straight from the result into the reply: no tree of JSON values
 * is built in between. */
#include "server/domain/row.h"

#include "common/json.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/sight.h"

static const enum level *levels(const struct question *q, bool editable)
{
    enum level *out =
        arena_array(q->arena, (size_t)q->ncolumns + 1, sizeof *out);
    for (int i = 0; i < q->ncolumns; i++)
        out[i] = column_level(q->rights, q->entity, q->columns[i], editable);
    return out;
}

static void add(struct buf *out, const PGresult *res, int row, int col)
{
    buf_add(out, PQgetvalue(res, row, col), (size_t)PQgetlength(res, row, col));
}

/* [7,"name"] of a reference whose name came with the row. */
static void write_named(const PGresult *res, int row, int id, int name,
                        struct buf *out)
{
    if (PQgetisnull(res, row, id)) {
        buf_str(out, "null");
        return;
    }
    buf_char(out, '[');
    add(out, res, row, id);
    buf_char(out, ',');
    json_write_strn(out, PQgetvalue(res, row, name),
                    (size_t)PQgetlength(res, row, name));
    buf_char(out, ']');
}

static const enum level *row_levels(const struct row_writer *w,
                                    const PGresult *res, int row)
{
    int at = w->layout->editable;
    return at < 0 || db_bool(res, row, at) ? w->inside : w->outside;
}

static void write_cell(const struct row_writer *w, const enum level *levels,
                       const PGresult *res, int row, int i, struct buf *out)
{
    int at = w->layout->column[i];
    int name = w->layout->name[i];
    if (name >= 0 && levels[i] >= LEVEL_READ) {
        write_named(res, row, at, name, out);
        return;
    }
    column_write(w->arena, w->question->columns[i], levels[i],
                 db_text(res, row, at), (size_t)PQgetlength(res, row, at),
                 &w->names, out);
}

void row_writer_init(struct row_writer *w, struct request *r,
                     const struct question *q,
                     const struct query_layout *layout)
{
    *w = (struct row_writer){
        .arena = r->arena,
        .question = q,
        .layout = layout,
        .names = directory_names(r->names, r->lang),
        .inside = q->sight ? q->sight->inside : levels(q, true),
        .outside = q->sight ? q->sight->outside : levels(q, false)};
}

void row_write_array(const struct row_writer *w, const PGresult *res, int row,
                     struct buf *out)
{
    const enum level *levels = row_levels(w, res, row);
    buf_char(out, '[');
    add(out, res, row, 0);
    buf_char(out, ',');
    add(out, res, row, 1);
    for (int i = 0; i < w->question->ncolumns; i++) {
        buf_char(out, ',');
        write_cell(w, levels, res, row, i, out);
    }
    buf_char(out, ']');
}

void row_write_object(const struct row_writer *w, const PGresult *res, int row,
                      struct buf *out)
{
    const enum level *levels = row_levels(w, res, row);
    buf_str(out, "{\"id\":");
    add(out, res, row, 0);
    buf_str(out, ",\"version\":");
    add(out, res, row, 1);
    for (int i = 0; i < w->question->ncolumns; i++) {
        buf_str(out, w->question->sight->names[i]);
        write_cell(w, levels, res, row, i, out);
    }
    buf_char(out, '}');
}

const char *row_cursor(const struct row_writer *w, const PGresult *res, int row,
                       uint64_t fingerprint)
{
    struct cursor c = {.question = fingerprint, .n = w->question->nsort};
    for (int i = 0; i < c.n; i++)
        c.keys[i] = PQgetvalue(res, row, w->layout->key[i]);
    c.id = db_int(res, row, 0);
    return cursor_write(w->arena, &c);
}
