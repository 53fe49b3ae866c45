/* Random numbers of the demo data, and what is drawn by them alone: options,
 * people, phones. */
#include "server/domain/demo_make.h"
#include "server/domain/demo_words.h"

#include "common/mem.h"
#include "common/pinyin.h"
#include "schema/option.h"

#include <stdio.h>
#include <string.h>

uint64_t demo_next(struct demo_random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

struct demo_random demo_random(uint64_t seed, uint64_t stream, uint64_t index)
{
    struct demo_random r = {seed + stream * 0xd1342543de82ef95ULL};
    r.state = demo_next(&r) + index;
    r.state = demo_next(&r);
    return r;
}

uint64_t demo_below(struct demo_random *r, uint64_t n)
{
    return demo_next(r) % n;
}

uint64_t demo_low(struct demo_random *r, uint64_t n)
{
    uint64_t a = demo_below(r, n), b = demo_below(r, n);
    return a < b ? a : b;
}

bool demo_chance(struct demo_random *r, unsigned percent)
{
    return demo_below(r, 100) < percent;
}

static bool in_list(int row, const char *list)
{
    return strcmp(option_rows[row].list, list) == 0;
}

const char *demo_option(struct demo_random *r, const char *list)
{
    int first = 0, n = 0;
    while (first < option_row_count && !in_list(first, list))
        first++;
    while (first + n < option_row_count && in_list(first + n, list))
        n++;
    return n ? option_rows[first + (int)demo_below(r, (uint64_t)n)].code : NULL;
}

const char *demo_person_name(struct demo_random *r, struct arena *a,
                             const char **latin)
{
    const char *family = demo_surnames[demo_low(r, demo_surname_count)];
    const char *given = demo_given[demo_below(r, demo_given_count)];
    const char *name = arena_printf(a, "%s%s", family, given);
    *latin = pinyin_full(a, name);
    return name;
}

const char *demo_mobile(struct demo_random *r, struct arena *a)
{
    uint64_t i = demo_below(r, demo_mobile_prefix_count);
    return arena_printf(a, "%s%08u", demo_mobile_prefixes[i],
                        (unsigned)demo_below(r, 100000000));
}
