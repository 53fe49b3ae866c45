/* What the database refused, told as a fault of a field. */
#ifndef SERVER_DOMAIN_CHANGE_FAULT_H
#define SERVER_DOMAIN_CHANGE_FAULT_H

#include "common/err.h"
#include "schema/field.h"

/* `constraint` is named <table>_<field>_<rule> (schema/migrations): *e
 * becomes ERR_invalid with that fault. Anything else leaves *e alone. Always
 * false. */
bool change_constraint(const struct entity *entity, const char *constraint,
                       struct err *e);
/* The message of a rule about a field; in the reader's language. */
const char *change_fault_text(const char *rule);

#endif
