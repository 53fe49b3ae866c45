/* Settings: every mistake in the file is told with its place and with what
 * was expected, in either language. */
#include "common/buf.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "common/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct things {
    char *path, *url;
    int64_t workers, any, wait, room;
    bool secure;
    int level;
    struct setting_pair *peers;
};

#define AT(member) offsetof(struct things, member)

static const struct setting rows[] = {
    {"listen.unix", SETTING_string, AT(path), "/run/k", 0, 0, NULL, false,
     "Socket.", NULL, NULL},
    {"listen.secure", SETTING_bool, AT(secure), "true", 0, 0, NULL, false,
     "TLS.", NULL, NULL},
    {"database.url", SETTING_string, AT(url), "", 0, 0, NULL, false, "URL.",
     NULL, NULL},
    {"workers", SETTING_int, AT(workers), "4", 1, 64, NULL, true, "Threads.",
     NULL, NULL},
    {"any", SETTING_int, AT(any), "-7", 0, 0, NULL, true, "Any number.", NULL,
     NULL},
    {"limits.wait", SETTING_duration, AT(wait), "30s", 500, 86400000, NULL,
     true, "Wait.", NULL, NULL},
    {"limits.room", SETTING_bytes, AT(room), "1MiB", 512, 1 << 30, NULL, true,
     "Room.", NULL, NULL},
    {"log.level", SETTING_choice, AT(level), "info", 0, 0,
     "debug info warn error", true, "Level.", NULL, NULL},
    {"peers", SETTING_map, AT(peers), "", 0, 0, NULL, true, "Peers.", NULL,
     NULL},
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static bool read_text(const char *text, struct things *t, struct err *e)
{
    settings_defaults(rows, ROWS, t);
    return settings_parse(rows, ROWS, "k.yaml", text, strlen(text), t, e);
}

static void read_good(const char *text, struct things *t)
{
    struct err e = {0};
    if (!read_text(text, t, &e))
        fail_msg("%s", e.message);
}

static void test_defaults(void **state)
{
    (void)state;
    struct things t;
    read_good("", &t);
    assert_string_equal(t.path, "/run/k");
    assert_string_equal(t.url, "");
    assert_true(t.secure);
    assert_int_equal(t.workers, 4);
    assert_int_equal(t.any, -7);
    assert_int_equal(t.wait, 30000);
    assert_int_equal(t.room, 1 << 20);
    assert_int_equal(t.level, 1);
    assert_null(t.peers);
    settings_free(rows, ROWS, &t);
    assert_null(t.path);
}

static void test_every_type_is_read(void **state)
{
    (void)state;
    struct things t;
    read_good("# all of them\n"
              "listen:\n  unix: /tmp/深 圳.sock\n  secure: false\n"
              "database: {url: \"host=a b=c\"}\n"
              "workers: 64\nany: -12\n"
              "limits:\n  wait: 5m\n  room: 64KiB\n"
              "log: {level: error}\n"
              "peers: {root: demo_director, bob: sales}\n",
              &t);
    assert_string_equal(t.path, "/tmp/深 圳.sock");
    assert_string_equal(t.url, "host=a b=c");
    assert_false(t.secure);
    assert_int_equal(t.workers, 64);
    assert_int_equal(t.any, -12);
    assert_int_equal(t.wait, 300000);
    assert_int_equal(t.room, 65536);
    assert_int_equal(t.level, 3);
    assert_string_equal(t.peers->key, "root");
    assert_string_equal(t.peers->value, "demo_director");
    assert_int_equal(t.peers->line, 12);
    assert_int_equal(t.peers->column, 9);
    assert_string_equal(t.peers->next->key, "bob");
    assert_null(t.peers->next->next);
    settings_free(rows, ROWS, &t);
}

static void test_blank_files_and_blank_values(void **state)
{
    (void)state;
    static const char *const blanks[] = {
        "",   "\n",       "# only a comment\n", "---\n",
        "{}", "peers:\n", "peers: {}\n"};
    for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
        struct things t;
        read_good(blanks[i], &t);
        assert_null(t.peers);
        settings_free(rows, ROWS, &t);
    }
}

