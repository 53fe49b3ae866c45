/* Decides what of a field is shown, and writes it. */
#include "server/domain/column.h"

#include "common/json.h"
#include "common/mem.h"

static bool is_business(const struct entity *e)
{
    return e->scope == SCOPE_customer || e->scope == SCOPE_child;
}

enum level column_level(const struct rights *r, const struct entity *e,
                        const struct field *f, bool editable)
{
    if (f->flags & (F_HIDDEN | F_SECRET))
        return LEVEL_HIDDEN;
    if (f == &field_id || f == &field_version)
        return LEVEL_READ;
    if (r->admin && !is_business(e))
        return LEVEL_WRITE;
    return access_field(r, f, editable);
}

bool column_is_readable(const struct rights *r, const struct entity *e,
                        const struct field *f)
{
    return column_level(r, e, f, true) != LEVEL_HIDDEN ||
           column_level(r, e, f, false) != LEVEL_HIDDEN;
}

bool column_is_askable(const struct rights *r, const struct entity *e,
                       const struct field *f)
{
    return column_level(r, e, f, false) >= LEVEL_READ;
}

bool column_varies(const struct rights *r, const struct entity *e,
                   const struct field *f)
{
    enum level inside = column_level(r, e, f, true);
    enum level outside = column_level(r, e, f, false);
    return inside != outside && (inside < LEVEL_READ || outside < LEVEL_READ);
}

void column_write(struct arena *a, const struct field *f, enum level level,
                  const char *value, size_t len, const struct names *names,
                  struct buf *out)
{
    bool shown = level >= LEVEL_READ || level == LEVEL_MASKED;
    if (!shown || field_is_empty(f, value))
        buf_str(out, "null");
    else if (level == LEVEL_MASKED)
        json_write_str(out, f->type->mask(a, value));
    else
        f->type->to_json(f, value, len, names, out);
}
