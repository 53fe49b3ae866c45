/* ncurses, kept away from the tty: it writes into a file in memory, whose
 * content is then sent in one piece. (To a tty it would write blocking, and
 * cut a frame wherever its own buffer is full.) */
#include "tui/term/inner.h"

#include "common/i18n.h"
#include "tui/term/squeeze.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Terminal types to try where the one named is not known here; the first one
 * is what nearly every terminal follows. */
static const char *const stand_ins[] = {"xterm-256color", "xterm", "vt100"};

static SCREEN *first_known(struct canvas *c, const char *type)
{
    SCREEN *s = newterm(type, c->sink, c->nothing);
    size_t n = sizeof(stand_ins) / sizeof(*stand_ins);
    for (size_t i = 0; s == NULL && i < n; i++)
        s = newterm(stand_ins[i], c->sink, c->nothing);
    return s;
}

static void set_number(const char *name, int n)
{
    char text[16];
    snprintf(text, sizeof(text), "%d", n);
    setenv(name, text, 1);
}

/* The file in memory has no size to ask for; ncurses takes it from the
 * environment, which the programs we start must not inherit. */
static SCREEN *screen_for(struct canvas *c, const char *type, int rows,
                          int cols)
{
    set_number("LINES", rows);
    set_number("COLUMNS", cols);
    use_env(TRUE);
    SCREEN *s = first_known(c, type);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    return s;
}

/* newterm takes signals that are the loop's business. */
static void give_signals_back(void)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
        signal(taken[i], SIG_DFL);
}

const char *canvas_capability(const char *name)
{
    const char *text = tigetstr(name);
    return text != (const char *)-1 ? text : NULL;
}

/* May moves within a row be written short? (squeeze.h) */
static bool knows_columns(void)
{
    const char *hpa = canvas_capability("hpa");
    return hpa != NULL && strcmp(hpa, "\033[%i%p1%dG") == 0 &&
           tigetflag("xenl") == 1;
}

static bool open_files(struct canvas *c, char **why)
{
    c->fd = memfd_create("kehu-frame", MFD_CLOEXEC);
    c->sink = c->fd >= 0 ? fdopen(c->fd, "w") : NULL;
    c->nothing = fopen("/dev/null", "re");
    if (c->sink != NULL && c->nothing != NULL)
        return true;
    *why = x_asprintf(_("The screen can not be set up: %s"), strerror(errno));
    return false;
}

bool canvas_open(struct canvas *c, const char *type, int rows, int cols,
                 char **why)
{
    memset(c, 0, sizeof(*c));
    if (type == NULL)
        type = getenv("TERM");
    if (!open_files(c, why)) {
        canvas_close(c);
        return false;
    }
    c->screen = type != NULL && strcmp(type, "dumb") != 0
                    ? screen_for(c, type, rows, cols)
                    : NULL;
    if (c->screen == NULL || canvas_capability("cup") == NULL) {
        *why = x_asprintf(_("This terminal (TERM=%s) can not move its cursor; "
                            "set TERM to what it is, for example "
                            "xterm-256color."),
                          type != NULL ? type : "");
        canvas_close(c);
        return false;
    }
    give_signals_back();
    nonl();
    raw();
    noecho();
    typeahead(-1);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    idlok(stdscr, TRUE);
    c->columns = knows_columns();
    /* The only call that also sends what newterm has kept for later: the
     * switch to the other screen must come before anything of ours. */
    curs_set(0);
    return true;
}

void canvas_close(struct canvas *c)
{
    if (c->screen != NULL)
        delscreen(c->screen);
    if (c->sink != NULL)
        fclose(c->sink);
    else if (c->fd > 0)
        close(c->fd);
    if (c->nothing != NULL)
        fclose(c->nothing);
    memset(c, 0, sizeof(*c));
}

void canvas_take(struct canvas *c, struct buf *out)
{
    fflush(c->sink);
    off_t len = lseek(c->fd, 0, SEEK_END);
    if (len <= 0)
        return;
    buf_reserve(out, (size_t)len);
    ssize_t got = pread(c->fd, out->data + out->len, (size_t)len, 0);
    if (got > 0) {
        out->len += squeeze(out->data + out->len, (size_t)got, c->columns);
        out->data[out->len] = '\0';
    }
    if (ftruncate(c->fd, 0) == 0)
        lseek(c->fd, 0, SEEK_SET);
}

enum depth canvas_depth(bool no_color)
{
    if (no_color || !has_colors() || start_color() == ERR)
        return DEPTH_mono;
    use_default_colors();
    return COLORS >= 256 ? DEPTH_256 : COLORS >= 16 ? DEPTH_16 : DEPTH_8;
}

void canvas_ground(const struct look *look)
{
    cchar_t blank;
    setcchar(&blank, L" ", A_NORMAL, look->pair, NULL);
    wbkgrndset(stdscr, &blank);
}
