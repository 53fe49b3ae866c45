/* The settings of kehud: one struct, filled from the table settings.def. */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include "common/settings.h"

struct settings {
    char *listen_unix, *listen_tcp;
    char *database_url, *database_migrate_url;
    char *database_embedded, *database_programs;
    int64_t connections, line_bytes, depth, in_flight;
    int64_t unsent_bytes, unread_ms, idle_ms, malformed, request_ms;
    int64_t quick_connections, quick_ms;
    int64_t slow_connections, slow_ms, slow_per_user;
    int64_t workers, queue;
    int64_t session_ms, failures, hashes;
    struct setting_pair *peers;
    int log_level; /* enum log_level */
    int64_t stop_ms, trash_ms, sites_ms;
};

extern const struct setting server_settings[];
extern const size_t server_setting_count;

/* Defaults, then the file (NULL: /etc/kehu/kehud.yaml where there is one),
 * then what goes beyond single rows: the socket's path is short enough, TCP
 * is on loopback. Empty places are filled in. Free with server_settings_free,
 * also after a failure. */
bool server_settings_read(struct settings *s, const char *file,
                          struct err *e) must_check;
/* Checks and fills in after settings_set. */
bool server_settings_finish(struct settings *s, struct err *e) must_check;
void server_settings_free(struct settings *s);

/* "127.0.0.1:7117", "[::1]:7117" → the parts. False where it is no loopback
 * address with a port. `host` has room for 64 bytes. */
bool server_settings_tcp(const char *text, char host[64], int *port);
/* Who an operating system's user is here, NULL where nobody. */
const char *server_settings_peer(const struct settings *s, const char *name);

#endif
