/* Demo data into its tables, by COPY. */
#include "server/domain/demo_store.h"
#include "server/domain/demo_copy.h"
#include "server/domain/demo_words.h"

#include "common/date.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "schema/type.h"

#include <string.h>

/* Midnight before the first day of the agency's records. */
static const char *stamp(struct arena *a, const struct demo_world *w)
{
    char text[TIME_LEN];
    time_format((w->today - 2000) * 86400000000LL, text);
    return arena_strdup(a, text);
}

static const char *id_text(struct arena *a, int64_t id)
{
    return id ? arena_printf(a, "%lld", (long long)id) : NULL;
}

/* --- small tables: made whole, sent at once --- */

struct table {
    struct arena *arena;
    const struct demo_world *world;
    const struct entity *entity;
    struct buf rows;
    int64_t last_id;
};

static void table_begin(struct table *t, struct arena *a,
                        const struct demo_world *w, const struct entity *e)
{
    *t = (struct table){.arena = a, .world = w, .entity = e};
}

static void table_add(struct table *t, const char *const *values)
{
    demo_copy_row(&t->rows, t->arena, t->entity, ++t->last_id, values);
}

static bool table_send(struct table *t, struct db_conn *c, struct err *e)
{
    bool ok = demo_copy_begin(c, t->entity, false, e) &&
              demo_copy_send(c, &t->rows, e) && demo_copy_end(c, e);
    buf_free(&t->rows);
    return ok;
}

static bool store_units(struct db_conn *c, const struct demo_world *w,
                        struct arena *a, struct err *e)
{
    struct table t;
    table_begin(&t, a, w, &entity_org_unit);
    for (int i = 0; i < w->agency->nunits; i++) {
        const struct demo_unit *u = &w->agency->units[i];
        const char *v[ORG_UNIT_FIELDS] = {
            [ORG_UNIT_name] = u->name,
            [ORG_UNIT_kind] = u->kind,
            [ORG_UNIT_parent] = id_text(a, u->parent),
            [ORG_UNIT_created_at] = stamp(a, w),
            [ORG_UNIT_updated_at] = stamp(a, w),
        };
        table_add(&t, v);
    }
    return table_send(&t, c, e);
}

static const char *role_list(struct arena *a, unsigned roles)
{
    const char *ids[ROLES];
    size_t n = 0;
    for (int i = 0; i < ROLES; i++)
        if (roles & (1u << i))
            ids[n++] = role_rows[i].id;
    return list_join(a, ids, n);
}

static bool store_users(struct db_conn *c, const struct demo_world *w,
                        struct arena *a, struct err *e)
{
    struct table t;
    table_begin(&t, a, w, &entity_user);
    for (int i = 0; i < w->agency->nusers; i++) {
        const struct demo_user *u = &w->agency->users[i];
        const char *v[USER_FIELDS] = {
            [USER_name] = u->login,
            [USER_display_name] = u->name,
            [USER_unit] = id_text(a, u->unit),
            [USER_roles] = role_list(a, u->roles),
            [USER_admin] = u->admin ? "t" : "f",
            [USER_email] = u->email,
            [USER_phone] = u->phone,
            [USER_lang] = "zh",
            [USER_created_at] = stamp(a, w),
            [USER_updated_at] = stamp(a, w),
        };
        table_add(&t, v);
    }
    return table_send(&t, c, e);
}

static bool store_tags(struct db_conn *c, const struct demo_world *w,
                       struct arena *a, struct err *e)
{
    struct table t;
    table_begin(&t, a, w, &entity_tag);
    for (size_t i = 0; i < demo_tag_count; i += 2) {
        const char *v[TAG_FIELDS] = {
            [TAG_name] = demo_tags[i],
            [TAG_color] = demo_tags[i + 1],
            [TAG_created_at] = stamp(a, w),
            [TAG_updated_at] = stamp(a, w),
        };
        table_add(&t, v);
    }
    return table_send(&t, c, e);
}

