/* customer.transition: only moves of schema/move.def, with a reason, by who
 * may; what the new state demands is told at once (LIFE-02, LIFE-04). */
#include "server/domain/transition.h"

#include "common/json.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/domain/record.h"
#include "server/rpc/handlers.h"

#include <string.h>

#define ACTION_ID "status.change"

const char *transition_reason(struct arena *a, const cJSON *item,
                              struct faults *f)
{
    const struct field *row = &entity_life_log.fields[LIFE_LOG_reason];
    const char *value = NULL;
    struct err bad = {0};
    bool good = item && row->type->from_json(row, a, item, &value, &bad) &&
                value && row->type->check(row, value, &bad);
    if (!good && bad.kind)
        faults_add(f, row->id, json_str(bad.data, "rule", "form"), "%s",
                   bad.message);
    else if (!good)
        faults_add(f, row->id, "required", "%s",
                   _("Say why, in 2 to 500 characters."));
    err_clear(&bad);
    return good ? value : NULL;
}

static enum life life_now(const struct change *c)
{
    const char *code = c->before[CUSTOMER_lifecycle];
    return code ? life_find(code) : LIFE_NONE;
}

/* Who serves a customer under contract does not let it go alone. */
static bool may_move(const struct change *c, enum life to, struct err *e)
{
    bool manager =
        to == LIFE_churned && life_reached(life_now(c), LIFE_contracted);
    if (!change_allowed(c, ACTION_ID, e))
        return false;
    if (!manager || c->rights->scope[ACTION_status_change] > SCOPE_OWN)
        return true;
    err_set(e, ERR_forbidden,
            _("Once contracted, only a manager moves a customer to “%s”."),
            _(life_label(to)));
    err_data(e, "action", cJSON_CreateString(ACTION_ID));
    return false;
}

/* "Contracted, Churned": where it may go from here. */
static const char *next_states(struct arena *a, enum life now)
{
    struct buf list = BUF_INIT;
    for (int to = LIFE_NONE + 1; to < LIVES; to++)
        if (life_may(now, (enum life)to))
            buf_printf(&list, "%s%s", list.len ? _(", ") : "",
                       _(life_label((enum life)to)));
    const char *text = arena_strdup(a, buf_text(&list));
    buf_free(&list);
    return text;
}

static void check_move(const struct change *c, enum life to, struct faults *f)
{
    enum life now = life_now(c);
    if (!life_may(now, to))
        faults_add(f, "lifecycle", "order",
                   _("From “%s” a customer moves to: %s."), _(life_label(now)),
                   next_states(c->arena, now));
}

/* What the new state asks for may come along, by the rules of any update. */
static bool apply_values(struct change *c, const cJSON *values,
                         struct faults *f, struct err *e)
{
    return cJSON_GetArraySize(values) == 0 ||
           (change_allowed(c, c->entity->edit, e) &&
            change_apply(c, values, f, e) && change_check_flags(c, f, e));
}

bool transition_run(struct change *c, int64_t id, const struct transition *t,
                    struct faults *f, struct err *e)
{
    c->reason = t->reason ? t->reason : "";
    f->entity = c->entity;
    if (!change_load(c, id, c->entity->view, false, e) ||
        !may_move(c, t->to, e) || !apply_values(c, t->values, f, e))
        return false;
    if (t->version && t->version != c->version) {
        change_set(c, CUSTOMER_lifecycle, life_code(t->to));
        return change_conflict(c, e);
    }
    check_move(c, t->to, f);
    change_set(c, CUSTOMER_lifecycle, life_code(t->to));
    return change_run(c, f, e);
}

bool transition_apply(struct change *c, enum life to, const char *reason,
                      struct faults *f, struct err *e)
{
    if (life_now(c) == to)
        return true;
    c->reason = reason ? reason : "";
    if (!may_move(c, to, e))
        return false;
    check_move(c, to, f);
    change_set(c, CUSTOMER_lifecycle, life_code(to));
    return true;
}

static bool transition(struct change *c, struct faults *f, struct err *e)
{
    const char *to = json_str(c->params, "to", "");
    struct transition t = {.to = life_find(to),
                           .version = json_int(c->params, "version", 0),
                           .values = json_get(c->params, "values")};
    if (t.to == LIFE_NONE)
        return err_param(e, "to", _("a state of the life cycle"));
    t.reason = transition_reason(c->arena, json_get(c->params, "reason"), f);
    return transition_run(c, json_int(c->params, "id", 0), &t, f, e);
}

bool customer_transition(struct request *r, struct db_conn *conn, struct err *e)
{
    return change_request(r, conn, &entity_customer, CHANGE_update, transition,
                          e);
}
