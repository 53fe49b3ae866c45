/* The rows of the owner between the fields and the buttons, and going to a
 * place of the form by its name. */
#include "tui/widget/form_impl.h"

const char *form_row_text(const struct form *f, int row, struct arena *a)
{
    return f->o.rows->text(f->o.ctx, row, a);
}

const char *form_row_fault(const struct form *f, int row)
{
    return f->o.rows->fault != NULL ? f->o.rows->fault(f->o.ctx, row) : NULL;
}

const char *form_rows_title(const struct form *f)
{
    return f->nrows > 0 && f->o.rows->title != NULL ? f->o.rows->title(f->o.ctx)
                                                    : NULL;
}

int form_row(const struct form *f)
{
    bool on =
        f->editing && f->cursor >= f->n && f->cursor < form_first_button(f);
    return on ? f->cursor - f->n : -1;
}

void form_go_row(struct form *f, int row)
{
    if (row >= 0 && row < f->nrows)
        form_move(f, f->n + row);
}

bool form_go_field(struct form *f, const struct field *field)
{
    int index = field_index(f->entity, field);
    for (int i = 0; i < f->n; i++) {
        if (f->order[i] != index || !form_may_stop(f, i))
            continue;
        form_move(f, i);
        return true;
    }
    return false;
}

int form_fault_count(struct form *f, const struct field **first)
{
    int n = 0;
    for (int i = f->n - 1; i >= 0; i--) {
        if (form_fault(f, f->order[i]) == NULL)
            continue;
        *first = form_field(f, f->order[i]);
        n++;
    }
    return n;
}

void form_relayout(struct form *f)
{
    f->laid_w = 0;
    app_redraw(f->app);
}

const char *form_fault_of(struct form *f, const struct field *field)
{
    const struct fault *fault = form_fault(f, field_index(f->entity, field));
    return fault != NULL ? fault->message : NULL;
}
