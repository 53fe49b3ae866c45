/* Listeners. The sockets are made here and handed to libuv, because libuv
 * 1.44 cuts long paths silently, and its way to set a mode opens the socket
 * to everybody. */
#include "server/net/listener.h"

#include "common/i18n.h"
#include "common/log.h"
#include "common/mem.h"
#include "server/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, LISTENERS = 2 };

struct listener {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } io;
    struct listeners *all;
    bool local;
};

struct listeners {
    struct server *server;
    struct listener at[LISTENERS];
    int n, open;
    char *path; /* of the unix socket, to be removed */
    dev_t device;
    ino_t inode;
};

static bool failed(struct err *e, const char *where)
{
    return err_set(e, ERR_unavailable, _("Can not listen on %s: %s"), where,
                   strerror(errno));
}

static void unix_address(struct sockaddr_un *a, const char *path)
{
    memset(a, 0, sizeof(*a));
    a->sun_family = AF_UNIX;
    snprintf(a->sun_path, sizeof(a->sun_path), "%s", path);
}

/* A socket that a killed daemon left behind may go; one that somebody answers
 * on may not. */
static bool clear_place(const char *path, struct err *e)
{
    struct sockaddr_un a;
    struct stat st;
    char folder[sizeof(a.sun_path)];
    unix_address(&a, path);
    snprintf(folder, sizeof(folder), "%s", path);
    const char *parent = dirname(folder);
    mkdir(parent, 0755);
    /* Whoever owns the folder could put another socket in its place. */
    if (stat(parent, &st) == 0 && st.st_uid != geteuid() && st.st_uid != 0)
        return err_set(e, ERR_unavailable,
                       _("Can not listen on %s: the folder belongs to "
                         "somebody else."),
                       path);
    if (stat(path, &st) != 0)
        return true;
    if (!S_ISSOCK(st.st_mode))
        return err_set(e, ERR_unavailable,
                       _("Can not listen on %s: there is another file of "
                         "that name."),
                       path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool used =
        fd >= 0 &&
        (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0 || errno == EAGAIN);
    if (fd >= 0)
        close(fd);
    if (used)
        return err_set(e, ERR_unavailable,
                       _("Another daemon listens on %s already."), path);
    return unlink(path) == 0 || failed(e, path);
}

/* Mode 0660 from the first moment on: by the umask, not afterwards. */
static int make_unix(const char *path, struct err *e)
{
    struct sockaddr_un a;
    if (!clear_place(path, e))
        return -1;
    unix_address(&a, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    mode_t old = umask(0117);
    bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0;
    umask(old);
    if (ok && chmod(path, 0660) == 0)
        return fd;
    failed(e, path);
    if (fd >= 0)
        close(fd);
    return -1;
}

static socklen_t tcp_address(struct sockaddr_storage *a, const char *text)
{
    char host[64];
    int port = 0;
    memset(a, 0, sizeof(*a));
    if (!server_settings_tcp(text, host, &port))
        return 0;
    if (strchr(host, ':') != NULL) {
        uv_ip6_addr(host, port, (struct sockaddr_in6 *)a);
        return sizeof(struct sockaddr_in6);
    }
    uv_ip4_addr(host, port, (struct sockaddr_in *)a);
    return sizeof(struct sockaddr_in);
}

static int make_tcp(const char *text, struct err *e)
{
    struct sockaddr_storage a;
    int yes = 1;
    socklen_t size = tcp_address(&a, text);
    int fd = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
        bind(fd, (struct sockaddr *)&a, size) == 0)
        return fd;
    failed(e, text);
    if (fd >= 0)
        close(fd);
    return -1;
}

static void on_connection(uv_stream_t *stream, int status)
{
    struct listener *l = (struct listener *)stream;
    if (status < 0) {
        log_line(LOG_warn, "accept_failed", "reason=%s",
                 log_quote(uv_strerror(status)));
        return;
    }
    conn_accept(l->all->server, stream, l->local);
}

static bool listen_on(struct listeners *all, int fd, bool local,
                      const char *where, struct err *e)
{
    struct listener *l = &all->at[all->n++];
    uv_loop_t *loop = &all->server->loop;
    l->all = all;
    l->local = local;
    int bad = local ? uv_pipe_init(loop, &l->io.pipe, 0)
                    : uv_tcp_init(loop, &l->io.tcp);
    all->open++;
    bad = bad     ? bad
          : local ? uv_pipe_open(&l->io.pipe, fd)
                  : uv_tcp_open(&l->io.tcp, fd);
    bad = bad ? bad : uv_listen(&l->io.stream, BACKLOG, on_connection);
    if (bad)
        return err_set(e, ERR_unavailable, _("Can not listen on %s: %s"), where,
                       uv_strerror(bad));
    log_line(LOG_info, "listen", "where=%s", log_quote(where));
    return true;
}

static bool open_unix(struct listeners *all, const char *path, struct err *e)
{
    struct stat st;
    int fd = make_unix(path, e);
    if (fd < 0)
        return false;
    all->path = x_strdup(path);
    if (stat(path, &st) == 0) {
        all->device = st.st_dev;
        all->inode = st.st_ino;
    }
    return listen_on(all, fd, true, path, e);
}

static bool open_tcp(struct listeners *all, const char *text, struct err *e)
{
    if (text[0] == '\0')
        return true;
    int fd = make_tcp(text, e);
    return fd >= 0 && listen_on(all, fd, false, text, e);
}

struct listeners *listeners_open(struct server *s, struct err *e)
{
    struct listeners *all = x_calloc(1, sizeof(*all));
    all->server = s;
    if (!open_unix(all, s->settings.listen_unix, e) ||
        !open_tcp(all, s->settings.listen_tcp, e))
        listeners_close(&all);
    return all;
}

static void on_closed(uv_handle_t *handle)
{
    struct listeners *all = ((struct listener *)handle)->all;
    if (--all->open == 0) {
        x_free(&all->path);
        x_free(&all);
    }
}

/* Another daemon may have put its own socket in our place meanwhile. */
static void remove_socket(const struct listeners *l)
{
    struct stat st;
    if (l->path != NULL && stat(l->path, &st) == 0 && st.st_dev == l->device &&
        st.st_ino == l->inode)
        unlink(l->path);
}

void listeners_close(struct listeners **l)
{
    struct listeners *all = *l;
    *l = NULL;
    if (all == NULL)
        return;
    remove_socket(all);
    if (all->n == 0) {
        x_free(&all->path);
        x_free(&all);
        return;
    }
    for (int i = 0; i < all->n; i++)
        uv_close(&all->at[i].io.handle, on_closed);
}
