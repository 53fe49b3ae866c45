/* Changing an order, key by key. */
#include "tui/widget/order.h"

#include <string.h>

int order_find(const struct sort_key *keys, int n, const struct field *f)
{
    for (int i = 0; i < n; i++)
        if (keys[i].field == f)
            return i;
    return -1;
}

static void take_out(struct sort_key *keys, int *n, int at)
{
    memmove(keys + at, keys + at + 1, (size_t)(*n - at - 1) * sizeof(*keys));
    (*n)--;
}

static void put_in(struct sort_key *keys, int *n, int at, struct sort_key key)
{
    memmove(keys + at + 1, keys + at, (size_t)(*n - at) * sizeof(*keys));
    keys[at] = key;
    (*n)++;
}

static bool only(struct sort_key *keys, int *n, int at, const struct field *f)
{
    bool turned = at == 0 && *n == 1 && !keys[0].desc;
    keys[0] = (struct sort_key){.field = f, .desc = turned};
    *n = 1;
    return true;
}

static bool flip(struct sort_key *keys, int *n, int at, const struct field *f)
{
    if (at >= 0)
        keys[at].desc = !keys[at].desc;
    else if (*n < SORT_KEYS)
        keys[(*n)++] = (struct sort_key){.field = f};
    else
        return false;
    return true;
}

static bool to_rank(struct sort_key *keys, int *n, int at,
                    const struct field *f, int rank)
{
    struct sort_key key = {.field = f};
    if (at >= 0) {
        key = keys[at];
        take_out(keys, n, at);
    } else if (*n == SORT_KEYS) {
        take_out(keys, n, *n - 1);
    }
    rank = rank < 0 ? 0 : rank > *n ? *n : rank;
    put_in(keys, n, rank, key);
    return rank != at;
}

bool order_change(struct sort_key keys[SORT_KEYS], int *n, enum order_way way,
                  const struct field *f, int rank)
{
    int at = order_find(keys, *n, f);
    if (way == ORDER_only)
        return only(keys, n, at, f);
    if (way == ORDER_flip)
        return flip(keys, n, at, f);
    if (way == ORDER_rank)
        return to_rank(keys, n, at, f, rank);
    if (at >= 0)
        take_out(keys, n, at);
    return at >= 0;
}
