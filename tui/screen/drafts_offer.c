/* Drafts told and offered where they are wanted, and taken up again. */
#include "tui/screen/drafts.h"

#include "common/json.h"
#include "tui/draft/keeper.h"
#include "tui/screen/record_screen.h"
#include "tui/widget/chooser.h"
#include "tui/widget/dialog.h"
#include "tui/widget/form.h"

#include <string.h>

enum { OFFERED_MAX = 5 };

/* --- finding --- */

static bool is_mine(struct app *a, const struct draft *d)
{
    struct remote *r = app_remote(a);
    return d->user == remote_user_id(r) &&
           strcmp(d->server, remote_server(r)) == 0 && !draft_is_held(d);
}

static bool is_wanted(struct app *a, const struct draft *d,
                      const struct entity *e, int64_t parent)
{
    bool such = !e || (d->record == 0 && d->parent == parent &&
                       strcmp(d->entity, e->id) == 0);
    return such && is_mine(a, d);
}

void drafts_find(struct app *a, const struct entity *e, int64_t parent,
                 struct store_list *out)
{
    struct store *s = keeper_store(NULL);
    int kept = 0;
    *out = (struct store_list){0};
    if (!s)
        return;
    store_list(s, out);
    for (int i = 0; i < out->n; i++) {
        if (is_wanted(a, &out->at[i], e, parent))
            out->at[kept++] = out->at[i];
        else
            draft_free(&out->at[i]);
    }
    out->n = kept;
}

bool drafts_find_edit(struct app *a, const struct entity *e, int64_t record,
                      struct draft *out)
{
    struct store_list all;
    bool found = false;
    drafts_find(a, NULL, 0, &all);
    for (int i = 0; i < all.n && !found; i++) {
        struct draft *d = &all.at[i];
        found = d->record == record && strcmp(d->entity, e->id) == 0;
        if (!found)
            continue;
        *out = *d;
        memset(d, 0, sizeof(*d));
    }
    store_list_free(&all);
    return found;
}

/* --- words --- */

const char *drafts_line(const struct draft *d, struct arena *a)
{
    const char *progress = draft_progress(d, a);
    return *progress ? arena_printf(a, _("%s, %s, %s"), draft_title(d, a),
                                    progress, draft_age(d, a))
                     : arena_printf(a, _("%s, %s"), draft_title(d, a),
                                    draft_age(d, a));
}

static const char *waiting(int n, struct arena *a)
{
    return n == 1 ? _("A draft waits")
                  : arena_printf(a, _("%d drafts wait"), n);
}

void drafts_tell(struct app *a)
{
    struct store_list all;
    struct arena *arena = arena_new();
    struct err e = {0};
    struct store *s = keeper_store(&e);
    const char *key = app_keys(a, ACT_drafts);
    drafts_find(a, NULL, 0, &all);
    if (!s)
        app_error(a, &e);
    else if (all.broken > 0)
        app_message(a, MESSAGE_error,
                    _("%d of the drafts could not be read: set aside in %s."),
                    all.broken, store_path(s));
    else if (all.n > 0)
        app_message(a, MESSAGE_info, _("%s (%s); %s lists the drafts."),
                    waiting(all.n, arena), drafts_line(&all.at[0], arena), key);
    else if (store_note(s))
        app_message(a, MESSAGE_info, _("%s Drafts are kept in %s."),
                    store_note(s), store_path(s));
    err_clear(&e);
    store_list_free(&all);
    arena_free(&arena);
}

void drafts_tell_loss(struct app *a, const struct buf *lost, bool older)
{
    if (lost->len == 0)
        return;
    char *text = x_asprintf("%s %s",
                            older ? _("The draft was written by another "
                                      "version. What found no place:")
                                  : _("What found no place:"),
                            buf_text(lost));
    dialog_tell(a, _("Not all of the draft fits"), text, NULL, NULL);
    x_free(&text);
}

/* --- opening --- */

/* Whoever goes on with a draft from here sees the record in the end. */
struct finish {
    struct app *app;
    const struct entity *entity;
};

static void on_added(void *ctx, int64_t id)
{
    const struct finish *f = ctx;
    struct record_options o = {.entity = f->entity, .id = id};
    if (id)
        record_screen_open(f->app, &o);
}

static struct finish *finish_for(struct app *a, const struct entity *e)
{
    static struct finish rows[64];
    int at = 0;
    for (int i = 0; i < schema_entity_count && i < 64; i++)
        if (schema_entities[i] == e)
            at = i;
    rows[at] = (struct finish){a, e};
    return &rows[at];
}

static void open_draft(struct app *a, struct draft *d)
{
    const struct entity *e = entity_find(d->entity);
    struct create_options o = {.entity = e,
                               .parent = d->parent,
                               .then = on_added,
                               .ctx = finish_for(a, e)};
    struct record_options r = {.entity = e, .id = d->record, .draft = true};
    if (d->record) {
        draft_free(d);
        record_screen_open(a, &r);
    } else {
        create_screen_continue(a, &o, d);
    }
}

