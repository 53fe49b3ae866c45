/* A desk: a daemon with demo data and the client in a terminal before it,
 * signed in as the operating system's user. */
#ifndef TESTS_SUPPORT_DESK_H
#define TESTS_SUPPORT_DESK_H

#include "tests/support/daemon.h"
#include "tests/support/vt.h"

/* A daemon where the operating system's user is `user` of the demo
 * organisation, without a password. */
struct daemon *desk_daemon(int customers, const char *user);
/* Another daemon on the same database, where that user is this one. */
struct daemon *desk_join(const struct daemon *first, const char *user);
/* The client on it; what `o` leaves open takes the usual. KEHU_SERVER is set
 * beside o->env. It has only just started when this returns. Everybody's
 * preferences and saved filters are forgotten before, so that it begins at the
 * beginning; `again`: they are kept. */
struct vt *desk_client(const struct daemon *d, const struct vt_options *o);
struct vt *desk_client_again(const struct daemon *d,
                             const struct vt_options *o);
/* The same, with the list's first page on the screen and the exact count. */
struct vt *desk_list(const struct daemon *d, const struct vt_options *o,
                     int customers);

#endif
