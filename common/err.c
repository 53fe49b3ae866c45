/* Errors as values: worded where they happen, decided on by the caller. */
#include "common/err.h"

#include "common/i18n.h"
#include "common/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_row rows[ERR_KINDS] = {
#define ERROR(name, code, exit, text) [ERR_##name] = {#name, code, exit, text},
#include "common/error.def"
#undef ERROR
};

const struct err_row *err_row(enum err_kind kind)
{
    bool known = kind > ERR_NONE && kind < ERR_KINDS;
    return &rows[known ? kind : ERR_internal];
}

enum err_kind err_kind_of(const char *name)
{
    for (int k = ERR_NONE + 1; k < ERR_KINDS; k++)
        if (strcmp(rows[k].name, name) == 0)
            return (enum err_kind)k;
    return ERR_NONE;
}

/* A text cut by vsnprintf may end inside a character: its torn tail goes. */
static void drop_torn_tail(char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start > 0 && !utf8_valid(text + start - 1, len - start + 1))
        text[start - 1] = '\0';
}

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
    if (e == NULL)
        return false;
    err_clear(e);
    e->kind = kind;
    if (fmt == NULL) {
        snprintf(e->message, sizeof(e->message), "%s",
                 i18n(err_row(kind)->text));
        return false;
    }
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(e->message, sizeof(e->message), fmt, ap);
    va_end(ap);
    if (n >= (int)sizeof(e->message))
        drop_torn_tail(e->message, sizeof(e->message) - 1);
    return false;
}

void err_data(struct err *e, const char *key, cJSON *item)
{
    if (e == NULL) {
        cJSON_Delete(item);
        return;
    }
    if (e->data == NULL)
        e->data = cJSON_CreateObject();
    cJSON_DeleteItemFromObjectCaseSensitive(e->data, key);
    cJSON_AddItemToObject(e->data, key, item);
}

bool err_param(struct err *e, const char *path, const char *expected)
{
    err_set(e, ERR_invalid_params, _("%s: expected %s."), path, expected);
    err_data(e, "path", cJSON_CreateString(path));
    err_data(e, "expected", cJSON_CreateString(expected));
    return false;
}

void err_move(struct err *to, struct err *from)
{
    if (to == NULL) {
        err_clear(from);
        return;
    }
    if (to == from)
        return;
    err_clear(to);
    *to = *from;
    from->data = NULL;
    err_clear(from);
}

void err_clear(struct err *e)
{
    if (e == NULL)
        return;
    cJSON_Delete(e->data);
    *e = (struct err){0};
}
