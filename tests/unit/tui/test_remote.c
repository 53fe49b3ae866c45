/* The client's line to the daemon, against a make-believe daemon on the same
 * loop: sign-in, answers, lost connections, cancelling. */
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tui/remote/calls.h"
#include "tui/remote/follow.h"
#include "tui/remote/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/line.h"

/* --- the make-believe daemon --- */

#define SEEN_MAX 64
#define SIGNED_IN                                                              \
    "\"result\":{\"token\":\"T1\",\"user\":{\"id\":5,\"name\":\"zhang\","      \
    "\"display\":\"张伟\",\"role\":\"sales_manager\",\"unit\":\"华南\","   \
    "\"admin\":false}}"
#define REFUSED                                                                \
    "\"error\":{\"code\":-32001,\"message\":\"no\",\"data\":{\"kind\":"        \
    "\"unauthenticated\"}}"
#define RIGHTS                                                                 \
    "\"result\":{\"rights\":{\"scopes\":{\"customer.view\":\"team\"},"         \
    "\"classes\":{\"sensitive\":\"masked\"}},\"options\":{\"grade\":[{"        \
    "\"code\":\"Z\",\"zh\":\"旧\",\"en\":\"Old\",\"disabled\":true},{"        \
    "\"code\":\"A\",\"zh\":\"甲\",\"en\":\"Best\"}]}}"

/* What to answer to a method: the first row that fits; NULL: nothing yet. */
struct reply_row {
    const char *method, *reply;
};

static const struct reply_row usual[] = {
    {"meta.hello", "\"result\":{\"compatible\":1}"},
    {"meta.ping", "\"result\":{}"},
    {"meta.describe", RIGHTS},
    {"session.peer", SIGNED_IN},
    {"session.resume", SIGNED_IN},
    {"session.login", SIGNED_IN},
    {"session.logout", "\"result\":{}"},
    {NULL, NULL},
};

struct fake {
    uv_loop_t loop;
    char *dir, *socket, *server, *token;
    uv_pipe_t listener;
    uv_pipe_t *client; /* the last that came */
    struct line_reader in;
    const struct reply_row *rows; /* before the usual ones, or NULL */
    int connections;
    char *seen[SEEN_MAX]; /* requests as they came */
    int nseen;
    struct remote *remote;
    /* what the remote told */
    enum remote_state state;
    int answers;
    char result[128];
    struct err err;
    int64_t done;
};

static char chunk[65536];

static void on_alloc(uv_handle_t *h, size_t size, uv_buf_t *out)
{
    (void)h, (void)size;
    *out = uv_buf_init(chunk, sizeof(chunk));
}

static void on_written(uv_write_t *w, int status)
{
    (void)status;
    x_free(&w->data);
    x_free(&w);
}

static void fake_send(struct fake *f, const char *text)
{
    uv_write_t *w = x_calloc(1, sizeof(*w));
    char *copy = x_strdup(text);
    uv_buf_t b = uv_buf_init(copy, (unsigned)strlen(copy));
    w->data = copy;
    assert_int_equal(uv_write(w, (uv_stream_t *)f->client, &b, 1, on_written),
                     0);
}

static const char *reply_to(const struct fake *f, const char *method)
{
    for (const struct reply_row *r = f->rows; r && r->method; r++)
        if (strcmp(r->method, method) == 0)
            return r->reply;
    for (const struct reply_row *r = usual; r->method; r++)
        if (strcmp(r->method, method) == 0)
            return r->reply;
    return NULL;
}

static void fake_answer(struct fake *f, int64_t id, const char *what)
{
    char *line = x_asprintf("{\"jsonrpc\":\"2.0\",\"id\":%lld,%s}\n",
                            (long long)id, what);
    fake_send(f, line);
    x_free(&line);
}

static void fake_line(struct fake *f, const char *text, size_t len)
{
    cJSON *line = NULL;
    struct err err = {0};
    assert_true(json_parse(text, len, NULL, &line, &err));
    assert_true(f->nseen < SEEN_MAX);
    f->seen[f->nseen++] = x_strdup(text);
    const char *reply = reply_to(f, json_str(line, "method", ""));
    if (reply)
        fake_answer(f, json_int(line, "id", 0), reply);
    cJSON_Delete(line);
}

