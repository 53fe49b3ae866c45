/* The decoder of keys: any bytes, cut anywhere, give the same events as at
 * once; none of them carries a control, and nothing is left waiting for ever.
 */
#include "tests/fuzz/fuzz.h"

#include "common/buf.h"
#include "common/i18n.h"
#include "common/utf8.h"
#include "tui/term/key.h"

#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    i18n_init((*argv)[0]);
    return 0;
}

static void check_key(const struct event *e)
{
    char name[KEY_NAME_LEN];
    struct event again;
    key_spell(e, name);
    fuzz_require(utf8_valid(name, strlen(name)));
    if (e->code != KEYC_NONE) {
        fuzz_require(e->code < KEYCS && e->cp == 0);
        fuzz_require(key_parse(name, &again) && key_equal(e, &again));
    } else {
        fuzz_require(e->cp >= ' ' && e->cp <= 0x10ffff && e->cp != 0x7f);
        fuzz_require(e->cp < 0x80 || e->cp >= 0xa0);
    }
}

static void check_paste(const struct event *e)
{
    fuzz_require(e->len <= KEY_PASTE_MAX && utf8_valid(e->text, e->len));
    for (size_t i = 0; i < e->len; i++)
        fuzz_require((unsigned char)e->text[i] >= ' ' || e->text[i] == '\n');
}

/* Events as bytes, so that two runs can be compared. */
static void take(struct key_decoder *d, struct buf *out)
{
    struct event e;
    while (key_next(d, &e)) {
        buf_printf(out, "%d %d %u %u %d %d %d %d %c", (int)e.kind, (int)e.code,
                   e.cp, e.mods, (int)e.mouse, e.button, e.y, e.x,
                   e.reply != 0 ? e.reply : '-');
        for (int i = 0; i < e.nargs; i++)
            buf_printf(out, " %d", e.arg[i]);
        if (e.kind == EVENT_paste)
            buf_add(out, e.text, e.len);
        buf_char(out, '\n');
        if (e.kind == EVENT_key)
            check_key(&e);
        else if (e.kind == EVENT_paste)
            check_paste(&e);
        else if (e.kind == EVENT_mouse)
            fuzz_require(e.y >= 0 && e.x >= 0);
    }
}

static void run(const char *bytes, size_t len, size_t piece, struct buf *out)
{
    struct key_decoder *d = key_decoder_new();
    for (size_t at = 0; at < len; at += piece) {
        key_feed(d, bytes + at, len - at < piece ? len - at : piece);
        take(d, out);
    }
    key_flush(d);
    take(d, out);
    fuzz_require(!key_pending(d));
    key_decoder_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t pieces[] = {1, 2, 7};
    struct buf whole = BUF_INIT, parts = BUF_INIT;
    const char *bytes = (const char *)data;
    run(bytes, size, size > 0 ? size : 1, &whole);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        buf_clear(&parts);
        run(bytes, size, pieces[i], &parts);
        fuzz_require(whole.len == parts.len &&
                     strcmp(buf_text(&whole), buf_text(&parts)) == 0);
    }
    buf_free(&whole);
    buf_free(&parts);
    return 0;
}
