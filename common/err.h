/* Errors: the callee words them, the caller decides. The kinds are the rows
 * of error.def, the same on the wire, in the client and in exit codes. */
#ifndef COMMON_ERR_H
#define COMMON_ERR_H

#include <cjson/cJSON.h>
#include <stdbool.h>

enum err_kind {
    ERR_NONE,
#define ERROR(name, code, exit, text) ERR_##name,
#include "common/error.def"
#undef ERROR
    ERR_KINDS
};

/* Zero-initialise it. `data` is the error.data of the wire without `kind`
 * (fields, current, path …) or NULL; the err owns it. */
struct err {
    enum err_kind kind;
    char message[512];
    cJSON *data;
};

#define must_check __attribute__((warn_unused_result))

struct err_row {
    const char *name;
    int code;      /* JSON-RPC error code */
    int exit_code; /* of the command line */
    const char *text;
};

/* The row of a kind; ERR_NONE and unknown kinds give that of `internal`. */
const struct err_row *err_row(enum err_kind kind);
/* The kind with this name ("not_found"), ERR_NONE where there is none. */
enum err_kind err_kind_of(const char *name);
/* Fills `e` (NULL is allowed) with a message already in the reader's
 * language; returns false, so that `return err_set(…)` reads well. A message
 * that is too long is cut at a character. fmt NULL takes the row's text. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds error.data[key]; the err owns `item` from then on. */
void err_data(struct err *e, const char *key, cJSON *item);
/* invalid_params with data.path and data.expected. */
bool err_param(struct err *e, const char *path, const char *expected);
/* Moves *from to *to (freeing what was in *to). */
void err_move(struct err *to, struct err *from);
/* Frees the data, ready to be used again. */
void err_clear(struct err *e);

#endif
