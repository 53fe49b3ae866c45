/* The settings of the client: $XDG_CONFIG_HOME/kehu/client.yaml, by a table
 * like the daemon's. */
#ifndef TUI_APP_SETTINGS_H
#define TUI_APP_SETTINGS_H

#include "common/i18n.h"
#include "common/settings.h"

struct arena;

struct client_settings {
    char *server;      /* unix:/path, tcp://127.0.0.1:port; "" : look for one */
    int lang;          /* index into "auto zh en" */
    int theme;         /* index into "dark light mono high basic" */
    int page_size;     /* index into "screen 20 50 100" */
    int low_bandwidth; /* index into "auto on off", as enum term_slow */
    bool ascii, mouse, focus_bar, linear, restore;
    struct setting_pair *keys; /* action → "e ctrl-s" */
};

extern const struct setting client_setting_rows[];
extern const size_t client_setting_count;

/* Defaults, then the file where there is one (NULL: the usual place). False
 * with *e where the file has a fault; then *out holds the defaults. */
bool client_settings_load(const char *file, struct client_settings *out,
                          struct err *e) must_check;
/* The usual place of the file; x_free it. */
char *client_settings_file(void);
/* One key of the file (NULL: at the usual place) at another value, or without
 * it (value NULL); the rest of the file stays as it is. A file that is no
 * YAML is not touched. */
bool client_settings_save(const char *file, const char *key, const char *value,
                          struct err *e) must_check;
/* The row of a key; its choices: how many, their values in order; and what a
 * value is called by people. Texts live in the arena. */
const struct setting *client_setting(const char *key);
int client_setting_choices(const struct setting *s);
const char *client_setting_choice(const struct setting *s, int i,
                                  struct arena *a);
const char *client_setting_word(const struct setting *s, const char *value,
                                struct arena *a);
void client_settings_free(struct client_settings *s);
/* The language; `auto` is that of LC_ALL, LC_MESSAGES or LANG, else Chinese. */
enum lang client_settings_lang(const struct client_settings *s);
/* Rows of a page; 0: as many as fit. */
int client_settings_page(const struct client_settings *s);
/* "dark" … of the setting. */
const char *client_settings_theme(const struct client_settings *s);

#endif
