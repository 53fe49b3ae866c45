/* The record as tables: what a field, a type and an entity are. Everything
 * that handles a record walks these; nothing repeats them. */
#ifndef SCHEMA_FIELD_H
#define SCHEMA_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct type;

/* Who may see what (requirements, "Field classes"). */
enum field_class {
#define CLASS(id, zh, label) CLASS_##id,
#include "schema/class.def"
#undef CLASS
    CLASSES
};

/* The tabs of a customer's detail in order (design 4.1); other entities use
 * TAB_NONE or their own grouping through `group`. */
enum tab {
    TAB_NONE,
#define TAB(id, label, key) TAB_##id,
#include "schema/tab.def"
#undef TAB
    TABS
};

enum life {
    LIFE_NONE, /* no condition / no state yet */
#define LIFE(id, zh, label, active, sign, rules) LIFE_##id,
#include "schema/life.def"
#undef LIFE
    LIVES
};

enum field_flag {
    F_REQUIRED = 1 << 0,    /* from `required_from` on; always if LIFE_NONE */
    F_UNIQUE = 1 << 1,      /* by the folded text, the trash left out */
    F_LIST = 1 << 2,        /* can be a column of a list */
    F_DEFAULT = 1 << 3,     /* is a column unless the user hid it */
    F_FIXED = 1 << 4,       /* a column that can not be hidden */
    F_SORT = 1 << 5,        /* sortable; has an index (field, id) */
    F_SEARCH = 1 << 6,      /* found by quick search */
    F_FILTER = 1 << 7,      /* offered in the advanced filter */
    F_IMPORT = 1 << 8,      /* a column of the import template */
    F_AUDIT = 1 << 9,       /* old and new value go to the audit row */
    F_READONLY = 1 << 10,   /* no client writes it (computed, copied) */
    F_QUICK = 1 << 11,      /* in the quick-edit pop-up */
    F_BULK = 1 << 12,       /* may be changed by bulk edit */
    F_PINYIN = 1 << 13,     /* has the stored twin <id>_pinyin for sorting */
    F_DETAIL = 1 << 14,     /* in the "detailed" export, not the "basic" one */
    F_GENERATED = 1 << 15,  /* a generated column of the database */
    F_TRANSITION = 1 << 16, /* only by customer.transition (lifecycle) */
    F_PROPOSAL = 1 << 17,   /* only by grade.propose once set (grade) */
    F_ASSIGN = 1 << 18,   /* filling it is edit, changing it customer.assign */
    F_HIDDEN = 1 << 19,   /* the daemon's own: never on the wire */
    F_SECRET = 1 << 20,   /* never on the wire, never in an audit row */
    F_CONTRACT = 1 << 21, /* once contracted, changing it needs
                             customer.assign (6.1.1: manager or above) */
    F_LARGE = 1 << 22,    /* a long text: not in lists unless asked for */
    F_CREATE_ONLY = 1 << 23, /* given at creation, never changed after by a
                                client (contact_person: by its contact) */
    F_SPLIT = 1 << 24,       /* a count is split by its values (LIST-07) */
    /* What most rows that people write have in common. */
    F_BASIC = F_IMPORT | F_AUDIT,
    F_MORE = F_IMPORT | F_AUDIT | F_DETAIL
};

/* One row a field. `id` is the name on the wire, in SQL and in C. */
struct field {
    const char *id;
    const struct type *type;
    const char *label; /* English msgid; Chinese in po/zh_CN.po */
    const char *help;  /* one sentence, never empty */
    unsigned flags;
    enum field_class klass;
    enum tab tab;
    int step;                /* of the wizard; 0: not in it */
    const char *group;       /* heading inside a tab or a form, or NULL */
    int width;               /* terminal columns in a list */
    enum life required_from; /* the state F_REQUIRED begins in */
    int64_t min, max;    /* text: code points; numbers: value; list: items */
    const char *options; /* option list of choice and choices */
    const char *ref;     /* entity of a reference */
    const char *value;   /* default of a new record, canonical or, of a date,
                            "today" (see field_default), or NULL */
};

enum entity_flag {
    E_READONLY = 1 << 0, /* no create, update, delete from outside */
    E_CACHED = 1 << 1,   /* small: the daemon keeps id → name in memory */
    E_TRASH = 1 << 2,    /* delete goes to the trash, restore exists */
    E_HISTORY = 1 << 3,  /* history and as_of */
    E_NO_CREATE = 1 << 4,
    E_NO_DELETE = 1 << 5,
    E_APPEND = 1 << 6,    /* no version column, no stamps: audit, event … */
    E_INTERNAL = 1 << 7,  /* no RPC methods at all */
    E_PERSONAL = 1 << 8,  /* rows belong to `user_id`; nobody else's seen */
    E_QUIET = 1 << 9,     /* no business data: neither logged nor told, and in
                             no menu of lists */
    E_BY_TITLE = 1 << 10, /* the title is all a new one needs: it can be made
                             where one is picked */
};

