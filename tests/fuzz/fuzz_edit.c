/* The editors of one line and of many under any keys: the text stays valid
 * and within its limit, the cursor at a boundary, and every line wrapped
 * moves on and fits. */
#include "tests/fuzz/fuzz.h"

#include "common/i18n.h"
#include "common/utf8.h"
#include "tui/term/key.h"
#include "tui/widget/edit.h"
#include "tui/widget/textarea.h"

#include <string.h>

enum { MAX = 40 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    i18n_init((*argv)[0]);
    return 0;
}

static void check_text(const char *text)
{
    fuzz_require(utf8_valid(text, strlen(text)));
    fuzz_require(utf8_length(text) <= MAX);
}

static void check_wrap(const char *text, int w)
{
    size_t len = strlen(text), next = 0;
    int n = 0;
    while (next < len) {
        size_t at = next;
        size_t end = wrap_line(text, len, at, w, &next);
        fuzz_require(at <= end && end <= next && next <= len && next > at);
        /* One that fits nowhere stands alone. */
        fuzz_require(utf8_width_n(text + at, end - at) <= w ||
                     utf8_next(text, end, at) == end);
        n++;
    }
    fuzz_require(wrap_count(text, w) >= n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct key_decoder *d = key_decoder_new();
    struct edit *e = edit_new(MAX, false);
    struct textarea *a = textarea_new(MAX);
    struct event ev;
    key_feed(d, (const char *)data, size);
    key_flush(d);
    while (key_next(d, &ev)) {
        unsigned before = edit_changes(e);
        if (!edit_key(e, &ev))
            fuzz_require(edit_changes(e) == before);
        textarea_key(a, &ev);
        fuzz_require(edit_cursor(e) <= strlen(edit_text(e)));
        check_text(edit_text(e));
        check_text(textarea_text(a));
    }
    for (int w = 1; w < 12; w++)
        check_wrap(textarea_text(a), w);
    textarea_free(&a);
    edit_free(&e);
    key_decoder_free(&d);
    return 0;
}
