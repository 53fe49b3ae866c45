/* What is wrong with a written filter: the word itself, and what would be
 * right in its place. */
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/filter_impl.h"
#include "schema/option.h"
#include "schema/type_impl.h"

#include <string.h>

enum { EXAMPLES = 6, OPTIONS = 8 };

static bool tell(struct filter_reader *r, const char *path, const char *what,
                 const char *right)
{
    const char *gap = *what != '\0' && *right != '\0' ? " " : "";
    err_set(r->err, ERR_invalid_params, _("“%s”: %s%s%s"), r->word, what, gap,
            right);
    err_data(r->err, "path", cJSON_CreateString(path));
    err_data(r->err, "expected",
             cJSON_CreateString(*right != '\0' ? right : what));
    return false;
}

/* "a, b, c" into out. */
static void join(struct buf *out, const char *text)
{
    if (out->len > 0)
        buf_str(out, _(", "));
    buf_str(out, text);
}

bool filter_no_field(struct filter_reader *r, const char *name)
{
    struct buf some = BUF_INIT;
    int n = 0;
    for (int i = 0; i < r->entity->nfields && n < EXAMPLES; i++) {
        const struct field *f = &r->entity->fields[i];
        if ((f->flags & F_FILTER) == 0)
            continue;
        join(&some, _(f->label));
        n++;
    }
    const char *what =
        arena_printf(r->arena, _("There is no field “%s”."), name);
    const char *right = arena_printf(r->arena, _("There are, for example: %s."),
                                     buf_text(&some));
    buf_free(&some);
    return tell(r, name, what, right);
}

static bool takes(const struct field *f, const struct filter_sign *s)
{
    unsigned ops = 1u << s->op | (s->other == OPS ? 0 : 1u << s->other);
    /* The full-width twins need no mention. */
    return (f->type->ops & ops) != 0 && (unsigned char)s->text[0] < 0x80;
}

bool filter_cannot(struct filter_reader *r, const struct field *f)
{
    struct buf signs = BUF_INIT;
    const struct filter_sign *s;
    for (int i = 0; (s = filter_sign(i)) != NULL; i++) {
        if (!takes(f, s))
            continue;
        buf_str(&signs, signs.len > 0 ? "  " : "");
        buf_str(&signs, s->text);
    }
    const char *what = arena_printf(
        r->arena, _("%s can not be asked for like that."), _(f->label));
    const char *right =
        arena_printf(r->arena, _("It takes: %s"), buf_text(&signs));
    buf_free(&signs);
    return tell(r, f->id, what, right);
}

/* Some of the values that the field may have. */
static const char *options(struct filter_reader *r, const struct field *f)
{
    struct buf some = BUF_INIT;
    int n = 0;
    for (int i = 0; f->options != NULL && i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (strcmp(row->list, f->options) != 0 || n++ >= OPTIONS)
            continue;
        const char *label =
            r->names != NULL && r->names->option != NULL
                ? r->names->option(r->names->ctx, f->options, row->code)
                : NULL;
        join(&some, label != NULL ? label : option_label(row, i18n_lang()));
    }
    const char *out =
        some.len > 0 ? arena_printf(r->arena, _("There are, for example: %s."),
                                    buf_text(&some))
                     : "";
    buf_free(&some);
    return out;
}

bool filter_no_value(struct filter_reader *r, const struct field *f,
                     const char *message)
{
    if (f->type->period != NULL)
        return tell(r, f->id, _("This is no date."),
                    _("Write it like 2025-07-04, 2025-07, 2025Q1, "
                      "2025-01..2025-06, this_month or last_30_days."));
    if (*message == '\0')
        message = _("A value is missing.");
    return tell(r, f->id, message, options(r, f));
}
