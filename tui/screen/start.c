/* The first screen is the list of customers; the palette opens the list of
 * any entity that has one. */
#include "tui/screen/start.h"

#include "tui/screen/list_screen.h"
#include "tui/screen/right.h"
#include "tui/screen/trash.h"
#include "tui/screen/undo.h"

#define COMMANDS_MAX 64

static void open_list(struct app *a, const void *arg)
{
    list_screen_open(a, arg);
}

static bool has_list(struct app *a, const struct entity *e)
{
    bool admin = remote_is_admin(app_remote(a));
    return !(e->flags & (E_INTERNAL | E_QUIET)) &&
           (e->scope != SCOPE_admin || admin);
}

static void open_trash(struct app *a, const void *arg)
{
    struct list_screen_options o = {.entity = arg, .trash = true};
    list_screen_show(a, &o);
}

/* "Trash": of what is deleted by people who may bring it back. */
static int add_trash(struct app *a, struct app_command *commands, int n)
{
    for (int i = 0; i < schema_entity_count && n < COMMANDS_MAX; i++) {
        const struct entity *e = schema_entities[i];
        if ((e->flags & E_TRASH) && right_to_remove(app_remote(a), e))
            commands[n++] = (struct app_command){
                .label = N_("Trash"),
                .of = e->plural,
                .help = N_("What was deleted, to be brought back."),
                .run = open_trash,
                .arg = e};
    }
    return n;
}

void start_screens(struct app *a, void *ctx)
{
    static struct app_command commands[COMMANDS_MAX];
    int n = 0;
    (void)ctx;
    for (int i = 0; i < schema_entity_count && n < COMMANDS_MAX; i++) {
        const struct entity *e = schema_entities[i];
        if (has_list(a, e))
            commands[n++] = (struct app_command){.label = e->plural,
                                                 .help = e->help,
                                                 .run = open_list,
                                                 .arg = e};
    }
    n = add_trash(a, commands, n);
    app_set_commands(a, commands, n);
    trash_clear();
    undo_clear();
    list_screen_open(a, &entity_customer);
}
