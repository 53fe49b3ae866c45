/* Broken constraints in the words of the record: the rules are checked before,
 * so these are races (two people take one name) and gaps. */
#include "server/domain/change_fault.h"

#include "common/i18n.h"
#include "schema/validate.h"

#include <string.h>

static const struct {
    const char *rule, *text;
} rules[] = {
    {"unique", N_("This is taken already. Choose another one.")},
    {"required", N_("This is required.")},
    {"length", N_("This is too long or too short.")},
    {"range", N_("This number is out of range.")},
    {"order", N_("This does not fit the other dates or values.")},
    {"option", N_("This is not one of the possible values.")},
    {"form", N_("This is not written as it should be.")},
    {"reference", N_("Other records still refer to this one, or the record "
                     "referred to is gone.")},
};
#define RULES (sizeof rules / sizeof *rules)

/* "customer_customer_name_unique": the table, then the field, then the rule. */
static const struct field *field_of(const struct entity *e, const char *name,
                                    size_t len)
{
    for (int i = 0; i < e->nfields; i++)
        if (strlen(e->fields[i].id) == len &&
            memcmp(e->fields[i].id, name, len) == 0)
            return &e->fields[i];
    return NULL;
}

static const char *rule_of(const char *name, size_t *field_len)
{
    const char *last = strrchr(name, '_');
    for (size_t i = 0; last && i < RULES; i++)
        if (strcmp(rules[i].rule, last + 1) == 0) {
            *field_len = (size_t)(last - name);
            return rules[i].rule;
        }
    return NULL;
}

/* PostgreSQL names foreign keys <table>_<column>_fkey by itself. */
static bool is_reference(const char *constraint)
{
    size_t len = strlen(constraint);
    return len > 5 && strcmp(constraint + len - 5, "_fkey") == 0;
}

const char *change_fault_text(const char *rule)
{
    for (size_t i = 0; i < RULES; i++)
        if (strcmp(rules[i].rule, rule) == 0)
            return _(rules[i].text);
    return "";
}

bool change_constraint(const struct entity *entity, const char *constraint,
                       struct err *e)
{
    size_t table = strlen(entity->table);
    size_t len = 0;
    struct faults f = {.entity = entity};
    const char *field = entity->title;
    const char *rule = NULL;
    if (is_reference(constraint)) {
        rule = "reference";
    } else if (strncmp(constraint, entity->table, table) == 0 &&
               constraint[table] == '_') {
        const char *name = constraint + table + 1;
        rule = rule_of(name, &len);
        const struct field *found = rule ? field_of(entity, name, len) : NULL;
        field = found ? found->id : entity->title;
    }
    if (!rule)
        return false;
    err_clear(e);
    faults_add(&f, field, rule, "%s", change_fault_text(rule));
    return faults_err(&f, e);
}
