/* The entities: the arrays of their fields and their rows, made from the
 * tables. */
#include "common/i18n.h"
#include "common/money.h"
#include "schema/type.h"

#define FIELD(fid, ftype, ...) {.id = #fid, .type = &type_##ftype, __VA_ARGS__},

static const struct field customer_fields[] = {
#include "schema/customer.def"
};
static const struct field contact_fields[] = {
#include "schema/contact.def"
};
static const struct field competitor_fields[] = {
#include "schema/competitor.def"
};
static const struct field attention_fields[] = {
#include "schema/attention.def"
};
static const struct field qa_fields[] = {
#include "schema/qa.def"
};
static const struct field follow_up_fields[] = {
#include "schema/follow_up.def"
};
static const struct field life_log_fields[] = {
#include "schema/life_log.def"
};
static const struct field user_fields[] = {
#include "schema/user.def"
};
static const struct field org_unit_fields[] = {
#include "schema/org_unit.def"
};
static const struct field tag_fields[] = {
#include "schema/tag.def"
};
static const struct field option_fields[] = {
#include "schema/option.def"
};
static const struct field saved_filter_fields[] = {
#include "schema/saved_filter.def"
};
static const struct field preference_fields[] = {
#include "schema/preference.def"
};
static const struct field role_right_fields[] = {
#include "schema/role_right.def"
};
static const struct field class_grant_fields[] = {
#include "schema/class_grant.def"
};
static const struct field audit_fields[] = {
#include "schema/audit.def"
};
static const struct field event_fields[] = {
#include "schema/event.def"
};
static const struct field session_fields[] = {
#include "schema/session.def"
};

const struct field field_id = {
    .id = "id",
    .type = &type_id,
    .label = N_("Number"),
    .width = 8,
    .flags = F_LIST | F_FILTER | F_READONLY,
    .help = N_("The number of the record; it never changes."),
};
const struct field field_version = {
    .id = "version",
    .type = &type_integer,
    .label = N_("Version"),
    .width = 8,
    .flags = F_READONLY,
    .help = N_("Rises with every change of the record."),
};

#define ENTITY(eid, ...)                                                       \
    const struct entity entity_##eid = {                                       \
        .id = #eid,                                                            \
        .fields = eid##_fields,                                                \
        .nfields = (int)(sizeof(eid##_fields) / sizeof(eid##_fields[0])),      \
        __VA_ARGS__};
#include "schema/entity.def"
#undef ENTITY

#define ENTITY(eid, ...) &entity_##eid,
const struct entity *const schema_entities[] = {
#include "schema/entity.def"
};
#undef ENTITY
const int schema_entity_count =
    (int)(sizeof(schema_entities) / sizeof(schema_entities[0]));
