/* A frame: the screens from the lowest that is not covered up to the front,
 * each within the same title line and footer. */
#include "tui/app/inner.h"

#include "common/utf8.h"

#include <stdio.h>
#include <string.h>

enum {
    STACK_MAX = 64,
    HINTS_MAX = 32,
    LEADS_ON = 90, /* footer numbers from here on */
    NARROW = 80,   /* below: two hints and `?` (screens.md, "Narrow") */
    NARROW_HINTS = 2,
    TITLE_MIN = 20, /* of the left text, before the right one goes */
    GAP = 2,
    MESSAGE_SIGN = 3, /* cells before the words of a message */
    BACK = 4,         /* cells of the title line that lead back */
};

/* --- the title line --- */

/* "● 12ms", or what is being done about a lost connection. */
static enum style connection(struct app *a, char *out, size_t size)
{
    static const char *const words[] = {
        [REMOTE_connecting] = N_("connecting"),
        [REMOTE_signed_out] = N_("signed out"),
        [REMOTE_ready] = "",
        [REMOTE_waiting] = N_("offline, trying again"),
        [REMOTE_refused] = N_("refused"),
    };
    out[0] = '\0';
    if (a->remote == NULL)
        return STYLE_label;
    enum remote_state s = remote_state(a->remote);
    int rtt = remote_rtt_ms(a->remote);
    bool on = s == REMOTE_ready;
    const char *sign = term_symbol(a->term, on ? "online" : "offline");
    if (on && rtt >= 0 && !term_is_slow(a->term))
        snprintf(out, size, "%s %dms", sign, rtt);
    else
        snprintf(out, size, "%s %s", sign, *words[s] ? _(words[s]) : "");
    return on ? STYLE_good : STYLE_error;
}

static void draw_title(struct app *a, struct rect r, const char *left,
                       const char *right)
{
    char state[64];
    enum style style = connection(a, state, sizeof(state));
    int end = r.x + r.w - 1;
    int w = utf8_width(state);
    if (w > 0 && w < r.w) {
        end -= w;
        term_put(a->term, r.y, end, w, style, state);
        end -= GAP;
    }
    w = right != NULL ? utf8_width(right) : 0;
    if (w > 0 && end - r.x - w > TITLE_MIN) {
        end -= w;
        term_put(a->term, r.y, end, w, STYLE_label, right);
        end -= GAP;
    }
    if (left != NULL)
        term_put(a->term, r.y, r.x + 1, end - r.x - 1, STYLE_title, left);
}

/* --- the footer --- */

/* The actions the footer offers here, in the order of their rows. */
static int hints(struct app *a, struct screen *s, enum action_id *out)
{
    int n = 0;
    for (int i = 0; i < ACTS && n < HINTS_MAX; i++) {
        if (act_rows[i].footer == 0 || !app_can(a, s, (enum action_id)i))
            continue;
        int at = n++;
        for (; at > 0 && act_rows[out[at - 1]].footer > act_rows[i].footer;
             at--)
            out[at] = out[at - 1];
        out[at] = (enum action_id)i;
    }
    return n;
}

/* A letter would run into an English label. */
static int hint_gap(const char *label)
{
    return (unsigned char)label[0] < 0x80 ? 1 : 0;
}

/* Cells of a hint and the gap behind it; 0 where the action has no key. */
static int hint_width(struct app *a, enum action_id id)
{
    const char *label = _(act_rows[id].label);
    int kw = utf8_width(app_keys(a, id));
    return kw > 0 ? kw + hint_gap(label) + utf8_width(label) + GAP : 0;
}

/* One hint: its key, then its label. Cells used; 0 where it has no room. */
static int draw_hint(struct app *a, int y, int x, int room, enum action_id id)
{
    const char *key = app_keys(a, id);
    const char *label = _(act_rows[id].label);
    int kw = utf8_width(key), w = hint_width(a, id);
    if (w == 0 || w - GAP > room)
        return 0;
    int lx = x + kw + hint_gap(label);
    term_put(a->term, y, x, kw, STYLE_accent, key);
    term_put(a->term, y, lx, x + w - GAP - lx, STYLE_label, label);
    /* The gap in the label's style: fewer bytes than going back to plain. */
    if (w <= room)
        term_fill(a->term, (struct rect){y, x + w - GAP, 1, GAP}, STYLE_label);
    return w;
}

void app_spot(struct app *a, const struct screen *s, struct rect r,
              enum action_id id, uint32_t cp)
{
    if (a->nspots < SPOTS_MAX && r.w > 0)
        a->spots[a->nspots++] = (struct spot){r, s, id, cp};
}

