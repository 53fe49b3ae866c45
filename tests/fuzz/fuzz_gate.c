/* Any line at the gate: one answer, valid JSON, with what is in the table of
 * methods; nothing left behind. The daemon is stopping, so that what passes
 * the shape of its parameters is refused and no handler runs. */
#include "common/json.h"
#include "common/log.h"
#include "server/net/conn.h"
#include "server/rpc/gate.h"
#include "server/server.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct server server;
static struct conn conn;

static void set_up(void)
{
    log_set_level(LOG_error);
    uv_loop_init(&server.loop);
    settings_defaults(server_settings, server_setting_count, &server.settings);
    server.stopping = true;
    uv_pipe_init(&server.loop, &conn.io.pipe, 0);
    conn.server = &server;
    conn.reading = true; /* there is no socket to read from */
    line_init(&conn.in, 65536);
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Exactly one line, and an error of a known kind in it. */
static void check_answer(const struct buf *out)
{
    struct json_limits limits = {1 << 24, 64, 0};
    struct err e = {0};
    cJSON *json = NULL;
    check(out->len > 0 && out->data[out->len - 1] == '\n');
    check(memchr(out->data, '\n', out->len - 1) == NULL);
    check(json_parse(out->data, out->len - 1, &limits, &json, &e));
    const cJSON *error = json_get(json, "error");
    const char *kind = json_str(json_get(error, "data"), "kind", "");
    check(err_kind_of(kind) != ERR_NONE);
    check(json_str(error, "message", NULL) != NULL);
    cJSON_Delete(json);
    err_clear(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (conn.server == NULL)
        set_up();
    char *line = malloc(size + 1);
    check(line != NULL);
    memcpy(line, data, size);
    line[size] = '\0';
    gate_line(&conn, line, size);
    /* Only a cancel goes unanswered. */
    if (conn.out.len > 0)
        check_answer(&conn.out);
    else
        check(strstr(line, "cancel") != NULL ||
              memchr(line, '\\', size) != NULL);
    check(conn.requests == NULL && conn.in_flight == 0 && server.running == 0);
    buf_clear(&conn.out);
    conn.malformed = 0;
    conn.dirty = false;
    server.conns.dirty = NULL;
    free(line);
    return 0;
}
