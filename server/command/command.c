/* Which command, which options, what they mean: all by tables; the help is
 * the tables printed. */
#include "server/command/command.h"

#include "common/i18n.h"
#include "common/log.h"
#include "common/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct option_row;

/* Puts what stands on the command line to `at` in the call. */
typedef bool take_fn(struct command_call *c, const struct option_row *o,
                     const char *value, struct err *e);

struct option_row {
    const char *name, *argument; /* NULL: it takes no value */
    take_fn *take;
    size_t offset;
    const char *help;
};

static bool take_flag(struct command_call *c, const struct option_row *o,
                      const char *value, struct err *e)
{
    (void)value, (void)e;
    *(bool *)((char *)c + o->offset) = true;
    return true;
}

static bool take_text(struct command_call *c, const struct option_row *o,
                      const char *value, struct err *e)
{
    (void)e;
    *(const char **)((char *)c + o->offset) = value;
    return true;
}

static bool take_number(struct command_call *c, const struct option_row *o,
                        const char *value, struct err *e)
{
    char *end = NULL;
    long long n = strtoll(value, &end, 10);
    if (*value == '\0' || *end != '\0' || n < 0 || n > INT32_MAX)
        return err_set(e, ERR_invalid_params, _("%s takes a whole number."),
                       o->name);
    *(int64_t *)((char *)c + o->offset) = n;
    return true;
}

static bool take_setting(struct command_call *c, const struct option_row *o,
                         const char *value, struct err *e)
{
    if (c->nset == COMMAND_SETS)
        return err_set(e, ERR_invalid_params, _("%s is given too often."),
                       o->name);
    c->set[c->nset++] = value;
    return true;
}

#define AT(member) offsetof(struct command_call, member)

static const struct option_row options[] = {
    {"--config", "FILE", take_text, AT(config),
     N_("settings (default: /etc/kehu/kehud.yaml where there is one)")},
    {"--embedded", "DIR", take_text, AT(embedded),
     N_("data folder of the private PostgreSQL cluster")},
    {"--set", "KEY=VALUE", take_setting, AT(set),
     N_("one setting over those of the file")},
    {"--status", NULL, take_flag, AT(status),
     N_("only show what has been applied")},
    {"--role", "ROLE", take_text, AT(role),
     N_("business role, several joined by commas")},
    {"--unit", "UNIT", take_text, AT(unit),
     N_("part of the organisation, by name")},
    {"--display", "NAME", take_text, AT(display),
     N_("full name that colleagues see (default: the login)")},
    {"--admin", NULL, take_flag, AT(admin),
     N_("may change users, settings and options")},
    {"--password-stdin", NULL, take_flag, AT(password_stdin),
     N_("read the password from standard input")},
    {"--customers", "N", take_number, AT(customers),
     N_("how many customers (default: 20000)")},
    {"--users", "N", take_number, AT(users),
     N_("how many users (default: 200)")},
    {"--seed", "N", take_number, AT(seed), N_("another seed gives other data")},
    {"--peer", "USER", take_text, AT(peer),
     N_("user of the operating system who becomes director of the demo "
        "data")},
};

enum { OPTIONS = sizeof(options) / sizeof(*options) };

struct command_row {
    const char *name; /* one or two words */
    const char *arguments;
    int nargs;
    bool settings;       /* read before */
    const char *options; /* beside the common ones, blank-separated */
    command_fn *run;
    const char *help;
};

#define COMMON "--config --embedded --set"

