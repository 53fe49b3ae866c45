/* Drafts: whatever a file holds is a draft or is refused in words; what is
 * written of it is read again as the same. */
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/draft/draft.h"

#include <string.h>

static void check_words(const struct draft *d)
{
    struct arena *a = arena_new();
    const char *texts[] = {draft_title(d, a), draft_progress(d, a),
                           draft_age(d, a)};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        fuzz_require(utf8_valid(texts[i], strlen(texts[i])));
    arena_free(&a);
}

static void check_again(const struct draft *d)
{
    struct draft back;
    char *text = draft_print(d);
    fuzz_require(draft_parse(text, strlen(text), &back, NULL));
    fuzz_require(strcmp(back.name, d->name) == 0);
    fuzz_require(strcmp(back.key, d->key) == 0);
    fuzz_require(back.step == d->step && back.user == d->user);
    draft_free(&back);
    x_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct draft d;
    struct err e = {0};
    /* Memory of just the size, so that reading past its end is seen. */
    char *text = x_malloc(size);
    if (size > 0)
        memcpy(text, data, size);
    if (draft_parse(text, size, &d, &e)) {
        check_words(&d);
        check_again(&d);
    } else {
        fuzz_require(e.message[0] != '\0' &&
                     utf8_valid(e.message, strlen(e.message)));
    }
    err_clear(&e);
    draft_free(&d);
    x_free(&text);
    return 0;
}
