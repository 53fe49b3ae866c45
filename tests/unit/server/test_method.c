/* The table of methods, and the shape of parameters. */
#include "server/rpc/method.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static void check_params(const struct method *m)
{
    for (int i = 0; i < m->nparams; i++) {
        const struct param *p = &m->params[i];
        assert_true(p->name != NULL && p->name[0] != 0);
        assert_non_null(p->help);
        assert_true(p->help[0] != '\0');
        assert_true(p->max >= p->min);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(m->params[j].name, p->name);
    }
}

/* One row a method, each with its help and one handler of its lane. */
static void test_rows(void **state)
{
    (void)state;
    for (int i = 0; i < method_count; i++) {
        const struct method *m = &method_rows[i];
        assert_non_null(strchr(m->name, '.'));
        assert_true(m->help != NULL && m->help[0] != '\0');
        assert_true(m->result != NULL && m->result[0] != '\0');
        assert_true((m->loop != NULL) != (m->work != NULL));
        assert_int_equal(m->lane == LANE_work, m->work != NULL);
        assert_true(!m->changes || m->work != NULL);
        check_params(m);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(method_rows[j].name, m->name);
    }
}

static void test_param_kinds(void **state)
{
    (void)state;
    for (int k = 0; k < PARAM_KINDS; k++) {
        assert_non_null(param_kind_rows[k].check);
        assert_non_null(param_kind_rows[k].expected);
    }
}

static void test_find(void **state)
{
    (void)state;
    const struct entity *e;
    const struct method *m = method_find("meta.ping", &e);
    assert_non_null(m);
    assert_null(e);
    m = method_find("customer.list", &e);
    assert_non_null(m);
    assert_string_equal(m->name, "*.list");
    assert_string_equal(e->id, "customer");
}

static void test_not_found(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", ".", "*", "*.list", "list", "customer", "customer.", ".list",
        "customer.nope", "nobody.list", "meta.ping.list", "CUSTOMER.list",
        "customer.list ", "event.list", "session.list",
        /* the audit log is nobody's to change */
        "audit.create", "audit.update", "audit.delete"};
    char huge[5000];
    const struct entity *e;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        if (method_find(wrong[i], &e) != NULL)
            fail_msg("\"%s\" was found", wrong[i]);
    memset(huge, 'x', sizeof(huge));
    huge[sizeof(huge) - 1] = '\0';
    assert_null(method_find(huge, &e));
    memcpy(huge, "customer.", 9);
    assert_null(method_find(huge, &e));
}

/* --- parameters --- */

static const struct param shapes[] = {
    {.name = "text", .kind = PARAM_string, .required = true, .max = 3},
    {.name = "free", .kind = PARAM_string},
    {.name = "number", .kind = PARAM_int, .min = -1, .max = 10},
    {.name = "id", .kind = PARAM_id},
    {.name = "flag", .kind = PARAM_bool},
    {.name = "object", .kind = PARAM_object},
    {.name = "list", .kind = PARAM_array, .min = 1, .max = 2},
    {.name = "any", .kind = PARAM_any},
};

static const struct method reading = {.name = "x.read",
                                      .params = shapes,
                                      .nparams =
                                          sizeof(shapes) / sizeof(*shapes)};
static const struct method changing = {.name = "x.change",
                                       .params = shapes,
                                       .nparams =
                                           sizeof(shapes) / sizeof(*shapes),
                                       .changes = true};

static bool accepts(const struct method *m, const char *params, struct err *e)
{
    cJSON *json = NULL;
    assert_true(json_parse(params, strlen(params), NULL, &json, e));
    bool ok = method_check(m, json, e);
    cJSON_Delete(json);
    return ok;
}

static void test_accepts(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{\"text\":\"\"}",
        "{\"text\":\"客户们\"}",
        "{\"text\":\"a\",\"free\":null,\"flag\":null}",
        "{\"text\":\"a\",\"number\":-1}",
        "{\"text\":\"a\",\"number\":10,\"id\":9007199254740992}",
        "{\"text\":\"a\",\"flag\":false,\"object\":{},\"list\":[1]}",
        "{\"text\":\"a\",\"any\":[{}]}",
    };
    struct err e = {0};
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        if (!accepts(&reading, good[i], &e))
            fail_msg("%s: %s", good[i], e.message);
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *params, *path;
    } bad[] = {
        {"{}", "params.text"},
        {"{\"text\":null}", "params.text"},
        {"{\"text\":\"四个汉字\"}", "params.text"},
        {"{\"text\":7}", "params.text"},
        {"{\"text\":\"a\",\"number\":11}", "params.number"},
        {"{\"text\":\"a\",\"number\":1.5}", "params.number"},
        {"{\"text\":\"a\",\"number\":\"1\"}", "params.number"},
        {"{\"text\":\"a\",\"id\":0}", "params.id"},
        {"{\"text\":\"a\",\"id\":-7}", "params.id"},
        {"{\"text\":\"a\",\"flag\":1}", "params.flag"},
        {"{\"text\":\"a\",\"object\":[]}", "params.object"},
        {"{\"text\":\"a\",\"list\":[]}", "params.list"},
        {"{\"text\":\"a\",\"list\":[1,2,3]}", "params.list"},
        {"{\"text\":\"a\",\"list\":{}}", "params.list"},
        {"{\"text\":\"a\",\"Text\":\"b\"}", "params.Text"},
        {"{\"text\":\"a\",\"key\":\"12345678\"}", "params.key"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct err e = {0};
        if (accepts(&reading, bad[i].params, &e))
            fail_msg("%s was accepted", bad[i].params);
        assert_int_equal(e.kind, ERR_invalid_params);
        assert_string_equal(json_str(e.data, "path", ""), bad[i].path);
        assert_true(strlen(json_str(e.data, "expected", "")) > 0);
        err_clear(&e);
    }
}

/* Every changing method takes a key, and only a decent one. */
static void test_key(void **state)
{
    (void)state;
    struct err e = {0};
    assert_true(
        accepts(&changing, "{\"text\":\"a\",\"key\":\"aZ09_-xx\"}", &e));
    assert_false(accepts(&changing, "{\"text\":\"a\",\"key\":\"short\"}", &e));
    assert_false(
        accepts(&changing, "{\"text\":\"a\",\"key\":\"with blank\"}", &e));
    assert_false(accepts(&changing, "{\"text\":\"a\",\"key\":123456789}", &e));
    err_clear(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),    cmocka_unit_test(test_param_kinds),
        cmocka_unit_test(test_find),    cmocka_unit_test(test_not_found),
        cmocka_unit_test(test_accepts), cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
