/* Line framing: however the bytes are cut, the lines are those of a plain
 * reading of the whole. */
#include "common/line.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* What the reader should tell, as text: "=line\n" or "!\n". */
static void expect(const char *text, size_t len, size_t max, struct buf *out)
{
    const char *end;
    for (; (end = memchr(text, '\n', len)) != NULL; text = end + 1) {
        size_t n = (size_t)(end - text);
        len -= n + 1;
        if (n > 0 && text[n - 1] == '\r')
            n--;
        buf_char(out, n > max ? '!' : '=');
        if (n <= max)
            buf_add(out, text, n);
        buf_char(out, '\n');
    }
    /* A last line without its end is told only where it is too long. */
    if (len > max + 1)
        buf_str(out, "!\n");
}

static void drain(struct line_reader *r, struct buf *out)
{
    const char *line;
    size_t len;
    enum line_result result;
    while ((result = line_next(r, &line, &len)) != LINE_MORE) {
        buf_char(out, result == LINE_READY ? '=' : '!');
        if (result == LINE_READY) {
            fuzz_require(line[len] == '\0');
            buf_add(out, line, len);
        }
        buf_char(out, '\n');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t max = data[0] % 32, step = data[1] % 16 + 1;
    const char *text = (const char *)data + 2;
    struct buf wanted = BUF_INIT, got = BUF_INIT;
    struct line_reader r;
    size -= 2;
    expect(text, size, max, &wanted);
    line_init(&r, max);
    for (size_t at = 0; at < size; at += step) {
        line_feed(&r, text + at, size - at < step ? size - at : step);
        drain(&r, &got);
        fuzz_require(r.pending.len <= max + 2 + step);
    }
    fuzz_require(wanted.len == got.len);
    fuzz_require(memcmp(buf_text(&wanted), buf_text(&got), got.len) == 0);
    line_free(&r);
    buf_free(&wanted);
    buf_free(&got);
    return 0;
}
