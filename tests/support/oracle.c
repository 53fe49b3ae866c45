/* The rights of the requirements, said once more in their own words. The
 * tables below are theirs, cell by cell; keep them so. */
#include "tests/support/oracle.h"

#include <stddef.h>
#include <string.h>

const char *const oracle_role_names[ORACLE_ROLES] = {
    "sales",           "sales_manager",    "sales_director",
    "project_manager", "project_director", "optimizer",
    "finance",
};
const char *const oracle_class_names[ORACLE_CLASSES] = {
    "public", "sensitive", "goal", "finance", "internal",
};
const char *const oracle_level_names[ORACLE_LEVELS] = {
    "hidden", "masked", "contract", "read", "write",
};

/* One word a role, in the order of the roles:
 *   sales, sales_manager, sales_director, project_manager, project_director,
 *   optimizer, finance. */
static const struct {
    const char *action, *words;
} matrix[] = {
    {"customer.view", "own team all department all own all"},
    {"customer.create", "yes yes yes no no no no"},
    {"customer.edit", "own team all none none none none"},
    {"customer.delete", "none none all none none none none"},
    {"customer.assign", "none team all none none none none"},
    {"customer.bulk", "own team all none none none none"},
    {"status.change", "own team all none none none none"},
    {"grade.propose", "own team all none none none none"},
    {"grade.approve", "none team all none none none none"},
    {"qa.write", "own team all own all own none"},
    {"project.write", "none none none department none none none"},
    {"renewal.write", "own team all none none none none"},
    {"renewal.approve", "none team all none none none none"},
    {"ad_account.write", "none none none department none own none"},
    {"sensitive.reveal", "none none none own own own none"},
    /* "contract, receipt, invoice, cost: write" */
    {"finance.write", "none none none none none none all"},
    {"export", "own team all department all none all"},
    {"export.all", "no no yes no yes no yes"},
    {"import", "own team all none none none none"},
};

/* What a role may do with a class on rows it sees; `write` holds in its edit
 * scope. By the classes in their order. */
static const char *const class_words[ORACLE_CLASSES] = {
    [ORACLE_public] = "write write write read read read read",
    [ORACLE_sensitive] = "write write write masked masked masked masked",
    [ORACLE_goal] = "write write write read read read read",
    [ORACLE_money] = "contract contract write hidden read hidden write",
    [ORACLE_internal] = "write write write read read read read",
};

static const char *const scope_words[] = {"none", "own", "team", "department",
                                          "all",  "yes", "no"};

/* Fields that are not public. */
static const struct {
    const char *entity, *field;
    enum oracle_class c;
} fields[] = {
    {"customer", "contact_phone", ORACLE_sensitive},
    {"contact", "phone", ORACLE_sensitive},
    {"contact", "email", ORACLE_sensitive},
    {"contact", "wechat", ORACLE_sensitive},
    {"customer", "overseas_sales_scale", ORACLE_goal},
    {"customer", "overseas_sales_ratio", ORACLE_goal},
    {"customer", "target_sales_scale", ORACLE_goal},
    {"customer", "last_year_sales", ORACLE_goal},
    {"customer", "annual_sales_target", ORACLE_goal},
    {"customer", "annual_cost_target", ORACLE_goal},
    {"customer", "cost_ratio", ORACLE_goal},
    {"customer", "service_team", ORACLE_internal},
    {"customer", "internal_notes", ORACLE_internal},
    {"customer", "tags", ORACLE_internal},
};

/* What only customer.assign changes once it is filled. */
static const char *const assigned[] = {"owner", "service_team",
                                       "project_manager", "optimizer"};
/* What only the manager or above changes once contracted (6.1.1). */
static const char *const agreed[] = {"sales_person", "cooperation_start_date"};
/* What no update ever writes: own procedures, computed, copied. */
static const char *const never[] = {
    "lifecycle",  "status",           "contact_person", "contact_phone",
    "cost_ratio", "contact_position", "created_at",     "updated_at",
};
/* What an update fills, and only a proposal changes from then on. */
static const char *const proposed[] = {"grade"};

