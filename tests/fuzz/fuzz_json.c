/* JSON: what the gate lets in is parsed, and what is written of it comes back
 * the same. Any bytes can be written as a text. */
#include "common/json.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static void check_tree(const char *text, size_t len)
{
    struct buf once = BUF_INIT, twice = BUF_INIT;
    struct err e = {0};
    cJSON *item, *again;
    bool ok = json_check(text, len, NULL, &e);
    fuzz_require(ok == (e.kind == ERR_NONE));
    fuzz_require(utf8_valid(e.message, strlen(e.message)));
    err_clear(&e);
    fuzz_require(json_parse(text, len, NULL, &item, NULL) == ok);
    if (!ok)
        return;
    json_write_item(&once, item);
    fuzz_require(json_parse(once.data, once.len, NULL, &again, NULL));
    json_write_item(&twice, again);
    fuzz_require(strcmp(once.data, twice.data) == 0);
    fuzz_require(cJSON_Compare(item, again, true));
    cJSON_Delete(item);
    cJSON_Delete(again);
    buf_free(&once);
    buf_free(&twice);
}

static void check_text(const char *text, size_t len)
{
    struct buf b = BUF_INIT;
    cJSON *item;
    json_write_strn(&b, text, len);
    fuzz_require(json_parse(b.data, b.len, NULL, &item, NULL));
    if (utf8_valid(text, len) && memchr(text, '\0', len) == NULL)
        fuzz_require(strlen(item->valuestring) == len &&
                     memcmp(item->valuestring, text, len) == 0);
    cJSON_Delete(item);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Memory of just the size, so that reading past its end is seen. */
    char *text = x_malloc(size);
    if (size > 0)
        memcpy(text, data, size);
    check_tree(text, size);
    check_text(text, size);
    x_free(&text);
    return 0;
}