static void close_client(uv_handle_t *h)
{
    uv_pipe_t *pipe = (uv_pipe_t *)h;
    x_free(&pipe);
}

static void fake_drop(struct fake *f)
{
    if (!f->client)
        return;
    uv_close((uv_handle_t *)f->client, close_client);
    f->client = NULL;
    line_free(&f->in);
    line_init(&f->in, 1 << 20);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
    struct fake *f = s->data;
    const char *text;
    size_t len;
    if (n <= 0) {
        if (n < 0 && (uv_stream_t *)f->client == s)
            fake_drop(f);
        return;
    }
    line_feed(&f->in, b->base, (size_t)n);
    while (line_next(&f->in, &text, &len) == LINE_READY)
        fake_line(f, text, len);
}

static void on_connection(uv_stream_t *s, int status)
{
    struct fake *f = s->data;
    assert_int_equal(status, 0);
    fake_drop(f);
    f->client = x_calloc(1, sizeof(*f->client));
    f->connections++;
    uv_pipe_init(&f->loop, f->client, 0);
    f->client->data = f;
    assert_int_equal(uv_accept(s, (uv_stream_t *)f->client), 0);
    uv_read_start((uv_stream_t *)f->client, on_alloc, on_read);
}

static void fake_listen(struct fake *f)
{
    uv_pipe_init(&f->loop, &f->listener, 0);
    f->listener.data = f;
    assert_int_equal(uv_pipe_bind(&f->listener, f->socket), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&f->listener, 8, on_connection),
                     0);
}

static void fake_open(struct fake *f, const struct reply_row *rows)
{
    memset(f, 0, sizeof(*f));
    f->rows = rows;
    f->dir = check_temp_dir("remote");
    f->socket = x_asprintf("%s/s", f->dir);
    f->server = x_asprintf("unix:%s", f->socket);
    f->token = x_asprintf("%s/token", f->dir);
    uv_loop_init(&f->loop);
    line_init(&f->in, 1 << 20);
    fake_listen(f);
}

static void fake_close(struct fake *f)
{
    remote_free(&f->remote);
    fake_drop(f);
    uv_close((uv_handle_t *)&f->listener, NULL);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    line_free(&f->in);
    for (int i = 0; i < f->nseen; i++)
        x_free(&f->seen[i]);
    err_clear(&f->err);
    check_remove_tree(f->dir);
    x_free(&f->dir);
    x_free(&f->socket);
    x_free(&f->server);
    x_free(&f->token);
}

/* --- the client's side --- */

static void on_state(void *ctx, enum remote_state s)
{
    struct fake *f = ctx;
    f->state = s;
}

static void on_reply(void *ctx, const cJSON *result, const struct err *err)
{
    struct fake *f = ctx;
    f->answers++;
    err_clear(&f->err);
    if (err)
        err_set(&f->err, err->kind, "%s", err->message);
    snprintf(f->result, sizeof(f->result), "%s", json_str(result, "text", ""));
}

static void on_progress(void *ctx, int64_t done, int64_t total)
{
    struct fake *f = ctx;
    assert_int_equal(total, 100);
    f->done = done;
}

static void connect_remote(struct fake *f)
{
    struct remote_options o = {
        .server = f->server, .token_file = f->token, .lang = LANG_en};
    i18n_use(LANG_en);
    f->remote = remote_new(&f->loop, &o, on_state, f);
}

static void on_guard(uv_timer_t *t)
{
    *(bool *)t->data = true;
}

/* Runs the loop until it holds; the guard only ends a broken test. */
static void run_until(struct fake *f, bool (*holds)(const struct fake *))
{
    bool over = false;
    uv_timer_t guard;
    uv_timer_init(&f->loop, &guard);
    guard.data = &over;
    uv_timer_start(&guard, on_guard, 20000, 0);
    while (!holds(f) && !over)
        uv_run(&f->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&guard, NULL);
    uv_run(&f->loop, UV_RUN_NOWAIT);
    assert_false(over);
}

static bool is_ready(const struct fake *f)
{
    return f->state == REMOTE_ready && remote_has_rights(f->remote);
}

static bool is_signed_out(const struct fake *f)
{
    return f->state == REMOTE_signed_out;
}

