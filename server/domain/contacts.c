/* Reads contacts and keeps their traces on the customer's row. */
#include "server/domain/contacts.h"

#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/derived.h"

#include <string.h>

/* The computed columns of a customer; the first three are its contact's. */
#define COPIES 3
static const int derived[] = {
    CUSTOMER_contact_person, CUSTOMER_contact_position, CUSTOMER_contact_phone,
    CUSTOMER_name_key,       CUSTOMER_search_text,      CUSTOMER_search_phones,
    CUSTOMER_search_grams};
#define DERIVED (sizeof derived / sizeof *derived)

static const char *const *read_row(struct change *c, PGresult *res, int row)
{
    const char **values = arena_array(c->arena, CONTACT_FIELDS, sizeof *values);
    for (int i = 0; i < CONTACT_FIELDS; i++) {
        const char *v = db_text(res, row, i + 1);
        if (!field_is_empty(&entity_contact.fields[i], v))
            values[i] = arena_strdup(c->arena, v);
    }
    return values;
}

bool contacts_load(struct change *c, int64_t customer, struct contacts *out,
                   struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "SELECT id");
    for (int i = 0; i < CONTACT_FIELDS; i++)
        sql_addf(&s, ", %s", entity_contact.fields[i].id);
    sql_add(&s, " FROM contact WHERE customer_id = ");
    sql_int(&s, customer);
    sql_add(&s, " ORDER BY rank_sort, id");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    if (!res)
        return false;
    size_t n = (size_t)PQntuples(res);
    *out = (struct contacts){.n = (int)n, .primary = -1};
    out->id = arena_array(c->arena, n + 1, sizeof *out->id);
    out->row = arena_array(c->arena, n + 1, sizeof *out->row);
    for (int i = 0; i < out->n; i++) {
        out->id[i] = db_int(res, i, 0);
        out->row[i] = read_row(c, res, i);
        if (strcmp(out->row[i][CONTACT_is_primary], "t") == 0)
            out->primary = i;
    }
    PQclear(res);
    return true;
}

int contacts_find(const struct contacts *all, int64_t id)
{
    for (int i = 0; i < all->n; i++)
        if (all->id[i] == id)
            return i;
    return -1;
}

void contacts_derive(struct change *customer, const struct contacts *all)
{
    const char **values =
        arena_array(customer->arena, CUSTOMER_FIELDS, sizeof *values);
    if (!customer->after[CUSTOMER_customer_name])
        return; /* a fault of its own */
    memcpy(values, customer->after, CUSTOMER_FIELDS * sizeof *values);
    derived_set(customer->arena, values, all->row, all->n);
    for (size_t i = customer->kind == CHANGE_create ? 0 : COPIES; i < DERIVED;
         i++)
        change_set(customer, derived[i], values[derived[i]]);
}

/* What else of the customer quick search compares. */
static bool load_names(struct change *c, int64_t customer, const char **values,
                       struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "SELECT customer_name, website_urls FROM customer WHERE id = ");
    sql_int(&s, customer);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    if (!res)
        return false;
    values[CUSTOMER_customer_name] = arena_strdup(c->arena, db_text(res, 0, 0));
    values[CUSTOMER_website_urls] = arena_strdup(c->arena, db_text(res, 0, 1));
    PQclear(res);
    return true;
}

bool contacts_refresh(struct change *c, int64_t customer, struct err *e)
{
    struct contacts all;
    const char **values =
        arena_array(c->arena, CUSTOMER_FIELDS, sizeof *values);
    if (!load_names(c, customer, values, e) ||
        !contacts_load(c, customer, &all, e))
        return false;
    int primary = derived_set(c->arena, values, all.row, all.n);
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "UPDATE customer SET primary_contact_id = ");
    sql_int(&s, primary < 0 ? 0 : all.id[primary]);
    for (size_t i = 0; i < DERIVED; i++) {
        const struct field *f = &entity_customer.fields[derived[i]];
        sql_addf(&s, ", %s = ", f->id);
        sql_value(&s, field_stored(f, values[derived[i]]), f->type->sql);
    }
    sql_add(&s, " WHERE id = ");
    sql_int(&s, customer);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    PQclear(res);
    return res != NULL;
}
