/* The tty: opened anew so that our O_NONBLOCK is not the shell's, raw without
 * flow control and signals, given back even by a dying process. */
#include "tui/term/tty.h"

#include "common/i18n.h"
#include "common/mem.h"
#include "tui/term/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

enum { FATAL_SIGNALS = sizeof(fatal_signals) / sizeof(*fatal_signals) };

/* What the handler of a fatal signal needs; set before it is installed. */
static struct {
    const char *rescue;
    size_t len;
    struct tty tty;
    struct sigaction before[FATAL_SIGNALS];
} guard;

static void on_fatal(int sig)
{
    /* Nothing can be done about a failed write here. */
    ssize_t written = write(guard.tty.fd, guard.rescue, guard.len);
    (void)written;
    tcsetattr(guard.tty.fd, TCSANOW, &guard.tty.saved);
    rescue_now();
    for (int i = 0; i < FATAL_SIGNALS; i++)
        sigaction(fatal_signals[i], &guard.before[i], NULL);
    raise(sig);
}

/* A description of our own; where the device may not be opened (after su),
 * the shared one, whose flags are put back in the end. */
static bool open_device(struct tty *t, int in_fd)
{
    char name[256];
    t->shared_flags = -1;
    t->fd = -1;
    if (ttyname_r(in_fd, name, sizeof(name)) == 0)
        t->fd = open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (t->fd >= 0)
        return true;
    t->fd = fcntl(in_fd, F_DUPFD_CLOEXEC, 3);
    t->shared_flags = t->fd >= 0 ? fcntl(t->fd, F_GETFL) : -1;
    return t->shared_flags >= 0 &&
           fcntl(t->fd, F_SETFL, t->shared_flags | O_NONBLOCK) == 0;
}

bool tty_open(struct tty *t, int in_fd, int out_fd, char **why)
{
    if (!isatty(in_fd) || !isatty(out_fd)) {
        *why = x_strdup(_("This is no terminal: input and output must be a "
                          "terminal. For scripts use the commands; "
                          "`kehu --help` lists them."));
        return false;
    }
    if (!open_device(t, in_fd) || tcgetattr(t->fd, &t->saved) != 0) {
        *why = x_asprintf(_("The terminal can not be opened: %s"),
                          strerror(errno));
        if (t->fd >= 0)
            close(t->fd);
        return false;
    }
    return true;
}

void tty_raw(const struct tty *t)
{
    struct termios raw = t->saved;
    cfmakeraw(&raw);
    raw.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IXANY);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(t->fd, TCSADRAIN, &raw);
}

void tty_restore(const struct tty *t)
{
    tcsetattr(t->fd, TCSADRAIN, &t->saved);
}

void tty_close(struct tty *t)
{
    if (t->shared_flags >= 0)
        fcntl(t->fd, F_SETFL, t->shared_flags);
    close(t->fd);
    t->fd = -1;
}

void tty_size(const struct tty *t, int *rows, int *cols)
{
    struct winsize w = {0};
    bool known = ioctl(t->fd, TIOCGWINSZ, &w) == 0;
    *rows = known && w.ws_row > 0 ? w.ws_row : 24;
    *cols = known && w.ws_col > 0 ? w.ws_col : 80;
}

void tty_write(const struct tty *t, const char *data, size_t len, int ms)
{
    while (len > 0) {
        ssize_t n = write(t->fd, data, len);
        if (n > 0) {
            data += n;
            len -= (size_t)n;
            continue;
        }
        struct pollfd p = {.fd = t->fd, .events = POLLOUT};
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN && poll(&p, 1, ms) > 0 &&
            (p.revents & POLLOUT) != 0)
            continue;
        return;
    }
}

void tty_guard(const struct tty *t, const char *rescue, size_t len)
{
    guard.tty = *t;
    guard.rescue = rescue;
    guard.len = len;
    struct sigaction sa = {.sa_handler = on_fatal};
    sigemptyset(&sa.sa_mask);
    for (int i = 0; i < FATAL_SIGNALS; i++)
        sigaction(fatal_signals[i], &sa, &guard.before[i]);
}

void tty_unguard(void)
{
    for (int i = 0; i < FATAL_SIGNALS; i++)
        sigaction(fatal_signals[i], &guard.before[i], NULL);
}
