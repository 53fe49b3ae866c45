/* The settings of kehud: the table, the usual places, and the checks that
 * look at more than one value. */
#include "server/settings.h"

#include "common/i18n.h"
#include "common/mem.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define SYSTEM_FILE "/etc/kehu/kehud.yaml"

const struct setting server_settings[] = {
#define SETTING(k, kind, member, text, least, most, list, again, h)            \
    {.key = k,                                                                 \
     .type = SETTING_##kind,                                                   \
     .offset = offsetof(struct settings, member),                              \
     .value = text,                                                            \
     .min = least,                                                             \
     .max = most,                                                              \
     .choices = list,                                                          \
     .reload = again,                                                          \
     .help = h},
#include "server/settings.def"
#undef SETTING
};
const size_t server_setting_count =
    sizeof(server_settings) / sizeof(*server_settings);

/* Where things lie that nobody gave a place: for root those of a system
 * service, else those of the user (XDG). Both take the caller's memory. */
static char *usual_socket(void)
{
    const char *run = getenv("XDG_RUNTIME_DIR");
    if (geteuid() == 0)
        return x_strdup("/run/kehu/kehud.sock");
    if (run != NULL && run[0] == '/')
        return x_asprintf("%s/kehu/kehud.sock", run);
    return x_asprintf("/tmp/kehu-%u/kehud.sock", (unsigned)geteuid());
}

static char *usual_data(void)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (geteuid() == 0)
        return x_strdup("/var/lib/kehu");
    if (data != NULL && data[0] == '/')
        return x_asprintf("%s/kehu", data);
    return x_asprintf("%s/.local/share/kehu", home != NULL ? home : "/tmp");
}

static void fill_in(char **value, char *usual)
{
    if ((*value)[0] != '\0') {
        x_free(&usual);
        return;
    }
    x_free(value);
    *value = usual;
}

/* Data folders are handed to other programs that run elsewhere. */
static void make_absolute(char **path)
{
    char *here = (*path)[0] == '/' ? NULL : getcwd(NULL, 0);
    if (here == NULL)
        return;
    char *whole = x_asprintf("%s/%s", here, *path);
    free(here);
    x_free(path);
    *path = whole;
}

static bool is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool server_settings_tcp(const char *text, char host[64], int *port)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : 0;
    bool bracket = len > 2 && text[0] == '[' && text[len - 1] == ']';
    char *end;
    if (colon == NULL || len >= 64)
        return false;
    snprintf(host, 64, "%.*s", (int)(bracket ? len - 2 : len),
             bracket ? text + 1 : text);
    long n = strtol(colon + 1, &end, 10);
    if (colon[1] == '\0' || *end != '\0' || n < 0 || n > 65535)
        return false;
    *port = (int)n;
    return is_loopback(host);
}

const char *server_settings_peer(const struct settings *s, const char *name)
{
    for (const struct setting_pair *p = s->peers; p != NULL; p = p->next)
        if (strcmp(p->key, name) == 0)
            return p->value;
    return NULL;
}

bool server_settings_finish(struct settings *s, struct err *e)
{
    char host[64];
    int port;
    const size_t room = sizeof(((struct sockaddr_un *)0)->sun_path);
    fill_in(&s->listen_unix, usual_socket());
    fill_in(&s->database_embedded, usual_data());
    make_absolute(&s->listen_unix);
    make_absolute(&s->database_embedded);
    if (strlen(s->listen_unix) >= room)
        return err_set(e, ERR_invalid,
                       _("listen.unix: the path may be %zu bytes long, %s "
                         "has %zu."),
                       room - 1, s->listen_unix, strlen(s->listen_unix));
    if (s->listen_tcp[0] != '\0' &&
        !server_settings_tcp(s->listen_tcp, host, &port))
        return err_set(e, ERR_invalid,
                       _("listen.tcp: expected a loopback address and a "
                         "port, such as 127.0.0.1:7117, found \"%s\". Plain "
                         "TCP is not offered to other machines."),
                       s->listen_tcp);
    return true;
}

bool server_settings_read(struct settings *s, const char *file, struct err *e)
{
    memset(s, 0, sizeof(*s));
    settings_defaults(server_settings, server_setting_count, s);
    if (file == NULL && access(SYSTEM_FILE, R_OK) == 0)
        file = SYSTEM_FILE;
    if (file != NULL &&
        !settings_load(server_settings, server_setting_count, file, s, e))
        return false;
    return server_settings_finish(s, e);
}

void server_settings_free(struct settings *s)
{
    settings_free(server_settings, server_setting_count, s);
}
