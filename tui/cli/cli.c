/* The command line: which commands there are, how they begin and end. */
#include "tui/cli/cli.h"
#include "tui/cli/cli_impl.h"

#include "common/json.h"
#include "common/utf8.h"
#include "tui/remote/token.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUESTION "--filter --search"

const struct cli_command cli_commands[] = {
    {"login", "", 0, 0, false, "--user --password-stdin --format", cli_login,
     N_("sign in and keep the session")},
    {"logout", "", 0, 0, false, "", cli_logout, N_("end the session")},
    {"whoami", "", 0, 0, true, "--format", cli_whoami,
     N_("show who is signed in")},
    {"list", "ENTITY", 1, 1, true,
     QUESTION " --sort --columns --limit --format", cli_list,
     N_("print records")},
    {"count", "ENTITY", 1, 1, true, QUESTION, cli_count,
     N_("print how many records there are")},
    {"get", "ENTITY ID", 2, 2, true, "--format", cli_get,
     N_("print one record")},
    {"create", "ENTITY", 1, 1, true, "--set --format", cli_create,
     N_("make a record")},
    {"update", "ENTITY ID", 2, 2, true, "--set --version --format", cli_update,
     N_("change a record")},
    {"delete", "ENTITY ID", 2, 2, true, "--version --format", cli_delete,
     N_("delete a record; customers go to the trash")},
    {"restore", "ENTITY ID", 2, 2, true, "--version --format", cli_restore,
     N_("bring a record back from the trash")},
    {"drafts", "list|open|delete [ID]", 1, 2, false, "--format", cli_drafts,
     N_("list, open or delete what was typed and not sent")},
    {"rpc", "METHOD [JSON|-]", 1, 2, true, "", cli_rpc,
     N_("call a method and print its result as JSON")},
    {"completion", "bash", 1, 1, false, "", cli_completion,
     N_("print the completion for the shell")},
    {"help", "[COMMAND]", 0, 1, false, "", cli_help,
     N_("show this help, or that of one command")},
};
const int cli_command_count =
    (int)(sizeof(cli_commands) / sizeof(cli_commands[0]));

const struct cli_command *cli_command_find(const char *name)
{
    for (int i = 0; i < cli_command_count; i++)
        if (strcmp(cli_commands[i].name, name) == 0)
            return &cli_commands[i];
    return NULL;
}

/* --- a connection and a session --- */

/* --server, KEHU_SERVER, the settings, the usual places: the first there is.
 */
static const char *choose_server(struct cli *c)
{
    const char *set = c->settings.server;
    if (c->args.server)
        return c->args.server;
    if (!getenv("KEHU_SERVER") && set && *set)
        return set;
    return wire_default_server(c->arena);
}

static bool open_server(struct cli *c, struct err *e)
{
    const char *server = choose_server(c);
    struct caller_options o = {.server = server,
                               .token_file = token_path(c->arena, server),
                               .lang = i18n_lang()};
    c->caller = caller_open(&o, e);
    return c->caller != NULL;
}

/* Labels and rights, for reading and printing values. */
static bool open_session(struct cli *c, struct err *e)
{
    cJSON *answer = caller_resume(c->caller, e);
    if (!answer)
        return false;
    known_set_user(c->known, json_get(answer, "user"));
    cJSON_Delete(answer);
    cJSON *tables = caller_call(c->caller, "meta.describe", NULL, e);
    if (!tables)
        return false;
    known_set_tables(c->known, tables);
    cJSON_Delete(tables);
    return true;
}

static bool needs_server(const struct cli_command *command)
{
    return command->run != cli_help && command->run != cli_completion &&
           command->run != cli_drafts;
}

static bool run(struct cli *c, const struct cli_command *command, struct err *e)
{
    if (c->args.lang)
        i18n_use(i18n_parse(c->args.lang, i18n_lang()));
    if (c->args.help) {
        c->args.words[0] = command->name;
        return cli_help(c, e);
    }
    if (needs_server(command) && !open_server(c, e))
        return false;
    if (command->session && !open_session(c, e))
        return false;
    if (!command->run(c, e))
        return false;
    /* What did not reach its reader has not been done. */
    if (fflush(stdout) != 0 || ferror(stdout))
        return err_set(e, ERR_unavailable,
                       _("The output could not be written."));
    return true;
}

/* --- the end --- */

/* Every fault of a record on a line of its own. */
static int tell(const struct err *e)
{
    struct arena *a = arena_new();
    const cJSON *fields = json_get(e->data, "fields"), *f;
    fprintf(stderr, "kehu: %s\n", e->message);
    cJSON_ArrayForEach(f, fields)
    {
        const char *text = json_str(f, "message", NULL);
        if (text)
            fprintf(stderr, "  %s: %s\n", json_str(f, "field", "?"),
                    utf8_safe(a, text, strlen(text)));
    }
    arena_free(&a);
    return err_row(e->kind)->exit_code;
}

static const struct cli_command *choose(int argc, char **argv, struct err *e)
{
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    const struct cli_command *command = cli_command_find(name);
    if (!command)
        err_set(e, ERR_invalid_params,
                _("\"%s\" is no command. \"kehu help\" lists them."), name);
    return command;
}

/* A file that is wrong is told and left aside: scripts go on. */
static void load_settings(struct client_settings *settings)
{
    struct err e = {0};
    if (!client_settings_load(NULL, settings, &e))
        fprintf(stderr, "kehu: %s\n", e.message);
    err_clear(&e);
    i18n_use(client_settings_lang(settings));
}

int cli_main(int argc, char **argv)
{
    struct cli c = {0};
    struct err e = {0};
    int code = 0;
    /* Whoever reads our output may leave early: that is no error to speak
     * of. */
    signal(SIGPIPE, SIG_DFL);
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("kehu %s\n", KEHU_VERSION);
        return 0;
    }
    load_settings(&c.settings);
    c.arena = arena_new();
    c.scratch = arena_new();
    c.known = known_new();
    c.names = cli_names(&c);
    const struct cli_command *command = choose(argc, argv, &e);
    if (!command ||
        !cli_parse(command, argc > 2 ? argc - 2 : 0, argv + 2, &c.args, &e) ||
        !run(&c, command, &e))
        code = tell(&e);
    err_clear(&e);
    caller_close(&c.caller);
    known_free(&c.known);
    client_settings_free(&c.settings);
    arena_free(&c.scratch);
    arena_free(&c.arena);
    return code;
}