/* Units name people and people units, so the heads come last. */
static bool store_managers(struct db_conn *c, const struct demo_world *w,
                           struct err *e)
{
    struct buf sql = BUF_INIT;
    bool ok = true;
    for (int i = 0; i < w->agency->nunits; i++)
        if (w->agency->units[i].manager)
            buf_printf(&sql,
                       "UPDATE org_unit SET manager = %lld"
                       " WHERE id = %d;",
                       (long long)w->agency->units[i].manager, i + 1);
    ok = db_run(c, buf_text(&sql), e);
    buf_free(&sql);
    return ok;
}

bool demo_store_agency(struct db_conn *c, const struct demo_world *w,
                       struct err *e)
{
    struct arena *a = arena_new();
    bool ok = store_units(c, w, a, e) && store_users(c, w, a, e) &&
              store_tags(c, w, a, e) && store_managers(c, w, e);
    arena_free(&a);
    return ok;
}

/* --- customers and contacts --- */

struct load {
    const struct demo_world *world;
    const char *what;
    int64_t of;
    void (*told)(const char *what, int64_t sent, int64_t of);
    const struct demo_child *child; /* whose rows these are, or NULL */
    int64_t stride; /* from one customer with some to the next */
};

static void make_customer_row(void *ctx, struct arena *a, struct buf *out,
                              int64_t index)
{
    const struct load *l = ctx;
    const char *values[CUSTOMER_FIELDS];
    struct demo_contacts contacts;
    demo_customer(a, l->world, index, values, &contacts);
    demo_copy_row(out, a, &entity_customer, index + 1, values);
}

static void make_contact_rows(void *ctx, struct arena *a, struct buf *out,
                              int64_t index)
{
    const struct load *l = ctx;
    struct demo_contacts contacts;
    demo_contacts(a, l->world, index, &contacts);
    for (int i = 0; i < contacts.n; i++)
        demo_copy_row(out, a, &entity_contact, contacts.id[i],
                      contacts.value[i]);
}

static void make_move_rows(void *ctx, struct arena *a, struct buf *out,
                           int64_t index)
{
    const struct load *l = ctx;
    struct demo_moves moves;
    demo_life(a, l->world, index, &moves);
    for (int i = 0; i < moves.n; i++)
        demo_copy_row(out, a, &entity_life_log, index * DEMO_MOVES + i + 1,
                      moves.value[i]);
}

static void make_child_rows(void *ctx, struct arena *a, struct buf *out,
                            int64_t index)
{
    const struct load *l = ctx;
    struct demo_rows rows;
    index *= l->stride;
    demo_child_rows(a, l->world, index, l->child, &rows);
    for (int i = 0; i < rows.n; i++)
        demo_copy_row(out, a, l->child->entity, index * DEMO_ROWS + i + 1,
                      rows.value[i]);
}

static void tell(void *ctx, int64_t sent)
{
    const struct load *l = ctx;
    l->told(l->what, sent, l->of);
}

static bool load_rows(struct db_conn *c, const struct entity *entity,
                      demo_make_fn *make, struct load *load, struct err *e)
{
    struct demo_bulk bulk = {.entity = entity,
                             .n = load->of,
                             .make = make,
                             .told = tell,
                             .ctx = load};
    load->what = _(entity->plural);
    return demo_copy_bulk(c, &bulk, e);
}

bool demo_store_customers(
    struct db_conn *c, const struct demo_world *w, int64_t customers,
    void (*told)(const char *what, int64_t sent, int64_t of), struct err *e)
{
    struct load load = {.world = w, .of = customers, .told = told};
    bool ok = load_rows(c, &entity_customer, make_customer_row, &load, e) &&
              load_rows(c, &entity_contact, make_contact_rows, &load, e) &&
              load_rows(c, &entity_life_log, make_move_rows, &load, e);
    load.stride = customers / DEMO_CUSTOMERS_WITH_CHILDREN + 1;
    load.of = (customers + load.stride - 1) / load.stride;
    for (int i = 0; ok && i < demo_child_count; i++) {
        load.child = &demo_children[i];
        ok = load_rows(c, load.child->entity, make_child_rows, &load, e);
    }
    return ok;
}
