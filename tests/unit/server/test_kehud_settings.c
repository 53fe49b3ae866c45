/* The settings of the daemon: every row explained and shown in the example,
 * and what goes beyond single values. */
#include "server/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLE KEHU_SOURCE "/config.example.yaml"

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < server_setting_count; i++) {
        assert_true(server_settings[i].help[0] != '\0');
        assert_non_null(strchr(server_settings[i].key, '.'));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(server_settings[i].key,
                                    server_settings[j].key);
    }
}

static char *read_example(void)
{
    static char text[65536];
    FILE *f = fopen(EXAMPLE, "re");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

/* The example shows every setting with its default, and marks rightly what a
 * reload takes up. */
static void test_example(void **state)
{
    (void)state;
    struct settings plain = {0}, example = {0};
    struct err e = {0};
    char *text = read_example();
    settings_defaults(server_settings, server_setting_count, &plain);
    settings_defaults(server_settings, server_setting_count, &example);
    if (!settings_load(server_settings, server_setting_count, EXAMPLE, &example,
                       &e))
        fail_msg("%s", e.message);
    assert_null(settings_fixed_change(server_settings, server_setting_count,
                                      &plain, &example));
    for (size_t i = 0; i < server_setting_count; i++) {
        char line[64];
        const char *key = strchr(server_settings[i].key, '.') + 1;
        snprintf(line, sizeof(line), "  %s:", key);
        if (strstr(text, line) == NULL)
            fail_msg("%s is not in the example", server_settings[i].key);
    }
    settings_free(server_settings, server_setting_count, &plain);
    settings_free(server_settings, server_setting_count, &example);
}

static void test_tcp(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "7117",
                                      "0.0.0.0:7117",
                                      "192.168.0.1:7117",
                                      "[::]:7117",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.0.0.1:70000",
                                      "localhost:7117",
                                      "127.0.0.1:x",
                                      "[::1]",
                                      "example.com:1"};
    char host[64];
    int port;
    assert_true(server_settings_tcp("127.0.0.1:7117", host, &port));
    assert_string_equal(host, "127.0.0.1");
    assert_int_equal(port, 7117);
    assert_true(server_settings_tcp("[::1]:0", host, &port));
    assert_string_equal(host, "::1");
    assert_true(server_settings_tcp("127.8.9.10:1", host, &port));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (server_settings_tcp(bad[i], host, &port))
            fail_msg("\"%s\" was accepted", bad[i]);
}

static bool finish_with(const char *key, const char *value, struct settings *s,
                        struct err *e)
{
    memset(s, 0, sizeof(*s));
    settings_defaults(server_settings, server_setting_count, s);
    assert_true(
        settings_set(server_settings, server_setting_count, s, key, value, e));
    return server_settings_finish(s, e);
}

static void test_socket_path(void **state)
{
    (void)state;
    char path[200] = "/";
    struct settings s;
    struct err e = {0};
    memset(path + 1, 'x', 106);
    assert_true(finish_with("listen.unix", path, &s, &e));
    server_settings_free(&s);
    path[107] = 'x';
    assert_false(finish_with("listen.unix", path, &s, &e));
    assert_int_equal(e.kind, ERR_invalid);
    server_settings_free(&s);
    assert_false(finish_with("listen.tcp", "10.0.0.1:80", &s, &e));
    server_settings_free(&s);
    err_clear(&e);
}

static void test_usual_places(void **state)
{
    (void)state;
    struct settings s;
    struct err e = {0};
    assert_true(finish_with("database.embedded", "some/where", &s, &e));
    assert_int_equal(s.database_embedded[0], '/');
    assert_non_null(strstr(s.database_embedded, "/some/where"));
    assert_int_equal(s.listen_unix[0], '/');
    assert_non_null(strstr(s.listen_unix, "/kehud.sock"));
    server_settings_free(&s);
}

static void test_peers(void **state)
{
    (void)state;
    static const char text[] = "session:\n  peers:\n    root: zhang.wei\n"
                               "    deploy: sales\n";
    struct settings s = {0};
    struct err e = {0};
    settings_defaults(server_settings, server_setting_count, &s);
    assert_null(server_settings_peer(&s, "root"));
    assert_true(settings_parse(server_settings, server_setting_count, "test",
                               text, strlen(text), &s, &e));
    assert_string_equal(server_settings_peer(&s, "root"), "zhang.wei");
    assert_string_equal(server_settings_peer(&s, "deploy"), "sales");
    assert_null(server_settings_peer(&s, "roo"));
    assert_null(server_settings_peer(&s, ""));
    server_settings_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),         cmocka_unit_test(test_example),
        cmocka_unit_test(test_tcp),          cmocka_unit_test(test_socket_path),
        cmocka_unit_test(test_usual_places), cmocka_unit_test(test_peers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
