/* The decoder: bytes of a terminal to events. What is not understood is
 * passed over as a whole, so that no part of a sequence is taken for typing.
 *
 * Bytes wait in `in` until they are a whole character or sequence. Only Esc
 * is ambiguous: alone it is a key, and it begins every sequence; the caller's
 * timer decides by key_flush. */
#include "tui/term/key.h"

#include "common/buf.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "tui/term/key_seq.h"

#include <string.h>

enum {
    ESC = 0x1b,
    SEQUENCE_MAX = 4096, /* bytes of any sequence */
    PARAM_MAX = 99999,
    PARAMS = 4,
};

struct key_decoder {
    struct buf in;
    size_t at; /* of `in`: what is before has been decoded */
    bool flushing;
    bool pasting;
    struct buf paste;
};

/* What one look at the bytes gave: how many were used (0: more are wanted),
 * and whether they are an event. */
struct taken {
    size_t used;
    bool event;
};

static const struct taken more = {0, false};

static struct taken passed_over(size_t used)
{
    return (struct taken){used, false};
}

static struct taken event_of(size_t used)
{
    return (struct taken){used, true};
}

/* A CSI taken apart. */
struct csi {
    char prefix; /* '<' '=' '>' '?' or 0 */
    int arg[PARAMS];
    int nargs;
    char final;
};

static void give_key(struct event *out, enum key_code code, uint32_t cp,
                     unsigned mods)
{
    out->kind = EVENT_key;
    out->code = code;
    out->cp = cp;
    out->mods = mods;
}

static void give_char(struct event *out, uint32_t cp, unsigned mods)
{
    /* Shift is already in a capital letter; a bare Shift would only keep
     * bindings from matching. */
    if ((mods & (MOD_ctrl | MOD_alt)) == 0)
        mods = 0;
    give_key(out, KEYC_NONE, cp, mods);
}

/* The keys among the control characters and DEL. */
static void give_control(struct event *out, unsigned char c, unsigned mods)
{
    static const unsigned char codes[0x80] = {
        [0x08] = KEYC_backspace, ['\t'] = KEYC_tab, ['\n'] = KEYC_enter,
        ['\r'] = KEYC_enter,     [ESC] = KEYC_esc,  [0x7f] = KEYC_backspace,
    };
    if (codes[c] != KEYC_NONE)
        give_key(out, (enum key_code)codes[c], 0, mods);
    else if (c == 0)
        give_key(out, KEYC_NONE, ' ', mods | MOD_ctrl);
    else
        give_key(out, KEYC_NONE, c <= 26 ? c - 1u + 'a' : c + 0u + '@',
                 mods | MOD_ctrl);
}

/* A code as kitty's and xterm's "modify other keys" report it. */
static struct taken give_reported(struct event *out, int cp, unsigned mods,
                                  size_t used)
{
    if (cp <= 0 || cp > 0x10ffff || (cp >= 0x80 && cp < 0xa0))
        return passed_over(used);
    if (cp < 0x20 || cp == 0x7f)
        give_control(out, (unsigned char)cp, mods);
    else
        give_char(out, (uint32_t)cp, mods);
    return event_of(used);
}

static unsigned mods_of(const struct csi *c, int index)
{
    int m = c->nargs > index ? c->arg[index] - 1 : 0;
    if (m <= 0)
        return 0;
    unsigned bits = (unsigned)m;
    unsigned alt = bits & (MOD_alt | 8u) ? MOD_alt : 0; /* 8: Meta */
    return (bits & (MOD_shift | MOD_ctrl)) | alt;
}

static const struct key_seq *find_seq(char intro, char final, int number)
{
    for (int i = 0; i < key_seq_count; i++) {
        const struct key_seq *s = &key_seqs[i];
        if (s->intro == intro && s->final == final &&
            (s->number == 0 || s->number == number))
            return s;
    }
    return NULL;
}

