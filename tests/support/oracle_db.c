/* The oracle's view of a demo database (see oracle_db.h). */
#include "tests/support/oracle_db.h"

#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The people looked at: one of each role, an administrator without a role,
 * and some with two roles or with a grant in person. */
static const struct {
    const char *login, *roles; /* roles NULL: as the demo data has him */
    const char *granted;       /* class and level */
} people[ORACLE_PEOPLE] = {
    {"sales", NULL, NULL},
    {"sales_manager", NULL, NULL},
    {"sales_director", NULL, NULL},
    {"project_manager", NULL, NULL},
    {"project_director", NULL, NULL},
    {"optimizer", NULL, NULL},
    {"finance", NULL, NULL},
    {"admin", "", NULL},
    {"sales_finance", "sales,finance", NULL},
    {"two_managers", "sales_manager,project_manager", NULL},
    {"sales_optimizer", "sales,optimizer", NULL},
    {"granted", "optimizer", "sensitive read"},
    {"nobody", "", NULL},
    {"adrift", "project_manager", NULL}, /* in no department */
};

static const char scatter_customers[] =
    "WITH u AS (SELECT array_agg(id ORDER BY id) AS all_users FROM app_user),"
    " p AS (SELECT array_agg(id ORDER BY id) AS few FROM app_user"
    "  WHERE name IN (%s)),"
    " t AS (SELECT array_agg(id ORDER BY id) AS units FROM org_unit)"
    " UPDATE customer c SET"
    "  owner = CASE WHEN c.id %% 3 = 0 THEN few[1 + c.id * 31 %% %d]"
    "   ELSE all_users[1 + c.id * 7 %% cardinality(all_users)] END,"
    "  project_manager = CASE WHEN c.id %% 4 > 0 THEN"
    "   few[1 + c.id * 17 %% %d] END,"
    "  optimizer = CASE WHEN c.id %% 5 > 1 THEN few[1 + c.id * 13 %% %d] END,"
    "  viewers = CASE WHEN c.id %% 6 = 0 THEN"
    "   ARRAY[few[1 + c.id * 5 %% %d], all_users[1]] ELSE '{}' END,"
    "  service_team = CASE WHEN c.id %% 7 > 0 THEN"
    "   units[1 + c.id * 3 %% cardinality(units)] ELSE service_team END"
    " FROM u, p, t";

static const char *const reads[3] = {
    "SELECT json_agg(json_build_array(id, coalesce(parent, 0),"
    " coalesce(manager, 0), kind = 'department') ORDER BY id) FROM org_unit",
    "SELECT json_agg(json_build_array(id, coalesce(unit, 0), roles, admin,"
    " name, (SELECT json_object_agg(field_class, level) FROM user_class_grant g"
    "  WHERE g.user_id = u.id AND (until IS NULL OR until >= current_date)))"
    " ORDER BY id) FROM app_user u",
    "SELECT json_agg(json_build_array(c.id, c.version, coalesce(owner, 0),"
    " coalesce(project_manager, 0), coalesce(optimizer, 0),"
    " coalesce(service_team, 0), viewers, lifecycle, customer_name,"
    " contact_phone, p.id, p.version) ORDER BY c.id) FROM customer c"
    " JOIN contact p ON p.id = c.primary_contact_id WHERE deleted_at IS NULL",
};

static void run(const struct daemon *d, const char *sql)
{
    free(daemon_sql(d, "%s", sql));
}

/* Makes those people of the list that demo data has not, from others. */
static void make_people(const struct daemon *d)
{
    for (int i = 0; i < ORACLE_PEOPLE; i++) {
        if (people[i].roles)
            free(daemon_sql(
                d,
                "UPDATE app_user SET name = '%s', roles = '{%s}' WHERE id ="
                " (SELECT id FROM app_user WHERE name = '%s' OR unit IS NOT"
                " NULL AND NOT EXISTS (SELECT 1 FROM org_unit WHERE manager ="
                " app_user.id) AND name NOT IN ('sales', 'sales_manager',"
                " 'sales_director', 'project_manager', 'project_director',"
                " 'optimizer', 'finance', 'admin', 'sales_finance',"
                " 'two_managers', 'sales_optimizer', 'granted', 'nobody', "
                "'adrift')"
                " ORDER BY name <> '%s', id LIMIT 1)",
                people[i].login, people[i].roles, people[i].login,
                people[i].login));
        if (people[i].granted)
            free(daemon_sql(
                d,
                "INSERT INTO user_class_grant (user_id, field_class, level)"
                " SELECT id, split_part('%s', ' ', 1), split_part('%s', ' ',"
                " 2) FROM app_user WHERE name = '%s'",
                people[i].granted, people[i].granted, people[i].login));
    }
    run(d, "UPDATE app_user SET unit = (SELECT id FROM org_unit WHERE parent"
           " IS NULL ORDER BY id LIMIT 1) WHERE name = 'adrift'");
    /* Both managers lead something. */
    run(d, "UPDATE org_unit SET manager = (SELECT id FROM app_user WHERE name"
           " = 'sales_manager') WHERE id = (SELECT unit FROM app_user WHERE"
           " name = 'sales')");
    run(d, "UPDATE org_unit SET manager = (SELECT id FROM app_user WHERE name"
           " = 'two_managers') WHERE id = (SELECT unit FROM app_user WHERE"
           " name = 'sales_finance')");
}

