/* The terminal harness: starting the program, moving bytes both ways, and
 * waiting for what the picture should become. */
#include "tests/support/vt.h"

#include "common/clock.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/vt_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define END_PATIENCE 5000 /* a program that hangs up is killed after this */
#define LINE_PIECES  20   /* of a second that a slow line may come at once */
#define LINE_WAIT    10   /* ms for which such a line is left alone */

/* What a program sees of our own environment: enough to be found and to be
 * watched by sanitizers, nothing that could make two machines differ. */
static const char *const passed_on[] = {
    "PATH",         "ASAN_OPTIONS", "UBSAN_OPTIONS",   "TSAN_OPTIONS",
    "LSAN_OPTIONS", "KEHU_CLOCK",   "LD_LIBRARY_PATH",
};

static const struct {
    const char *name, *folder;
} folders[] = {
    {"HOME", ""},
    {"XDG_CONFIG_HOME", "/config"},
    {"XDG_STATE_HOME", "/state"},
    {"XDG_DATA_HOME", "/data"},
    {"XDG_CACHE_HOME", "/cache"},
    {"XDG_RUNTIME_DIR", "/run"},
};

static void on_output(const char *bytes, size_t len, void *user)
{
    vt_queue(user, bytes, len);
}

static int on_prop(VTermProp prop, VTermValue *val, void *user)
{
    struct vt *v = user;
    switch (prop) {
    case VTERM_PROP_CURSORVISIBLE:
        v->cursor_visible = val->boolean;
        return 1;
    case VTERM_PROP_ALTSCREEN:
        v->alt = val->boolean;
        return 1;
    case VTERM_PROP_MOUSE:
        v->mouse = val->number;
        return 1;
    case VTERM_PROP_TITLE:
        x_free(&v->title);
        v->title = x_strdup(val->string);
        return 1;
    default:
        return 0;
    }
}

static int on_bell(void *user)
{
    ((struct vt *)user)->bells++;
    return 1;
}

/* OSC 52 is unknown to this libvterm, so it arrives here. */
static int on_osc(const char *command, size_t len, void *user)
{
    struct vt *v = user;
    if (len < 3 || memcmp(command, "52;", 3) != 0)
        return 0;
    buf_clear(&v->clipboard);
    buf_add(&v->clipboard, command + 3, len - 3);
    return 1;
}

static const VTermScreenCallbacks screen_callbacks = {
    .settermprop = on_prop,
    .bell = on_bell,
};
static const VTermParserCallbacks fallbacks = {
    .osc = on_osc,
};

static void terminal_new(struct vt *v)
{
    v->vterm = vterm_new(v->rows, v->cols);
    vterm_set_utf8(v->vterm, 1);
    vterm_output_set_callback(v->vterm, on_output, v);
    v->screen = vterm_obtain_screen(v->vterm);
    vterm_screen_set_callbacks(v->screen, &screen_callbacks, v);
    vterm_screen_set_unrecognised_fallbacks(v->screen, &fallbacks, v);
    vterm_screen_enable_altscreen(v->screen, 1);
    vterm_screen_reset(v->screen, 1);
    v->cursor_visible = true;
}

/* Only between fork and exec: the process is thrown away soon. */
static void child_environment(const struct vt *v, const struct vt_options *o)
{
    char *kept[sizeof passed_on / sizeof *passed_on];
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
        const char *value = getenv(passed_on[i]);
        kept[i] = value ? x_strdup(value) : NULL;
    }
    clearenv();
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        if (kept[i])
            setenv(passed_on[i], kept[i], 1);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *path = x_asprintf("%s%s", v->home, folders[i].folder);
        mkdir(path, 0700);
        setenv(folders[i].name, path, 1);
        x_free(&path);
    }
    setenv("TERM", o->term ? o->term : "xterm-256color", 1);
    setenv("LANG", "C.UTF-8", 1);
    for (const char *const *e = o->env; e && *e; e++)
        putenv(x_strdup(*e));
}