static struct taken take_mouse(const struct csi *c, size_t used,
                               struct event *out)
{
    if (c->nargs < 3 || c->arg[1] < 1 || c->arg[2] < 1)
        return passed_over(used);
    int b = c->arg[0];
    out->kind = EVENT_mouse;
    out->x = c->arg[1] - 1;
    out->y = c->arg[2] - 1;
    out->button = b & 3;
    out->mods = (b & 4 ? MOD_shift : 0u) | (b & 8 ? MOD_alt : 0u) |
                (b & 16 ? MOD_ctrl : 0u);
    if (b & 64)
        out->mouse = b & 1 ? MOUSE_wheel_down : MOUSE_wheel_up;
    else if (b & 32)
        out->mouse = MOUSE_drag;
    else
        out->mouse = c->final == 'm' ? MOUSE_release : MOUSE_press;
    return event_of(used);
}

static struct taken take_reply(const struct csi *c, size_t used,
                               struct event *out)
{
    out->kind = EVENT_reply;
    out->reply = c->final;
    memcpy(out->arg, c->arg, sizeof(out->arg));
    out->nargs = c->nargs;
    return event_of(used);
}

/* A cursor report and F3 with a modifier look alike; F3 has 1 in front, and
 * the terminal's questions are asked in another row than the first. */
static bool is_report(const struct csi *c)
{
    return c->final == 'R' && c->nargs == 2 && c->arg[0] != 1;
}

static struct taken take_key(struct key_decoder *d, const struct csi *c,
                             size_t used, struct event *out)
{
    int number = c->nargs > 0 ? c->arg[0] : 0;
    if (c->final == '~' && number == 200) {
        d->pasting = true;
        buf_clear(&d->paste);
        return passed_over(used);
    }
    if (c->final == 'u')
        return give_reported(out, number, mods_of(c, 1), used);
    if (c->final == '~' && number == 27 && c->nargs == 3)
        return give_reported(out, c->arg[2], mods_of(c, 1), used);
    if (c->final == 'I' || c->final == 'O') {
        out->kind = EVENT_focus;
        out->arg[0] = c->final == 'I';
        return event_of(used);
    }
    /* rxvt marks Ctrl by another final byte. */
    bool ctrl = c->final == '^' || c->final == '@';
    const struct key_seq *s = find_seq('[', ctrl ? '~' : c->final, number);
    if (s == NULL)
        return passed_over(used);
    unsigned mods = s->mods | mods_of(c, 1) | (ctrl ? MOD_ctrl : 0u) |
                    (c->final == '@' ? MOD_shift : 0u);
    give_key(out, s->code, s->cp, mods);
    return event_of(used);
}

/* Parameters: digits between semicolons; what is behind a colon says more
 * than is asked here. */
static void read_params(const unsigned char *p, size_t n, struct csi *c)
{
    bool fresh = true, sub = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == ';') {
            c->nargs += fresh ? 1 : 0;
            fresh = true;
            sub = false;
        } else if (p[i] == ':') {
            sub = true;
        } else if (p[i] >= '0' && p[i] <= '9' && !sub) {
            c->nargs += fresh ? 1 : 0;
            fresh = false;
            if (c->nargs <= PARAMS) {
                int *arg = &c->arg[c->nargs - 1];
                *arg = *arg * 10 + (p[i] - '0');
                *arg = *arg > PARAM_MAX ? PARAM_MAX : *arg;
            }
        }
    }
    c->nargs = c->nargs > PARAMS ? PARAMS : c->nargs;
}

