/* The life cycle: states, which may follow which, whose rules hold. */
#include "schema/option.h"

#include <string.h>

static const struct life_row {
    const char *code, *label, *sign;
    bool active;
    enum life rules;
} life_rows[LIVES] = {
    [LIFE_NONE] = {"", "", " ", false, LIFE_NONE},
#define LIFE(id, zh, text, is_active, mark, holds)                             \
    [LIFE_##id] = {.code = #id,                                                \
                   .label = text,                                              \
                   .sign = mark,                                               \
                   .active = is_active,                                        \
                   .rules = LIFE_##holds},
#include "schema/life.def"
#undef LIFE
};

static const struct move {
    enum life from, to;
} moves[] = {
#define MOVE(a, b) {LIFE_##a, LIFE_##b},
#include "schema/move.def"
#undef MOVE
};

enum life life_find(const char *code)
{
    for (int i = LIFE_NONE + 1; i < LIVES; i++)
        if (strcmp(life_rows[i].code, code) == 0)
            return (enum life)i;
    return LIFE_NONE;
}

const char *life_code(enum life l)
{
    return life_rows[l].code;
}

const char *life_label(enum life l)
{
    return life_rows[l].label;
}

const char *life_sign(enum life l)
{
    return life_rows[l].sign;
}

bool life_is_active(enum life l)
{
    return life_rows[l].active;
}

bool life_may(enum life from, enum life to)
{
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
        if (moves[i].from == from && moves[i].to == to)
            return true;
    return false;
}

bool life_reached(enum life now, enum life from)
{
    return life_rows[now].rules >= from;
}
