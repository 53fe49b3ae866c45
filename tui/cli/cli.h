/* The command line: `kehu COMMAND …` for scripts. Data goes to standard
 * output, messages to standard error. */
#ifndef TUI_CLI_CLI_H
#define TUI_CLI_CLI_H

/* Runs the command in argv[1]; i18n_init has been called. Returns the exit
 * code: 0 ok, 1 failed, 2 usage, 3 not signed in, 4 forbidden, 5 daemon away
 * (common/error.def). */
int cli_main(int argc, char **argv);

#endif