/* How a row's scope is found. */
enum scope_way {
    SCOPE_none,     /* everyone signed in reads it (options, tags, users) */
    SCOPE_customer, /* the row is a customer */
    SCOPE_child,    /* through customer_id */
    SCOPE_self,     /* rows whose user_id is me (saved_filter: or shared) */
    SCOPE_admin,    /* administrator only */
};

struct entity {
    const char *id;    /* name on the wire: "customer" */
    const char *table; /* in SQL */
    const char *label; /* singular, msgid */
    const char *plural;
    const char *help;
    const struct field *fields;
    int nfields;
    unsigned flags;
    const char *parent; /* entity id of the owner of a child, or NULL */
    enum tab tab;       /* of its parent, in which its records are listed;
                           TAB_NONE: they are a list of their own */
    enum scope_way scope;
    /* ids of the actions (schema/action.def) for reading and changing; "*":
     * anybody signed in (within `scope`), NULL: administrators only */
    const char *view, *create, *edit, *remove;
    const char *title; /* the field that names a row to people */
    const char *sort;  /* default, "-updated_at" or "grade,-updated_at" */
};

/* Every record carries `id`, and unless it only grows `version`, before its
 * declared fields; these two are no rows of the tables. They can be filtered
 * by, and are declared here for those who walk columns. */
extern const struct field field_id, field_version;

extern const struct entity *const schema_entities[];
extern const int schema_entity_count;

const struct entity *entity_find(const char *id);
/* The field or NULL. O(1) by a perfect or sorted table. */
const struct field *field_find(const struct entity *e, const char *id);
/* The field a person means: its id, its label in either language, or the
 * start of the id or of a word in it ("region", "start"; the first declared
 * one). `id` counts, hidden fields do not. NULL where there is none. */
const struct field *field_named(const struct entity *e, const char *text);
/* Its position in e->fields. */
int field_index(const struct entity *e, const struct field *f);
/* The column that ORDER BY and keyset use: the field itself, <id>_pinyin, or
 * <id>_sort (a generated NOT NULL sentinel twin where the type may be NULL).
 * Writes into out (64 bytes) and returns it. */
const char *field_sort_column(const struct field *f, char out[64]);
/* The SQL type of that column, for parameters compared with it. */
const char *field_sort_type(const struct field *f);
struct arena;
/* What a new record begins with, canonical; NULL: nothing. Days are those of
 * this process. May lie in the arena. */
const char *field_default(const struct field *f, struct arena *a);
/* True where a canonical value says nothing: NULL, "", or a list of none. */
bool field_is_empty(const struct field *f, const char *value);
/* What the column stores for a canonical value: itself, or for an empty one
 * the type's own ("" for text, "f", "{}"); NULL is SQL NULL. */
const char *field_stored(const struct field *f, const char *value);
/* Hash of all tables as 16 hex digits: protocol.md, "The first message". */
const char *schema_hash(void);

/* The enums of fields: CUSTOMER_customer_name …, for hooks. */
#define FIELD(id, type, ...) CUSTOMER_##id,
enum customer_field {
#include "schema/customer.def"
    CUSTOMER_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) CONTACT_##id,
enum contact_field {
#include "schema/contact.def"
    CONTACT_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) COMPETITOR_##id,
enum competitor_field {
#include "schema/competitor.def"
    COMPETITOR_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) ATTENTION_##id,
enum attention_field {
#include "schema/attention.def"
    ATTENTION_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) QA_##id,
enum qa_field {
#include "schema/qa.def"
    QA_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) FOLLOW_UP_##id,
enum follow_up_field {
#include "schema/follow_up.def"
    FOLLOW_UP_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) LIFE_LOG_##id,
enum life_log_field {
#include "schema/life_log.def"
    LIFE_LOG_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) USER_##id,
enum user_field {
#include "schema/user.def"
    USER_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) ORG_UNIT_##id,
enum org_unit_field {
#include "schema/org_unit.def"
    ORG_UNIT_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) OPTION_##id,
enum option_field {
#include "schema/option.def"
    OPTION_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) TAG_##id,
enum tag_field {
#include "schema/tag.def"
    TAG_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) SAVED_FILTER_##id,
enum saved_filter_field {
#include "schema/saved_filter.def"
    SAVED_FILTER_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) PREFERENCE_##id,
enum preference_field {
#include "schema/preference.def"
    PREFERENCE_FIELDS
};
#undef FIELD
#define FIELD(id, type, ...) ROLE_RIGHT_##id,
enum role_right_field {
#include "schema/role_right.def"
    ROLE_RIGHT_FIELDS
};
#undef FIELD

/* entity_customer, entity_contact … */
#define ENTITY(id, ...) extern const struct entity entity_##id;
#include "schema/entity.def"
#undef ENTITY

#endif
