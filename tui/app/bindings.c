/* Keys to actions: read from the table and the settings, checked for keys
 * that would do two things in one place. */
#include "tui/app/bindings.h"

#include <stdio.h>
#include <string.h>

/* Esc ~ is ssh's: a program that acts on it would be left by accident. */
static const char forbidden_key[] = "~";

enum { KEYS_MAX = 8 }; /* of one action */

static void add(struct bindings *b, enum action_id id, const struct event *key,
                const struct setting_pair *from)
{
    b->at = x_reallocarray(b->at, (size_t)b->n + 1, sizeof(*b->at));
    b->at[b->n++] = (struct binding){*key, id, from};
}

static void drop(struct bindings *b, int index)
{
    b->n--;
    memmove(b->at + index, b->at + index + 1,
            (size_t)(b->n - index) * sizeof(*b->at));
}

/* A binding that would answer to the same key in the same place. */
static int find_clash(const struct bindings *b, enum action_id id,
                      const struct event *key)
{
    for (int i = 0; i < b->n; i++)
        if (key_equal(&b->at[i].key, key) &&
            (act_rows[b->at[i].action].places & act_rows[id].places) != 0)
            return i;
    return -1;
}

static void report_at(struct buf *report, const struct setting_pair *p)
{
    if (report->len > 0)
        buf_char(report, '\n');
    buf_printf(report, _("Line %d, column %d: "), p->line, p->column);
}

static void report_clash(struct buf *report, const char *key,
                         const struct binding *old, const char *name,
                         const struct setting_pair *p)
{
    const char *other = act_rows[old->action].name;
    report_at(report, p);
    if (old->from != NULL)
        buf_printf(report,
                   _("the key %s of %s is already bound to %s in line %d, "
                     "column %d; it stays there."),
                   key, name, other, old->from->line, old->from->column);
    else
        buf_printf(report, _("the key %s runs %s now, and no longer %s."), key,
                   name, other);
}

/* Binds one key; a clash with the user's own row is refused, one with a
 * default takes the key away from it. */
static void bind_key(struct bindings *b, enum action_id id, const char *name,
                     const struct setting_pair *from, struct buf *report)
{
    struct event key;
    if (!key_parse(name, &key) || strcmp(name, forbidden_key) == 0) {
        report_at(report, from);
        buf_printf(report, _("“%s” is no key that can be bound."), name);
        return;
    }
    int clash = find_clash(b, id, &key);
    bool same = clash >= 0 && b->at[clash].action == id;
    if (same)
        return;
    if (clash >= 0) {
        report_clash(report, name, &b->at[clash], act_rows[id].name, from);
        if (b->at[clash].from != NULL)
            return;
        drop(b, clash);
    }
    add(b, id, &key, from);
}

/* Binds each word of `keys`. */
static void bind_all(struct bindings *b, enum action_id id, const char *keys,
                     const struct setting_pair *from, struct buf *report)
{
    char copy[256];
    char *save = NULL;
    int n = 0;
    snprintf(copy, sizeof(copy), "%s", keys);
    for (char *k = strtok_r(copy, " ", &save); k != NULL && n < KEYS_MAX;
         k = strtok_r(NULL, " ", &save), n++)
        bind_key(b, id, k, from, report);
}

static enum action_id find_action(const char *name)
{
    for (int i = 0; i < ACTS; i++)
        if (strcmp(act_rows[i].name, name) == 0)
            return (enum action_id)i;
    return ACT_NONE;
}

static void take_user(struct bindings *b, const struct setting_pair *p,
                      struct buf *report)
{
    enum action_id id = find_action(p->key);
    if (id == ACT_NONE) {
        report_at(report, p);
        buf_printf(report, _("there is no action “%s”."), p->key);
        return;
    }
    bind_all(b, id, p->value, p, report);
}

/* The defaults of what the user binds himself, before anything is bound: a key
 * that he moves from one action to another clashes with nothing. */
static void drop_defaults(struct bindings *b, const struct setting_pair *user)
{
    for (; user != NULL; user = user->next) {
        enum action_id id = find_action(user->key);
        for (int i = b->n - 1; i >= 0; i--)
            if (b->at[i].action == id)
                drop(b, i);
    }
}

