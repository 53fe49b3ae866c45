/* Values as cells of lists and headers: names of references, states with sign
 * and colour, what is masked, numbers for people. */
#include "tui/widget/cell.h"

#include "common/i18n.h"
#include "common/json.h"
#include "common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uv_loop_t loop;
static struct remote *remote;
static struct arena *arena;

static void on_state(void *ctx, enum remote_state s)
{
    (void)ctx, (void)s;
}

static int set_up(void **state)
{
    /* No daemon: built-in options, no rights, names as they are learnt. */
    struct remote_options o = {.server = "none", .lang = LANG_zh};
    (void)state;
    i18n_use(LANG_zh);
    uv_loop_init(&loop);
    remote = remote_new(&loop, &o, on_state, NULL);
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remote_free(&remote);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    arena_free(&arena);
    return 0;
}

static struct cell cell(enum customer_field f, const char *json)
{
    cJSON *item = cJSON_Parse(json);
    struct cell c = cell_of(remote, &entity_customer.fields[f], arena, item);
    cJSON_Delete(item);
    return c;
}

static void references_bring_their_names(void **state)
{
    (void)state;
    assert_string_equal(cell(CUSTOMER_owner, "[7,\"王芳\"]").text, "王芳");
    assert_string_equal(cell(CUSTOMER_owner, "[7,null]").text, "#7");
    assert_string_equal(cell(CUSTOMER_owner, "null").text, "");
    assert_non_null(strstr(
        cell(CUSTOMER_tags, "[[1,\"重点\"],[2,\"老客户\"]]").text, "老客户"));
    remote_learn(remote, "user", 7, "王芳");
    assert_string_equal(cell(CUSTOMER_owner, "[7,null]").text, "王芳");
}

static void names_are_learnt_from_records(void **state)
{
    (void)state;
    struct names names = remote_names(remote);
    cJSON *record = cJSON_Parse("{\"owner\":[31,\"赵云\"],\"service_team\":"
                                "[5,\"华南一组\"],\"tags\":[[9,\"重点\"]],"
                                "\"optimizer\":null}");
    cell_learn(remote, &entity_customer, record);
    cJSON_Delete(record);
    assert_string_equal(names.ref(names.ctx, "user", 31), "赵云");
    assert_string_equal(names.ref(names.ctx, "org_unit", 5), "华南一组");
    assert_string_equal(names.ref(names.ctx, "tag", 9), "重点");
    assert_null(names.ref(names.ctx, "user", 5));
}

/* Colour never stands alone: a sign goes with it.
 * proves: UX-12 */
static void states_have_sign_and_colour(void **state)
{
    (void)state;
    struct cell active = cell(CUSTOMER_lifecycle, "\"active\"");
    struct cell churned = cell(CUSTOMER_lifecycle, "\"churned\"");
    struct cell renewal = cell(CUSTOMER_lifecycle, "\"renewal\"");
    assert_string_equal(active.text, "● 服务中");
    assert_int_equal(active.style, STYLE_good);
    assert_int_equal(renewal.style, STYLE_warn);
    assert_int_equal(churned.style, STYLE_off);
    assert_string_not_equal(churned.text, renewal.text);
    assert_int_equal(cell(CUSTOMER_grade, "\"A\"").style, STYLE_text);
}

static void options_are_labels(void **state)
{
    (void)state;
    assert_string_equal(cell(CUSTOMER_status, "\"active\"").text, "活跃");
    /* A code that nobody knows is better than nothing. */
    assert_string_equal(cell(CUSTOMER_status, "\"asleep\"").text, "asleep");
}

static void odd_values_do_no_harm(void **state)
{
    (void)state;
    assert_string_equal(cell(CUSTOMER_owner, "{}").text, "");
    assert_string_equal(cell(CUSTOMER_owner, "\"x\"").text, "x");
    assert_string_equal(cell(CUSTOMER_cooperation_start_date, "[]").text, "");
    assert_string_equal(
        cell(CUSTOMER_special_conditions, "\"first\\nsecond\"").text, "first");
}

static void badges_are_few(void **state)
{
    const struct field *out[CELL_BADGES];
    (void)state;
    assert_int_equal(cell_badges(&entity_customer, out), 3);
    assert_string_equal(out[0]->id, "lifecycle");
    assert_true(cell_badges(&entity_contact, out) > 0);
    assert_int_equal(cell_badges(&entity_audit, out), 0);
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    assert_string_equal(cell_count(arena, 0), "0");
    assert_string_equal(cell_count(arena, 999), "999");
    assert_string_equal(cell_count(arena, 1000), "1,000");
    assert_string_equal(cell_count(arena, 1204567), "1,204,567");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(references_bring_their_names), CASE(names_are_learnt_from_records),
        CASE(states_have_sign_and_colour),  CASE(options_are_labels),
        CASE(odd_values_do_no_harm),        CASE(badges_are_few),
        CASE(numbers_are_grouped),
    };
    i18n_init(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
