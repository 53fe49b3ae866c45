/* The themes as a table: one row a style, colours of the 16-colour palette
 * with a refinement where the terminal has 256.
 *
 * Text keeps the terminal's own colours, so that most of the screen costs no
 * attribute at all on the line. */
#include "tui/term/theme.h"

#include <string.h>

enum { NONE = -1, SAME = -2 };

/* Names of colours; from BRIGHT on they need a terminal of 16. */
enum {
    BLACK,
    RED,
    GREEN,
    YELLOW,
    BLUE,
    MAGENTA,
    CYAN,
    WHITE,
    BRIGHT,
    GREY = BRIGHT
};

/* A refined colour costs six bytes more on the line each time, so the styles
 * of cells that stand in every row keep to the 16 colours.
 * `mono` are the attributes where there is no colour, `attr` those beside
 * colours. fg256 and bg256: SAME takes the 16-colour one. */
struct swatch {
    short fg, bg, fg256, bg256;
    attr_t attr, mono;
};

static const struct swatch dark[STYLES] = {
    [STYLE_text] = {NONE, NONE, SAME, SAME, A_NORMAL, A_NORMAL},
    [STYLE_label] = {GREY, NONE, 245, SAME, A_NORMAL, A_DIM},
    [STYLE_title] = {NONE, NONE, SAME, SAME, A_BOLD, A_BOLD},
    [STYLE_accent] = {CYAN, NONE, SAME, SAME, A_NORMAL, A_UNDERLINE},
    [STYLE_focus] = {NONE, NONE, SAME, SAME, A_REVERSE, A_REVERSE},
    [STYLE_selected] = {CYAN, NONE, SAME, SAME, A_BOLD, A_BOLD},
    [STYLE_match] = {YELLOW, NONE, 221, SAME, A_BOLD, A_UNDERLINE},
    [STYLE_missing] = {GREY, NONE, 242, SAME, A_NORMAL, A_DIM},
    [STYLE_masked] = {GREY, NONE, 245, SAME, A_NORMAL, A_DIM},
    [STYLE_good] = {GREEN, NONE, SAME, SAME, A_NORMAL, A_NORMAL},
    [STYLE_warn] = {YELLOW, NONE, SAME, SAME, A_NORMAL, A_BOLD},
    [STYLE_off] = {GREY, NONE, 243, SAME, A_NORMAL, A_DIM},
    [STYLE_error] = {RED, NONE, SAME, SAME, A_NORMAL, A_BOLD},
    [STYLE_message] = {NONE, NONE, SAME, SAME, A_BOLD, A_BOLD},
    [STYLE_chip] = {CYAN, NONE, SAME, SAME, A_NORMAL, A_UNDERLINE},
    [STYLE_field] = {NONE, NONE, SAME, 237, A_UNDERLINE, A_UNDERLINE},
    [STYLE_dialog] = {NONE, NONE, SAME, 235, A_NORMAL, A_NORMAL},
    [STYLE_changed] = {YELLOW, NONE, 221, SAME, A_BOLD, A_BOLD},
};

static const struct swatch light[STYLES] = {
    [STYLE_text] = {NONE, NONE, SAME, SAME, A_NORMAL, A_NORMAL},
    [STYLE_label] = {GREY, NONE, 243, SAME, A_NORMAL, A_DIM},
    [STYLE_title] = {NONE, NONE, SAME, SAME, A_BOLD, A_BOLD},
    [STYLE_accent] = {BLUE, NONE, SAME, SAME, A_NORMAL, A_UNDERLINE},
    [STYLE_focus] = {NONE, NONE, SAME, SAME, A_REVERSE, A_REVERSE},
    [STYLE_selected] = {BLUE, NONE, SAME, SAME, A_BOLD, A_BOLD},
    [STYLE_match] = {MAGENTA, NONE, 126, SAME, A_BOLD, A_UNDERLINE},
    [STYLE_missing] = {GREY, NONE, 244, SAME, A_NORMAL, A_DIM},
    [STYLE_masked] = {GREY, NONE, 243, SAME, A_NORMAL, A_DIM},
    [STYLE_good] = {GREEN, NONE, 28, SAME, A_NORMAL, A_NORMAL},
    [STYLE_warn] = {YELLOW, NONE, 130, SAME, A_NORMAL, A_BOLD},
    [STYLE_off] = {GREY, NONE, 244, SAME, A_NORMAL, A_DIM},
    [STYLE_error] = {RED, NONE, SAME, SAME, A_NORMAL, A_BOLD},
    [STYLE_message] = {NONE, NONE, SAME, SAME, A_BOLD, A_BOLD},
    [STYLE_chip] = {BLUE, NONE, SAME, SAME, A_NORMAL, A_UNDERLINE},
    [STYLE_field] = {NONE, NONE, SAME, 254, A_UNDERLINE, A_UNDERLINE},
    [STYLE_dialog] = {NONE, NONE, SAME, 255, A_NORMAL, A_NORMAL},
    [STYLE_changed] = {MAGENTA, NONE, 126, SAME, A_BOLD, A_BOLD},
};