/* p: behind "ESC [". */
static struct taken take_csi(struct key_decoder *d, const unsigned char *p,
                             size_t n, struct event *out)
{
    struct csi c = {0};
    size_t i = 2;
    if (n > i && p[i] == '[') { /* the Linux console's F1 to F5 */
        if (n == i + 1)
            return more;
        if (p[i + 1] < 'A' || p[i + 1] > 'E')
            return passed_over(i + 2);
        give_key(out, (enum key_code)(KEYC_f1 + (p[i + 1] - 'A')), 0, 0);
        return event_of(i + 2);
    }
    if (n > i && p[i] >= '<' && p[i] <= '?')
        c.prefix = (char)p[i++];
    size_t params = i;
    while (i < n && p[i] >= 0x20 && p[i] < 0x40 && i < SEQUENCE_MAX)
        i++;
    if (i == n)
        return more;
    if (p[i] < 0x40 || p[i] > 0x7e)
        return passed_over(i); /* broken off: what comes is something else */
    c.final = (char)p[i];
    size_t used = i + 1;
    if (c.final == 'M' && c.prefix == 0 && i == 2) /* the old mouse report */
        return n < used + 3 ? more : passed_over(used + 3);
    read_params(p + params, i - params, &c);
    if (c.prefix == '<')
        return c.final == 'M' || c.final == 'm' ? take_mouse(&c, used, out)
                                                : passed_over(used);
    if (c.prefix != 0 || is_report(&c))
        return take_reply(&c, used, out);
    return take_key(d, &c, used, out);
}

static struct taken take_ss3(struct key_decoder *d, const unsigned char *p,
                             size_t n, struct event *out)
{
    (void)d;
    if (n < 3)
        return more;
    const struct key_seq *s = find_seq('O', (char)p[2], 0);
    if (s == NULL)
        return passed_over(p[2] < 0x20 ? 2 : 3);
    give_key(out, s->code, s->cp, s->mods);
    return event_of(3);
}

/* OSC, DCS, APC, PM: nothing in them is a key. They end with ST or BEL. */
static struct taken take_string(struct key_decoder *d, const unsigned char *p,
                                size_t n, struct event *out)
{
    (void)d;
    (void)out;
    for (size_t i = 2; i < n && i < SEQUENCE_MAX; i++) {
        if (p[i] == '\a')
            return passed_over(i + 1);
        if (p[i] == ESC && i + 1 < n)
            return passed_over(p[i + 1] == '\\' ? i + 2 : i);
    }
    return n >= SEQUENCE_MAX ? passed_over(n) : more;
}

/* The start of a UTF-8 character that may still become whole. */
static bool is_partial(const unsigned char *p, size_t n)
{
    size_t want = p[0] >= 0xf0 && p[0] < 0xf5   ? 4
                  : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                  : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                                                : 1;
    if (n >= want)
        return false;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return false;
    return true;
}

static struct taken take_char(const unsigned char *p, size_t n,
                              struct event *out, unsigned mods, size_t skip)
{
    uint32_t cp;
    if (p[0] < 0x20 || p[0] == 0x7f) {
        give_control(out, p[0], mods);
        return event_of(skip + 1);
    }
    if (is_partial(p, n))
        return more;
    size_t used = utf8_decode((const char *)p, n, &cp);
    if ((cp == 0xfffd && used == 1) || (cp >= 0x80 && cp < 0xa0))
        return passed_over(skip + used);
    give_char(out, cp, mods);
    return event_of(skip + used);
}

static struct taken take_escape(struct key_decoder *d, const unsigned char *p,
                                size_t n, struct event *out)
{
    static const struct {
        unsigned char intro;
        struct taken (*take)(struct key_decoder *, const unsigned char *,
                             size_t, struct event *);
    } rows[] = {{'[', take_csi},    {'O', take_ss3},    {']', take_string},
                {'P', take_string}, {'_', take_string}, {'^', take_string}};
    if (n == 1)
        return more;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (p[1] == rows[i].intro)
            return rows[i].take(d, p, n, out);
    /* Esc Esc is Esc pressed twice; nobody types Alt with a Chinese
     * character, but Esc and then one is common. */
    if (p[1] == ESC || p[1] >= 0x80) {
        give_key(out, KEYC_esc, 0, 0);
        return event_of(1);
    }
    return take_char(p + 1, n - 1, out, MOD_alt, 1);
}

