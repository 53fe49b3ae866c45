/* What an entity does beyond the general record engine: rules that need the
 * database, computed columns, effects on its parent. One row an entity. */
#ifndef SERVER_DOMAIN_HOOKS_H
#define SERVER_DOMAIN_HOOKS_H

#include "schema/validate.h"
#include "server/rpc/request.h"

enum change_kind { CHANGE_create, CHANGE_update, CHANGE_delete,
                   CHANGE_restore };

/* A change under way, inside its transaction. */
struct change {
    struct request *request;
    struct db_conn *conn;
    struct arena *arena;
    const struct entity *entity;
    enum change_kind kind;
    int64_t id;     /* 0 before a create's INSERT */
    int64_t parent; /* customer_id of a child */
    const char *const *before; /* by field index; NULL for create */
    const char **after;        /* by field index; hooks may set more */
    bool *changed;             /* by field index */
    const cJSON *params; /* the whole request, for nested contacts etc. */
    struct scope_keys keys_before, keys_after; /* for the event */
};

struct domain_hooks {
    const char *entity;
    /* Rights beyond the action, defaults, computed values, checks in the
     * database; before INSERT/UPDATE. Faults go to *f, others to *e. */
    bool (*before)(struct change *c, struct faults *f, struct err *e);
    /* Children, copies on the parent, after the row is written. */
    bool (*after)(struct change *c, struct err *e);
};

/* NULL where the entity has none. */
const struct domain_hooks *domain_hooks(const struct entity *e);

#endif