void bindings_make(struct bindings *b, const struct setting_pair *user,
                   struct buf *report)
{
    struct event key;
    memset(b, 0, sizeof(*b));
    for (int i = 0; i < ACTS; i++) {
        char copy[256];
        char *save = NULL;
        snprintf(copy, sizeof(copy), "%s", act_rows[i].keys);
        for (char *k = strtok_r(copy, " ", &save); k != NULL;
             k = strtok_r(NULL, " ", &save))
            if (key_parse(k, &key))
                add(b, (enum action_id)i, &key, NULL);
    }
    drop_defaults(b, user);
    for (; user != NULL; user = user->next)
        take_user(b, user, report);
}

void bindings_free(struct bindings *b)
{
    x_free(&b->at);
    b->n = 0;
}

enum action_id bindings_find(const struct bindings *b, enum place place,
                             const struct event *key)
{
    for (int i = 0; i < b->n; i++)
        if (key_equal(&b->at[i].key, key) &&
            (act_rows[b->at[i].action].places & 1u << place) != 0)
            return b->at[i].action;
    return ACT_NONE;
}

/* How a key is written on the screen where its name in the settings would be
 * too long: a symbol, else the text. */
static void show_key(const struct event *e, const struct term *t, char *out,
                     size_t size)
{
    static const struct {
        const char *name, *symbol, *text;
    } rows[] = {{"enter", "enter", "Enter"},
                {"space", "space", "Space"},
                {"pgup", "", "PgUp"},
                {"pgdn", "", "PgDn"}};
    char name[KEY_NAME_LEN];
    struct event bare = *e;
    bool shift = e->code != KEYC_NONE && (e->mods & MOD_shift) != 0;
    bare.mods &= shift ? ~(unsigned)MOD_shift : ~0u;
    key_spell(&bare, name);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        const char *symbol = t != NULL ? term_symbol(t, rows[i].symbol) : "";
        snprintf(out, size, "%s%s", shift ? "S-" : "",
                 *symbol != '\0' ? symbol : rows[i].text);
        return;
    }
    if (e->code == KEYC_NONE && e->mods == MOD_ctrl)
        snprintf(out, size, "^%c", (char)(e->cp & ~0x20u));
    else if (e->code != KEYC_NONE && bare.mods == 0)
        snprintf(out, size, "%s%c%s", shift ? "S-" : "", name[0] & ~0x20,
                 name + 1);
    else
        snprintf(out, size, "%s%s", shift ? "S-" : "", name);
}

const char *bindings_show(const struct bindings *b, enum action_id id,
                          const struct term *t, bool all, char *out,
                          size_t size)
{
    size_t len = 0;
    *out = '\0';
    for (int i = 0; i < b->n; i++) {
        char key[KEY_NAME_LEN + 2]; /* "S-" */
        if (b->at[i].action != id)
            continue;
        show_key(&b->at[i].key, t, key, sizeof(key));
        if (len + strlen(key) + 2 > size)
            break;
        len += (size_t)snprintf(out + len, size - len, "%s%s",
                                len > 0 ? " " : "", key);
        if (!all)
            break;
    }
    return out;
}

enum action_id bindings_clash(const struct bindings *b, enum action_id id,
                              const struct event *key)
{
    int clash = find_clash(b, id, key);
    bool other = clash >= 0 && b->at[clash].action != id;
    return other ? b->at[clash].action : ACT_NONE;
}

const char *bindings_names(const struct bindings *b, enum action_id id,
                           const struct event *without, char *out, size_t size)
{
    size_t len = 0;
    *out = '\0';
    for (int i = 0; i < b->n; i++) {
        char key[KEY_NAME_LEN];
        const struct binding *at = &b->at[i];
        if (at->action != id ||
            (without != NULL && key_equal(&at->key, without)))
            continue;
        key_spell(&at->key, key);
        if (len + strlen(key) + 2 > size)
            break;
        len += (size_t)snprintf(out + len, size - len, "%s%s",
                                len > 0 ? " " : "", key);
    }
    return out;
}

bool bindings_can_bind(const struct event *key)
{
    struct event again;
    char name[KEY_NAME_LEN];
    key_spell(key, name);
    return key->kind == EVENT_key && key_parse(name, &again) &&
           key_equal(key, &again) && strcmp(name, forbidden_key) != 0;
}