static bool is_waiting(const struct fake *f)
{
    return f->state == REMOTE_waiting;
}

static bool is_refused(const struct fake *f)
{
    return f->state == REMOTE_refused;
}

static bool has_answer(const struct fake *f)
{
    return f->answers > 0;
}

static bool has_progress(const struct fake *f)
{
    return f->done > 0;
}

static int count_seen(const struct fake *f, const char *part)
{
    int n = 0;
    for (int i = 0; i < f->nseen; i++)
        n += strstr(f->seen[i], part) != NULL;
    return n;
}

static bool has_two_lists(const struct fake *f)
{
    return count_seen(f, "customer.list") == 2;
}

static bool has_update(const struct fake *f)
{
    return count_seen(f, "customer.update") == 1;
}

static bool has_two_updates(const struct fake *f)
{
    return count_seen(f, "customer.update") == 2;
}

static bool has_cancel(const struct fake *f)
{
    return count_seen(f, "\"cancel\"") == 1;
}

static int64_t id_of(const struct fake *f, const char *part, int which)
{
    for (int i = 0; i < f->nseen; i++) {
        if (!strstr(f->seen[i], part) || which-- > 0)
            continue;
        cJSON *line = cJSON_Parse(f->seen[i]);
        int64_t id = json_int(line, "id", 0);
        cJSON_Delete(line);
        return id;
    }
    fail_msg("no request with %s", part);
    return 0;
}

/* --- the tests --- */

/* proves: ACC-01 */
static void signs_in_as_the_user_of_the_system(void **state)
{
    struct fake f;
    char token[TOKEN_MAX];
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    assert_int_equal(remote_state(f.remote), REMOTE_connecting);
    run_until(&f, is_ready);
    assert_int_equal(remote_user_id(f.remote), 5);
    assert_string_equal(remote_user_name(f.remote), "张伟");
    assert_non_null(strstr(remote_user_title(f.remote), "华南"));
    assert_true(token_load(f.token, token));
    assert_string_equal(token, "T1");
    /* Hello, sign-in and tables went out without waiting for an answer. */
    assert_non_null(strstr(f.seen[0], "meta.hello"));
    assert_non_null(strstr(f.seen[1], "session.peer"));
    assert_non_null(strstr(f.seen[2], "meta.describe"));
    fake_close(&f);
}

static void takes_up_the_kept_session(void **state)
{
    struct fake f;
    struct err err = {0};
    (void)state;
    fake_open(&f, NULL);
    assert_true(token_save(f.token, "kept", &err));
    connect_remote(&f);
    run_until(&f, is_ready);
    assert_int_equal(count_seen(&f, "\"token\":\"kept\""), 1);
    assert_int_equal(count_seen(&f, "session.peer"), 0);
    fake_close(&f);
}

static void a_session_that_is_over_is_forgotten(void **state)
{
    static const struct reply_row rows[] = {
        {"session.resume", REFUSED}, {"session.peer", REFUSED}, {NULL, NULL}};
    struct fake f;
    struct err err = {0};
    (void)state;
    fake_open(&f, rows);
    assert_true(token_save(f.token, "old", &err));
    connect_remote(&f);
    run_until(&f, is_signed_out);
    assert_int_not_equal(access(f.token, F_OK), 0);
    assert_int_equal(count_seen(&f, "session.peer"), 1);
    /* A password brings us in. */
    remote_login(f.remote, "zhang", "secret", on_reply, &f);
    run_until(&f, is_ready);
    assert_int_equal(f.answers, 1);
    assert_int_equal(f.err.kind, ERR_NONE);
    fake_close(&f);
}

static void a_wrong_password_is_told(void **state)
{
    static const struct reply_row rows[] = {
        {"session.peer", REFUSED}, {"session.login", REFUSED}, {NULL, NULL}};
    struct fake f;
    (void)state;
    fake_open(&f, rows);
    connect_remote(&f);
    run_until(&f, is_signed_out);
    remote_login(f.remote, "zhang", "wrong", on_reply, &f);
    run_until(&f, has_answer);
    assert_int_equal(f.err.kind, ERR_unauthenticated);
    assert_int_equal(remote_state(f.remote), REMOTE_signed_out);
    fake_close(&f);
}

