/* The option lists as arrays, made from the tables, and looking into them. */
#include "schema/option.h"

#include <stddef.h>
#include <string.h>

/* The label of another table is a msgid elsewhere; here it is the English
 * text. */
#define ROW(of, id, chinese, english, above)                                   \
    {                                                                          \
        .list = of, .code = id, .zh = chinese, .en = english, .parent = above  \
    }

const struct option_row option_rows[] = {
#define OPTION(list, code, zh, en, parent) ROW(#list, code, zh, en, parent),
#include "schema/option_row.def"
#undef OPTION
#define LIFE(id, zh, label, active, sign, rules)                               \
    ROW("lifecycle", #id, zh, label, NULL),
#include "schema/life.def"
#undef LIFE
#define ROLE(id, zh, label, help) ROW("role", #id, zh, label, NULL),
#include "schema/role.def"
#undef ROLE
#define SCOPE(id, code, zh, label) ROW("scope", code, zh, label, NULL),
#include "schema/scope.def"
#undef SCOPE
#define LEVEL(id, code, zh, label) ROW("level", code, zh, label, NULL),
#include "schema/level.def"
#undef LEVEL
#define CLASS(id, zh, label) ROW("field_class", #id, zh, label, NULL),
#include "schema/class.def"
#undef CLASS
};
const int option_row_count =
    (int)(sizeof(option_rows) / sizeof(option_rows[0]));

const struct option_list option_lists[] = {
#define LIST(name, text, belongs, free, about)                                 \
    {.id = #name,                                                              \
     .label = text,                                                            \
     .help = about,                                                            \
     .fixed = belongs,                                                         \
     .free_text = free},
#include "schema/option_list.def"
#undef LIST
};
const int option_list_count =
    (int)(sizeof(option_lists) / sizeof(option_lists[0]));

const struct option_list *option_list_find(const char *id)
{
    for (int i = 0; i < option_list_count; i++)
        if (strcmp(option_lists[i].id, id) == 0)
            return &option_lists[i];
    return NULL;
}

const struct option_row *option_find(const char *list, const char *code)
{
    for (int i = 0; i < option_row_count; i++)
        if (strcmp(option_rows[i].code, code) == 0 &&
            strcmp(option_rows[i].list, list) == 0)
            return &option_rows[i];
    return NULL;
}

const char *option_label(const struct option_row *row, enum lang lang)
{
    return lang == LANG_en ? row->en : row->zh;
}
