/* The entry of `kehu`: without a command the terminal interface, with one
 * the command line. */
#include "common/i18n.h"
#include "common/mem.h"
#include "tui/app/app.h"
#include "tui/cli/cli.h"
#include "tui/remote/token.h"
#include "tui/remote/wire.h"
#include "tui/screen/start.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2

struct given {
    const char *server; /* NULL: none */
    const char *draft;  /* its id, to go on with */
    bool linear;
};

/* --server URL, --server=URL, --linear and nothing else: the terminal. */
static bool wants_terminal(int argc, char **argv, struct given *g)
{
    static const char option[] = "--server";
    size_t len = sizeof(option) - 1;
    *g = (struct given){0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--linear") == 0)
            g->linear = true;
        else if (strcmp(argv[i], option) == 0 && i + 1 < argc)
            g->server = argv[++i];
        else if (strncmp(argv[i], option, len) == 0 && argv[i][len] == '=')
            g->server = argv[i] + len + 1;
        else
            return false;
    }
    return true;
}

/* kehu drafts open ID: the terminal, with that draft. */
static bool wants_draft(int argc, char **argv, struct given *g)
{
    *g = (struct given){0};
    if (argc == 4 && strcmp(argv[1], "drafts") == 0 &&
        strcmp(argv[2], "open") == 0)
        g->draft = argv[3];
    return g->draft != NULL;
}

static const char *choose_server(struct arena *a, const char *given,
                                 const struct client_settings *settings)
{
    if (given)
        return given;
    if (!getenv("KEHU_SERVER") && settings->server && settings->server[0])
        return settings->server;
    return wire_default_server(a);
}

static void choose_lang(const struct client_settings *settings)
{
    static const char *const names[] = {NULL, "zh", "en"};
    const char *name = names[settings->lang];
    const char *env = getenv("LC_ALL");
    if (!env || !*env)
        env = getenv("LC_MESSAGES");
    if (!env || !*env)
        env = getenv("LANG");
    i18n_use(i18n_parse(name ? name : (env ? env : ""), LANG_zh));
}

static int run_app(struct arena *a, const struct given *g,
                   struct client_settings *settings, const char *fault)
{
    uv_loop_t loop;
    char *why = NULL;
    const char *server = choose_server(a, g->server, settings);
    struct app_options o = {
        .term = {.in_fd = STDIN_FILENO, .out_fd = STDOUT_FILENO},
        .settings = settings,
        .fault = fault,
        .start = start_screens,
        .ctx = (void *)g->draft};
    struct remote_options r = {.server = server,
                               .token_file = token_path(a, server),
                               .lang = i18n_lang()};
    uv_loop_init(&loop);
    struct app *app = app_new(&loop, &o, &why);
    if (!app) {
        fprintf(stderr, "kehu: %s\n", why);
        x_free(&why);
        return EXIT_USAGE;
    }
    struct remote *remote = remote_new(&loop, &r, app_remote_changed, app);
    app_set_remote(app, remote);
    int code = app_run(app);
    app_free(&app);
    remote_free(&remote);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return code;
}

static int run_terminal(const struct given *g)
{
    struct client_settings settings = {0};
    struct err err = {0};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        fprintf(stderr, "%s\n",
                _("kehu needs a terminal. Scripts use a command: kehu help"));
        return EXIT_USAGE;
    }
    bool good = client_settings_load(NULL, &settings, &err);
    settings.linear |= g->linear;
    struct arena *a = arena_new();
    choose_lang(&settings);
    int code = run_app(a, g, &settings, good ? NULL : err.message);
    arena_free(&a);
    client_settings_free(&settings);
    err_clear(&err);
    return code;
}

int main(int argc, char **argv)
{
    struct given g;
    i18n_init(argv[0]);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a failed write */
    if (wants_terminal(argc, argv, &g) || wants_draft(argc, argv, &g))
        return run_terminal(&g);
    return cli_main(argc, argv);
}