void drafts_continue(struct app *a, const char *id)
{
    struct err e = {0};
    struct draft d;
    struct store *s = keeper_store(&e);
    keeper_settle();
    if (s && draft_id_ok(id) && store_read(s, id, &d, &e)) {
        if (is_mine(a, &d)) {
            open_draft(a, &d);
        } else {
            draft_free(&d);
            err_set(&e, ERR_forbidden,
                    _("This draft is open in another window, or belongs to "
                      "another user or server."));
        }
    } else if (e.kind == ERR_NONE) {
        err_set(&e, ERR_not_found, _("There is no such draft."));
    }
    if (e.kind != ERR_NONE)
        app_error(a, &e);
    err_clear(&e);
}

/* --- the offer --- */

struct offer {
    struct create_options o;
    void (*anew)(struct app *a, const struct create_options *o,
                 struct draft *d);
};

enum { OFFER_new = 1, OFFER_list = 2 };

static void on_offer(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct offer *f = ctx;
    struct app *a = chooser_app(c);
    struct draft d;
    struct err e = {0};
    keeper_settle();
    if (item->id == OFFER_new) {
        f->anew(a, &f->o, NULL);
    } else if (item->id == OFFER_list) {
        drafts_open(a);
    } else if (store_read(keeper_store(NULL), item->value, &d, &e)) {
        f->anew(a, &f->o, &d);
    } else {
        app_error(a, &e);
    }
    err_clear(&e);
}

static void offer_freed(void *ctx)
{
    x_free(&ctx);
}

bool drafts_offer(struct app *a, const struct create_options *o,
                  void (*anew)(struct app *a, const struct create_options *o,
                               struct draft *d))
{
    struct menu_item items[OFFERED_MAX + 2] = {0};
    struct store_list found;
    struct arena *arena = arena_new();
    int n = 0;
    drafts_find(a, o->entity, o->parent, &found);
    for (int i = 0; i < found.n && n < OFFERED_MAX; i++) {
        items[n].label = arena_printf(arena, _("Go on: %s"),
                                      drafts_line(&found.at[i], arena));
        items[n++].value = found.at[i].id;
    }
    if (n > 0) {
        struct offer *f = x_calloc(1, sizeof(*f));
        *f = (struct offer){*o, anew};
        items[n++] =
            (struct menu_item){.label = _("A new one"), .id = OFFER_new};
        items[n++] =
            (struct menu_item){.label = _("All drafts"), .id = OFFER_list};
        struct chooser_options c = {.title = waiting(found.n, arena),
                                    .choose = on_offer,
                                    .freed = offer_freed,
                                    .ctx = f};
        menu_set(chooser_menu(chooser_open(a, &c)), items, n);
    }
    store_list_free(&found);
    arena_free(&arena);
    return n > 0;
}

/* --- what is in one --- */

static const char *value_text(struct app *a, const struct entity *e,
                              const cJSON *item, struct arena *arena)
{
    const struct field *f = field_find(e, item->string);
    struct names names = remote_names(app_remote(a));
    const char *value = NULL;
    struct err bad = {0};
    bool read = f && f->type->from_json(f, arena, item, &value, &bad);
    err_clear(&bad);
    return read && value ? f->type->format(f, arena, value, &names) : "";
}

static void add_values(struct app *a, const struct entity *e, const cJSON *kept,
                       struct buf *out, struct arena *arena)
{
    static const char *const groups[] = {"values", "typed"};
    const cJSON *item;
    form_learn(a, kept);
    for (int i = 0; i < 2; i++) {
        cJSON_ArrayForEach(item, json_get(kept, groups[i]))
        {
            const struct field *f = field_find(e, item->string);
            const char *text = i == 1 && cJSON_IsString(item)
                                   ? item->valuestring
                                   : value_text(a, e, item, arena);
            if (f && !(f->flags & (F_HIDDEN | F_SECRET)))
                buf_printf(out, "%s: %s\n", _(f->label), text);
        }
    }
}

const char *drafts_text(struct app *a, const struct draft *d,
                        struct arena *arena)
{
    const struct entity *e = entity_find(d->entity);
    const cJSON *rows, *row;
    struct buf out = BUF_INIT;
    add_values(a, e, d->form, &out, arena);
    cJSON_ArrayForEach(rows, d->children)
    {
        const struct entity *child = entity_find(rows->string);
        cJSON_ArrayForEach(row, rows)
        {
            if (!child)
                continue;
            buf_printf(&out, "\n%s\n", _(child->label));
            add_values(a, child, row, &out, arena);
        }
    }
    const char *text = arena_strdup(arena, buf_text(&out));
    buf_free(&out);
    return text;
}
