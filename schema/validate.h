/* The rules of a record in one place (LIST-02), the same for the form, RPC,
 * import and bulk edit; the database holds the ones it can as constraints. */
#ifndef SCHEMA_VALIDATE_H
#define SCHEMA_VALIDATE_H

#include "schema/type.h"

/* One fault: protocol.md `invalid` → fields[{field, rule, message}]. */
struct fault {
    const char *field; /* id */
    const char *rule;  /* "required", "length", "form", "range", "order",
                          "option", "unique", "reference" */
    char message[256];
};

#define FAULTS_MAX 64

struct faults {
    int n;
    const struct entity *entity; /* for labels; set by validate_record */
    struct fault at[FAULTS_MAX];
};

/* A whole record by position in e->fields, canonical values. */
struct record_check {
    const struct entity *entity;
    const char *const *values; /* nfields; NULL is empty */
    const bool *changed; /* nfields, or NULL: all. Unchanged fields are not
                            blamed, except by rules a changed field takes
                            part in: "order", and "required" when the life
                            cycle changed. */
    int32_t today;       /* days; "not later than today" */
    enum life life;      /* for required_from; LIFE_NONE: LIFE_potential */
    const struct names *names; /* with them, codes and ids that nobody knows
                                  are faults ("option", "reference"); NULL:
                                  only lists that belong to the code are
                                  checked */
};

/* Required, type check, field-to-field rules. True where there is no fault. */
bool validate_record(const struct record_check *c, struct faults *out);
/* One field, when it is left in a form: type, required, pair rules it takes
 * part in (whichever of the two is blamed). */
bool validate_field(const struct record_check *c, int index,
                    struct faults *out);
/* True where judging a change of the fields in `changed` looks at this one
 * too. */
bool validate_looks_at(const struct entity *e, const bool *changed, int index);
void faults_add(struct faults *f, const char *field, const char *rule,
                const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* ERR_invalid with data.fields; the message names the first fault. */
bool faults_err(const struct faults *f, struct err *e);

#endif
