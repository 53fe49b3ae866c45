/* The order of a list as its keys, first to last. Pure. */
#ifndef TUI_WIDGET_ORDER_H
#define TUI_WIDGET_ORDER_H

#include "schema/filter.h"

enum order_way {
    ORDER_only, /* by this field alone; where it is alone already: turned */
    ORDER_flip, /* turned where it is a key, else added as the last one */
    ORDER_drop, /* no key any more */
    ORDER_rank  /* the key number `rank` (from 0); on from there, where there
                   are fewer; it takes the place of the last where it is new
                   and there are SORT_KEYS already */
};

/* Its place among the keys; -1: none. */
int order_find(const struct sort_key *keys, int n, const struct field *f);
/* False where nothing changed: no room for one more, nothing to drop, in this
 * place already. */
bool order_change(struct sort_key keys[SORT_KEYS], int *n, enum order_way way,
                  const struct field *f, int rank);

#endif
