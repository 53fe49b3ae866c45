/* What both ways of speaking to the daemon share: URLs, request lines,
 * replies, keys, the token on disk. */
#include "common/json.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tui/remote/token.h"
#include "tui/remote/uplink.h"
#include "tui/remote/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void servers_are_read(void **state)
{
    static const struct {
        const char *text;
        bool good;
        enum wire_kind kind;
    } rows[] = {
        {"unix:/run/kehu/kehud.sock", true, WIRE_unix},
        {"tcp://127.0.0.1:7000", true, WIRE_tcp},
        {"tcp://localhost:7000", true, WIRE_tcp},
        {"tcp://[::1]:7000", true, WIRE_tcp},
        {"unix:relative/path", false, WIRE_unix},
        {"unix:", false, WIRE_unix},
        {"tcp://127.0.0.1", false, WIRE_tcp},
        {"tcp://127.0.0.1:0", false, WIRE_tcp},
        {"tcp://127.0.0.1:65536", false, WIRE_tcp},
        {"tcp://127.0.0.1:70x", false, WIRE_tcp},
        {"tcp://127.0.0.1:-1", false, WIRE_tcp},
        /* Without encryption nothing leaves the machine. */
        {"tcp://10.0.0.1:7000", false, WIRE_tcp},
        {"tcp://example.com:7000", false, WIRE_tcp},
        {"http://127.0.0.1:7000", false, WIRE_tcp},
        {"", false, WIRE_tcp},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wire_url url;
        struct err err = {0};
        bool good = wire_parse(rows[i].text, &url, &err);
        if (good != rows[i].good)
            fail_msg("%s: %s", rows[i].text, err.message);
        if (good)
            assert_int_equal(url.kind, rows[i].kind);
        else
            assert_string_not_equal(err.message, "");
        err_clear(&err);
    }
}

static void a_path_longer_than_an_address_is_refused(void **state)
{
    char text[256] = "unix:/";
    struct wire_url url;
    struct err err = {0};
    (void)state;
    memset(text + 6, 'x', 107);
    assert_false(wire_parse(text, &url, &err));
    text[5 + 107] = '\0';
    assert_true(wire_parse(text, &url, &err));
    assert_int_equal(strlen(url.path), 107);
    err_clear(&err);
}

static void a_request_is_one_valid_line(void **state)
{
    struct buf b = BUF_INIT;
    struct err err = {0};
    cJSON *line = NULL;
    cJSON *params = cJSON_CreateObject();
    (void)state;
    cJSON_AddStringToObject(params, "search", "深圳\n\"x\"");
    wire_request(&b, 7, "customer.list", params);
    assert_ptr_equal(memchr(b.data, '\n', b.len), b.data + b.len - 1);
    assert_true(json_parse(b.data, b.len - 1, NULL, &line, &err));
    assert_int_equal(json_int(line, "id", 0), 7);
    assert_string_equal(json_str(line, "method", ""), "customer.list");
    assert_string_equal(json_str(json_get(line, "params"), "search", ""),
                        "深圳\n\"x\"");
    cJSON_Delete(line);
    cJSON_Delete(params);
    buf_clear(&b);
    wire_request(&b, 0, "cancel", NULL);
    assert_string_equal(
        buf_text(&b),
        "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{}}\n");
    buf_free(&b);
}

static cJSON *parse(const char *text)
{
    cJSON *out = NULL;
    struct err err = {0};
    assert_true(json_parse(text, strlen(text), NULL, &out, &err));
    return out;
}

static void errors_keep_kind_words_and_data(void **state)
{
    struct err err = {0};
    cJSON *reply = parse("{\"id\":1,\"error\":{\"code\":-32004,\"message\":"
                         "\"Changed \\u001b[31m\",\"data\":{\"kind\":"
                         "\"conflict\",\"current\":{\"version\":3}}}}");
    (void)state;
    assert_null(wire_result(reply, &err));
    assert_int_equal(err.kind, ERR_conflict);
    assert_null(strchr(err.message, '\x1b'));
    assert_int_equal(json_int(json_get(err.data, "current"), "version", 0), 3);
    assert_null(json_get(err.data, "kind"));
    err_clear(&err);
    cJSON_Delete(reply);

    reply =
        parse("{\"id\":1,\"error\":{\"code\":1,\"data\":{\"kind\":\"?\"}}}");
    assert_null(wire_result(reply, &err));
    assert_int_equal(err.kind, ERR_internal);
    assert_string_not_equal(err.message, "");
    err_clear(&err);
    cJSON_Delete(reply);

    reply = parse("{\"id\":1}");
    assert_null(wire_result(reply, &err));
    assert_int_equal(err.kind, ERR_internal);
    err_clear(&err);
    cJSON_Delete(reply);
}

