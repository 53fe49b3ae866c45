/* The first screen is the list of customers, or what stood there when the user
 * left; the palette opens the list of any entity that has one. */
#include "tui/screen/start.h"

#include "common/json.h"
#include "tui/screen/bulk.h"
#include "tui/screen/drafts.h"
#include "tui/screen/list_screen.h"
#include "tui/screen/record_screen.h"
#include "tui/screen/right.h"
#include "tui/screen/trash.h"
#include "tui/screen/undo.h"

#include <string.h>

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

/* --- where the user was --- */

static bool restore_list(struct app *a, const struct entity *e,
                         const cJSON *state)
{
    if (!has_list(a, e))
        return false;
    list_screen_restore(a, e, state);
    return true;
}

static bool restore_record(struct app *a, const struct entity *e,
                           const cJSON *state)
{
    struct record_options o = {.entity = e,
                               .id = json_int(state, "id", 0),
                               .tab = (int)json_int(state, "tab", 0),
                               .from = list_screen_list(app_top(a), e),
                               .restored = true};
    if (o.id <= 0 || !app_top(a))
        return false;
    record_screen_open(a, &o);
    return true;
}

static bool restore_one(struct app *a, const cJSON *state)
{
    static const struct {
        const char *screen;
        bool (*open)(struct app *a, const struct entity *e, const cJSON *state);
    } rows[] = {{"list", restore_list}, {"record", restore_record}};
    const char *screen = json_str(state, "screen", "");
    const struct entity *e = entity_find(json_str(state, "entity", ""));
    for (size_t i = 0; e && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].screen, screen) == 0)
            return rows[i].open(a, e, state);
    return false;
}

static void open_first(struct app *a)
{
    /* The preference may be written anew while its screens open. */
    cJSON *screens = cJSON_Duplicate(app_left_at(a), true);
    const cJSON *state = screens ? screens->child : NULL;
    while (state && restore_one(a, state))
        state = state->next;
    if (!app_top(a))
        list_screen_open(a, &entity_customer);
    cJSON_Delete(screens);
}

void start_screens(struct app *a, void *ctx)
{
    static struct app_command commands[COMMANDS_MAX];
    const char *draft = ctx;
    int n = 0;
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
    bulk_clear();
    undo_clear();
    open_first(a);
    drafts_tell(a);
    if (draft)
        drafts_continue(a, draft);
}
