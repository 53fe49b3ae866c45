/* Markdown laid out for a terminal: signs, runs, wrapping, what is no mark.
 * proves: DET-02 */
#include "tui/widget/markdown.h"

#include "common/buf.h"
#include "common/mem.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Pieces as text: "line,x,style:words|". */
static void note(void *ctx, int line, int x, enum style s, const char *text)
{
    static const char *const names[STYLES] = {[STYLE_text] = "t",
                                              [STYLE_title] = "b",
                                              [STYLE_accent] = "a",
                                              [STYLE_label] = "l"};
    buf_printf(ctx, "%d,%d,%s:%s|", line, x, names[s] ? names[s] : "?", text);
}

static void expect(const char *text, int w, const char *laid, int lines)
{
    struct buf out = BUF_INIT;
    int n = markdown_lay(text, w, 100, "*", "|", note, &out);
    assert_string_equal(buf_text(&out), laid);
    assert_int_equal(n, lines);
    /* Counting says the same as drawing. */
    assert_int_equal(markdown_lay(text, w, 100, "*", "|", NULL, NULL), lines);
    buf_free(&out);
}

static void test_blocks(void **state)
{
    (void)state;
    expect("", 20, "", 1);
    expect("plain", 20, "0,0,t:plain|", 1);
    expect("# 标题\n\ntext", 20, "0,0,b:标题|2,0,t:text|", 3);
    expect("- one\n- two", 20, "0,0,l:*|0,2,t:one|1,0,l:*|1,2,t:two|", 2);
    expect("  - deep", 20, "0,2,l:*|0,4,t:deep|", 1);
    expect("12. twelve", 20, "0,0,l:12.|0,4,t:twelve|", 1);
    expect("> said", 20, "0,0,l:||0,2,t:said|", 1);
    /* No marks: a number that is none, a hash within a text. */
    expect("#1 is best", 20, "0,0,t:#1 is best|", 1);
    expect("2025-07", 20, "0,0,t:2025-07|", 1);
}

static void test_wraps(void **state)
{
    (void)state;
    /* What an item goes on with stands under its words. */
    expect("- aaaa bbbb", 7, "0,0,l:*|0,2,t:aaaa|1,2,t:bbbb|", 2);
    expect("> aaaa bbbb", 7, "0,0,l:||0,2,t:aaaa|1,0,l:||1,2,t:bbbb|", 2);
    expect("中文一二三", 4, "0,0,t:中文|1,0,t:一二|2,0,t:三|", 3);
    assert_int_equal(markdown_lay("a\nb\nc\nd", 9, 2, "*", "|", NULL, NULL), 2);
}

static void test_inline(void **state)
{
    (void)state;
    expect("a **b c** d", 20, "0,0,t:a |0,2,b:b c|0,5,t: d|", 1);
    expect("先付**三成**，月结", 30, "0,0,t:先付|0,4,b:三成|0,8,t:，月结|", 1);
    expect("use `x*y*z`", 20, "0,0,t:use |0,4,a:x*y*z|", 1);
    expect("[site](https://a.cn)", 40, "0,0,a:site|0,4,l: (https://a.cn)|", 1);
    /* A run that is broken by the edge goes on below. */
    expect("**aaaa bbbb**", 5, "0,0,b:aaaa|1,0,b:bbbb|", 2);
    /* No pair, a product, a name, an escaped mark. */
    expect("a ** b", 20, "0,0,t:a ** b|", 1);
    expect("2 * 3 * 4", 20, "0,0,t:2 * 3 * 4|", 1);
    expect("last_year_sales", 20, "0,0,t:last_year_sales|", 1);
    expect("\\*not\\*", 20, "0,0,t:*not*|", 1);
    expect("[open", 20, "0,0,t:[open|", 1);
    expect("[a](b", 20, "0,0,t:[a](b|", 1);
    expect("*", 20, "0,0,t:*|", 1);
    expect("- ", 20, "0,0,l:*|", 1);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_wraps),
        cmocka_unit_test(test_inline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