static const cJSON *at(const cJSON *row, int column)
{
    return cJSON_GetArrayItem(row, column);
}

static int64_t number(const cJSON *row, int column)
{
    return (int64_t)at(row, column)->valuedouble;
}

static void read_units(struct oracle_db *o)
{
    const cJSON *row;
    int n = 0;
    o->units =
        x_calloc((size_t)cJSON_GetArraySize(o->json[0]) + 1, sizeof *o->units);
    cJSON_ArrayForEach(row, o->json[0])
    {
        o->units[n++] =
            (struct oracle_unit){.id = number(row, 0),
                                 .parent = number(row, 1),
                                 .manager = number(row, 2),
                                 .department = cJSON_IsTrue(at(row, 3))};
    }
    o->world.units = o->units;
    o->world.nunits = n;
}

static void read_grants(struct oracle_user *u, const cJSON *grants)
{
    for (int c = 0; c < ORACLE_CLASSES; c++)
        for (int l = 0; l < ORACLE_LEVELS; l++)
            if (strcmp(json_str(grants, oracle_class_names[c], ""),
                       oracle_level_names[l]) == 0)
                u->granted[c] = (enum oracle_level)l;
}

static void read_users(struct oracle_db *o)
{
    const cJSON *row, *role;
    int n = 0;
    o->users =
        x_calloc((size_t)cJSON_GetArraySize(o->json[1]) + 1, sizeof *o->users);
    cJSON_ArrayForEach(row, o->json[1])
    {
        struct oracle_user *u = &o->users[n++];
        u->id = number(row, 0);
        u->unit = number(row, 1);
        u->admin = cJSON_IsTrue(at(row, 3));
        cJSON_ArrayForEach(role, at(row, 2))
        {
            int r = oracle_role_find(role->valuestring);
            if (r < 0)
                check_fail("a role %s", role->valuestring);
            u->roles |= 1u << r;
        }
        read_grants(u, at(row, 5));
        for (int i = 0; i < ORACLE_PEOPLE; i++)
            if (strcmp(people[i].login, at(row, 4)->valuestring) == 0)
                o->people[o->npeople++] =
                    (struct oracle_person){people[i].login, u};
    }
    o->world.users = o->users;
    o->world.nusers = n;
}

static bool is_contracted(const char *lifecycle)
{
    static const char *const before[] = {"potential", "negotiating", "churned"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (strcmp(before[i], lifecycle) == 0)
            return false;
    return true;
}

static void read_customers(struct oracle_db *o)
{
    const cJSON *row, *viewer;
    o->customers = x_calloc((size_t)cJSON_GetArraySize(o->json[2]) + 1,
                            sizeof *o->customers);
    cJSON_ArrayForEach(row, o->json[2])
    {
        struct oracle_customer *c = &o->customers[o->ncustomers++];
        c->id = number(row, 0);
        c->version = number(row, 1);
        cJSON_ArrayForEach(viewer, at(row, 6))
        {
            if (c->row.nviewers == ORACLE_VIEWERS)
                check_fail("more viewers than the oracle takes");
            c->viewers[c->row.nviewers++] = (int64_t)viewer->valuedouble;
        }
        c->row.owner = number(row, 2);
        c->row.project_manager = number(row, 3);
        c->row.optimizer = number(row, 4);
        c->row.service_team = number(row, 5);
        c->row.viewers = c->viewers;
        c->contracted = is_contracted(at(row, 7)->valuestring);
        c->name = at(row, 8)->valuestring;
        c->phone = at(row, 9)->valuestring;
        c->contact = number(row, 10);
        c->contact_version = number(row, 11);
    }
}

void oracle_db_scatter(const struct daemon *d)
{
    char names[400] = "";
    make_people(d);
    for (int i = 0; i < ORACLE_PEOPLE; i++) {
        size_t n = strlen(names);
        snprintf(names + n, sizeof names - n, "%s'%s'", i ? "," : "",
                 people[i].login);
    }
    free(daemon_sql(d, scatter_customers, names, ORACLE_PEOPLE, ORACLE_PEOPLE,
                    ORACLE_PEOPLE, ORACLE_PEOPLE));
}

void oracle_db_load(struct oracle_db *o, const struct daemon *d)
{
    memset(o, 0, sizeof *o);
    for (int i = 0; i < 3; i++) {
        char *text = daemon_sql(d, "%s", reads[i]);
        o->json[i] = cJSON_Parse(text);
        if (!o->json[i])
            check_fail("not JSON: %.200s", text);
        free(text);
    }
    read_units(o);
    read_users(o);
    read_customers(o);
    if (o->npeople != ORACLE_PEOPLE)
        check_fail("%d of the people are missing", ORACLE_PEOPLE - o->npeople);
}

void oracle_db_free(struct oracle_db *o)
{
    for (int i = 0; i < 3; i++)
        cJSON_Delete(o->json[i]);
    x_free(&o->units);
    x_free(&o->users);
    x_free(&o->customers);
}
