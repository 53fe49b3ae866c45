/* The methods as a table: what may be called, with what, by whom, on which
 * lane. The gate, rpc.discover and the manual read it. */
#ifndef SERVER_RPC_METHOD_H
#define SERVER_RPC_METHOD_H

#include "server/rpc/request.h"

enum param_kind {
    PARAM_string,
    PARAM_int,
    PARAM_bool,
    PARAM_object,
    PARAM_array,
    PARAM_id,  /* integer 1 … 2^53 */
    PARAM_key, /* string 8 … 64 of [A-Za-z0-9_-] */
    PARAM_any,
    PARAM_KINDS
};

struct param {
    const char *name;
    enum param_kind kind;
    bool required;
    int64_t min, max; /* length or value; 0,0: the kind's own bounds */
    const char *help;
};

/* What a kind accepts, its JSON Schema type (NULL: any), and in words. */
struct param_kind_row {
    const char *json;
    bool (*check)(const struct param *p, const cJSON *item);
    const char *expected; /* msgid */
};
extern const struct param_kind_row param_kind_rows[PARAM_KINDS];

enum auth {
    AUTH_none,    /* before sign-in */
    AUTH_session, /* signed in; the handler or the action says what more */
    AUTH_admin
};

#define METHOD_WITH(flag) ((unsigned)(flag) << 16)

struct method {
    const char *name; /* "session.login"; "*.list" for every entity */
    enum auth auth;
    enum lane lane;
    /* One of them: on the loop (lanes loop, quick, slow), or on a worker. */
    request_loop_fn *loop;
    request_work_fn *work;
    const struct param *params;
    int nparams;
    unsigned without;   /* entity flags that must be absent, for verbs; those
                           that must be there as METHOD_WITH(flag) */
    bool changes;       /* refused while shutting down, takes `key` */
    const char *help;   /* never empty */
    const char *result; /* what comes back, for rpc.discover */
};

extern const struct method method_rows[];
extern const int method_count;

/* The parameter that every changing method takes beside its own. */
extern const struct param method_key;

/* "customer.list" gives the row "*.list" and *entity; NULL where unknown. */
const struct method *method_find(const char *name,
                                 const struct entity **entity);
/* Every parameter known, present, of its kind and bounds. */
bool method_check(const struct method *m, const cJSON *params, struct err *e);

#endif