static const struct command_row commands[] = {
    {"serve", "", 0, true, COMMON, command_serve, N_("serve clients")},
    {"migrate", "", 0, true, COMMON " --status", command_migrate,
     N_("bring the database up to this version")},
    {"check-config", "FILE", 1, false, "", command_check_config,
     N_("read settings and say what is wrong with them")},
    {"user add", "NAME", 1, true,
     COMMON " --role --unit --display --admin --password-stdin",
     command_user_add, N_("add a user")},
    {"user passwd", "NAME", 1, true, COMMON " --password-stdin",
     command_user_passwd, N_("give a user a password")},
    {"demo", "", 0, true, COMMON " --customers --users --seed --peer",
     command_demo, N_("fill an empty database with synthetic data")},
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; (p = strstr(p, word)) != NULL; p += len)
        if ((p == list || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return true;
    return false;
}

/* Columns are aligned by what the reader's language takes on the screen. */
static void print_aligned(const char *text, int width, const char *help)
{
    int pad = width - utf8_width(text);
    printf("  %s%*s  %s\n", text, pad > 0 ? pad : 0, "", help);
}

static void print_help(void)
{
    char left[64];
    printf("%s\n", _("Usage: kehud COMMAND [OPTION…]"));
    for (int i = 0; i < COMMANDS; i++) {
        snprintf(left, sizeof(left), "%s %s", commands[i].name,
                 commands[i].arguments);
        print_aligned(left, 20, _(commands[i].help));
    }
    printf("\n%s\n", _("Options:"));
    for (int i = 0; i < OPTIONS; i++) {
        const char *argument = options[i].argument;
        snprintf(left, sizeof(left), "%s %s", options[i].name,
                 argument != NULL ? argument : "");
        print_aligned(left, 20, _(options[i].help));
    }
}

static const struct command_row *find_command(int argc, char **argv, int *words)
{
    char two[64];
    snprintf(two, sizeof(two), "%s %s", argv[1], argc > 2 ? argv[2] : "");
    for (int i = 0; i < COMMANDS; i++) {
        *words = strchr(commands[i].name, ' ') != NULL ? 2 : 1;
        if (strcmp(commands[i].name, *words == 2 ? two : argv[1]) == 0)
            return &commands[i];
    }
    return NULL;
}

static const struct option_row *find_option(const char *text, size_t len)
{
    for (int i = 0; i < OPTIONS; i++)
        if (strlen(options[i].name) == len &&
            strncmp(options[i].name, text, len) == 0)
            return &options[i];
    return NULL;
}

static bool parse(const struct command_row *row, int n, char **args,
                  struct command_call *c, struct err *e)
{
    for (int i = 0; i < n; i++) {
        const char *text = args[i], *equal = strchr(text, '=');
        if (text[0] != '-') {
            if (c->nargs == row->nargs)
                return err_set(e, ERR_invalid_params,
                               _("\"%s\" is one argument too many."), text);
            c->args[c->nargs++] = text;
            continue;
        }
        size_t len = equal != NULL ? (size_t)(equal - text) : strlen(text);
        const struct option_row *o = find_option(text, len);
        if (o == NULL || !has_word(row->options, o->name))
            return err_set(e, ERR_invalid_params,
                           _("%s is no option of this command."), text);
        const char *value = equal != NULL ? equal + 1 : NULL;
        if (o->argument != NULL && value == NULL && ++i < n)
            value = args[i];
        if ((o->argument != NULL) != (value != NULL))
            return err_set(e, ERR_invalid_params,
                           value == NULL ? _("%s takes a value.")
                                         : _("%s takes no value."),
                           o->name);
        if (!o->take(c, o, value, e))
            return false;
    }
    return c->nargs == row->nargs ||
           err_set(e, ERR_invalid_params, _("%s is missing."), row->arguments);
}

/* What the command line says goes over the file. */
bool command_read_settings(const struct command_call *c, struct settings *s,
                           struct err *e)
{
    char key[64];
    if (!server_settings_read(s, c->config, e))
        return false;
    for (int i = 0; i < c->nset; i++) {
        const char *equal = strchr(c->set[i], '=');
        if (equal == NULL || (size_t)(equal - c->set[i]) >= sizeof(key))
            return err_set(e, ERR_invalid_params,
                           _("--set: \"%s\" is not KEY=VALUE."), c->set[i]);
        snprintf(key, sizeof(key), "%.*s", (int)(equal - c->set[i]), c->set[i]);
        if (!settings_set(server_settings, server_setting_count, s, key,
                          equal + 1, e))
            return false;
    }
    if (c->embedded != NULL &&
        (!settings_set(server_settings, server_setting_count, s, "database.url",
                       "", e) ||
         !settings_set(server_settings, server_setting_count, s,
                       "database.embedded", c->embedded, e)))
        return false;
    return server_settings_finish(s, e);
}

static bool prepare(struct command_call *c, struct err *e)
{
    if (!command_read_settings(c, &c->settings, e))
        return false;
    log_set_level((enum log_level)c->settings.log_level);
    return true;
}

static bool run(int argc, char **argv, struct command_call *c, struct err *e)
{
    int words = 0;
    const struct command_row *row = find_command(argc, argv, &words);
    if (row == NULL)
        return err_set(e, ERR_invalid_params,
                       _("\"%s\" is no command. \"kehud --help\" lists them."),
                       argv[1]);
    return parse(row, argc - 1 - words, argv + 1 + words, c, e) &&
           (!row->settings || prepare(c, e)) && row->run(c, e);
}

int command_main(int argc, char **argv)
{
    struct command_call c = {.customers = -1};
    struct err e = {0};
    int code = 0;
    i18n_init(argv[0]);
    /* libpq would word its errors by the language of the whole process. */
    setenv("PGLOCALEDIR", "/nonexistent", 1);
    i18n_use(i18n_parse(getenv("LANG"), LANG_zh));
    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        print_help();
        return argc < 2 ? err_row(ERR_invalid_params)->exit_code : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("kehud %s\n", KEHU_VERSION);
        return 0;
    }
    if (!run(argc, argv, &c, &e)) {
        fprintf(stderr, "kehud: %s\n", e.message);
        code = err_row(e.kind)->exit_code;
    }
    err_clear(&e);
    server_settings_free(&c.settings);
    return code;
}
