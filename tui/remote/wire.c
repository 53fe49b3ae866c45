/* URLs, request lines and replies: what both ways of speaking to the daemon
 * share. */
#include "tui/remote/wire.h"

#include "common/json.h"
#include "common/mem.h"
#include "common/utf8.h"
#include "common/zone.h"
#include "schema/field.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/un.h>
#include <unistd.h>

#define SYSTEM_SOCKET "/run/kehu/kehud.sock"

static bool parse_unix(const char *path, struct wire_url *out, struct err *e)
{
    struct sockaddr_un *sun = (struct sockaddr_un *)&out->address;
    size_t len = strlen(path);
    if (path[0] != '/')
        return err_set(e, ERR_invalid_params,
                       _("The path of a socket starts with '/': %s"), path);
    if (len >= sizeof(sun->sun_path))
        return err_set(e, ERR_invalid_params,
                       _("The path of the socket is longer than %zu bytes; "
                         "choose a shorter one."),
                       sizeof(sun->sun_path) - 1);
    sun->sun_family = AF_UNIX;
    memcpy(sun->sun_path, path, len + 1);
    memcpy(out->path, path, len + 1);
    out->kind = WIRE_unix;
    out->length = sizeof(*sun);
    return true;
}

static bool parse_port(const char *text, in_port_t *out)
{
    char *end = NULL;
    unsigned long port = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || port < 1 || port > 65535)
        return false;
    *out = htons((uint16_t)port);
    return true;
}

static bool is_loopback4(struct in_addr address)
{
    return ntohl(address.s_addr) >> 24 == 127;
}

static bool parse_tcp(const char *rest, struct wire_url *out, struct err *e)
{
    char host[64];
    in_port_t port = 0;
    const char *colon = strrchr(rest, ':');
    if (!colon || (size_t)(colon - rest) >= sizeof(host) ||
        !parse_port(colon + 1, &port))
        return err_set(e, ERR_invalid_params,
                       _("Write the server as tcp://127.0.0.1:PORT, not %s"),
                       rest);
    memcpy(host, rest, (size_t)(colon - rest));
    host[colon - rest] = '\0';
    if (strcmp(host, "localhost") == 0)
        strcpy(host, "127.0.0.1");

    struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_port = port};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};
    out->kind = WIRE_tcp;
    if (inet_pton(AF_INET, host, &in4.sin_addr) == 1 &&
        is_loopback4(in4.sin_addr)) {
        memcpy(&out->address, &in4, sizeof(in4));
        out->length = sizeof(in4);
        return true;
    }
    if (strcmp(host, "[::1]") == 0) {
        in6.sin6_addr = in6addr_loopback;
        memcpy(&out->address, &in6, sizeof(in6));
        out->length = sizeof(in6);
        return true;
    }
    return err_set(e, ERR_invalid_params,
                   _("Connections without encryption stay on this machine; "
                     "%s is not one of its loopback addresses."),
                   host);
}

bool wire_parse(const char *server, struct wire_url *out, struct err *e)
{
    static const struct {
        const char *scheme;
        bool (*parse)(const char *, struct wire_url *, struct err *);
    } schemes[] = {{"unix:", parse_unix}, {"tcp://", parse_tcp}};

    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t len = strlen(schemes[i].scheme);
        if (strncmp(server, schemes[i].scheme, len) == 0)
            return schemes[i].parse(server + len, out, e);
    }
    return err_set(e, ERR_invalid_params,
                   _("A server is unix:/path or tcp://127.0.0.1:PORT, not %s"),
                   server);
}

const char *wire_default_server(struct arena *a)
{
    const char *env = getenv("KEHU_SERVER");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (env && *env)
        return env;
    if (runtime && *runtime == '/') {
        char *path = arena_printf(a, "%s/kehu/kehud.sock", runtime);
        if (access(path, F_OK) == 0)
            return arena_printf(a, "unix:%s", path);
    }
    return "unix:" SYSTEM_SOCKET;
}

