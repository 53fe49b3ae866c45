/* Options as a table, and reading a command line by it. */
#include "common/json.h"
#include "tui/cli/cli_impl.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct cli_args, member)

const struct cli_option cli_options[] = {
    {"--server", "URL", CLI_text, true, AT(server),
     N_("unix:/path or tcp://127.0.0.1:PORT (default: KEHU_SERVER, else the "
        "daemon of this machine)")},
    {"--lang", "LANG", CLI_text, true, AT(lang),
     N_("language of messages: zh or en")},
    {"--help", NULL, CLI_flag, true, AT(help), N_("show this help")},
    {"--filter", "TEXT", CLI_texts, false, AT(filters),
     N_("grade=A,B or a word; several are joined by AND")},
    {"--search", "TEXT", CLI_text, false, AT(search),
     N_("names, pinyin, initials, phones")},
    {"--sort", "KEYS", CLI_text, false, AT(sort),
     N_("up to three fields, \"-\" for descending: grade,-updated_at")},
    {"--columns", "FIELDS", CLI_text, false, AT(columns),
     N_("fields to show, joined by commas")},
    {"--limit", "N", CLI_number, false, AT(limit),
     N_("how many rows (default: 50; 0: all)")},
    {"--format", "FORMAT", CLI_text, false, AT(format),
     N_("table, csv, json or ndjson")},
    {"--set", "FIELD=VALUE", CLI_texts, false, AT(sets),
     N_("a value, as one would type it in the form; may be repeated")},
    {"--version", "N", CLI_number, false, AT(version),
     N_("the version the change is meant for (default: the present one)")},
    {"--user", "NAME", CLI_text, false, AT(user), N_("who signs in")},
    {"--password-stdin", NULL, CLI_flag, false, AT(password_stdin),
     N_("read the password from standard input")},
};
const int cli_option_count =
    (int)(sizeof(cli_options) / sizeof(cli_options[0]));

static bool usage(struct err *e, const char *fmt, const char *what)
    __attribute__((format(printf, 2, 0)));

static bool usage(struct err *e, const char *fmt, const char *what)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return err_set(e, ERR_invalid_params, fmt, what);
#pragma GCC diagnostic pop
}

static const struct cli_option *find(const char *text, size_t len)
{
    for (int i = 0; i < cli_option_count; i++)
        if (strlen(cli_options[i].name) == len &&
            strncmp(cli_options[i].name, text, len) == 0)
            return &cli_options[i];
    return NULL;
}

bool cli_takes(const struct cli_command *command, const struct cli_option *o)
{
    size_t len = strlen(o->name);
    const char *p = command->options;
    if (o->all)
        return true;
    for (; (p = strstr(p, o->name)); p += len)
        if (p[len] == ' ' || p[len] == '\0')
            return true;
    return false;
}

static bool take_number(const struct cli_option *o, const char *value,
                        int64_t *out, struct err *e)
{
    char *end;
    long long n = strtoll(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || n > JSON_INT_MAX)
        return usage(e, _("%s takes a whole number."), o->name);
    *out = n;
    return true;
}

static bool take_text(const struct cli_option *o, const char *value,
                      struct cli_texts *out, struct err *e)
{
    if (out->n == CLI_LIST)
        return usage(e, _("%s is given too often."), o->name);
    out->text[out->n++] = value;
    return true;
}

/* Without a value it is a flag. */
static bool take(const struct cli_option *o, const char *value,
                 struct cli_args *out, struct err *e)
{
    void *at = (char *)out + o->offset;
    if (!value)
        *(bool *)at = true;
    else if (o->kind == CLI_number)
        return take_number(o, value, at, e);
    else if (o->kind == CLI_texts)
        return take_text(o, value, at, e);
    else
        *(const char **)at = value;
    return true;
}

/* One option at argv[*i], which moves on over its value. */
static bool parse_option(const struct cli_command *command, int argc,
                         char **argv, int *i, struct cli_args *out,
                         struct err *e)
{
    const char *text = argv[*i], *equal = strchr(text, '=');
    size_t len = equal ? (size_t)(equal - text) : strlen(text);
    const struct cli_option *o = find(text, len);
    const char *value = equal ? equal + 1 : NULL;
    if (!o || !cli_takes(command, o))
        return usage(e, _("%s is no option of this command."), text);
    if (!o->argument && value)
        return usage(e, _("%s takes no value."), o->name);
    if (o->argument && !value && ++*i < argc)
        value = argv[*i];
    if (o->argument && !value)
        return usage(e, _("%s takes a value."), o->name);
    return take(o, value, out, e);
}

bool cli_parse(const struct cli_command *command, int argc, char **argv,
               struct cli_args *out, struct err *e)
{
    bool options = true;
    *out = (struct cli_args){.limit = -1, .version = -1};
    for (int i = 0; i < argc; i++) {
        bool dash = options && argv[i][0] == '-' && argv[i][1];
        if (dash && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (dash) {
            if (!parse_option(command, argc, argv, &i, out, e))
                return false;
        } else if (out->nwords == command->max) {
            return usage(e, _("\"%s\" is one argument too many."), argv[i]);
        } else {
            out->words[out->nwords++] = argv[i];
        }
    }
    if (out->nwords < command->min && !out->help)
        return usage(e, _("This command takes: %s"), command->arguments);
    return true;
}