static void changing_methods_are_known(void **state)
{
    (void)state;
    assert_true(wire_changes("customer.create"));
    assert_true(wire_changes("contact.update"));
    assert_true(wire_changes("customer.delete"));
    assert_true(wire_changes("customer.restore"));
    assert_false(wire_changes("customer.list"));
    assert_false(wire_changes("customer.count"));
    assert_false(wire_changes("session.peer"));
    assert_false(wire_changes("update"));
}

static void keys_are_never_the_same(void **state)
{
    char a[WIRE_KEY_LEN], b[WIRE_KEY_LEN];
    (void)state;
    wire_key(a);
    wire_key(b);
    assert_int_equal(strlen(a), WIRE_KEY_LEN - 1);
    assert_int_equal(strspn(a, "0123456789abcdef"), WIRE_KEY_LEN - 1);
    assert_string_not_equal(a, b);
}

static void other_versions_are_told_apart(void **state)
{
    struct err err = {0};
    cJSON *same = parse("{\"compatible\":1}");
    cJSON *newer = parse("{\"compatible\":2}");
    cJSON *older = parse("{\"compatible\":0}");
    (void)state;
    assert_true(wire_fits(same, &err));
    assert_false(wire_fits(newer, &err));
    assert_false(wire_fits(older, &err));
    assert_string_not_equal(err.message, "");
    err_clear(&err);
    cJSON_Delete(same);
    cJSON_Delete(newer);
    cJSON_Delete(older);
}

/* proves: ACC-01 */
static void the_token_is_its_owners_alone(void **state)
{
    char *dir = check_temp_dir("token");
    char *file = x_asprintf("%s/state/kehu/token-1", dir);
    char token[TOKEN_MAX];
    struct stat st;
    struct err err = {0};
    (void)state;
    assert_false(token_load(file, token));
    assert_true(token_save(file, "secret", &err));
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(token_load(file, token));
    assert_string_equal(token, "secret");
    assert_true(token_save(file, "another", &err));
    assert_true(token_load(file, token));
    assert_string_equal(token, "another");
    /* What others could have written is not trusted. */
    assert_int_equal(chmod(file, 0620), 0);
    assert_false(token_load(file, token));
    token_forget(file);
    assert_int_not_equal(access(file, F_OK), 0);
    x_free(&file);
    check_remove_tree(dir);
    x_free(&dir);
}

static void a_token_that_can_not_be_kept_is_told(void **state)
{
    struct err err = {0};
    (void)state;
    assert_false(token_save("/proc/no/such/place/token", "x", &err));
    assert_string_not_equal(err.message, "");
    err_clear(&err);
}

static void each_server_has_its_own_token(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    setenv("XDG_STATE_HOME", "/tmp/state", 1);
    const char *one = token_path(a, "unix:/a");
    const char *two = token_path(a, "unix:/b");
    assert_int_equal(strncmp(one, "/tmp/state/kehu/", 16), 0);
    assert_string_not_equal(one, two);
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "/home/x", 1);
    assert_non_null(strstr(token_path(a, "unix:/a"), "/.local/state/kehu/"));
    unsetenv("HOME");
    assert_null(token_path(a, "unix:/a"));
    arena_free(&a);
}

static void waiting_grows_and_is_spread(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 100; n++) {
        uint64_t longest = uplink_backoff_ms(n, 0);
        uint64_t shorter = uplink_backoff_ms(n, (uint32_t)(longest / 2));
        assert_true(longest >= 100 && longest <= 5000);
        assert_true(shorter >= longest / 2 && shorter < longest);
    }
    assert_int_equal(uplink_backoff_ms(0, 0), 100);
    assert_int_equal(uplink_backoff_ms(1, 0), 200);
    assert_int_equal(uplink_backoff_ms(50, 0), 5000);
}

static void the_environment_names_the_server(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    setenv("KEHU_SERVER", "tcp://127.0.0.1:9", 1);
    assert_string_equal(wire_default_server(a), "tcp://127.0.0.1:9");
    unsetenv("KEHU_SERVER");
    setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
    assert_string_equal(wire_default_server(a), "unix:/run/kehu/kehud.sock");
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_are_read),
        cmocka_unit_test(a_path_longer_than_an_address_is_refused),
        cmocka_unit_test(a_request_is_one_valid_line),
        cmocka_unit_test(errors_keep_kind_words_and_data),
        cmocka_unit_test(changing_methods_are_known),
        cmocka_unit_test(keys_are_never_the_same),
        cmocka_unit_test(other_versions_are_told_apart),
        cmocka_unit_test(the_token_is_its_owners_alone),
        cmocka_unit_test(a_token_that_can_not_be_kept_is_told),
        cmocka_unit_test(each_server_has_its_own_token),
        cmocka_unit_test(waiting_grows_and_is_spread),
        cmocka_unit_test(the_environment_names_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