struct mistake {
    const char *text, *message;
};

static const struct mistake mistakes[] = {
    {"workers: 0\n",
     "k.yaml:1:10: workers: expected a whole number from 1 to 64, found "
     "\"0\"."},
    {"worker: 1\n",
     "k.yaml:1:1: worker: there is no such setting; did you mean workers?"},
    {"a: 1\n", "k.yaml:1:1: a: there is no such setting."},
    {"\nworkers: many\n",
     "k.yaml:2:10: workers: expected a whole number from 1 to 64, found "
     "\"many\"."},
    {"workers: 1.5\n",
     "k.yaml:1:10: workers: expected a whole number from 1 to 64, found "
     "\"1.5\"."},
    {"workers: [1]\n",
     "k.yaml:1:10: workers: expected a whole number from 1 to 64."},
    {"any: 99999999999999999999\n",
     "k.yaml:1:6: any: expected a whole number, found "
     "\"99999999999999999999\"."},
    {"limits:\n  wait: 30\n",
     "k.yaml:2:9: limits.wait: expected a duration such as 500ms, 30s, 5m, "
     "24h, 7d from 500ms to 1d, found \"30\"."},
    {"limits:\n  wait: -1s\n",
     "k.yaml:2:9: limits.wait: expected a duration such as 500ms, 30s, 5m, "
     "24h, 7d from 500ms to 1d, found \"-1s\"."},
    {"limits: {room: 2GiB}\n",
     "k.yaml:1:16: limits.room: expected a size such as 512, 64KiB, 1MiB "
     "from 512 to 1GiB, found \"2GiB\"."},
    {"limits: {room: 64KB}\n",
     "k.yaml:1:16: limits.room: expected a size such as 512, 64KiB, 1MiB "
     "from 512 to 1GiB, found \"64KB\"."},
    {"listen: {secure: yes}\n",
     "k.yaml:1:18: listen.secure: expected true or false, found \"yes\"."},
    {"log: {level: inf}\n",
     "k.yaml:1:14: log.level: expected one of: debug info warn error, found "
     "\"inf\"."},
    {"log: {level: \"warn error\"}\n",
     "k.yaml:1:14: log.level: expected one of: debug info warn error, found "
     "\"warn error\"."},
    {"log: {level: \"\"}\n",
     "k.yaml:1:14: log.level: expected one of: debug info warn error, found "
     "\"\"."},
    {"listen:\n  unx: a\n",
     "k.yaml:2:3: listen.unx: there is no such setting; did you mean "
     "listen.unix?"},
    {"unix: a\n", "k.yaml:1:1: unix: there is no such setting."},
    {"listen.unix: a\n",
     "k.yaml:1:1: listen.unix: there is no such setting; did you mean "
     "listen.unix?"},
    {"entirely_different: a\n",
     "k.yaml:1:1: entirely_different: there is no such setting."},
    {"listen: here\n",
     "k.yaml:1:9: listen: expected settings, one on each line as \"name: "
     "value\"."},
    {"- a\n", "k.yaml:1:1: expected settings, one on each line as \"name: "
              "value\"."},
    {"workers: 1\nany: 1\nworkers: 2\n",
     "k.yaml:3:1: workers: this name stands here twice."},
    {"limits: {wait: 1s}\nlimits: {room: 1MiB}\n",
     "k.yaml:2:1: limits: this name stands here twice."},
    {"peers: {a: b, c: d, a: e}\n",
     "k.yaml:1:21: peers: \"a\" stands here twice, or there are more than 1000 "
     "of them."},
    {"peers: {a: [b]}\n",
     "k.yaml:1:9: peers: expected names, each with a text of its own."},
    {"peers: root\n",
     "k.yaml:1:8: peers: expected names, each with a text of its own, found "
     "\"root\"."},
    {"peers: {\"\": x}\n",
     "k.yaml:1:9: peers: expected names, each with a text of its own."},
    {"? [a]\n: 1\n", "k.yaml:1:3: expected a name."},
    {"\"\": 1\n", "k.yaml:1:1: expected a name."},
    {"\"\\x1b[2J\": 1\n", "k.yaml:1:1: expected a name."},
    {"深圳: 1\n", "k.yaml:1:1: expected a name."},
    {"listen: {unix: \"a\\0b\"}\n",
     "k.yaml:1:16: listen.unix: expected a text."},
    {"log: {level: \"\\x1b[2J\"}\n",
     "k.yaml:1:14: log.level: expected one of: debug info warn error, found "
     "\"\\x1b[2J\"."},
    {"database: {url: &x a}\nlisten: {unix: *x}\n",
     "k.yaml:2:10: anchors and aliases are not supported."},
    {"peers: &p {a: *p}\n",
     "k.yaml:1:12: anchors and aliases are not supported."},
    {"workers: 1\n---\nworkers: 2\n",
     "k.yaml:2:1: a second document begins here."},
    {"workers: [1\n",
     "k.yaml:2:1: not valid YAML: did not find expected ',' or ']'."},
    {"workers: *none\n", "k.yaml:1:10: not valid YAML: found undefined alias."},
    {"any: 1\nworkers: \xff\n",
     "k.yaml:2:10: not valid YAML: invalid leading UTF-8 octet."},
    {"\tworkers: 1\n",
     "k.yaml:1:1: not valid YAML: found character that cannot start any "
     "token."},
};

