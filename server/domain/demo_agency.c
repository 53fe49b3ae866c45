/* The agency of the demo data: its tree of units and its people. */
#include "server/domain/demo_make.h"
#include "server/domain/demo_words.h"

#include "common/mem.h"

#include <string.h>

#define STREAM_PEOPLE 1
#define OPTIMIZERS    2 /* of a project group */

/* Where the parts of the tree are, as ids. */
struct plan {
    struct demo_agency *agency;
    struct arena *arena;
    struct demo_random random;
    int users; /* to be made in all */
    int64_t company, sales, projects, finance, systems;
    int64_t team[16], department[4], group[16];
    int nteams, ndepartments, ngroups;
};

static const char *const quarters[] = {"华南", "华东", "华北",
                                       "华中", "西南", "海外"};
static const char *const numerals[] = {"一", "二", "三", "四"};

enum { QUARTERS = sizeof(quarters) / sizeof(quarters[0]) };

/* --- units --- */

static int64_t add_unit(struct plan *p, const char *kind, int64_t parent,
                        const char *name)
{
    struct demo_agency *g = p->agency;
    g->units[g->nunits] =
        (struct demo_unit){.name = name, .kind = kind, .parent = parent};
    return ++g->nunits;
}

static int bounded(int n, int low, int high)
{
    return n < low ? low : n > high ? high : n;
}

static void add_units(struct plan *p)
{
    struct arena *a = p->arena;
    p->nteams = bounded(p->users / 16, 2, 12);
    p->ndepartments = bounded(p->users / 60, 2, 3);
    p->ngroups = bounded(p->users / 16, 4, 12);
    p->company = add_unit(p, "company", 0, "艾维");
    p->sales = add_unit(p, "department", p->company, "销售中心");
    p->projects = add_unit(p, "department", p->company, "项目中心");
    p->finance = add_unit(p, "department", p->company, "财务部");
    p->systems = add_unit(p, "department", p->company, "技术部");
    for (int i = 0; i < p->nteams; i++)
        p->team[i] =
            add_unit(p, "team", p->sales,
                     arena_printf(a, "%s销售%s组", quarters[i % QUARTERS],
                                  numerals[i / QUARTERS]));
    for (int i = 0; i < p->ndepartments; i++)
        p->department[i] = add_unit(p, "department", p->projects,
                                    arena_printf(a, "项目%s部", numerals[i]));
    for (int i = 0; i < p->ngroups; i++)
        p->group[i] =
            add_unit(p, "project_group", p->department[i % p->ndepartments],
                     arena_printf(a, "%s%s组", quarters[i % QUARTERS],
                                  numerals[i / QUARTERS]));
}

/* --- people --- */

static bool login_taken(const struct demo_agency *g, const char *login)
{
    for (int i = 0; i < g->nusers; i++)
        if (strcmp(g->users[i].login, login) == 0)
            return true;
    return false;
}

static const char *free_login(struct plan *p, const char *wanted)
{
    const char *login = wanted;
    for (int n = 2; login_taken(p->agency, login); n++)
        login = arena_printf(p->arena, "%s%d", wanted, n);
    return login;
}

/* `login` NULL takes the pinyin of the name that is drawn. */
static int64_t add_user(struct plan *p, const char *login, int64_t unit,
                        unsigned roles, bool admin)
{
    struct demo_agency *g = p->agency;
    const char *latin;
    const char *name = demo_person_name(&p->random, p->arena, &latin);
    struct demo_user u = {.name = name,
                          .login = free_login(p, login ? login : latin),
                          .phone = demo_mobile(&p->random, p->arena),
                          .unit = unit,
                          .roles = roles,
                          .admin = admin};
    u.email = arena_printf(p->arena, "%s@aiwei.example.com", u.login);
    g->users[g->nusers] = u;
    if (roles & (1u << ROLE_sales | 1u << ROLE_sales_manager))
        g->sellers[g->nsellers++] = g->nusers + 1;
    return ++g->nusers;
}

