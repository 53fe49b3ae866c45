/* ncurses is good at saying little, with three habits that cost a fifth of a
 * page: it goes further than eight cells by row and column even in the same
 * row, it ends each colour before it ends all attributes, and it selects the
 * character set (which never changes here) with every attribute.
 *
 * So: ESC[r;cH in the row the cursor is in becomes ESC[cG, attributes that
 * follow each other become one sequence without what the last reset undoes,
 * and ESC(B goes. The row is known from the last ESC[r;cH or ESC[rd on, until
 * something comes that may leave it. */
#include "tui/term/squeeze.h"

#include <string.h>

enum { ESC = 0x1b, ATTRS_MAX = 64, NOWHERE = -1 };

struct squeezer {
    const char *in, *end;
    char *out; /* never ahead of `in` */
    bool columns;
    int row;               /* 1-based, NOWHERE where it is not known */
    char attrs[ATTRS_MAX]; /* parameters waiting to be written */
    size_t nattrs;
    bool waiting;
};

/* A control sequence: ESC [ parameters final. */
struct sequence {
    const char *params;
    size_t nparams;
    char final;
    size_t len; /* 0: it is none */
};

static struct sequence read_sequence(const char *s, const char *end)
{
    struct sequence q = {.params = s + 2};
    if (end - s < 3 || s[0] != ESC || s[1] != '[')
        return q;
    const char *p = q.params;
    while (p < end && ((*p >= '0' && *p <= '9') || *p == ';'))
        p++;
    if (p == end || *p < '@' || *p > '~')
        return q; /* private or cut off: it stays as it is */
    q.nparams = (size_t)(p - q.params);
    q.final = *p;
    q.len = (size_t)(p + 1 - s);
    return q;
}

/* The first parameter; a row left out is the first one. */
static int first_number(const struct sequence *q)
{
    int n = 0;
    for (size_t i = 0; i < q->nparams && q->params[i] != ';' && n < 10000; i++)
        n = n * 10 + (q->params[i] - '0');
    return n > 0 ? n : 1;
}

static void put(struct squeezer *z, const char *s, size_t len)
{
    memmove(z->out, s, len);
    z->out += len;
}

static void write_attrs(struct squeezer *z)
{
    if (!z->waiting)
        return;
    put(z, "\033[", 2);
    put(z, z->attrs, z->nattrs);
    put(z, "m", 1);
    z->waiting = false;
    z->nattrs = 0;
}

/* True for ESC[m, ESC[0m and ESC[0;…m. */
static bool is_reset(const struct sequence *q)
{
    return q->nparams == 0 ||
           (q->params[0] == '0' && (q->nparams == 1 || q->params[1] == ';'));
}

static void add_attrs(struct squeezer *z, const struct sequence *q)
{
    if (is_reset(q))
        z->nattrs = 0;
    if (z->nattrs + q->nparams + 2 > sizeof(z->attrs))
        write_attrs(z);
    if (z->waiting && !is_reset(q)) {
        /* An empty reset in front needs its 0 once something follows. */
        if (z->nattrs == 0)
            z->attrs[z->nattrs++] = '0';
        z->attrs[z->nattrs++] = ';';
    }
    memcpy(z->attrs + z->nattrs, q->params, q->nparams);
    z->nattrs += q->nparams;
    z->waiting = true;
}

/* ESC[r;cH: the shorter form where the row is this one already. */
static void put_move(struct squeezer *z, const struct sequence *q,
                     const char *s)
{
    const char *semicolon = memchr(q->params, ';', q->nparams);
    int row = first_number(q);
    bool same = semicolon != NULL && row == z->row && z->columns;
    z->row = row;
    if (!same) {
        put(z, s, q->len);
        return;
    }
    const char *column = semicolon + 1;
    put(z, "\033[", 2);
    put(z, column, (size_t)(q->params + q->nparams - column));
    put(z, "G", 1);
}

static void put_sequence(struct squeezer *z, const struct sequence *q)
{
    /* Erasing, inserting and deleting in the row, columns, repetition. */
    static const char stays[] = "KXGP@b";
    const char *s = z->in;
    z->in += q->len;
    if (q->final == 'm') {
        add_attrs(z, q);
        return;
    }
    write_attrs(z);
    if (q->final == 'H') {
        put_move(z, q, s);
        return;
    }
    if (q->final == 'd')
        z->row = first_number(q);
    else if (strchr(stays, q->final) == NULL)
        z->row = NOWHERE;
    put(z, s, q->len);
}

static void put_byte(struct squeezer *z)
{
    unsigned char c = (unsigned char)*z->in;
    write_attrs(z);
    if (c < ' ' && c != '\r' && c != '\b')
        z->row = NOWHERE;
    put(z, z->in++, 1);
}

size_t squeeze(char *s, size_t len, bool columns)
{
    struct squeezer z = {
        .in = s, .end = s + len, .out = s, .columns = columns, .row = NOWHERE};
    while (z.in < z.end) {
        struct sequence q = read_sequence(z.in, z.end);
        if (q.len > 0)
            put_sequence(&z, &q);
        else if (z.end - z.in >= 3 && memcmp(z.in, "\033(B", 3) == 0)
            z.in += 3;
        else
            put_byte(&z);
    }
    write_attrs(&z);
    return (size_t)(z.out - s);
}