static void test_every_mistake_is_told(void **state)
{
    (void)state;
    i18n_use(LANG_en);
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        struct things t;
        struct err e = {0};
        if (read_text(mistakes[i].text, &t, &e))
            fail_msg("accepted: %s", mistakes[i].text);
        assert_int_equal(e.kind, ERR_invalid);
        assert_string_equal(e.message, mistakes[i].message);
        err_clear(&e);
        settings_free(rows, ROWS, &t);
    }
}

/* proves: UX-07 */
static void test_mistakes_are_told_in_chinese(void **state)
{
    (void)state;
    struct things t;
    struct err e = {0};
    i18n_use(LANG_zh);
    assert_false(read_text("workers: 0\n", &t, &e));
    assert_string_equal(e.message, "k.yaml:1:10: workers：应为整数，介于 1 与 "
                                   "64 之间，实际为 \"0\"。");
    settings_free(rows, ROWS, &t);
}

static void test_maps_are_bounded(void **state)
{
    (void)state;
    struct things t;
    struct buf b = BUF_INIT;
    buf_str(&b, "peers:\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "  u%d: x\n", i);
    read_good(b.data, &t);
    settings_free(rows, ROWS, &t);
    buf_str(&b, "  one_more: x\n");
    assert_false(read_text(b.data, &t, NULL));
    settings_free(rows, ROWS, &t);
    buf_free(&b);
}

static void test_files(void **state)
{
    (void)state;
    char name[] = "/tmp/kehu-settings-XXXXXX";
    int fd = mkstemp(name);
    struct things t;
    struct err e = {0};
    assert_int_equal(write(fd, "workers: 9\n", 11), 11);
    settings_defaults(rows, ROWS, &t);
    assert_true(settings_load(rows, ROWS, name, &t, &e));
    assert_int_equal(t.workers, 9);
    assert_int_equal(ftruncate(fd, (1 << 20) + 1), 0);
    assert_false(settings_load(rows, ROWS, name, &t, &e));
    assert_int_equal(e.kind, ERR_too_large);
    assert_int_equal(t.workers, 9);
    close(fd);
    unlink(name);
    assert_false(settings_load(rows, ROWS, name, &t, &e));
    assert_non_null(strstr(e.message, name));
    assert_false(settings_load(rows, ROWS, "/tmp", &t, &e));
    assert_non_null(strstr(e.message, "/tmp"));
    err_clear(&e);
    settings_free(rows, ROWS, &t);
}

static void test_setting_one(void **state)
{
    (void)state;
    struct things t;
    struct err e = {0};
    i18n_use(LANG_en);
    settings_defaults(rows, ROWS, &t);
    assert_true(settings_set(rows, ROWS, &t, "workers", "7", &e));
    assert_true(settings_set(rows, ROWS, &t, "listen.unix", "/a", &e));
    assert_true(settings_set(rows, ROWS, &t, "listen.unix", "/b", &e));
    assert_true(settings_set(rows, ROWS, &t, "peers", "a=b,c=d=e,f=", &e));
    assert_int_equal(t.workers, 7);
    assert_string_equal(t.path, "/b");
    assert_string_equal(t.peers->next->value, "d=e");
    assert_string_equal(t.peers->next->next->value, "");
    static const char *const bad[] = {"a", "=b", "a=b,,c=d", "a=1,a=2"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(settings_set(rows, ROWS, &t, "peers", bad[i], &e));
    assert_string_equal(t.peers->key, "a");
    assert_false(settings_set(rows, ROWS, &t, "workers", "65", &e));
    assert_int_equal(t.workers, 7);
    assert_false(settings_set(rows, ROWS, &t, "worker", "1", &e));
    assert_string_equal(
        e.message, "worker: there is no such setting; did you mean workers?");
    err_clear(&e);
    settings_free(rows, ROWS, &t);
}

static void test_what_needs_a_restart(void **state)
{
    (void)state;
    struct things a, b;
    read_good("peers: {x: y}\n", &a);
    read_good("workers: 5\npeers: {x: z}\nlog: {level: warn}\n", &b);
    assert_null(settings_fixed_change(rows, ROWS, &a, &b));
    assert_true(settings_set(rows, ROWS, &b, "database.url", "x", NULL));
    assert_string_equal(settings_fixed_change(rows, ROWS, &a, &b),
                        "database.url");
    assert_true(settings_set(rows, ROWS, &b, "listen.secure", "false", NULL));
    assert_string_equal(settings_fixed_change(rows, ROWS, &a, &b),
                        "listen.secure");
    settings_free(rows, ROWS, &a);
    settings_free(rows, ROWS, &b);
}

/* A map that needs a restart is compared pair by pair. */
static void test_maps_are_compared(void **state)
{
    (void)state;
    const struct setting fixed = {.key = "peers",
                                  .type = SETTING_map,
                                  .offset = AT(peers),
                                  .value = "",
                                  .help = "Peers."};
    static const char *const texts[] = {"", "a=1", "a=2", "b=1", "a=1,b=2"};
    enum { N = sizeof(texts) / sizeof(*texts) };
    struct things t[N];
    for (size_t i = 0; i < N; i++) {
        settings_defaults(&fixed, 1, &t[i]);
        assert_true(settings_set(&fixed, 1, &t[i], "peers", texts[i], NULL));
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            assert_int_equal(
                settings_fixed_change(&fixed, 1, &t[i], &t[j]) == NULL, i == j);
    for (size_t i = 0; i < N; i++)
        settings_free(&fixed, 1, &t[i]);
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_type_is_read),
        cmocka_unit_test(test_blank_files_and_blank_values),
        cmocka_unit_test(test_every_mistake_is_told),
        cmocka_unit_test(test_mistakes_are_told_in_chinese),
        cmocka_unit_test(test_maps_are_bounded),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_setting_one),
        cmocka_unit_test(test_what_needs_a_restart),
        cmocka_unit_test(test_maps_are_compared),
    };
    i18n_init(argv[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