static const struct swatch mono[STYLES] = {
    [STYLE_text] = {.mono = A_NORMAL},
    [STYLE_label] = {.mono = A_DIM},
    [STYLE_title] = {.mono = A_BOLD},
    [STYLE_accent] = {.mono = A_UNDERLINE},
    [STYLE_focus] = {.mono = A_REVERSE},
    [STYLE_selected] = {.mono = A_BOLD},
    [STYLE_match] = {.mono = A_UNDERLINE},
    [STYLE_missing] = {.mono = A_DIM},
    [STYLE_masked] = {.mono = A_DIM},
    [STYLE_good] = {.mono = A_NORMAL},
    [STYLE_warn] = {.mono = A_BOLD},
    [STYLE_off] = {.mono = A_DIM},
    [STYLE_error] = {.mono = A_BOLD},
    [STYLE_message] = {.mono = A_BOLD},
    [STYLE_chip] = {.mono = A_UNDERLINE},
    [STYLE_field] = {.mono = A_UNDERLINE},
    [STYLE_dialog] = {.mono = A_NORMAL},
    [STYLE_changed] = {.mono = A_BOLD},
};

static const struct swatch high[STYLES] = {
    [STYLE_text] = {WHITE, BLACK, 15, 16, A_BOLD, A_NORMAL},
    [STYLE_label] = {WHITE, BLACK, 15, 16, A_NORMAL, A_NORMAL},
    [STYLE_title] = {WHITE, BLACK, 15, 16, A_BOLD | A_UNDERLINE,
                     A_BOLD | A_UNDERLINE},
    [STYLE_accent] = {CYAN, BLACK, 51, 16, A_BOLD, A_UNDERLINE},
    [STYLE_focus] = {BLACK, YELLOW, 16, 226, A_NORMAL, A_REVERSE},
    [STYLE_selected] = {BLACK, CYAN, 16, 51, A_NORMAL, A_BOLD},
    [STYLE_match] = {BLACK, YELLOW, 16, 226, A_UNDERLINE, A_UNDERLINE},
    [STYLE_missing] = {WHITE, BLACK, 15, 16, A_NORMAL, A_NORMAL},
    [STYLE_masked] = {WHITE, BLACK, 15, 16, A_NORMAL, A_NORMAL},
    [STYLE_good] = {GREEN, BLACK, 46, 16, A_BOLD, A_NORMAL},
    [STYLE_warn] = {YELLOW, BLACK, 226, 16, A_BOLD, A_BOLD},
    [STYLE_off] = {WHITE, BLACK, 15, 16, A_NORMAL, A_NORMAL},
    [STYLE_error] = {WHITE, RED, 15, 88, A_BOLD, A_REVERSE},
    [STYLE_message] = {BLACK, WHITE, 16, 15, A_NORMAL, A_REVERSE},
    [STYLE_chip] = {CYAN, BLACK, 51, 16, A_BOLD, A_UNDERLINE},
    [STYLE_field] = {WHITE, BLUE, 15, 18, A_BOLD, A_UNDERLINE},
    [STYLE_dialog] = {WHITE, BLACK, 15, 16, A_BOLD, A_NORMAL},
    [STYLE_changed] = {BLACK, YELLOW, 16, 226, A_NORMAL, A_BOLD},
};

/* `most` colours are used, however many there are. */
static const struct theme {
    const char *name;
    enum depth most;
    const struct swatch *swatch;
} themes[] = {
    {"dark", DEPTH_256, dark},  {"light", DEPTH_256, light},
    {"mono", DEPTH_mono, mono}, {"high", DEPTH_256, high},
    {"basic", DEPTH_16, dark},
};

enum { THEMES = sizeof(themes) / sizeof(*themes) };

/* One colour at this depth. A bright one of a terminal with eight colours
 * is its plain twin; grey, which has none, is white. */
static short colour_at(short c16, short c256, enum depth depth)
{
    if (depth == DEPTH_256 && c256 != SAME)
        return c256;
    if (depth == DEPTH_8 && c16 >= BRIGHT)
        return c16 == GREY ? WHITE : (short)(c16 - BRIGHT);
    return c16;
}

/* The ground makes a field and a dialog visible only with 256 colours; with
 * fewer, the attribute does it. */
static attr_t attr_at(const struct swatch *s, enum depth depth)
{
    bool ground = depth == DEPTH_256 && s->bg256 != SAME;
    return ground ? s->attr & ~(attr_t)A_UNDERLINE : s->attr;
}

int theme_find(const char *name)
{
    for (int i = 0; i < THEMES; i++)
        if (strcmp(themes[i].name, name) == 0)
            return i;
    return -1;
}

const char *theme_name(int theme)
{
    return themes[theme].name;
}

int theme_count(void)
{
    return THEMES;
}

void theme_apply(int theme, enum depth depth, struct look looks[STYLES])
{
    const struct theme *t = &themes[theme];
    depth = depth < t->most ? depth : t->most;
    for (int i = 0; i < STYLES; i++) {
        const struct swatch *s = &t->swatch[i];
        if (depth == DEPTH_mono) {
            looks[i] = (struct look){s->mono, 0};
            continue;
        }
        short fg = colour_at(s->fg, s->fg256, depth);
        short bg = colour_at(s->bg, s->bg256, depth);
        bool own = fg == NONE && bg == NONE;
        short pair = own ? 0 : (short)(i + 1);
        if (!own)
            init_pair(pair, fg, bg);
        looks[i] = (struct look){attr_at(s, depth), pair};
    }
}
