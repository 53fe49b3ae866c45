/* What an entity does beyond the general record engine: rules that need the
 * database, computed columns, effects on its parent. One row an entity. */
#ifndef SERVER_DOMAIN_HOOKS_H
#define SERVER_DOMAIN_HOOKS_H

#include "schema/validate.h"
#include "server/rpc/request.h"

enum change_kind {
    CHANGE_create,
    CHANGE_update,
    CHANGE_delete,
    CHANGE_restore
};

/* A change under way, inside its transaction. */
struct change {
    struct request *request;
    struct db_conn *conn;
    struct arena *arena;
    const struct entity *entity;
    const struct rights *rights;   /* as of this transaction */
    const struct directory *names; /* likewise */
    enum change_kind kind;
    int64_t id;        /* of a create: taken from the sequence beforehand */
    int64_t version;   /* before the change */
    int64_t parent;    /* customer_id of a child; a customer's own id */
    int64_t operation; /* numbers what is done together; 0: done alone */
    const char *const *before; /* by field index; all NULL for create */
    const char **after;        /* by field index; hooks may set more */
    bool *changed;             /* by field index */
    const cJSON *params;       /* the whole request, for nested contacts etc. */
    struct scope_keys keys_before, keys_after; /* for the event */
    bool undoes;        /* takes back an earlier change */
    const char *reason; /* why the life cycle moves, or NULL */
    void *state;        /* from one hook of the entity to the next */
    /* Of change_guard.c: what the request had before its rights were read
     * anew, and those. */
    const struct rights *held_rights;
    const struct directory *held_names;
    struct directory *fresh;
};

struct domain_hooks {
    const struct entity *entity;
    /* Its parent's hook makes those that come with a new parent. */
    bool with_parent;
    /* Defaults and computed values, before anything is checked. */
    bool (*prepare)(struct change *c, struct faults *f, struct err *e);
    /* Checks in the database, together with those of validate_record; before
     * INSERT, UPDATE and DELETE. Faults go to *f, others to *e. */
    bool (*before)(struct change *c, struct faults *f, struct err *e);
    /* Children, copies on the parent, after the row is written. */
    bool (*after)(struct change *c, struct err *e);
};

/* A row of no hooks where the entity has none; never NULL. */
const struct domain_hooks *domain_hooks(const struct entity *e);

/* Sets a value and marks it as changed. */
void change_set(struct change *c, int field, const char *value);

extern const struct domain_hooks customer_hooks, contact_hooks,
    competitor_hooks, attention_hooks, qa_hooks, follow_up_hooks, user_hooks,
    org_unit_hooks, option_hooks, tag_hooks, saved_filter_hooks,
    preference_hooks;

#endif
