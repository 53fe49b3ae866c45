/* Which editor a condition takes: by what its type can do, never by the field.
 */
#include "tui/widget/filter_edit.h"

#include "schema/type.h"

static bool has(const struct field *f, enum filter_op op)
{
    return (f->type->ops & 1u << op) != 0;
}

static bool is_yes_no(const struct field *f)
{
    return has(f, OP_eq) && !has(f, OP_in);
}

static bool is_picked(const struct field *f)
{
    return f->options != NULL || f->ref != NULL;
}

static bool is_typed(const struct field *f)
{
    return f->type->ops != 0;
}

/* The first that fits. */
static const struct {
    bool (*fits)(const struct field *f);
    void (*open)(const struct filter_edit *e);
} editors[] = {
    {is_picked, filter_pick_values},
    {is_yes_no, filter_pick_yes_no},
    {is_typed, filter_sheet_open},
};

void filter_edit_open(const struct filter_edit *e)
{
    for (size_t i = 0; i < sizeof(editors) / sizeof(*editors); i++)
        if (editors[i].fits(e->field)) {
            editors[i].open(e);
            return;
        }
}
