/* The client's settings as a table, and where their file is. */
#include "tui/app/settings.h"

#include "common/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(struct client_settings, member)

enum { LANG_AUTO = 0 };

static const char *const themes[] = {"dark", "light", "mono", "high"};

const struct setting client_setting_rows[] = {
    {.key = "server",
     .type = SETTING_string,
     .offset = AT(server),
     .value = "",
     .help = N_("Where the daemon listens: unix:/path or "
                "tcp://127.0.0.1:port. KEHU_SERVER and --server go before.")},
    {.key = "ui.lang",
     .type = SETTING_choice,
     .offset = AT(lang),
     .value = "auto",
     .choices = "auto zh en",
     .help = N_("The language; auto is that of the environment.")},
    {.key = "ui.theme",
     .type = SETTING_choice,
     .offset = AT(theme),
     .value = "dark",
     .choices = "dark light mono high",
     .help = N_("The colours; high is high contrast, mono has none.")},
    {.key = "ui.ascii",
     .type = SETTING_bool,
     .offset = AT(ascii),
     .value = "false",
     .help = N_("Only ASCII for marks and lines, for terminals and fonts "
                "without others.")},
    {.key = "ui.mouse",
     .type = SETTING_bool,
     .offset = AT(mouse),
     .value = "true",
     .help = N_("Takes the mouse; F6 gives it back at any time.")},
    {.key = "keys",
     .type = SETTING_map,
     .offset = AT(keys),
     .value = "",
     .help = N_("Own keys: the name of an action and its keys, "
                "blank-separated, such as “save: ctrl-s f4”.")},
};

const size_t client_setting_count =
    sizeof(client_setting_rows) / sizeof(*client_setting_rows);

/* x_free it. */
static char *usual_file(void)
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
    char *usual = file == NULL ? usual_file() : NULL;
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