static void knows_rights_and_options(void **state)
{
    struct fake f;
    int n;
    const struct field *phone = &entity_contact.fields[CONTACT_phone];
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    assert_false(remote_has_rights(f.remote));
    run_until(&f, is_ready);
    assert_true(remote_may(f.remote, "customer.view"));
    assert_false(remote_may(f.remote, "customer.edit"));
    assert_true(remote_may(f.remote, "*"));
    assert_false(remote_may(f.remote, NULL));
    assert_int_equal(remote_level(f.remote, phone), 1);
    const struct remote_option *o = remote_options(f.remote, "grade", &n);
    assert_int_equal(n, 1);
    assert_string_equal(o[0].label, "Best");
    i18n_use(LANG_zh);
    assert_string_equal(remote_options(f.remote, "grade", &n)[0].label, "甲");
    i18n_use(LANG_en);
    struct names names = remote_names(f.remote);
    assert_null(names.ref(names.ctx, "user", 9));
    remote_learn(f.remote, "user", 9, "王芳");
    remote_learn(f.remote, "org_unit", 9, "华南");
    assert_string_equal(names.ref(names.ctx, "user", 9), "王芳");
    assert_string_equal(names.option(names.ctx, "grade", "A"), "Best");
    /* No longer on offer, still readable where it stands. */
    assert_string_equal(names.option(names.ctx, "grade", "Z"), "Old");
    assert_string_equal(names.code(names.ctx, "grade", "甲"), "A");
    assert_null(names.code(names.ctx, "grade", "乙"));
    fake_close(&f);
}

static void calls_get_their_answers(void **state)
{
    static const struct reply_row rows[] = {
        {"customer.list", "\"result\":{\"text\":\"rows\"}"}, {NULL, NULL}};
    struct fake f;
    (void)state;
    fake_open(&f, rows);
    connect_remote(&f);
    /* Made before there is a connection: sent as soon as there is one. */
    remote_call(f.remote, "customer.list", NULL, on_reply, &f);
    run_until(&f, has_answer);
    assert_string_equal(f.result, "rows");
    assert_true(remote_rtt_ms(f.remote) >= -1);
    fake_close(&f);
}

static void reads_are_sent_again_after_a_lost_connection(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    run_until(&f, is_ready);
    remote_call(f.remote, "customer.list", NULL, on_reply, &f);
    fake_drop(&f);
    run_until(&f, is_waiting);
    assert_true(remote_retry_in_ms(f.remote) >= 0);
    assert_string_not_equal(remote_reason(f.remote), "");
    run_until(&f, is_ready);
    assert_int_equal(f.connections, 2);
    assert_int_equal(f.answers, 0);
    fake_answer(&f, id_of(&f, "customer.list", 0),
                "\"result\":{\"text\":\"late\"}");
    run_until(&f, has_answer);
    assert_string_equal(f.result, "late");
    fake_close(&f);
}

static void changes_are_sent_again_with_the_same_key(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    run_until(&f, is_ready);
    remote_call(f.remote, "customer.update", NULL, on_reply, &f);
    run_until(&f, has_update);
    fake_drop(&f);
    run_until(&f, has_two_updates);
    const char *first = NULL, *second = NULL;
    for (int i = 0; i < f.nseen; i++) {
        const char *key = strstr(f.seen[i], "\"key\":\"");
        first = first ? first : key;
        second = key ? key : second;
    }
    assert_non_null(first);
    assert_ptr_not_equal(first, second);
    assert_int_equal(strncmp(first, second, 7 + 32), 0);
    fake_close(&f);
}

static void a_session_lost_on_the_way_is_taken_up_again(void **state)
{
    static const struct reply_row refusing[] = {{"customer.list", REFUSED},
                                                {NULL, NULL}};
    struct fake f;
    (void)state;
    fake_open(&f, refusing);
    connect_remote(&f);
    run_until(&f, is_ready);
    remote_call(f.remote, "customer.list", NULL, on_reply, &f);
    run_until(&f, has_two_lists);
    assert_int_equal(count_seen(&f, "session.peer"), 2);
    /* Refused again with a fresh session: that is the answer. */
    run_until(&f, has_answer);
    assert_int_equal(f.err.kind, ERR_unauthenticated);
    fake_close(&f);
}