static void child_run(const struct vt *v, const struct vt_options *o)
{
    static const char *const client[] = {KEHU_BUILD "/bin/kehu", NULL};
    const char *const *argv = o->argv ? o->argv : client;
    /* A test that fails does not come to vt_stop. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    child_environment(v, o);
    if (chdir(v->home) == 0)
        execvp(argv[0], (char *const *)argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Bytes that the line has brought by now and nobody has read. */
static size_t line_room(const struct vt *v)
{
    uint64_t ms = clock_mono_ms() - v->line_since;
    uint64_t brought = ms * (uint64_t)v->line_rate / 1000;
    return brought > v->line_taken ? (size_t)(brought - v->line_taken) : 0;
}

/* A line that has been idle saves nothing up. */
static void line_take(struct vt *v, size_t n)
{
    v->line_taken += n;
    if (line_room(v) > v->line_rate / LINE_PIECES) {
        v->line_since = clock_mono_ms();
        v->line_taken = 0;
    }
}

/* Bytes at the end of `b` that only begin a character. */
static size_t begun(const struct buf *b)
{
    for (size_t back = 1; back <= 3 && back <= b->len; back++) {
        unsigned char c = (unsigned char)b->data[b->len - back];
        size_t needs = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        if (c >= 0xc0)
            return needs > back ? back : 0;
        if (c < 0x80)
            return 0;
    }
    return 0;
}

/* A read may end within a character; libvterm 0.1 does not always put its two
 * halves together. */
static void feed(struct vt *v, const char *chunk, size_t n)
{
    buf_add(&v->held, chunk, n);
    size_t whole = v->held.len - begun(&v->held);
    vterm_input_write(v->vterm, v->held.data, whole);
    buf_drop(&v->held, whole);
}

static bool read_input(struct vt *v)
{
    char chunk[16384];
    size_t most = sizeof chunk;
    if (v->line_rate > 0 && line_room(v) < most)
        most = line_room(v);
    ssize_t n = read(v->master, chunk, most);
    if (n > 0 && v->line_rate > 0)
        line_take(v, (size_t)n);
    if (n > 0) {
        buf_add(&v->since, chunk, (size_t)n);
        feed(v, chunk, (size_t)n);
        return true;
    }
    /* EIO is how a pseudo-terminal says that the other end is closed. */
    if (n == 0 || (errno != EINTR && errno != EAGAIN))
        v->ended = true;
    return false;
}

static bool text_shown(struct vt *v, void *ctx)
{
    return vt_has(v, ctx);
}

static bool text_gone(struct vt *v, void *ctx)
{
    return !vt_has(v, ctx);
}

struct row_text {
    int row;
    const char *text;
};

static bool row_shows(struct vt *v, void *ctx)
{
    const struct row_text *want = ctx;
    return strstr(vt_row(v, want->row), want->text) != NULL;
}

struct place {
    int row, col;
};

static bool cursor_there(struct vt *v, void *ctx)
{
    const struct place *want = ctx;
    int row, col;
    vt_cursor(v, &row, &col, NULL);
    return (want->row < 0 || want->row == row) &&
           (want->col < 0 || want->col == col);
}

static void home_remove(const struct vt *v)
{
    if (v->own_home)
        check_remove_tree(v->home);
}

bool vt_pump(struct vt *v, int ms)
{
    vt_flush(v);
    if (v->line_rate > 0 && line_room(v) == 0) {
        poll(NULL, 0, ms < LINE_WAIT ? ms : LINE_WAIT);
        return ms > 0;
    }
    short events = (short)(POLLIN | (v->out.len ? POLLOUT : 0));
    struct pollfd p = {.fd = v->master, .events = events};
    if (v->ended || poll(&p, 1, ms) <= 0)
        return false;
    if (p.revents & POLLOUT)
        vt_flush(v);
    if (p.revents & (POLLIN | POLLHUP | POLLERR))
        return read_input(v);
    return true;
}

void vt_flush(struct vt *v)
{
    if (clock_mono_ms() < v->line_due)
        return;
    while (v->out.len > 0) {
        ssize_t n = write(v->master, v->out.data, v->out.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        buf_drop(&v->out, (size_t)n);
    }
}

void vt_queue(struct vt *v, const char *bytes, size_t len)
{
    if (v->out.len == 0)
        v->line_due = clock_mono_ms() + v->line_delay;
    buf_add(&v->out, bytes, len);
}

struct vt *vt_start(const struct vt_options *o)
{
    struct vt *v = x_calloc(1, sizeof *v);
    v->rows = o->rows ? o->rows : 40;
    v->cols = o->cols ? o->cols : 120;
    v->line_rate = (unsigned)o->rate;
    v->line_delay = (unsigned)o->delay_ms;
    v->line_since = clock_mono_ms();
    v->own_home = o->home == NULL;
    v->home = o->home ? x_strdup(o->home) : check_temp_dir("vt");
    terminal_new(v);
    struct winsize size = {.ws_row = (unsigned short)v->rows,
                           .ws_col = (unsigned short)v->cols};
    v->pid = forkpty(&v->master, NULL, NULL, &size);
    if (v->pid < 0)
        check_fail("forkpty: %s", strerror(errno));
    if (v->pid == 0)
        child_run(v, o);
    fcntl(v->master, F_SETFL, O_NONBLOCK);
    fcntl(v->master, F_SETFD, FD_CLOEXEC);
    return v;
}

void vt_stop(struct vt **vp)
{
    struct vt *v = *vp;
    if (!v)
        return;
    if (!v->reaped)
        kill(v->pid, SIGHUP);
    if (vt_wait_exit(v, END_PATIENCE) < 0) {
        kill(v->pid, SIGKILL);
        vt_wait_exit(v, END_PATIENCE);
    }
    close(v->master);
    vterm_free(v->vterm);
    home_remove(v);
    buf_free(&v->out);
    buf_free(&v->since);
    buf_free(&v->held);
    buf_free(&v->text);
    buf_free(&v->clipboard);
    x_free(&v->title);
    x_free(&v->home);
    x_free(vp);
}

const char *vt_home(const struct vt *v)
{
    return v->home;
}

pid_t vt_pid(const struct vt *v)
{
    return v->pid;
}

void vt_resize(struct vt *v, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows,
                           .ws_col = (unsigned short)cols};
    v->rows = rows;
    v->cols = cols;
    vterm_set_size(v->vterm, rows, cols);
    ioctl(v->master, TIOCSWINSZ, &size);
}

bool vt_wait(struct vt *v, vt_condition *holds, void *ctx, int ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)ms;
    for (;;) {
        while (vt_pump(v, 0))
            ;
        if (holds(v, ctx))
            return true;
        uint64_t now = clock_mono_ms();
        if (v->ended || now >= end)
            return false;
        vt_pump(v, (int)(end - now));
    }
}