/* The role's word in `words`, as one of the n given ones; n where none is. */
static size_t word_of(const char *words, int role, const char *const *known,
                      size_t n)
{
    while (role-- > 0)
        words += strcspn(words, " ") + 1;
    size_t len = strcspn(words, " ");
    for (size_t i = 0; i < n; i++)
        if (strlen(known[i]) == len && memcmp(known[i], words, len) == 0)
            return i;
    return n;
}

static bool listed(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}
#define LISTED(names, name) listed(names, sizeof names / sizeof *names, name)

static const struct oracle_unit *unit_of(const struct oracle_world *w,
                                         int64_t id)
{
    for (int i = 0; i < w->nunits; i++)
        if (w->units[i].id == id)
            return &w->units[i];
    return NULL;
}

/* Is `unit` the top itself or somewhere below it? */
static bool below(const struct oracle_world *w, int64_t unit, int64_t top)
{
    const struct oracle_unit *u = unit_of(w, unit);
    for (; u; u = unit_of(w, u->parent))
        if (u->id == top)
            return true;
    return false;
}

static bool is_own(const struct oracle_user *u, const struct oracle_row *row)
{
    for (int i = 0; i < row->nviewers; i++)
        if (row->viewers[i] == u->id)
            return true;
    return row->owner == u->id || row->project_manager == u->id ||
           row->optimizer == u->id;
}

static bool is_team(const struct oracle_world *w, const struct oracle_user *u,
                    const struct oracle_row *row)
{
    const struct oracle_user *owner = NULL;
    for (int i = 0; i < w->nusers; i++)
        if (w->users[i].id == row->owner)
            owner = &w->users[i];
    for (int i = 0; owner && i < w->nunits; i++)
        if (w->units[i].manager == u->id &&
            below(w, owner->unit, w->units[i].id))
            return true;
    return false;
}

static bool is_department(const struct oracle_world *w,
                          const struct oracle_user *u,
                          const struct oracle_row *row)
{
    const struct oracle_unit *mine = unit_of(w, u->unit);
    while (mine && !mine->department)
        mine = unit_of(w, mine->parent);
    return mine && row->service_team && below(w, row->service_team, mine->id);
}

/* A wider scope contains `own`. */
static bool inside(const struct oracle_world *w, const struct oracle_user *u,
                   const char *word, const struct oracle_row *row)
{
    if (strcmp(word, "all") == 0 || strcmp(word, "yes") == 0)
        return true;
    if (strcmp(word, "none") == 0 || strcmp(word, "no") == 0)
        return false;
    return is_own(u, row) ||
           (strcmp(word, "team") == 0 && is_team(w, u, row)) ||
           (strcmp(word, "department") == 0 && is_department(w, u, row));
}

static bool has_role(const struct oracle_user *u, int role)
{
    return u->roles >> role & 1;
}

/* Does every row of the scope `narrow` lie in the scope `wide`? */
static bool contains(const char *wide, const char *narrow)
{
    return strcmp(wide, "all") == 0 || strcmp(wide, narrow) == 0 ||
           (strcmp(narrow, "own") == 0 && strcmp(wide, "none") != 0);
}

/* What one role gives in a class on rows it sees. */
static enum oracle_level class_level(enum oracle_class c, int role)
{
    return (enum oracle_level)word_of(class_words[c], role, oracle_level_names,
                                      ORACLE_LEVELS);
}

static bool manager_may_edit(const struct oracle_world *w,
                             const struct oracle_user *u,
                             const struct oracle_row *row)
{
    static const enum oracle_role above[] = {ORACLE_sales_manager,
                                             ORACLE_sales_director};
    for (size_t i = 0; i < sizeof above / sizeof *above; i++)
        if (has_role(u, above[i]) &&
            inside(w, u, oracle_word("customer.edit", above[i]), row))
            return true;
    return false;
}