static void cancelling_tells_the_daemon(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    run_until(&f, is_ready);
    uint64_t call = remote_call(f.remote, "customer.count", NULL, on_reply, &f);
    remote_cancel(f.remote, call);
    remote_cancel(f.remote, call); /* once more is harmless */
    remote_cancel(f.remote, 0);
    run_until(&f, has_cancel);
    fake_answer(&f, (int64_t)call, "\"result\":{\"text\":\"too late\"}");
    remote_call(f.remote, "meta.ping", NULL, on_reply, &f);
    run_until(&f, has_answer);
    assert_string_equal(f.result, "");
    fake_close(&f);
}

static void progress_reaches_its_call(void **state)
{
    struct fake f;
    char *line;
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    run_until(&f, is_ready);
    uint64_t call = remote_call(f.remote, "customer.count", NULL, on_reply, &f);
    remote_progress(f.remote, call, on_progress);
    line = x_asprintf("{\"jsonrpc\":\"2.0\",\"method\":\"progress\","
                      "\"params\":{\"id\":%lld,\"done\":40,\"total\":100}}\n",
                      (long long)call);
    fake_send(&f, line);
    x_free(&line);
    run_until(&f, has_progress);
    assert_int_equal(f.done, 40);
    fake_close(&f);
}

static void garbage_ends_the_connection_not_the_client(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    run_until(&f, is_ready);
    fake_send(&f, "this is no JSON\n");
    run_until(&f, is_waiting);
    run_until(&f, is_ready);
    assert_int_equal(f.connections, 2);
    fake_close(&f);
}

static void a_daemon_of_another_age_is_refused(void **state)
{
    static const struct reply_row rows[] = {
        {"meta.hello", "\"result\":{\"compatible\":2}"}, {NULL, NULL}};
    struct fake f;
    (void)state;
    fake_open(&f, rows);
    connect_remote(&f);
    run_until(&f, is_refused);
    assert_string_not_equal(remote_reason(f.remote), "");
    assert_int_equal(remote_retry_in_ms(f.remote), -1);
    fake_close(&f);
}

static void a_daemon_in_trouble_is_tried_again(void **state)
{
    static const struct reply_row rows[] = {
        {"session.peer",
         "\"error\":{\"code\":-32000,\"message\":\"database away\","
         "\"data\":{\"kind\":\"unavailable\"}}"},
        {NULL, NULL}};
    struct fake f;
    (void)state;
    fake_open(&f, rows);
    connect_remote(&f);
    run_until(&f, is_waiting);
    assert_non_null(strstr(remote_reason(f.remote), "database away"));
    f.rows = NULL;
    run_until(&f, is_ready);
    fake_close(&f);
}

static void signing_out_forgets_the_token(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    connect_remote(&f);
    run_until(&f, is_ready);
    remote_logout(f.remote, on_reply, &f);
    assert_int_equal(remote_state(f.remote), REMOTE_signed_out);
    assert_int_not_equal(access(f.token, F_OK), 0);
    assert_int_equal(remote_user_id(f.remote), 0);
    run_until(&f, has_answer);
    assert_int_equal(count_seen(&f, "session.logout"), 1);
    fake_close(&f);
}

static void calls_have_their_time(void **state)
{
    struct calls calls = {0};
    (void)state;
    struct call *early = call_add(&calls, 1, "a.get", NULL, on_reply, NULL);
    struct call *late = call_add(&calls, 2, "a.get", NULL, on_reply, NULL);
    assert_int_equal(call_oldest(&calls), 0);
    assert_null(call_overdue(&calls, 1000000, 30000));
    early->sent_at = 5000;
    late->sent_at = 6000;
    assert_int_equal(call_oldest(&calls), 5000);
    assert_null(call_overdue(&calls, 34999, 30000));
    assert_ptr_equal(call_overdue(&calls, 35000, 30000), early);
    call_free(&calls, early);
    assert_null(call_find(&calls, 1));
    assert_ptr_equal(call_find(&calls, 2), late);
    call_free(&calls, late);
}

static void nobody_at_home_is_a_state_not_an_end(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    unlink(f.socket);
    connect_remote(&f);
    run_until(&f, is_waiting);
    assert_true(remote_retry_in_ms(f.remote) >= 0);
    fake_close(&f);
}

