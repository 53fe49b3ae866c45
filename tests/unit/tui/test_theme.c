/* Every theme at every depth of colour: readable, and nothing told by colour
 * alone.
 * proves: UX-09, UX-12 */
#include "tui/term/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static SCREEN *screen;

static int set_up(void **state)
{
    (void)state;
    FILE *nothing = fopen("/dev/null", "r+e");
    screen = newterm("xterm-256color", nothing, nothing);
    assert_non_null(screen);
    start_color();
    use_default_colors();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    delscreen(screen);
    return 0;
}

static const char *const style_names[] = {
#define STYLE(id, help) #id,
#include "tui/term/style.def"
#undef STYLE
};

/* No style uses more colours than there are, none writes in the colour of its
 * ground. */
static void test_colours_of_the_depth(void **state)
{
    (void)state;
    static const struct {
        enum depth depth;
        int colours;
    } rows[] = {{DEPTH_8, 8}, {DEPTH_16, 16}, {DEPTH_256, 256}};
    for (int theme = 0; theme < theme_count(); theme++) {
        for (size_t d = 0; d < sizeof(rows) / sizeof(*rows); d++) {
            struct look looks[STYLES];
            theme_apply(theme, rows[d].depth, looks);
            for (int i = 0; i < STYLES; i++) {
                short fg = -1, bg = -1;
                if (looks[i].pair != 0)
                    pair_content(looks[i].pair, &fg, &bg);
                if (fg >= rows[d].colours || bg >= rows[d].colours ||
                    (fg >= 0 && fg == bg))
                    fail_msg("%s of %s with %d colours: %d on %d",
                             style_names[i], theme_name(theme), rows[d].colours,
                             fg, bg);
            }
        }
    }
}

/* What must be seen is seen without colour too; what remains are states, each
 * with its sign or word. */
static void test_without_colour(void **state)
{
    (void)state;
    static const enum style marked[] = {
        STYLE_title, STYLE_accent, STYLE_focus, STYLE_selected,
        STYLE_match, STYLE_field,  STYLE_error, STYLE_changed};
    for (int theme = 0; theme < theme_count(); theme++) {
        struct look looks[STYLES];
        theme_apply(theme, DEPTH_mono, looks);
        for (int i = 0; i < STYLES; i++)
            assert_int_equal(looks[i].pair, 0);
        for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++)
            if (looks[marked[i]].attr == looks[STYLE_text].attr)
                fail_msg("%s of %s looks like text", style_names[marked[i]],
                         theme_name(theme));
    }
}

/* --- contrast, as WCAG counts it, with the colours of the 256 --- */

static double channel(int value)
{
    double c = value / 255.0;
    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int r, int g, int b)
{
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
}

/* The colours from 16 on are the same everywhere, of those before only white
 * is known. */
static bool is_known(int colour)
{
    return colour >= 15;
}

static double light_of(int colour)
{
    static const int steps[] = {0, 95, 135, 175, 215, 255};
    if (colour == 15)
        return 1.0;
    if (colour >= 232) {
        int grey = 8 + (colour - 232) * 10;
        return luminance(grey, grey, grey);
    }
    colour -= 16;
    return luminance(steps[colour / 36], steps[colour / 6 % 6],
                     steps[colour % 6]);
}

static double contrast(double a, double b)
{
    return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

static void expect_contrast(const char *name, double ground, double least)
{
    struct look looks[STYLES];
    int theme = theme_find(name);
    assert_true(theme >= 0);
    theme_apply(theme, DEPTH_256, looks);
    for (int i = 0; i < STYLES; i++) {
        short fg = -1, bg = -1;
        if (looks[i].pair != 0)
            pair_content(looks[i].pair, &fg, &bg);
        if (!is_known(fg))
            continue;
        double c = contrast(light_of(fg), is_known(bg) ? light_of(bg) : ground);
        if (c < least)
            fail_msg("%s of %s: contrast %.1f", style_names[i], name, c);
    }
}

static void test_contrast(void **state)
{
    (void)state;
    expect_contrast("dark", 0.0, 3.0);
    expect_contrast("light", 1.0, 3.0);
    expect_contrast("high", 0.0, 7.0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_colours_of_the_depth),
        TEST(test_without_colour),
        TEST(test_contrast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