bool vt_wait_text(struct vt *v, const char *text, int ms)
{
    return vt_wait(v, text_shown, (void *)text, ms);
}

bool vt_wait_gone(struct vt *v, const char *text, int ms)
{
    return vt_wait(v, text_gone, (void *)text, ms);
}

void vt_expect(struct vt *v, const char *text)
{
    if (!vt_wait_text(v, text, VT_PATIENCE))
        check_fail("\"%s\" did not appear:\n%s", text, vt_dump(v));
}

void vt_expect_gone(struct vt *v, const char *text)
{
    if (!vt_wait_gone(v, text, VT_PATIENCE))
        check_fail("\"%s\" did not go away:\n%s", text, vt_dump(v));
}

void vt_expect_row(struct vt *v, int row, const char *text)
{
    struct row_text want = {row, text};
    if (!vt_wait(v, row_shows, &want, VT_PATIENCE))
        check_fail("row %d does not show \"%s\":\n%s", row, text, vt_dump(v));
}

void vt_expect_cursor(struct vt *v, int row, int col)
{
    struct place want = {row, col};
    if (!vt_wait(v, cursor_there, &want, VT_PATIENCE))
        check_fail("the cursor is not at %d,%d:\n%s", row, col, vt_dump(v));
}

void vt_settle(struct vt *v, int ms)
{
    while (vt_pump(v, ms))
        ;
}

void vt_mark(struct vt *v)
{
    while (vt_pump(v, 0))
        ;
    buf_clear(&v->since);
}

size_t vt_bytes(const struct vt *v)
{
    return v->since.len;
}

size_t vt_cost(struct vt *v, const char *keys)
{
    vt_mark(v);
    vt_keys(v, keys);
    vt_settle(v, 150);
    return vt_bytes(v);
}

int vt_wait_exit(struct vt *v, int ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)ms;
    while (!v->reaped) {
        /* Reading on, because a program may wait for room to write in. */
        if (!vt_pump(v, 10) && v->ended)
            poll(NULL, 0, 5);
        if (waitpid(v->pid, &v->status, WNOHANG) == v->pid)
            v->reaped = true;
        else if (clock_mono_ms() >= end)
            return -1;
    }
    while (vt_pump(v, 0))
        ;
    return WIFEXITED(v->status) ? WEXITSTATUS(v->status)
                                : 256 + WTERMSIG(v->status);
}
