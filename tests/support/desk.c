/* The daemon and the client before it (see desk.h). */
#include "tests/support/desk.h"

#include "common/mem.h"
#include "tests/support/check.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENV_MAX 16

/* The setting under which the operating system's user is this one. */
static void say_peers(char out[160], const char *user)
{
    const struct passwd *me = getpwuid(geteuid());
    snprintf(out, 160, "session.peers={%s: %s}", me ? me->pw_name : "root",
             user);
}

struct daemon *desk_daemon(int customers, const char *user)
{
    char peers[160];
    say_peers(peers, user);
    const char *const set[] = {peers, NULL};
    return daemon_start(
        &(struct daemon_options){.customers = customers, .set = set});
}

struct daemon *desk_join(const struct daemon *first, const char *user)
{
    char peers[160];
    say_peers(peers, user);
    const char *const set[] = {peers, NULL};
    return daemon_join(first, &(struct daemon_options){.set = set});
}

struct vt *desk_client(const struct daemon *d, const struct vt_options *o)
{
    char *none =
        daemon_sql(d, "DELETE FROM preference; DELETE FROM saved_filter");
    x_free(&none);
    return desk_client_again(d, o);
}

struct vt *desk_client_again(const struct daemon *d, const struct vt_options *o)
{
    struct vt_options mine = o ? *o : (struct vt_options){0};
    const char *env[ENV_MAX + 2] = {0};
    char server[160];
    int n = 0;
    snprintf(server, sizeof server, "KEHU_SERVER=%s", d->server);
    env[n++] = server;
    for (const char *const *e = mine.env; e && *e && n < ENV_MAX; e++)
        env[n++] = *e;
    mine.env = env;
    return vt_start(&mine);
}

struct vt *desk_list(const struct daemon *d, const struct vt_options *o,
                     int customers)
{
    char count[32];
    struct vt *v = desk_client(d, o);
    snprintf(count, sizeof count, "1/%d", customers);
    vt_expect(v, count);
    vt_expect_gone(v, "·····");
    return v;
}
