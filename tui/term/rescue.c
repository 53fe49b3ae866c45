/* The one function that saves what can be saved. */
#include "tui/term/rescue.h"

#include "common/mem.h"

#include <stddef.h>

static void (*rescue)(void);

void rescue_now(void)
{
    void (*save)(void) = rescue;
    rescue = NULL; /* it may die as well */
    if (save != NULL)
        save();
}

void rescue_on_death(void (*save)(void))
{
    rescue = save;
    x_on_exhausted(rescue_now);
}