static void set_manager(struct plan *p, int64_t unit, int64_t user)
{
    p->agency->units[unit - 1].manager = user;
}

/* One user per role, named as the role (and `admin`); heads of what is there
 * once come out of them. */
static void add_role_users(struct plan *p)
{
    const struct {
        const char *login;
        unsigned roles;
        int64_t unit, heads;
    } rows[] = {
        {"sales", 1u << ROLE_sales, p->team[0], 0},
        {"sales_manager", 1u << ROLE_sales_manager, p->team[0], p->team[0]},
        {"sales_director", 1u << ROLE_sales_director, p->sales, p->sales},
        {"project_manager", 1u << ROLE_project_manager, p->department[0],
         p->department[0]},
        {"project_director", 1u << ROLE_project_director, p->projects,
         p->projects},
        {"optimizer", 1u << ROLE_optimizer, p->group[0], 0},
        {"finance", 1u << ROLE_finance, p->finance, p->finance},
        {"admin", 0, p->systems, p->systems},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t id = add_user(p, rows[i].login, rows[i].unit, rows[i].roles,
                              rows[i].roles == 0);
        if (rows[i].heads)
            set_manager(p, rows[i].heads, id);
    }
}

static int64_t user_named(const struct demo_agency *g, const char *login)
{
    int64_t i = 0;
    while (strcmp(g->users[i].login, login) != 0)
        i++;
    return i + 1;
}

/* The roles of one person unite: a login that is taken gets these besides. */
static void add_peer_user(struct plan *p, const char *login)
{
    if (login_taken(p->agency, login)) {
        struct demo_user *u =
            &p->agency->users[user_named(p->agency, login) - 1];
        u->roles |= 1u << ROLE_sales_director;
        u->admin = true;
    } else {
        add_user(p, login, p->sales, 1u << ROLE_sales_director, true);
    }
}

static void add_groups(struct plan *p)
{
    struct demo_agency *g = p->agency;
    for (int i = 0; i < p->ngroups; i++) {
        struct demo_group *group = &g->groups[g->ngroups++];
        int64_t department = p->department[i % p->ndepartments];
        group->unit = p->group[i];
        group->project_manager = g->units[department - 1].manager;
        if (i == 0)
            group->optimizer[group->noptimizers++] = user_named(g, "optimizer");
        while (group->noptimizers < OPTIMIZERS)
            group->optimizer[group->noptimizers++] =
                add_user(p, NULL, group->unit, 1u << ROLE_optimizer, false);
    }
}

static void add_people(struct plan *p, const char *peer_user)
{
    add_role_users(p);
    if (peer_user)
        add_peer_user(p, peer_user);
    for (int i = 1; i < p->nteams; i++)
        set_manager(
            p, p->team[i],
            add_user(p, NULL, p->team[i], 1u << ROLE_sales_manager, false));
    for (int i = 1; i < p->ndepartments; i++)
        set_manager(p, p->department[i],
                    add_user(p, NULL, p->department[i],
                             1u << ROLE_project_manager, false));
    add_groups(p);
    add_user(p, NULL, p->finance, 1u << ROLE_finance, false);
    for (int i = 0; p->agency->nusers < p->users; i++)
        add_user(p, NULL, p->team[i % p->nteams], 1u << ROLE_sales, false);
}

void demo_agency(struct arena *a, uint64_t seed, int users,
                 const char *peer_user, struct demo_agency *out)
{
    struct plan p = {.agency = out,
                     .arena = a,
                     .users = users,
                     .random = demo_random(seed, STREAM_PEOPLE, 0)};
    /* What is made beyond `users` is bounded by the fixed posts. */
    size_t room = (size_t)users + 64;
    *out = (struct demo_agency){
        .units = arena_array(a, 64, sizeof(*out->units)),
        .groups = arena_array(a, 16, sizeof(*out->groups)),
        .users = arena_array(a, room, sizeof(*out->users)),
        .sellers = arena_array(a, room, sizeof(*out->sellers)),
        .ntags = (int)demo_tag_count / 2,
    };
    add_units(&p);
    add_people(&p, peer_user);
}
