/* The table of actions and the places they apply in. */
#include "tui/app/app.h"

#define IN(place)  (1u << PLACE_##place)
#define EVERYWHERE ((1u << PLACES) - 1)
#define MOVING     EVERYWHERE

const struct act act_rows[ACTS] = {
#define ACT(id, ...) [ACT_##id] = {.name = #id, __VA_ARGS__},
#include "tui/app/action.def"
#undef ACT
};

const char *const place_labels[PLACES] = {
#define PLACE(id, label) [PLACE_##id] = label,
#include "tui/app/place.def"
#undef PLACE
};

int act_step(enum action_id a, int height, int n)
{
    int page = height > 1 ? height - 1 : 1;
    const struct {
        enum action_id id;
        int by;
    } moves[] = {{ACT_up, -1},
                 {ACT_down, 1},
                 {ACT_page_up, -page},
                 {ACT_page_down, page},
                 {ACT_half_up, -(page + 1) / 2},
                 {ACT_half_down, (page + 1) / 2},
                 {ACT_first, -n},
                 {ACT_last, n}};
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
        if (moves[i].id == a)
            return moves[i].by;
    return 0;
}
