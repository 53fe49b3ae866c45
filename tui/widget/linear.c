/* One text with the cursor at its start. */
#include "tui/widget/linear.h"

#include "common/mem.h"
#include "tui/widget/textarea.h"

#include <string.h>

int linear_put(struct term *t, struct rect r, const char *text)
{
    size_t len = strlen(text), next = 0;
    int n = 0;
    for (; n < r.h && next < len; n++) {
        size_t at = next;
        size_t end = wrap_line(text, len, at, r.w, &next);
        char *line = x_strndup(text + at, end - at);
        term_put(t, r.y + n, r.x, r.w, STYLE_text, line);
        x_free(&line);
    }
    term_cursor(t, r.y, r.x, true);
    return n;
}
