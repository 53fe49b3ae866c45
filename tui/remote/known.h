/* What the daemon has told us and every screen needs: who I am, what I may
 * do, the labels of options, the names behind references. */
#ifndef TUI_REMOTE_KNOWN_H
#define TUI_REMOTE_KNOWN_H

#include "schema/access.h"
#include "schema/type.h"
#include "tui/remote/remote.h"

struct known;

/* Starts with the built-in option lists and without any right. */
struct known *known_new(void);
void known_free(struct known **k);
/* The `user` of a sign-in. */
void known_set_user(struct known *k, const cJSON *user);
/* The answer of meta.describe: option lists and my rights. False where it
 * carried no rights. */
bool known_set_tables(struct known *k, const cJSON *describe);
void known_sign_out(struct known *k);

bool known_has_rights(const struct known *k);
int64_t known_user_id(const struct known *k);
const char *known_user_name(const struct known *k);
const char *known_user_title(const struct known *k);
int known_scope(const struct known *k, const char *action);
int known_level(const struct known *k, const struct field *f);
/* May rows be filtered, sorted and searched by this field of an entity? */
bool known_may_ask(const struct known *k, const struct entity *e,
                   const struct field *f);
bool known_is_admin(const struct known *k);
const struct remote_option *known_options(const struct known *k,
                                          const char *list, int *n);
/* Remembers the name behind a reference. */
void known_learn(struct known *k, const char *entity, int64_t id,
                 const char *name);
struct names known_names(struct known *k);

#endif
