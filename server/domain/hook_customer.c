/* What a customer does beyond any record: it is made together with its
 * contacts, and its name and theirs are kept searchable. */
#include "common/date.h"
#include "common/json.h"
#include "schema/type.h"
#include "server/domain/contacts.h"
#include "server/domain/life_log.h"
#include "server/domain/newborn.h"

#include <stdlib.h>
#include <string.h>

/* What `prepare` leaves for `after`: the contacts that come with a customer. */
struct born_contacts {
    const char *list; /* where they were given: "contacts", "contact" */
    int n;
    struct change contact[NEWBORN_MAX];
};

static const char *number(struct change *c, int64_t n)
{
    return arena_printf(c->arena, "%lld", (long long)n);
}

/* LIST-01: who makes a record signs it unless told otherwise, and who signed
 * looks after it at first. */
static void default_people(struct change *c)
{
    if (!c->after[CUSTOMER_sales_person])
        change_set(c, CUSTOMER_sales_person, number(c, c->rights->user_id));
    if (!c->after[CUSTOMER_owner])
        change_set(c, CUSTOMER_owner, c->after[CUSTOMER_sales_person]);
}

/* A fault of a contact is told by its place: "contacts[1].phone". */
static const char *place_of(struct change *c, const struct born_contacts *b,
                            int at)
{
    return arena_printf(c->arena, "%s[%d]", b->list, at);
}

static bool read_contact(struct change *c, struct born_contacts *b,
                         const cJSON *values, struct faults *f, struct err *e)
{
    struct change *contact = &b->contact[b->n];
    struct faults own = {.n = 0};
    change_beside(contact, c, &entity_contact, CHANGE_create);
    contact->parent = c->id;
    if (!cJSON_IsObject(values))
        return err_param(e, "contacts", _("a list of objects"));
    if (!change_apply(contact, values, &own, e) || !change_take_id(contact, e))
        return false;
    change_set(contact, CONTACT_customer_id, number(c, c->id));
    change_set(contact, CONTACT_rank, number(c, b->n));
    newborn_faults(c, &own, place_of(c, b, b->n++), f);
    return true;
}

/* One contact out of contact_person, contact_position and contact_phone. */
static bool contact_of_values(struct change *c, struct change *contact,
                              struct err *e)
{
    static const int pairs[][2] = {
        {CUSTOMER_contact_person, CONTACT_name},
        {CUSTOMER_contact_position, CONTACT_position},
        {CUSTOMER_contact_phone, CONTACT_phone}};
    change_beside(contact, c, &entity_contact, CHANGE_create);
    contact->parent = c->id;
    change_set(contact, CONTACT_customer_id, number(c, c->id));
    change_set(contact, CONTACT_rank, "0");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        change_set(contact, pairs[i][1], c->after[pairs[i][0]]);
    return change_take_id(contact, e);
}

static bool is_yes(const char *value)
{
    return value && strcmp(value, "t") == 0;
}

/* The first that says so is primary, or just the first. */
static int choose_primary(struct born_contacts *b)
{
    int primary = 0;
    for (int i = b->n - 1; i >= 0; i--)
        if (is_yes(b->contact[i].after[CONTACT_is_primary]))
            primary = i;
    for (int i = 0; i < b->n; i++)
        change_set(&b->contact[i], CONTACT_is_primary,
                   i == primary ? "t" : "f");
    return primary;
}

static bool check_contacts(struct change *c, struct born_contacts *b,
                           struct faults *f, struct err *e)
{
    for (int i = 0; i < b->n; i++) {
        struct faults own = {.n = 0};
        if (!change_check(&b->contact[i], &own, e))
            return false;
        newborn_faults(c, &own, place_of(c, b, i), f);
    }
    return true;
}

static void copy_contacts(struct change *c, struct born_contacts *b,
                          int primary)
{
    struct contacts all = {.n = b->n};
    all.row = arena_array(c->arena, (size_t)b->n, sizeof *all.row);
    for (int i = 0; i < b->n; i++)
        all.row[i] = (const char *const *)b->contact[i].after;
    contacts_derive(c, &all);
    change_set(c, CUSTOMER_primary_contact_id,
               number(c, b->contact[primary].id));
}

static bool prepare_create(struct change *c, struct faults *f, struct err *e)
{
    struct born_contacts *b = arena_alloc(c->arena, sizeof *b);
    const cJSON *list = newborn_list(c, entity_contact.id);
    const cJSON *item;
    b->list = list ? entity_contact.id : "contacts";
    list = list ? list : json_get(c->params, "contacts");
    c->state = b;
    default_people(c);
    if (!change_take_operation(c, e))
        return false;
    cJSON_ArrayForEach(item, list)
    {
        if (b->n == NEWBORN_MAX)
            return err_param(e, "contacts", _("at most 50 contacts"));
        if (!read_contact(c, b, item, f, e))
            return false;
    }
    bool given = b->n > 0;
    if (!given && !contact_of_values(c, &b->contact[b->n++], e))
        return false;
    int primary = choose_primary(b);
    copy_contacts(c, b, primary);
    /* What came as values of the customer is checked as such. */
    return !given || check_contacts(c, b, f, e);
}

static bool prepare(struct change *c, struct faults *f, struct err *e)
{
    struct contacts all;
    if (c->kind == CHANGE_create)
        return prepare_create(c, f, e);
    bool searched =
        c->changed[CUSTOMER_customer_name] || c->changed[CUSTOMER_website_urls];
    if (c->kind != CHANGE_update || !searched)
        return true;
    if (!contacts_load(c, c->id, &all, e))
        return false;
    contacts_derive(c, &all);
    return true;
}

/* No state changes without its row in the log. */
static bool before(struct change *c, struct faults *f, struct err *e)
{
    bool moves = c->kind == CHANGE_update && c->changed[CUSTOMER_lifecycle];
    return !moves || f->n > 0 || life_log_write(c, e);
}

static bool after(struct change *c, struct err *e)
{
    struct born_contacts *b = c->state;
    for (int i = 0; c->kind == CHANGE_create && i < b->n; i++) {
        b->contact[i].operation = c->operation;
        b->contact[i].keys_before = c->keys_after;
        b->contact[i].keys_after = c->keys_after;
        if (!change_write(&b->contact[i], e) || !change_log(&b->contact[i], e))
            return false;
    }
    return true;
}

const struct domain_hooks customer_hooks = {.entity = &entity_customer,
                                            .prepare = prepare,
                                            .before = before,
                                            .after = after};
