/* Who is at the other end of a connection. */
#include "server/net/conn.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static bool credentials(const struct conn *c, struct ucred *out)
{
    uv_os_fd_t fd;
    socklen_t size = sizeof(*out);
    return c->local && uv_fileno(&c->io.handle, &fd) == 0 &&
           getsockopt(fd, SOL_SOCKET, SO_PEERCRED, out, &size) == 0;
}

bool conn_peer(const struct conn *c, char *name, size_t size)
{
    struct ucred who;
    struct passwd row, *found = NULL;
    char room[4096];
    if (!credentials(c, &who) ||
        getpwuid_r(who.uid, &row, room, sizeof(room), &found) != 0 ||
        found == NULL)
        return false;
    snprintf(name, size, "%s", row.pw_name);
    return true;
}

void conn_place(const struct conn *c, char *out, size_t size)
{
    struct ucred who;
    struct sockaddr_storage a;
    int len = sizeof(a);
    if (credentials(c, &who)) {
        snprintf(out, size, "uid %u", (unsigned)who.uid);
        return;
    }
    snprintf(out, size, "unknown");
    if (!c->local &&
        uv_tcp_getpeername(&c->io.tcp, (struct sockaddr *)&a, &len) == 0)
        uv_ip_name((struct sockaddr *)&a, out, size);
}
