/* The saved filters of this user and those shared with him (LIST-06): read
 * after signing in, and anew whenever they are looked at. */
#ifndef TUI_APP_SAVED_H
#define TUI_APP_SAVED_H

#include "tui/remote/remote.h"

struct saved;

struct saved_row {
    int64_t id, version;
    const char *name, *entity;
    const char *shared; /* code of filter_sharing */
    const char *owner;  /* the name of whose it is */
    bool mine, is_default;
    int64_t position;
    const cJSON *definition; /* as list_view gives it */
};

struct saved *saved_new(void);
void saved_free(struct saved **s);
/* What is known stays until the answer comes; `then` (NULL: nobody) when it
 * is here, or will not come. `afresh`: another person, nothing is known. */
void saved_load(struct saved *s, struct remote *r, bool afresh,
                void (*then)(void *ctx), void *ctx);
/* Those of one list: mine in my order, then those of others by name. They
 * live until the next load. s may be NULL. */
const struct saved_row *const *saved_rows(const struct saved *s,
                                          const char *entity, int *n);
const struct saved_row *saved_find(const struct saved *s, int64_t id);
const struct saved_row *saved_named(const struct saved *s, const char *entity,
                                    const char *name); /* mine */
const struct saved_row *saved_default(const struct saved *s,
                                      const char *entity);

/* saved_filter.<verb> with these parameters (taken), then reads anew. `then`
 * gets the record's id, or the error. One at a time: another one that is
 * under way is not told of any more. */
typedef void saved_fn(void *ctx, int64_t id, const struct err *err);
void saved_change(struct saved *s, const char *verb, cJSON *params,
                  saved_fn *then, void *ctx);
/* One of mine changes places with its neighbour. */
void saved_move(struct saved *s, int64_t id, int by, saved_fn *then, void *ctx);
/* The one who asked is gone. */
void saved_forget(struct saved *s, const void *ctx);

#endif
