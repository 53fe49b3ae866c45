/* kehu help and kehu completion: the tables printed. */
#include "tui/cli/cli_impl.h"

#include "common/utf8.h"
#include "tui/app/bindings.h"

#include <stdio.h>
#include <string.h>

#define LEFT 22 /* cells of the left column */

static void print_aligned(const char *left, const char *right)
{
    printf("  ");
    cli_print_padded(left, LEFT, false);
    printf("  %s\n", right);
}

static void print_command(const struct cli_command *command)
{
    char left[64];
    snprintf(left, sizeof(left), "%s %s", command->name, command->arguments);
    print_aligned(left, _(command->help));
}

static void print_option(const struct cli_option *o)
{
    char left[64];
    snprintf(left, sizeof(left), "%s %s", o->name,
             o->argument ? o->argument : "");
    print_aligned(left, _(o->help));
}

static void print_overview(void)
{
    printf("%s\n\n", _("Usage: kehu [--server URL]            the terminal "
                       "interface\n       kehu COMMAND [OPTION…]"));
    printf("%s\n", _("Commands:"));
    for (int i = 0; i < cli_command_count; i++)
        print_command(&cli_commands[i]);
    printf("\n%s\n", _("Options of all commands:"));
    for (int i = 0; i < cli_option_count; i++)
        if (cli_options[i].all)
            print_option(&cli_options[i]);
    printf("\n%s\n", _("Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not "
                       "signed in, 4 not allowed, 5 service away."));
}

/* --- topics that are no command --- */

/* "keys": those in force, by the place where they apply first. */
static void print_keys(struct cli *c)
{
    struct bindings bindings;
    struct buf report = BUF_INIT;
    bindings_make(&bindings, c->settings.keys, &report);
    for (int place = 0; place < PLACES; place++) {
        printf("%s%s\n", place > 0 ? "\n" : "", _(place_labels[place]));
        for (int i = 0; i < ACTS; i++) {
            char keys[64];
            if ((act_rows[i].places & ((2u << place) - 1)) != 1u << place)
                continue;
            print_aligned(bindings_show(&bindings, (enum action_id)i, NULL,
                                        true, keys, sizeof(keys)),
                          _(act_rows[i].help));
        }
    }
    if (report.len > 0)
        printf("\n%s\n", buf_text(&report));
    bindings_free(&bindings);
    buf_free(&report);
}

static void print_settings(struct cli *c)
{
    (void)c;
    for (size_t i = 0; i < client_setting_count; i++) {
        const struct setting *s = &client_setting_rows[i];
        char left[64];
        snprintf(left, sizeof(left), "%s%s%s", s->key, *s->value ? ": " : "",
                 s->value);
        print_aligned(left, _(s->help));
        if (s->choices)
            print_aligned("", s->choices);
    }
}

/* TO ADD A TOPIC: a row. */
static const struct topic {
    const char *name;
    void (*print)(struct cli *c);
    const char *help;
} topics[] = {
    {"keys", print_keys, N_("the keys of the terminal interface")},
    {"settings", print_settings, N_("what client.yaml may hold")},
};

static const struct topic *find_topic(const char *name)
{
    for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++)
        if (strcmp(topics[i].name, name) == 0)
            return &topics[i];
    return NULL;
}

static void print_topics(void)
{
    printf("\n%s\n", _("More help:"));
    for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++) {
        char left[64];
        snprintf(left, sizeof(left), "kehu help %s", topics[i].name);
        print_aligned(left, _(topics[i].help));
    }
}

bool cli_help(struct cli *c, struct err *e)
{
    const struct cli_command *command;
    if (!c->args.words[0]) {
        print_overview();
        print_topics();
        return true;
    }
    const struct topic *topic = find_topic(c->args.words[0]);
    if (topic) {
        topic->print(c);
        return true;
    }
    command = cli_command_find(c->args.words[0]);
    if (!command)
        return err_set(e, ERR_invalid_params,
                       _("\"%s\" is no command. \"kehu help\" lists them."),
                       c->args.words[0]);
    printf(_("Usage: kehu %s %s [OPTION…]"), command->name, command->arguments);
    printf("\n\n  %s\n\n%s\n", _(command->help), _("Options:"));
    for (int i = 0; i < cli_option_count; i++)
        if (cli_takes(command, &cli_options[i]))
            print_option(&cli_options[i]);
    return true;
}

/* --- completion --- */

static void print_entities(void)
{
    for (int i = 0; i < schema_entity_count; i++)
        if (!(schema_entities[i]->flags & E_INTERNAL))
            printf("%s%s", i ? " " : "", schema_entities[i]->id);
}

static void print_cases(void)
{
    for (int i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = &cli_commands[i];
        printf("    %s) options=\"", command->name);
        for (int k = 0; k < cli_option_count; k++)
            if (cli_takes(command, &cli_options[k]))
                printf("%s ", cli_options[k].name);
        printf("\"; words=\"");
        if (strncmp(command->arguments, "ENTITY", 6) == 0)
            print_entities();
        printf("\" ;;\n");
    }
}

bool cli_completion(struct cli *c, struct err *e)
{
    if (strcmp(c->args.words[0], "bash") != 0)
        return err_set(e, ERR_invalid_params,
                       _("There is a completion for bash only."));
    printf("_kehu() {\n  local options= words=\n  case ${COMP_WORDS[1]} in\n");
    print_cases();
    printf("  esac\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    words=\"");
    for (int i = 0; i < cli_command_count; i++)
        printf("%s ", cli_commands[i].name);
    printf("\"; options=\"--server --help --version\"\n  fi\n"
           "  case $2 in -*) words=$options ;; esac\n"
           "  COMPREPLY=($(compgen -W \"$words\" -- \"$2\"))\n}\n"
           "complete -o default -F _kehu kehu\n");
    return true;
}
