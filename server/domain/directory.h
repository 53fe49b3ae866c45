/* Snapshots of what changes rarely and is asked for in every reply: names of
 * users, units, tags and options, everybody's rights, frequencies for the
 * choice of plans. Rebuilt when rights_epoch moves (looked at every 500 ms)
 * and published as one immutable, counted object. */
#ifndef SERVER_DOMAIN_DIRECTORY_H
#define SERVER_DOMAIN_DIRECTORY_H

#include "common/i18n.h"
#include "schema/access.h"
#include "schema/type.h"
#include "server/db/db.h"

struct directory;

/* Reads everything; blocking, on a worker. NULL with *e. One reference. */
struct directory *directory_load(struct db_conn *c, struct err *e);
struct directory *directory_ref(struct directory *d);
void directory_unref(struct directory **d); /* thread-safe */

/* True where it wants to be loaded anew although the epoch did not move: the
 * statistics are an hour old, or a day has ended (and grants with it). */
bool directory_is_stale(const struct directory *d);

struct directory_user {
    int64_t id, unit; /* unit 0: none */
    const char *login, *name;
    const char *lang, *timezone; /* "" where not set */
    unsigned roles;              /* 1 << ROLE_… */
    bool admin, disabled;
};
/* NULL where unknown; disabled ones are known. */
const struct directory_user *directory_user(const struct directory *d,
                                            int64_t id);

struct directory_option {
    const char *list, *code, *zh, *en;
    const char *parent; /* code, or "" */
    int64_t position;
    bool disabled;
};
/* All of a list in display order; *n of them. */
const struct directory_option *directory_options(const struct directory *d,
                                                 const char *list, int *n);
/* NULL where the list has no such code. */
const struct directory_option *
directory_option(const struct directory *d, const char *list, const char *code);
/* True where a row of a cached entity (user, org_unit, tag) is there. */
bool directory_has_ref(const struct directory *d, const char *entity,
                       int64_t id);

int64_t directory_epoch(const struct directory *d);
/* Rights of an enabled user, NULL where unknown or disabled. */
const struct rights *directory_rights(const struct directory *d, int64_t user);
/* For type->to_json and parse; `lang` of the labels. */
struct names directory_names(const struct directory *d, enum lang lang);
/* Ids of users whose name, pinyin or initials contain the needle (at most
 * max); for search by sales person. */
int directory_users_like(const struct directory *d, const char *needle,
                         int64_t *out, int max);
/* Ids of a cached entity in display order (pinyin of the name); codes of an
 * option list in display order: for sorting by stepping through values. */
int directory_order_refs(const struct directory *d, const char *entity,
                         const int64_t **ids);
int directory_order_codes(const struct directory *d, const char *list,
                          const char *const **codes);
/* Estimates for plans, from the statistics of the last hour: rows of
 * customer in all; with a value in a column (of a list: among its items);
 * from one date or time to another (NULL: open; all rows where nothing is
 * known); and with a gram (0 where it is not among the frequent ones, above
 * 1 %). */
int64_t directory_rows(const struct directory *d);
int64_t directory_rows_value(const struct directory *d, const char *column,
                             const char *value);
int64_t directory_rows_between(const struct directory *d, const char *column,
                               const char *from, const char *to);
int64_t directory_rows_gram(const struct directory *d, int32_t gram);

#endif