static void a_server_that_is_none_is_told(void **state)
{
    struct fake f;
    (void)state;
    fake_open(&f, NULL);
    struct remote_options o = {.server = "http://x", .lang = LANG_en};
    f.remote = remote_new(&f.loop, &o, on_state, &f);
    assert_int_equal(remote_state(f.remote), REMOTE_refused);
    assert_non_null(strstr(remote_reason(f.remote), "http://x"));
    fake_close(&f);
}

/* --- following --- */

static void on_changed(void *ctx, int64_t id, int64_t version, const char *kind)
{
    struct fake *f = ctx;
    assert_int_equal(id, 7);
    assert_int_equal(version, 3);
    assert_string_equal(kind, "updated");
    f->answers++;
}

static void on_others(void *ctx)
{
    struct fake *f = ctx;
    f->answers += 10;
}

static void on_begun(void *ctx)
{
    struct fake *f = ctx;
    f->done++;
}

static bool heard_all(const struct fake *f)
{
    return f->answers == 11;
}

static bool begun_again(const struct fake *f)
{
    return f->done == 2;
}

/* Two who follow records of one kind share a subscription; each hears of its
 * own; after a lost connection it is made again. */
static void what_is_followed_is_told(void **state)
{
    static const struct reply_row rows[] = {
        {"events.subscribe", "\"result\":{\"since\":\"1:1:\"}"}, {NULL, NULL}};
    static const struct follow_events on = {
        .changed = on_changed, .others = on_others, .begun = on_begun};
    static const struct follow_events quiet = {.changed = on_changed,
                                               .begun = on_begun};
    const int64_t mine[] = {9, 7};
    struct fake f;
    (void)state;
    fake_open(&f, rows);
    connect_remote(&f);
    run_until(&f, is_ready);
    struct follow *a = follow_new(f.remote, &entity_customer, &on, &f);
    struct follow *b = follow_new(f.remote, &entity_customer, &quiet, &f);
    follow_set(a, mine, 2, NULL);
    run_until(&f, has_progress);
    assert_int_equal(count_seen(&f, "\"ids\":[7,9],\"others\":true"), 1);
    fake_send(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
                  "\"entity\":\"customer\",\"id\":8,\"version\":3,"
                  "\"kind\":\"updated\"}}\n");
    fake_send(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
                  "\"entity\":\"contact\",\"id\":7,\"version\":3,"
                  "\"kind\":\"updated\"}}\n");
    fake_send(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
                  "\"entity\":\"customer\",\"id\":7,\"version\":3,"
                  "\"kind\":\"updated\"}}\n");
    fake_send(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{"
                  "\"entity\":\"customer\",\"kind\":\"others\"}}\n");
    run_until(&f, heard_all);
    fake_drop(&f);
    run_until(&f, begun_again);
    assert_int_equal(count_seen(&f, "events.subscribe"), 2);
    follow_free(&b);
    follow_free(&a);
    fake_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_in_as_the_user_of_the_system),
        cmocka_unit_test(takes_up_the_kept_session),
        cmocka_unit_test(a_session_that_is_over_is_forgotten),
        cmocka_unit_test(a_wrong_password_is_told),
        cmocka_unit_test(knows_rights_and_options),
        cmocka_unit_test(calls_get_their_answers),
        cmocka_unit_test(reads_are_sent_again_after_a_lost_connection),
        cmocka_unit_test(changes_are_sent_again_with_the_same_key),
        cmocka_unit_test(a_session_lost_on_the_way_is_taken_up_again),
        cmocka_unit_test(cancelling_tells_the_daemon),
        cmocka_unit_test(progress_reaches_its_call),
        cmocka_unit_test(garbage_ends_the_connection_not_the_client),
        cmocka_unit_test(a_daemon_of_another_age_is_refused),
        cmocka_unit_test(a_daemon_in_trouble_is_tried_again),
        cmocka_unit_test(signing_out_forgets_the_token),
        cmocka_unit_test(calls_have_their_time),
        cmocka_unit_test(nobody_at_home_is_a_state_not_an_end),
        cmocka_unit_test(a_server_that_is_none_is_told),
        cmocka_unit_test(what_is_followed_is_told),
    };
    i18n_init(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
