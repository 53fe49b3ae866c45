/* kehu drafts: what was typed in the terminal and not sent. Files of this
 * machine alone; the daemon is not asked. */
#include "tui/cli/cli_impl.h"

#include "common/clock.h"
#include "common/date.h"
#include "common/utf8.h"
#include "schema/field.h"
#include "tui/draft/store.h"

#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 30, KIND_WIDTH = 24 };

static const char *kind_of(struct cli *c, const struct draft *d)
{
    const struct entity *e = entity_find(d->entity);
    const char *kind = arena_printf(
        c->scratch, d->record ? _("Edit: %s") : _("New: %s"), _(e->label));
    const char *progress = draft_progress(d, c->scratch);
    return *progress ? arena_printf(c->scratch, "%s, %s", kind, progress)
                     : kind;
}

static void print_row(struct cli *c, const struct draft *d)
{
    printf("%s  ", d->id);
    cli_print_padded(draft_title(d, c->scratch), NAME_WIDTH, false);
    printf("  ");
    cli_print_padded(kind_of(c, d), KIND_WIDTH, false);
    printf("  %s\n", draft_age(d, c->scratch));
}

static void print_json(struct cli *c, const struct store_list *l)
{
    cJSON *out = cJSON_CreateArray();
    for (int i = 0; i < l->n; i++) {
        const struct draft *d = &l->at[i];
        char saved[TIME_LEN];
        cJSON *row = cJSON_CreateObject();
        time_format(d->saved_us, saved);
        cJSON_AddStringToObject(row, "id", d->id);
        cJSON_AddStringToObject(row, "name", d->name);
        cJSON_AddStringToObject(row, "entity", d->entity);
        cJSON_AddNumberToObject(row, "record", (double)d->record);
        cJSON_AddNumberToObject(row, "step", d->step);
        cJSON_AddNumberToObject(row, "steps", d->steps);
        cJSON_AddStringToObject(row, "saved_at", saved);
        cJSON_AddStringToObject(row, "server", d->server);
        cJSON_AddItemToArray(out, row);
    }
    cli_print_json(c, out);
    cJSON_Delete(out);
}

static bool list(struct cli *c, struct store *s, struct err *e)
{
    struct store_list l;
    (void)e;
    store_list(s, &l);
    if (cli_wants_json(c))
        print_json(c, &l);
    for (int i = 0; i < l.n && !cli_wants_json(c); i++)
        print_row(c, &l.at[i]);
    if (l.broken > 0)
        fprintf(stderr,
                _("%d of the drafts could not be read: set aside in %s."),
                l.broken, store_path(s));
    if (l.broken > 0)
        fputc('\n', stderr);
    store_list_free(&l);
    return true;
}

static bool delete (struct cli *c, struct store *s, struct err *e)
{
    struct draft d;
    const char *id = c->args.words[1];
    if (!draft_id_ok(id) || !store_read(s, id, &d, e))
        return e->kind != ERR_NONE
                   ? false
                   : err_set(e, ERR_not_found, _("There is no such draft."));
    bool held = draft_is_held(&d);
    draft_free(&d);
    if (held)
        return err_set(e, ERR_invalid,
                       _("This draft is open in a terminal just now."));
    return store_remove(s, id, e);
}

/* main.c has taken what can be opened. */
static bool open_one(struct cli *c, struct store *s, struct err *e)
{
    (void)c;
    (void)s;
    return err_set(e, ERR_invalid_params, _("Usage: kehu drafts open ID"));
}

bool cli_drafts(struct cli *c, struct err *e)
{
    static const struct {
        const char *name;
        int words;
        bool (*run)(struct cli *c, struct store *s, struct err *e);
    } rows[] = {
        {"list", 1, list}, {"open", 2, open_one}, {"delete", 2, delete}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(c->args.words[0], rows[i].name) != 0 ||
            c->args.nwords != rows[i].words)
            continue;
        struct store *s = store_open(e);
        bool ok = s && rows[i].run(c, s, e);
        store_close(&s);
        return ok;
    }
    return err_set(e, ERR_invalid_params,
                   _("Usage: kehu drafts list|open|delete [ID]"));
}
