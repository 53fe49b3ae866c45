/* What a record can be asked beyond its values: its history, another state of
 * its life cycle, a masked value in full. */
#include "tui/screen/record_impl.h"

#include "common/json.h"
#include "schema/access.h"
#include "tui/screen/history.h"
#include "tui/screen/transition.h"
#include "tui/widget/cell.h"
#include "tui/widget/dialog.h"

void record_history(struct record_screen *rs)
{
    const struct field *f = field_find(rs->entity, rs->entity->title);
    struct history_options o = {.entity = rs->entity,
                                .id = rs->id,
                                .name =
                                    cell_of(record_remote(rs), f, rs->scratch,
                                            json_get(rs->record, f->id))
                                        .text,
                                .changed = record_part_changed,
                                .ctx = rs};
    history_open(rs->screen.app, &o);
}

void record_transition(struct record_screen *rs)
{
    struct transition t = {.owner = &rs->screen,
                           .id = rs->id,
                           .version = form_version(rs->form),
                           .from = json_str(rs->record, "lifecycle", ""),
                           .then = record_part_changed,
                           .ctx = rs};
    transition_open(&t);
}

/* --- masked values (ACC-03) --- */

bool record_can_reveal(const struct record_screen *rs)
{
    const struct field *f = rs->below ? NULL : form_current(rs->form);
    return record_is_live(rs) && f &&
           remote_level(record_remote(rs), f) == LEVEL_MASKED &&
           json_str(rs->record, f->id, "")[0];
}

/* It stands in a message and nowhere else: a mask is a mask again when one
 * looks away. */
static void on_revealed(void *ctx, const cJSON *result, const struct err *err)
{
    struct record_screen *rs = ctx;
    const struct field *f = form_current(rs->form);
    const char *value = json_str(result, "value", "");
    rs->reveal_call = 0;
    if (err)
        app_error(rs->screen.app, err);
    else
        dialog_tell(rs->screen.app, f ? _(f->label) : "", value, NULL, NULL);
}

void record_reveal(struct record_screen *rs)
{
    const struct field *f = form_current(rs->form);
    cJSON *params = cJSON_CreateObject();
    char *method = x_asprintf("%s.reveal", rs->entity->id);
    cJSON_AddNumberToObject(params, "id", (double)rs->id);
    cJSON_AddStringToObject(params, "field", f->id);
    remote_cancel(record_remote(rs), rs->reveal_call);
    rs->reveal_call =
        remote_call(record_remote(rs), method, params, on_revealed, rs);
    x_free(&method);
}