void wire_request(struct buf *out, uint64_t id, const char *method,
                  const cJSON *params)
{
    buf_str(out, "{\"jsonrpc\":\"2.0\",");
    if (id)
        buf_printf(out, "\"id\":%llu,", (unsigned long long)id);
    json_write_key(out, "method");
    json_write_str(out, method);
    buf_char(out, ',');
    json_write_key(out, "params");
    if (params)
        json_write_item(out, params);
    else
        buf_str(out, "{}");
    buf_str(out, "}\n");
}

cJSON *wire_hello(enum lang lang)
{
    cJSON *params = cJSON_CreateObject();
    cJSON_AddStringToObject(params, "client", "kehu " KEHU_VERSION);
    cJSON_AddNumberToObject(params, "compatible", WIRE_COMPATIBLE);
    cJSON_AddStringToObject(params, "schema", schema_hash());
    cJSON_AddStringToObject(params, "lang", i18n_code(lang));
    return params;
}

cJSON *wire_zone(cJSON *params)
{
    char zone[ZONE_LEN];
    cJSON *out = params ? params : cJSON_CreateObject();
    if (*zone_own_name(zone))
        cJSON_AddStringToObject(out, "timezone", zone);
    return out;
}

bool wire_fits(const cJSON *hello, struct err *e)
{
    int64_t theirs = json_int(hello, "compatible", WIRE_COMPATIBLE);
    if (theirs == WIRE_COMPATIBLE)
        return true;
    if (theirs > WIRE_COMPATIBLE)
        return err_set(e, ERR_unavailable,
                       _("The service is newer than this program (%s). "
                         "Update kehu on this machine."),
                       KEHU_VERSION);
    return err_set(e, ERR_unavailable,
                   _("The service is older than this program (%s). "
                     "Ask the administrator to update kehud."),
                   KEHU_VERSION);
}

/* The message comes from outside: it is cleaned before it may reach a
 * terminal. */
static void set_message(struct err *e, enum err_kind kind, const char *text)
{
    struct arena *a = arena_new();
    if (text && *text)
        err_set(e, kind, "%s", utf8_safe(a, text, strlen(text)));
    else
        err_set(e, kind, NULL);
    arena_free(&a);
}

static void read_error(const cJSON *error, struct err *e)
{
    const cJSON *data = json_get(error, "data");
    enum err_kind kind = err_kind_of(json_str(data, "kind", "internal"));
    set_message(e, kind == ERR_NONE ? ERR_internal : kind,
                json_str(error, "message", NULL));
    const cJSON *item;
    cJSON_ArrayForEach(item, data)
    {
        if (item->string && strcmp(item->string, "kind") != 0)
            err_data(e, item->string, cJSON_Duplicate(item, true));
    }
}

const cJSON *wire_result(const cJSON *reply, struct err *e)
{
    const cJSON *error = json_get(reply, "error");
    const cJSON *result = json_get(reply, "result");
    if (error) {
        read_error(error, e);
        return NULL;
    }
    if (!result)
        err_set(e, ERR_internal,
                _("The service sent an answer that can not be understood."));
    return result;
}

const char *wire_failure(int failed)
{
    static const struct {
        int failed;
        const char *words;
    } rows[] = {
        {ENOENT, N_("its socket is not there")},
        {ECONNREFUSED, N_("nobody is listening there")},
        {EACCES, N_("you may not use its socket")},
        {ECONNRESET, N_("it closed the connection")},
        {EPIPE, N_("it closed the connection")},
        {ETIMEDOUT, N_("it does not answer")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].failed == failed)
            return _(rows[i].words);
    return strerror(failed);
}

bool wire_changes(const char *method)
{
    static const char *const verbs[] = {"create",     "update",  "delete",
                                        "restore",    "bulk",    "bulk_undo",
                                        "transition", "approve", "propose"};
    const char *verb = strrchr(method, '.');
    for (size_t i = 0; verb && i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verb + 1, verbs[i]) == 0)
            return true;
    return false;
}

void wire_key(char out[WIRE_KEY_LEN])
{
    unsigned char random[(WIRE_KEY_LEN - 1) / 2];
    /* Sixteen bytes never come short once the pool is ready. */
    while (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        ;
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(out + 2 * i, 3, "%02x", random[i]);
}
