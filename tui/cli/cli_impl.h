/* Inside of the command line: the tables of commands, options and formats,
 * and what a command works with. */
#ifndef TUI_CLI_CLI_IMPL_H
#define TUI_CLI_CLI_IMPL_H

#include "common/buf.h"
#include "common/mem.h"
#include "schema/filter.h"
#include "tui/app/settings.h"
#include "tui/remote/caller.h"
#include "tui/remote/known.h"

#define CLI_LIST 64

struct cli_texts {
    const char *text[CLI_LIST];
    int n;
};

/* What was typed. Texts belong to argv. */
struct cli_args {
    const char *words[4]; /* what is no option, without the command's name */
    int nwords;
    const char *server, *format, *search, *sort, *columns, *user, *lang;
    struct cli_texts filters;
    struct cli_texts sets;  /* "name=value" */
    int64_t limit, version; /* -1: not given */
    bool password_stdin, help;
};

struct cli {
    struct cli_args args;
    struct arena *arena;
    struct arena *scratch; /* of what is printed; emptied page by page */
    struct client_settings settings;
    struct caller *caller;
    struct known *known;
    struct names names; /* labels and names both ways */
};

/* False with *e. */
typedef bool cli_fn(struct cli *c, struct err *e);

struct cli_command {
    const char *name;
    const char *arguments; /* for the usage line */
    int min, max;          /* words behind the name */
    bool session;          /* signed in before it runs */
    const char *options;   /* names, blank-separated; those of all besides */
    cli_fn *run;
    const char *help; /* msgid */
};
extern const struct cli_command cli_commands[];
extern const int cli_command_count;

enum cli_option_kind { CLI_flag, CLI_text, CLI_number, CLI_texts };

struct cli_option {
    const char *name;     /* "--filter" */
    const char *argument; /* "TEXT", NULL for a flag */
    enum cli_option_kind kind;
    bool all;      /* every command takes it */
    size_t offset; /* into struct cli_args */
    const char *help;
};
extern const struct cli_option cli_options[];
extern const int cli_option_count;

cli_fn cli_login, cli_logout, cli_whoami, cli_list, cli_count, cli_get,
    cli_create, cli_update, cli_delete, cli_restore, cli_rpc, cli_completion,
    cli_drafts, cli_help;

/* Fills *out from what follows the command's name. */
bool cli_parse(const struct cli_command *command, int argc, char **argv,
               struct cli_args *out, struct err *e) must_check;
const struct cli_command *cli_command_find(const char *name);
bool cli_takes(const struct cli_command *command, const struct cli_option *o);

/* --- values --- */

/* Names and labels by asking the daemon where they are not known yet. */
struct names cli_names(struct cli *c);
/* The entity of the first word. */
const struct entity *cli_entity(struct cli *c, struct err *e);
/* What was typed for a field, as the wire takes it; NULL with *e. */
cJSON *cli_value(struct cli *c, const struct field *f, const char *input,
                 struct err *e);
/* A value of the wire as people read it: labels, names, one line, nothing
 * that a terminal could take for a command. `f` NULL: id or version. */
const char *cli_text(struct cli *c, const struct field *f, const cJSON *value);

/* --- output --- */

struct cli_table {
    struct cli *cli;
    const struct field **fields; /* nfields, the columns behind id, version */
    int nfields;
    int *widths; /* of `table`: id first, from the first page */
};

/* A way to print rows; a row is an array of the wire: id, version, values. */
struct cli_format {
    const char *name;
    void (*begin)(struct cli_table *t, const cJSON *first_page);
    void (*row)(struct cli_table *t, const cJSON *row, int64_t number);
    void (*end)(struct cli_table *t);
};
/* The one asked for, else `table`; NULL with *e. */
const struct cli_format *cli_format(struct cli *c, struct err *e);
bool cli_wants_json(struct cli *c);
/* JSON, indented unless it is to be one line. */
void cli_print_json(struct cli *c, const cJSON *item);
/* Padded to a width in cells. */
void cli_print_padded(const char *text, int width, bool right);

#endif