/* The menu, the palette and help lead to everything else. */
static bool leads_on(enum action_id id, bool narrow)
{
    return narrow ? id == ACT_help : act_rows[id].footer >= LEADS_ON;
}

/* As many as fit; the room of those that lead on is kept for them. */
static void draw_hints(struct app *a, struct screen *s, struct rect r, int y,
                       int end)
{
    enum action_id ids[HINTS_MAX];
    int n = hints(a, s, ids), x = r.x + 1, kept = 0;
    /* Few on a slow line too: each costs its bytes with every screen. */
    bool narrow = r.w < NARROW || term_is_slow(a->term) || term_linear(a->term);
    for (int i = 0; i < n; i++)
        kept += leads_on(ids[i], narrow) ? hint_width(a, ids[i]) : 0;
    for (int i = 0; i < n; i++) {
        bool leads = leads_on(ids[i], narrow);
        if (narrow && i >= NARROW_HINTS && !leads)
            continue;
        kept -= leads ? hint_width(a, ids[i]) : 0;
        int w = draw_hint(a, y, x, end - x - kept, ids[i]);
        app_spot(a, s, (struct rect){y, x, 1, w - GAP}, ids[i], 0);
        x += w;
    }
}

static void draw_message(struct app *a, struct rect r, int y, int end)
{
    static const struct {
        enum style style;
        const char *symbol;
    } rows[] = {[MESSAGE_info] = {STYLE_message, NULL},
                [MESSAGE_good] = {STYLE_good, "check"},
                [MESSAGE_error] = {STYLE_error, "warn"}};
    int x = r.x + 1;
    a->told = true;
    if (rows[a->kind].symbol != NULL) {
        const char *symbol = term_symbol(a->term, rows[a->kind].symbol);
        x += term_put(a->term, y, x, 2, rows[a->kind].style, symbol) + 1;
    }
    term_put(a->term, y, x, end - x, rows[a->kind].style, a->message);
}

struct rect app_inside(struct rect r)
{
    return (struct rect){r.y + 1, r.x, r.h - 2, r.w};
}

struct rect app_frame(struct app *a, struct screen *s, struct rect r,
                      const char *left, const char *right, const char *foot)
{
    int y = r.y + r.h - 1, end = r.x + r.w - 1;
    int w = foot != NULL ? utf8_width(foot) : 0;
    /* On a narrow screen the words of a message count for more. */
    if (MESSAGE_SIGN + utf8_width(a->message) + GAP + w > end - r.x)
        w = a->message[0] != '\0' ? 0 : w;
    draw_title(a, r, left, right);
    if (s->below != NULL) /* where the mark of the way back stands */
        app_spot(a, s, (struct rect){r.y, r.x, 1, BACK}, ACT_back, 0);
    if (w > 0 && w < r.w - 1) {
        /* In the plain style: it changes with every step in a list. */
        term_put(a->term, y, end - w, w, STYLE_text, foot);
        end -= w + GAP;
    }
    w = utf8_width(a->status);
    if (w > 0 && end - w > r.x) {
        term_put(a->term, y, end - w, w, STYLE_accent, a->status);
        end -= w + GAP;
    }
    /* A dialog in front has its own keys, and the footer tells those. */
    struct screen *front = a->top != NULL ? a->top : s;
    if (a->message[0] != '\0')
        draw_message(a, r, y, end);
    else
        draw_hints(a, front, r, y, end);
    return app_inside(r);
}

/* --- the whole --- */

/* While there is no screen yet: what is being waited for. */
static void draw_waiting(struct app *a, struct rect r)
{
    char state[64];
    enum style style = connection(a, state, sizeof(state));
    const char *reason = a->remote != NULL ? remote_reason(a->remote) : NULL;
    int y = r.h / 2;
    term_put(a->term, y, 2, r.w - 3, style, state);
    if (reason != NULL)
        term_put(a->term, y + 1, 2, r.w - 3, STYLE_label, reason);
}

void frame_draw(void *app)
{
    struct app *a = app;
    struct screen *stack[STACK_MAX];
    struct rect r = {0};
    int n = 0;
    app_bury(a);
    a->nspots = 0;
    term_size(a->term, &r.h, &r.w);
    for (struct screen *s = a->top; s != NULL && n < STACK_MAX; s = s->below) {
        stack[n++] = s;
        if (!s->overlay)
            break;
    }
    if (n == 0)
        draw_waiting(a, r);
    while (n > 0) {
        struct screen *s = stack[--n];
        s->ops->draw(s, r);
    }
}
