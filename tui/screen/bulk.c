/* What can be done to many records, and the menu of it. */
#include "tui/screen/bulk_impl.h"

#include "common/json.h"
#include "schema/type.h"
#include "tui/widget/cell.h"
#include "tui/widget/menu.h"

#include <stdlib.h>
#include <string.h>

/* Entities with a bulk method. TO ADD ONE: a row, and the daemon's method. */
static const struct {
    const struct entity *entity;
    const char *right;
} entities[] = {{&entity_customer, "customer.bulk"}};

/* Forms that are no records: what `tag` and `note` take. */
static const struct field tag_fields[] = {
    {.id = "add",
     .type = &type_refs,
     .label = N_("Tags to add"),
     .ref = "tag",
     .max = 30,
     .help = N_("Each customer gets these tags, and keeps its others.")},
    {.id = "remove",
     .type = &type_refs,
     .label = N_("Tags to take away"),
     .ref = "tag",
     .max = 30,
     .help = N_("These tags are taken from each customer that has them.")},
};
static const struct field note_fields[] = {
    {.id = "text",
     .type = &type_longtext,
     .label = N_("Note"),
     .max = 2000,
     .flags = F_REQUIRED,
     .help = N_("Stands at the end of the internal notes of each customer.")},
};
static const struct entity tag_form = {
    .id = "bulk_tag", .fields = tag_fields, .nfields = 2};
static const struct entity note_form = {
    .id = "bulk_note", .fields = note_fields, .nfields = 1};

/* TO ADD A KIND: a row, and the daemon's action. */
static const struct bulk_kind kinds[] = {
    {.action = "update",
     .label = N_("Edit fields"),
     .help = N_("Sets fields to the same value."),
     .right = "customer.edit",
     .fields = F_BULK | F_TRANSITION | F_PROPOSAL},
    {.action = "assign",
     .label = N_("Assign"),
     .help = N_("Gives them to other people or another team."),
     .right = "customer.assign",
     .fields = F_ASSIGN},
    {.action = "tag",
     .label = N_("Tags"),
     .help = N_("Adds tags or takes them away."),
     .right = "customer.edit",
     .form = &tag_form},
    {.action = "note",
     .label = N_("Add a note"),
     .help = N_("Adds a paragraph to the internal notes."),
     .right = "customer.edit",
     .form = &note_form},
    {.action = "delete",
     .label = N_("Delete"),
     .help = N_("Moves them to the trash."),
     .right = "customer.delete",
     .severe = true},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool may_kind(const struct remote *r, const struct bulk_kind *k)
{
    return remote_may(r, k->right);
}

bool bulk_offered(const struct remote *r, const struct entity *e)
{
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        for (int k = 0; k < KINDS && entities[i].entity == e; k++)
            if (remote_may(r, entities[i].right) && may_kind(r, &kinds[k]))
                return true;
    return false;
}

/* --- requests --- */

static char *copy(const char *text)
{
    return text ? x_strdup(text) : NULL;
}

struct bulk_request bulk_request_copy(const struct bulk_request *r)
{
    struct bulk_request out = *r;
    out.target = cJSON_Duplicate(r->target, true);
    out.values = cJSON_Duplicate(r->values, true);
    out.reason = copy(r->reason);
    out.words = copy(r->words);
    return out;
}

void bulk_request_free(struct bulk_request *r)
{
    cJSON_Delete(r->target);
    cJSON_Delete(r->values);
    x_free(&r->reason);
    x_free(&r->words);
    memset(r, 0, sizeof(*r));
}

const char *bulk_count_words(const struct bulk_request *r, struct arena *a)
{
    if (r->count < 0)
        return arena_printf(a, _("%s: all that match"), _(r->entity->plural));
    return arena_printf(a, _("%s: %s selected"), _(r->entity->label),
                        cell_count(a, r->count));
}

/* --- the menu --- */

struct asked {
    struct screen *owner;
    struct list *list;
    struct bulk_request request;
};

/* One menu at a time; what it was opened for lives until the next. */
static struct asked asked;

static void choose(void *ctx, const struct menu_item *item)
{
    (void)ctx;
    struct bulk_request *r = &asked.request;
    if (!asked.list)
        return;
    r->kind = &kinds[item->id];
    if (r->kind->fields || r->kind->form)
        bulk_form_open(asked.owner, asked.list, r);
    else
        bulk_preview(asked.owner->app, asked.list, NULL, r);
}

static bool take_target(struct list *l, struct bulk_request *r)
{
    int64_t id = list_current(l);
    list_select_commit(l);
    if (list_has_selection(l)) {
        r->target = list_selection(l);
        r->count = list_selected(l);
        return r->target != NULL;
    }
    if (!id)
        return false;
    r->target = cJSON_CreateObject();
    cJSON *ids = cJSON_AddArrayToObject(r->target, "ids");
    cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)id));
    r->count = 1;
    return true;
}

static void open_menu(struct app *a)
{
    struct menu_item items[KINDS];
    struct arena *arena = arena_new();
    int n = 0;
    for (int i = 0; i < KINDS; i++)
        if (may_kind(app_remote(a), &kinds[i]))
            items[n++] = (struct menu_item){.label = _(kinds[i].label),
                                            .help = _(kinds[i].help),
                                            .value = kinds[i].action,
                                            .id = i};
    menu_open(a, bulk_count_words(&asked.request, arena), items, n, choose,
              NULL);
    arena_free(&arena);
}

void bulk_open(struct screen *owner, const struct entity *e, struct list *l)
{
    if (bulk_show(owner->app))
        return;
    bulk_request_free(&asked.request);
    asked = (struct asked){.owner = owner, .list = l};
    asked.request.entity = e;
    bool some = take_target(l, &asked.request);
    if (list_is_selecting(l)) {
        app_message(owner->app, MESSAGE_info,
                    _("Rows are still being selected; wait a moment."));
        return;
    }
    if (some)
        open_menu(owner->app);
}

void bulk_menu_forget(const struct list *l)
{
    if (asked.list == l)
        asked.list = NULL;
}
