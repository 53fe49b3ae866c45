/* Names of keys, both ways: "ctrl-s" in the settings, in help and in tests. */
#include "common/utf8.h"
#include "tui/term/key.h"

#include <stdio.h>
#include <string.h>

static const char *const code_names[KEYCS] = {
#define KEYC(id, name) [KEYC_##id] = name,
#include "tui/term/key.def"
#undef KEYC
};

static const struct {
    const char *prefix;
    unsigned mod;
} mod_names[] = {
    {"ctrl-", MOD_ctrl},
    {"alt-", MOD_alt},
    {"shift-", MOD_shift},
};

enum { MOD_NAMES = sizeof(mod_names) / sizeof(*mod_names) };

/* Takes one prefix off *name where something stays behind it. */
static bool take_mod(const char **name, unsigned *mods)
{
    for (int i = 0; i < MOD_NAMES; i++) {
        size_t len = strlen(mod_names[i].prefix);
        if (strncmp(*name, mod_names[i].prefix, len) == 0 &&
            (*name)[len] != '\0') {
            *name += len;
            *mods |= mod_names[i].mod;
            return true;
        }
    }
    return false;
}

bool key_parse(const char *name, struct event *out)
{
    memset(out, 0, sizeof(*out));
    out->kind = EVENT_key;
    while (take_mod(&name, &out->mods)) {
    }
    for (int i = KEYC_NONE + 1; i < KEYCS; i++) {
        if (strcmp(name, code_names[i]) == 0) {
            out->code = (enum key_code)i;
            return true;
        }
    }
    if (strcmp(name, "space") == 0) {
        out->cp = ' ';
        return true;
    }
    size_t len = strlen(name);
    return len > 0 && utf8_valid(name, len) &&
           utf8_decode(name, len, &out->cp) == len && out->cp > ' ';
}

void key_spell(const struct event *e, char out[KEY_NAME_LEN])
{
    char base[8] = "";
    if (e->cp == ' ')
        memcpy(base, "space", sizeof("space"));
    else
        base[utf8_encode(e->cp, base)] = '\0';
    snprintf(out, KEY_NAME_LEN, "%s%s%s%s", e->mods & MOD_ctrl ? "ctrl-" : "",
             e->mods & MOD_alt ? "alt-" : "",
             e->mods & MOD_shift ? "shift-" : "",
             e->code != KEYC_NONE ? code_names[e->code] : base);
}

bool key_equal(const struct event *a, const struct event *b)
{
    return a->kind == EVENT_key && b->kind == EVENT_key && a->code == b->code &&
           a->mods == b->mods && (a->code != KEYC_NONE || a->cp == b->cp);
}

bool key_is_text(const struct event *e)
{
    return e->kind == EVENT_key && e->code == KEYC_NONE &&
           (e->mods & (MOD_ctrl | MOD_alt)) == 0;
}
