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