/* No more bytes will come for what waits: Esc is a key, Esc and one more is
 * Alt, anything longer was cut off. */
static struct taken take_short(const unsigned char *p, size_t n,
                               struct event *out)
{
    if (p[0] != ESC)
        return passed_over(n);
    if (n == 1) {
        give_key(out, KEYC_esc, 0, 0);
        return event_of(1);
    }
    return n == 2 ? take_char(p + 1, 1, out, MOD_alt, 1) : passed_over(n);
}

static void compact(struct key_decoder *d)
{
    buf_drop(&d->in, d->at);
    d->at = 0;
}

/* Line ends become '\n', tabs blanks; other controls and bad bytes go. */
static void clean_paste(struct buf *b)
{
    char *s = b->data;
    size_t out = 0;
    uint32_t cp = 0;
    for (size_t i = 0, n; i < b->len; i += n) {
        bool after_return = cp == '\r';
        n = utf8_decode(s + i, b->len - i, &cp);
        bool second = cp == '\n' && after_return;
        bool control = cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
        if (cp == '\t')
            s[out++] = ' ';
        else if ((cp == '\r' || cp == '\n') && !second)
            s[out++] = '\n';
        else if (!control && !(cp == 0xfffd && n == 1)) {
            memmove(s + out, s + i, n);
            out += n;
        }
    }
    b->len = out;
    buf_reserve(b, 0);
    b->data[out] = '\0';
}

/* Moves what was pasted so far aside; true at its end. */
static bool take_paste(struct key_decoder *d, struct event *out)
{
    static const char end[] = "\033[201~";
    const size_t tail = sizeof(end) - 1;
    const char *p = d->in.data + d->at;
    size_t n = d->in.len - d->at;
    const char *found = n > 0 ? memmem(p, n, end, tail) : NULL;
    size_t have = found != NULL ? (size_t)(found - p) : n > tail ? n - tail : 0;
    size_t room = KEY_PASTE_MAX - d->paste.len;
    buf_add(&d->paste, p, have < room ? have : room);
    d->at += have + (found != NULL ? tail : 0);
    if (found == NULL) {
        compact(d);
        return false;
    }
    d->pasting = false;
    clean_paste(&d->paste);
    out->kind = EVENT_paste;
    out->text = d->paste.data;
    out->len = d->paste.len;
    return true;
}

static struct taken take_one(struct key_decoder *d, struct event *out)
{
    const unsigned char *p = (const unsigned char *)d->in.data + d->at;
    size_t n = d->in.len - d->at;
    struct taken t =
        p[0] == ESC ? take_escape(d, p, n, out) : take_char(p, n, out, 0, 0);
    if (t.used == 0 && d->flushing)
        t = take_short(p, n, out);
    return t;
}

struct key_decoder *key_decoder_new(void)
{
    return x_calloc(1, sizeof(struct key_decoder));
}

void key_decoder_free(struct key_decoder **d)
{
    if (*d == NULL)
        return;
    buf_free(&(*d)->in);
    buf_free(&(*d)->paste);
    x_free(d);
}

void key_feed(struct key_decoder *d, const char *bytes, size_t len)
{
    compact(d);
    buf_add(&d->in, bytes, len);
}

bool key_next(struct key_decoder *d, struct event *out)
{
    for (;;) {
        memset(out, 0, sizeof(*out));
        if (d->pasting)
            return take_paste(d, out);
        if (d->at == d->in.len)
            break;
        struct taken t = take_one(d, out);
        if (t.used == 0)
            return false;
        d->at += t.used;
        if (t.event)
            return true;
    }
    d->flushing = false;
    compact(d);
    return false;
}

bool key_pending(const struct key_decoder *d)
{
    return !d->pasting && d->at < d->in.len;
}

void key_flush(struct key_decoder *d)
{
    d->flushing = true;
}
