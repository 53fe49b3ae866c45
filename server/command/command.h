/* The commands of kehud as a table, and what a command line said. */
#ifndef SERVER_COMMAND_COMMAND_H
#define SERVER_COMMAND_COMMAND_H

#include "server/settings.h"

#define COMMAND_SETS 32

/* One command line. Texts belong to argv. */
struct command_call {
    const char *args[4]; /* what is no option, without the command's name */
    int nargs;
    const char *config, *embedded;
    const char *set[COMMAND_SETS]; /* "listen.unix=/tmp/x" */
    int nset;
    const char *role, *unit, *display, *peer;
    int64_t customers; /* -1: not given */
    int64_t users, seed;
    bool admin, password_stdin, status;
    struct settings settings; /* read, with what the options say */
};

/* 0, or the exit code of the error, told on standard error. */
int command_main(int argc, char **argv);

/* The settings that a command line asks for; also anew, for a reload. Free
 * them also after a failure. */
bool command_read_settings(const struct command_call *c, struct settings *s,
                           struct err *e) must_check;

/* The rows' functions; settings have been read, except by check-config. */
typedef bool command_fn(struct command_call *c, struct err *e);
command_fn command_serve, command_migrate, command_check_config,
    command_user_add, command_user_passwd, command_demo;

#endif
