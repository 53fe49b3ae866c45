/* Steps that several tests of the client take: what the daemon says the
 * screen has to show, and moving about in lists and forms. */
#ifndef TESTS_SCREEN_STEPS_H
#define TESTS_SCREEN_STEPS_H

#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/client.h"
#include "tests/support/desk.h"

#include <stdio.h>
#include <string.h>

#define STEPS_NAME 256

/* The name and the id of the n-th customer (from 1) in an order, such as
 * "[[\"updated_at\",\"desc\"]]". */
static inline int64_t steps_customer(struct client *c, const char *sort, int n,
                                     char name[STEPS_NAME])
{
    cJSON *r = client_result(c, "customer.list",
                             "{\"columns\":[\"customer_name\"],\"sort\":%s,"
                             "\"limit\":1,\"offset\":%d}",
                             sort, n - 1);
    const cJSON *row = json_get(r, "rows")->child;
    int64_t id = 0;
    if (!row || !json_is_int(row->child, &id))
        check_fail("no customer %d in the order %s", n, sort);
    snprintf(name, STEPS_NAME, "%s", row->child->next->next->valuestring);
    cJSON_Delete(r);
    return id;
}

/* One field of a customer as the daemon has it: its text, or "" where it is
 * empty or no text. The caller frees it. */
static inline char *steps_value(struct client *c, int64_t id, const char *field)
{
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    char *text = x_strdup(json_str(json_get(r, "record"), field, ""));
    cJSON_Delete(r);
    return text;
}

/* The start of a name that is never cut in a list: eight characters. */
static inline const char *steps_start(const char *name)
{
    static char out[STEPS_NAME];
    size_t at = 0;
    for (int i = 0; i < 8 && name[at]; i++) {
        at++;
        while (((unsigned char)name[at] & 0xc0) == 0x80)
            at++;
    }
    snprintf(out, sizeof(out), "%.*s", (int)at, name);
    return out;
}

/* Row of the focus mark. */
static inline int steps_focus(struct vt *v)
{
    return vt_find(v, "»", NULL);
}

static inline bool steps_focus_shows(struct vt *v, void *text)
{
    int row = steps_focus(v);
    return row >= 0 && strstr(vt_row(v, row), text) != NULL;
}

/* The focus is on the row with this text. */
static inline void steps_expect_focus(struct vt *v, const char *text)
{
    char copy[STEPS_NAME];
    snprintf(copy, sizeof(copy), "%s", text);
    if (!vt_wait(v, steps_focus_shows, copy, VT_PATIENCE))
        check_fail("the focus is not on \"%s\":\n%s", text, vt_dump(v));
}

/* Where the focus is, and the label there: in a small window the form moves
 * below it. (The value beside it is no sign: it may have been typed.) */
struct steps_mark {
    int row, col;
    char label[STEPS_NAME];
};

static inline struct steps_mark steps_mark(struct vt *v)
{
    struct steps_mark m = {0};
    m.row = vt_find(v, "»", &m.col);
    const char *at = m.row >= 0 ? strstr(vt_row(v, m.row), "»") : NULL;
    if (at)
        snprintf(m.label, sizeof(m.label), "%s", at);
    char *end = strstr(m.label, "  ");
    if (end)
        *end = '\0';
    return m;
}

static inline bool steps_moved(struct vt *v, void *ctx)
{
    const struct steps_mark *was = ctx;
    struct steps_mark now = steps_mark(v);
    return now.row >= 0 && (now.row != was->row || now.col != was->col ||
                            strcmp(now.label, was->label) != 0);
}

/* Presses Tab until the focus stands before this label. */
static inline void steps_go_to_field(struct vt *v, const char *label)
{
    char wanted[128];
    snprintf(wanted, sizeof(wanted), "» %s", label);
    for (int i = 0; i < 80 && !vt_has(v, wanted); i++) {
        struct steps_mark was = steps_mark(v);
        vt_keys(v, "<Tab>");
        if (!vt_wait(v, steps_moved, &was, VT_PATIENCE))
            check_fail("Tab does not move the focus:\n%s", vt_dump(v));
    }
    vt_expect(v, wanted);
}

/* Presses Tab until the focus is on a row with this text. */
static inline void steps_tab_to(struct vt *v, const char *text)
{
    char copy[STEPS_NAME];
    snprintf(copy, sizeof(copy), "%s", text);
    for (int i = 0; i < 80 && !steps_focus_shows(v, copy); i++) {
        struct steps_mark was = steps_mark(v);
        vt_keys(v, "<Tab>");
        if (!vt_wait(v, steps_moved, &was, VT_PATIENCE))
            check_fail("Tab does not move the focus:\n%s", vt_dump(v));
    }
    steps_expect_focus(v, text);
}

#endif
