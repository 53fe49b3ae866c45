/* kehu help and kehu completion: the tables printed. */
#include "tui/cli/cli_impl.h"

#include "common/utf8.h"

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

bool cli_help(struct cli *c, struct err *e)
{
    const struct cli_command *command;
    if (!c->args.words[0]) {
        print_overview();
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
