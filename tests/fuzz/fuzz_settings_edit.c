/* Changing one setting of any file: either it is refused, or the new text
 * says what was wanted and can be changed again. */
#include "common/mem.h"
#include "common/settings_edit.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check(const char *text, const char *key, const char *value)
{
    struct err e = {0};
    char *out = settings_edit("fuzz.yaml", text, key, value, &e);
    if (out == NULL) {
        fuzz_require(e.kind == ERR_invalid && e.message[0] != '\0');
        err_clear(&e);
        return;
    }
    /* The same again changes nothing. */
    char *again = settings_edit("fuzz.yaml", out, key, value, &e);
    fuzz_require(again != NULL && strcmp(again, out) == 0);
    fuzz_require(value == NULL || strlen(out) >= strlen(value));
    x_free(&again);
    x_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = x_strndup((const char *)data, size);
    check(text, "ui.theme", "light");
    check(text, "ui.theme", NULL);
    check(text, "server", "unix:/a b#c\"\\");
    check(text, "server", NULL);
    check(text, "keys.save", "? ctrl-s");
    x_free(&text);
    return 0;
}
