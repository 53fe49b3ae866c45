/* The settings of the client: $XDG_CONFIG_HOME/kehu/client.yaml, by a table
 * like the daemon's. */
#ifndef TUI_APP_SETTINGS_H
#define TUI_APP_SETTINGS_H

#include "common/i18n.h"
#include "common/settings.h"

struct client_settings {
    char *server; /* unix:/path, tcp://127.0.0.1:port; "" : look for one */
    int lang;     /* index into "auto zh en" */
    int theme;    /* index into "dark light mono high" */
    bool ascii, mouse;
    struct setting_pair *keys; /* action → "e ctrl-s" */
};

extern const struct setting client_setting_rows[];
extern const size_t client_setting_count;

/* Defaults, then the file where there is one (NULL: the usual place). False
 * with *e where the file has a fault; then *out holds the defaults. */
bool client_settings_load(const char *file, struct client_settings *out,
                          struct err *e) must_check;
void client_settings_free(struct client_settings *s);
/* The language; `auto` is that of LC_ALL, LC_MESSAGES or LANG, else Chinese. */
enum lang client_settings_lang(const struct client_settings *s);
/* "dark" … of the setting. */
const char *client_settings_theme(const struct client_settings *s);

#endif
