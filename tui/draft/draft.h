/* A draft: what somebody typed into a form and has not sent yet, as one JSON
 * text. No files here (store.h), no screens. */
#ifndef TUI_DRAFT_DRAFT_H
#define TUI_DRAFT_DRAFT_H

#include "common/err.h"
#include "common/mem.h"

#include <stdint.h>

#define DRAFT_FORMAT   1
#define DRAFT_ID_LEN   17         /* 16 hex digits and NUL */
#define DRAFT_BYTES    (1u << 20) /* of one draft */
#define DRAFT_KEY_LEN  33         /* as WIRE_KEY_LEN */
#define DRAFT_NAME_MAX 100        /* code points */
#define DRAFT_CHILDREN 50         /* of one kind */

/* Everything it points to lies in its arena, except the cJSON trees, which it
 * owns. Texts are never NULL after draft_init. */
struct draft {
    struct arena *arena;
    char id[DRAFT_ID_LEN]; /* of its file */
    const char *server;    /* as the client was told it */
    int64_t user;
    const char *schema; /* hash of the tables it was written with */
    const char *entity;
    int64_t record, version; /* of an edit: the record, and the version it is
                                based on; 0: a new record */
    int64_t parent;          /* the record a new one belongs to, 0: none */
    const char *name;        /* what people call it; "" where nothing does */
    bool named;              /* by its user: the title does not change it */
    int step, steps;         /* from 1; 0: no steps */
    cJSON *form;             /* as form_keep gives it; NULL: nothing */
    cJSON *children;         /* {"contact":[as form_keep …]}; NULL: none */
    const char *key;         /* of the submit: one for the draft's life */
    cJSON *sent;             /* what was sent with it and not answered, NULL */
    int64_t created_us, saved_us;
    /* The process that has it open; 0: none. */
    int64_t pid, pid_started;
};

/* A new one with an id, a key and the present time. */
void draft_init(struct draft *d);
void draft_free(struct draft *d);
/* A text of its own. */
void draft_text(struct draft *d, const char **at, const char *text);
/* The file's text; the caller frees it (x_free). */
char *draft_print(const struct draft *d);
/* Fills *d (without its id), whatever the text is: false with words where it
 * is none of ours. ERR_unavailable where a later kehu wrote it, ERR_invalid
 * where it is broken. */
bool draft_parse(const char *text, size_t len, struct draft *d,
                 struct err *e) must_check;
void draft_new_id(char id[DRAFT_ID_LEN]);
bool draft_id_ok(const char *id);

/* Who I am, for `pid` and `pid_started`; and whether that process still runs.
 */
void draft_hold(struct draft *d);
void draft_release(struct draft *d);
bool draft_is_held(const struct draft *d); /* by another process */

/* "深圳艾维…" or what stands for a draft without a name; "第 2/5 步", ""
 * where there are no steps; "3 分钟前". All in the arena. */
const char *draft_title(const struct draft *d, struct arena *a);
const char *draft_progress(const struct draft *d, struct arena *a);
const char *draft_age(const struct draft *d, struct arena *a);

#endif
