/* Groups of fields from the field table alone. */
#include "tui/widget/filter_group.h"

#include <string.h>

static const char *label_of(const struct field *f)
{
    static const char *const tabs[TABS] = {
#define TAB(id, label, key) [TAB_##id] = label,
#include "schema/tab.def"
#undef TAB
    };
    return f->group != NULL ? f->group : tabs[f->tab];
}

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int find(struct filter_groups *g, const char *label)
{
    for (int i = 0; i < g->n; i++)
        if (same(g->group[i].label, label))
            return i;
    g->group[g->n] = (struct filter_group){.label = label, .folded = true};
    return g->n++;
}

/* A group without a usual column is one that is rarely asked by. */
struct filter_groups filter_groups_make(struct remote *r,
                                        const struct entity *e, struct arena *a)
{
    size_t n = (size_t)e->nfields;
    struct filter_groups g = {.group = arena_array(a, n + 1, sizeof(*g.group)),
                              .of = arena_array(a, n + 1, sizeof(*g.of))};
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        g.of[i] = -1;
        if ((f->flags & F_FILTER) == 0 || !remote_may_ask(r, e, f))
            continue;
        g.of[i] = find(&g, label_of(f));
        g.group[g.of[i]].fields++;
        if (f->flags & F_DEFAULT)
            g.group[g.of[i]].folded = false;
    }
    return g;
}
