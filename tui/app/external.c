/* The file lies in a folder made for it alone (0700/0600) and goes as soon as
 * the editor has ended. */
#include "tui/app/external.h"

#include "common/buf.h"
#include "common/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 1024 * 1024 };

/* There is one terminal, hence one of these. */
static struct {
    struct app *app;
    external_fn *fn;
    void *ctx;
    uv_process_t process;
    char *folder, *file;
    struct sigaction interrupt, quit; /* what they did before */
    bool running;
} external;

/* --- the file --- */

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return false;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool make_file(const char *text)
{
    const char *base = getenv("XDG_RUNTIME_DIR");
    bool own = base != NULL && base[0] == '/' && access(base, W_OK) == 0;
    external.folder = x_asprintf("%s/kehu-XXXXXX", own ? base : "/tmp");
    if (mkdtemp(external.folder) == NULL)
        return false;
    external.file = x_asprintf("%s/kehu.md", external.folder);
    int fd = open(external.file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write_all(fd, text, strlen(text)) &&
                (text[0] == '\0' || write_all(fd, "\n", 1));
    if (fd >= 0)
        close(fd);
    return good;
}

static void drop_file(void)
{
    if (external.file != NULL)
        unlink(external.file);
    if (external.folder != NULL)
        rmdir(external.folder);
    x_free(&external.file);
    x_free(&external.folder);
}

/* Not through a link, nor from what is no plain file: the editor may have
 * put another one in its place. */
static bool read_file(struct buf *out)
{
    struct stat st;
    int fd =
        open(external.file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                st.st_size <= TEXT_MAX;
    char piece[8192];
    ssize_t n = 0;
    while (good && (n = read(fd, piece, sizeof(piece))) > 0 &&
           out->len <= TEXT_MAX)
        buf_add(out, piece, (size_t)n);
    if (fd >= 0)
        close(fd);
    return good && n >= 0 && out->len <= TEXT_MAX;
}

/* --- the end --- */

static void give(void)
{
    struct buf raw = BUF_INIT;
    struct arena *a = arena_new();
    bool read = read_file(&raw);
    while (raw.len > 0 && raw.data[raw.len - 1] == '\n')
        raw.len--;
    const char *text =
        read ? utf8_clean(a, buf_text(&raw), raw.len, true) : NULL;
    if (text == NULL)
        app_message(external.app, MESSAGE_error,
                    _("What the editor left is no text, or more than 1 MiB; "
                      "nothing was taken over."));
    else if (external.fn != NULL)
        external.fn(external.ctx, text);
    arena_free(&a);
    buf_free(&raw);
}

static void on_closed(uv_handle_t *h)
{
    (void)h;
    external.running = false;
}

static void take_back(void)
{
    sigaction(SIGINT, &external.interrupt, NULL);
    sigaction(SIGQUIT, &external.quit, NULL);
    term_resume(app_term(external.app));
    term_redraw(app_term(external.app));
}

static void on_exit_status(uv_process_t *p, int64_t status, int signal)
{
    take_back();
    if (status == 0 && signal == 0)
        give();
    else
        app_message(external.app, MESSAGE_error,
                    _("The editor ended with an error; nothing was taken "
                      "over."));
    drop_file();
    uv_close((uv_handle_t *)p, on_closed);
    app_redraw(external.app);
}

/* --- the start --- */

/* The shell takes the variable apart: editors have options. Keys that
 * interrupt are the editor's while it has the terminal. */
static int spawn(void)
{
    static char script[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";
    static char shell[] = "/bin/sh", flag[] = "-c", name[] = "kehu-editor";
    char *args[] = {shell, flag, script, name, external.file, NULL};
    uv_stdio_container_t stdio[3];
    for (int i = 0; i < 3; i++)
        stdio[i] = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = i};
    uv_process_options_t o = {.exit_cb = on_exit_status,
                              .file = shell,
                              .args = args,
                              .stdio_count = 3,
                              .stdio = stdio};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    term_suspend(app_term(external.app));
    sigaction(SIGINT, &ignore, &external.interrupt);
    sigaction(SIGQUIT, &ignore, &external.quit);
    return uv_spawn(app_loop(external.app), &external.process, &o);
}

bool external_edit(struct app *a, const char *text, external_fn *fn, void *ctx)
{
    if (external.running)
        return false;
    external.app = a;
    external.fn = fn;
    external.ctx = ctx;
    if (!make_file(text)) {
        app_message(a, MESSAGE_error,
                    _("The file for the editor can not be written: %s"),
                    strerror(errno));
        drop_file();
        return false;
    }
    external.running = true;
    int code = spawn();
    if (code == 0)
        return true;
    take_back();
    drop_file();
    uv_close((uv_handle_t *)&external.process, on_closed);
    app_message(a, MESSAGE_error, _("The editor can not be started: %s"),
                uv_strerror(code));
    return false;
}

void external_stop(void)
{
    if (!external.running || uv_is_closing((uv_handle_t *)&external.process))
        return;
    uv_process_kill(&external.process, SIGHUP);
    uv_close((uv_handle_t *)&external.process, on_closed);
    drop_file();
}

void external_forget(const void *ctx)
{
    if (external.ctx == ctx)
        external.fn = NULL;
}