int oracle_role_find(const char *name)
{
    for (int i = 0; i < ORACLE_ROLES; i++)
        if (strcmp(oracle_role_names[i], name) == 0)
            return i;
    return -1;
}

const char *oracle_word(const char *action, enum oracle_role role)
{
    for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++)
        if (strcmp(matrix[i].action, action) == 0)
            return scope_words[word_of(matrix[i].words, (int)role, scope_words,
                                       sizeof scope_words /
                                           sizeof *scope_words)];
    return NULL;
}

const char *oracle_action(int i)
{
    size_t n = sizeof matrix / sizeof *matrix;
    return i >= 0 && (size_t)i < n ? matrix[i].action : NULL;
}

bool oracle_may(const struct oracle_world *w, const struct oracle_user *u,
                const char *action, const struct oracle_row *row)
{
    static const struct oracle_row nowhere = {0};
    for (int r = 0; r < ORACLE_ROLES; r++)
        if (has_role(u, r) &&
            inside(w, u, oracle_word(action, (enum oracle_role)r),
                   row ? row : &nowhere))
            return true;
    return false;
}

enum oracle_class oracle_class_of(const char *entity, const char *field)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].entity, entity) == 0 &&
            strcmp(fields[i].field, field) == 0)
            return fields[i].c;
    return ORACLE_public;
}

enum oracle_level oracle_level(const struct oracle_world *w,
                               const struct oracle_user *u,
                               const struct oracle_row *row,
                               enum oracle_class c)
{
    enum oracle_level best = ORACLE_HIDDEN;
    if (oracle_may(w, u, "customer.view", row))
        best = u->granted[c];
    for (int r = 0; r < ORACLE_ROLES; r++) {
        enum oracle_role role = (enum oracle_role)r;
        if (!has_role(u, r) ||
            !inside(w, u, oracle_word("customer.view", role), row))
            continue;
        enum oracle_level l = class_level(c, r);
        if (l > best)
            best = l;
    }
    /* Whatever a class allows, writing needs the row in the edit scope. */
    if (best == ORACLE_WRITE && !oracle_may(w, u, "customer.edit", row))
        best = ORACLE_READ;
    return best;
}

bool oracle_may_ask(const struct oracle_user *u, enum oracle_class c)
{
    bool sees = false;
    for (int r = 0; r < ORACLE_ROLES; r++) {
        if (!has_role(u, r))
            continue;
        const char *view = oracle_word("customer.view", (enum oracle_role)r);
        bool covered = u->granted[c] >= ORACLE_READ;
        for (int q = 0; q < ORACLE_ROLES && !covered; q++)
            covered =
                has_role(u, q) && class_level(c, q) >= ORACLE_READ &&
                contains(oracle_word("customer.view", (enum oracle_role)q),
                         view);
        if (!covered)
            return false;
        sees = true;
    }
    return sees;
}

bool oracle_may_let_go(const struct oracle_world *w,
                       const struct oracle_user *u,
                       const struct oracle_row *row, bool contracted)
{
    return oracle_may(w, u, "status.change", row) &&
           (!contracted || manager_may_edit(w, u, row));
}

bool oracle_may_write(const struct oracle_world *w, const struct oracle_user *u,
                      const struct oracle_row *row, const char *field,
                      bool filled, bool contracted)
{
    enum oracle_class c = oracle_class_of("customer", field);
    if (LISTED(never, field) || oracle_level(w, u, row, c) < ORACLE_WRITE)
        return false;
    if (LISTED(proposed, field) && filled)
        return false;
    if (LISTED(assigned, field) && filled)
        return oracle_may(w, u, "customer.assign", row);
    if (LISTED(agreed, field) && contracted)
        return manager_may_edit(w, u, row);
    return true;
}
