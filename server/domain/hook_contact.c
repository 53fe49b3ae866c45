/* What a contact does beyond any record: exactly one of a customer's is its
 * primary one, and the customer's row carries a copy of that one (DET-04). */
#include "common/json.h"
#include "schema/type.h"
#include "server/domain/contacts.h"

#include <stdlib.h>
#include <string.h>

struct family {
    struct contacts all;
    int64_t successor; /* of a primary contact that goes; 0: none */
};

static bool is_yes(const char *value)
{
    return value && strcmp(value, "t") == 0;
}

static int64_t rank_of(const char *value)
{
    return value ? strtoll(value, NULL, 10) : 0;
}

/* New contacts stand behind the others. */
static bool prepare(struct change *c, struct faults *f, struct err *e)
{
    (void)f;
    struct family *family = arena_alloc(c->arena, sizeof *family);
    c->state = family;
    if (!contacts_load(c, c->parent, &family->all, e))
        return false;
    int64_t rank = -1;
    for (int i = 0; i < family->all.n; i++) {
        int64_t other = rank_of(family->all.row[i][CONTACT_rank]);
        rank = other > rank ? other : rank;
    }
    if (c->kind == CHANGE_create)
        change_set(c, CONTACT_rank,
                   arena_printf(c->arena, "%lld", (long long)rank + 1));
    return true;
}

/* Another contact of the customer changes its standing along with this one;
 * that is a change of its own, with its version and its audit row. */
static bool set_primary(struct change *c, int64_t id, bool primary,
                        const char *rank, struct err *e)
{
    struct change other;
    change_beside(&other, c, &entity_contact, CHANGE_update);
    if (!change_load(&other, id, entity_contact.view, false, e))
        return false;
    change_set(&other, CONTACT_is_primary, primary ? "t" : "f");
    if (rank)
        change_set(&other, CONTACT_rank, rank);
    return change_write(&other, e) && change_log(&other, e);
}

/* The primary contact comes first: the two change places. */
static bool take_over(struct change *c, const struct contacts *all,
                      struct err *e)
{
    int at = all->primary;
    const char *rank = c->after[CONTACT_rank];
    if (!c->operation && !change_take_operation(c, e))
        return false;
    if (at < 0)
        return true;
    change_set(c, CONTACT_rank, all->row[at][CONTACT_rank]);
    return set_primary(c, all->id[at], false, rank, e);
}

static bool check_delete(struct change *c, struct family *family,
                         struct faults *f, struct err *e)
{
    const struct contacts *all = &family->all;
    if (all->n == 1) {
        faults_add(f, "is_primary", "required", "%s",
                   _("A customer keeps at least one contact."));
        return true;
    }
    if (!is_yes(c->before[CONTACT_is_primary]))
        return true;
    family->successor = json_int(c->params, "successor", 0);
    int at = contacts_find(all, family->successor);
    if (at < 0 || family->successor == c->id)
        faults_add(f, "is_primary", "required", "%s",
                   _("This is the primary contact. Say which other contact "
                     "is to follow."));
    else if (!all->row[at][CONTACT_phone])
        faults_add(f, "is_primary", "required", "%s",
                   _("The primary contact needs a phone number."));
    return f->n > 0 || c->operation || change_take_operation(c, e);
}

static bool before(struct change *c, struct faults *f, struct err *e)
{
    struct family *family = c->state;
    if (c->kind == CHANGE_delete)
        return check_delete(c, family, f, e);
    bool was = is_yes(c->before[CONTACT_is_primary]);
    bool is = is_yes(c->after[CONTACT_is_primary]);
    if (was && !is)
        faults_add(f, "is_primary", "required", "%s",
                   _("Make another contact primary instead."));
    if (f->n > 0 || was || !is)
        return true;
    return take_over(c, &family->all, e);
}

static bool after(struct change *c, struct err *e)
{
    struct family *family = c->state;
    if (c->kind == CHANGE_delete && family->successor &&
        !set_primary(c, family->successor, true, c->before[CONTACT_rank], e))
        return false;
    return contacts_refresh(c, c->parent, e);
}

const struct domain_hooks contact_hooks = {.entity = &entity_contact,
                                           .with_parent = true,
                                           .prepare = prepare,
                                           .before = before,
                                           .after = after};
