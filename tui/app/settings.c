/* The client's settings as a table, and where their file is. */
#include "tui/app/settings.h"

#include "common/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(struct client_settings, member)

enum { LANG_AUTO = 0 };

static const char *const themes[] = {"dark", "light", "mono", "high", "basic"};
static const int page_sizes[] = {0, 20, 50, 100};

const struct setting client_setting_rows[] = {
    {.key = "server",
     .type = SETTING_string,
     .offset = AT(server),
     .value = "",
     .label = N_("Daemon"),
     .help = N_("Where the daemon listens: unix:/path or "
                "tcp://127.0.0.1:port. KEHU_SERVER and --server go before.")},
    {.key = "ui.lang",
     .type = SETTING_choice,
     .offset = AT(lang),
     .value = "auto",
     .choices = "auto zh en",
     .words = N_("as the environment says|Chinese|English"),
     .reload = true,
     .label = N_("Language"),
     .help = N_("The language; auto is that of the environment.")},
    {.key = "ui.theme",
     .type = SETTING_choice,
     .offset = AT(theme),
     .value = "dark",
     .choices = "dark light mono high basic",
     .words = N_("dark|light|without colour|high contrast|16 colours"),
     .reload = true,
     .label = N_("Theme"),
     .help = N_("The colours; high is high contrast, mono has none, basic "
                "keeps to sixteen.")},
    {.key = "ui.ascii",
     .type = SETTING_bool,
     .offset = AT(ascii),
     .value = "false",
     .reload = true,
     .label = N_("ASCII only"),
     .help = N_("Only ASCII for marks and lines, for terminals and fonts "
                "without others.")},
    {.key = "ui.focus_bar",
     .type = SETTING_bool,
     .offset = AT(focus_bar),
     .value = "false",
     .reload = true,
     .label = N_("Focus bar"),
     .help = N_("Draws the focused row over the whole width, not only its "
                "mark; costs more on a slow line.")},
    {.key = "ui.mouse",
     .type = SETTING_bool,
     .offset = AT(mouse),
     .value = "true",
     .reload = true,
     .label = N_("Mouse"),
     .help = N_("Takes the mouse; F6 gives it back at any time.")},
    {.key = "ui.page_size",
     .type = SETTING_choice,
     .offset = AT(page_size),
     .value = "screen",
     .choices = "screen 20 50 100",
     .words = N_("as the screen is|20|50|100"),
     .reload = true,
     .label = N_("Rows a page"),
     .help = N_("The rows that count as one page of a list; screen takes "
                "those that fit.")},
    {.key = "ui.low_bandwidth",
     .type = SETTING_choice,
     .offset = AT(low_bandwidth),
     .value = "auto",
     .choices = "auto on off",
     .words = N_("measured|on|off"),
     .reload = true,
     .label = N_("Low bandwidth"),
     .help = N_("Spares the line: fewer decorations, repaints twice a second "
                "at most; auto measures the round trip to the terminal.")},
    {.key = "ui.linear",
     .type = SETTING_bool,
     .offset = AT(linear),
     .value = "false",
     .reload = true,
     .label = N_("Linear mode"),
     .help = N_("For screen readers: one thing a line, labels before values, "
                "nothing side by side; so does kehu --linear.")},
    {.key = "ui.restore",
     .type = SETTING_bool,
     .offset = AT(restore),
     .value = "true",
     .reload = true,
     .label = N_("Where I was"),
     .help = N_("Begins where the last session ended: the list as it was, its "
                "cursor, the open record.")},
    {.key = "keys",
     .type = SETTING_map,
     .offset = AT(keys),
     .value = "",
     .reload = true,
     .label = N_("Keys"),
     .help = N_("Own keys: the name of an action and its keys, "
                "blank-separated, such as “save: ctrl-s f4”.")},
};

const size_t client_setting_count =
    sizeof(client_setting_rows) / sizeof(*client_setting_rows);

char *client_settings_file(void)
{
    const char *base = getenv("XDG_CONFIG_HOME");
    if (base != NULL && base[0] == '/')
        return x_asprintf("%s/kehu/client.yaml", base);
    const char *home = getenv("HOME");
    return x_asprintf("%s/.config/kehu/client.yaml", home != NULL ? home : "");
}

bool client_settings_load(const char *file, struct client_settings *out,
                          struct err *e)
{
    char *usual = file == NULL ? client_settings_file() : NULL;
    const char *name = file != NULL ? file : usual;
    memset(out, 0, sizeof(*out));
    settings_defaults(client_setting_rows, client_setting_count, out);
    bool ok =
        (file == NULL && access(name, F_OK) != 0) ||
        settings_load(client_setting_rows, client_setting_count, name, out, e);
    if (!ok) {
        client_settings_free(out);
        settings_defaults(client_setting_rows, client_setting_count, out);
    }
    x_free(&usual);
    return ok;
}

void client_settings_free(struct client_settings *s)
{
    settings_free(client_setting_rows, client_setting_count, s);
    memset(s, 0, sizeof(*s));
}

enum lang client_settings_lang(const struct client_settings *s)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    if (s->lang != LANG_AUTO)
        return s->lang == 1 ? LANG_zh : LANG_en;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0')
            return i18n_parse(value, LANG_zh);
    }
    return LANG_zh;
}

const char *client_settings_theme(const struct client_settings *s)
{
    return themes[s->theme];
}

int client_settings_page(const struct client_settings *s)
{
    return page_sizes[s->page_size];
}

const struct setting *client_setting(const char *key)
{
    for (size_t i = 0; i < client_setting_count; i++)
        if (strcmp(client_setting_rows[i].key, key) == 0)
            return &client_setting_rows[i];
    return NULL;
}

/* The part of this number between the separators. */
static const char *part(struct arena *a, const char *list, const char *gap,
                        int i)
{
    for (; i > 0 && *list != '\0'; i--) {
        list += strcspn(list, gap);
        list += *list != '\0';
    }
    return arena_strndup(a, list, strcspn(list, gap));
}

int client_setting_choices(const struct setting *s)
{
    int n = s->choices != NULL;
    for (const char *p = s->choices; p != NULL && *p != '\0'; p++)
        n += *p == ' ';
    return n;
}

const char *client_setting_choice(const struct setting *s, int i,
                                  struct arena *a)
{
    return part(a, s->choices, " ", i);
}

const char *client_setting_word(const struct setting *s, const char *value,
                                struct arena *a)
{
    if (s->type == SETTING_bool)
        return strcmp(value, "true") == 0 ? _("on") : _("off");
    for (int i = 0; i < client_setting_choices(s); i++)
        if (s->words != NULL && strcmp(part(a, s->choices, " ", i), value) == 0)
            return part(a, _(s->words), "|", i);
    return value;
}
