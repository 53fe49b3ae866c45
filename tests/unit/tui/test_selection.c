/* What is selected: single rows, all that match minus exceptions, turned
 * round, across questions, up to its limit.
 * proves: LIST-17 */
#include "tui/widget/selection.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct selection *s;

static int set_up(void **state)
{
    (void)state;
    s = selection_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    selection_free(&s);
    return 0;
}

static void ask(const char *question, int64_t total)
{
    cJSON *json = cJSON_Parse(question);
    selection_question(s, json);
    selection_total(s, total);
    cJSON_Delete(json);
}

static void expect_params(const char *text)
{
    cJSON *params = selection_params(s);
    char *got = params ? cJSON_PrintUnformatted(params) : NULL;
    if (!text)
        assert_null(got);
    else
        assert_string_equal(got, text);
    free(got);
    cJSON_Delete(params);
}

static void set(int64_t id, bool on, enum selection_answer answer)
{
    assert_int_equal(selection_set(s, id, on), answer);
}

static void judge(const int64_t *ids, int n, const char *rows)
{
    cJSON *json = cJSON_Parse(rows);
    selection_judge(s, ids, n, json);
    cJSON_Delete(json);
}

static void test_single_rows(void **state)
{
    (void)state;
    ask("{}", 50);
    assert_true(selection_is_empty(s));
    expect_params(NULL);
    set(9, true, SELECTION_done);
    set(3, true, SELECTION_done);
    set(9, true, SELECTION_done); /* once is enough */
    assert_int_equal(selection_count(s), 2);
    assert_int_equal(selection_has(s, 3), SELECTED_yes);
    assert_int_equal(selection_has(s, 4), SELECTED_no);
    expect_params("{\"ids\":[3,9]}");
    set(4, false, SELECTION_done);
    set(3, false, SELECTION_done);
    expect_params("{\"ids\":[9]}");
    set(9, false, SELECTION_done);
    assert_true(selection_is_empty(s));
}

static void test_all_but(void **state)
{
    (void)state;
    ask("{\"search\":\"gz\"}", -1);
    selection_all(s);
    assert_int_equal(selection_count(s), -1);
    expect_params("{\"search\":\"gz\"}");
    selection_total(s, 1204);
    assert_int_equal(selection_count(s), 1204);
    assert_true(selection_is_whole(s));
    set(7, false, SELECTION_done);
    assert_false(selection_is_whole(s));
    assert_int_equal(selection_has(s, 7), SELECTED_no);
    assert_int_equal(selection_has(s, 8), SELECTED_yes);
    assert_int_equal(selection_exceptions(s), 1);
    expect_params("{\"search\":\"gz\",\"except\":[7],"
                  "\"expected_total\":1203}");
    set(7, true, SELECTION_done);
    expect_params("{\"search\":\"gz\",\"expected_total\":1204}");
    selection_none(s);
    expect_params(NULL);
}

static void test_inverted(void **state)
{
    (void)state;
    ask("{}", 10);
    selection_invert(s);
    assert_true(selection_is_whole(s));
    expect_params("{\"filter\":{},\"expected_total\":10}");
    selection_invert(s);
    assert_true(selection_is_empty(s));
    set(1, true, SELECTION_done);
    set(2, true, SELECTION_done);
    selection_invert(s);
    assert_int_equal(selection_count(s), 8);
    assert_int_equal(selection_has(s, 1), SELECTED_no);
    selection_invert(s);
    expect_params("{\"ids\":[1,2]}");
}

/* All that match keep their question; rows of another one are among them as
 * far as somebody has told. */
static void test_another_question(void **state)
{
    const int64_t asked[] = {5, 6};
    (void)state;
    ask("{\"search\":\"a\"}", 100);
    selection_all(s);
    selection_know(s, 4, true); /* seen before the question changed */
    ask("{\"search\":\"b\"}", 30);
    assert_int_equal(selection_count(s), 100);
    assert_int_equal(selection_has(s, 4), SELECTED_yes);
    assert_int_equal(selection_has(s, 5), SELECTED_unknown);
    set(5, false, SELECTION_outside);
    judge(asked, 2, "[[5,1]]");
    assert_int_equal(selection_has(s, 5), SELECTED_yes);
    assert_int_equal(selection_has(s, 6), SELECTED_no);
    set(6, true, SELECTION_outside);
    set(5, false, SELECTION_done);
    expect_params("{\"search\":\"a\",\"except\":[5],\"expected_total\":99}");
    /* Back again every row is one of them. */
    ask("{\"search\":\"a\"}", 90);
    assert_int_equal(selection_has(s, 77), SELECTED_yes);
    assert_int_equal(selection_count(s), 89);
}

static void test_what_is_asked(void **state)
{
    const int64_t asked[] = {5, 6};
    (void)state;
    assert_null(selection_ask(s, asked, 2));
    ask("{\"filter\":{\"grade\":{\"eq\":\"A\"}},\"search\":\"a\"}", 100);
    selection_all(s);
    cJSON *json = selection_ask(s, asked, 2);
    char *text = cJSON_PrintUnformatted(json);
    assert_string_equal(
        text, "{\"search\":\"a\",\"filter\":{\"and\":["
              "{\"grade\":{\"eq\":\"A\"}},{\"id\":{\"in\":[5,6]}}]}}");
    free(text);
    cJSON_Delete(json);
}

/* Rows taken under several questions and turned round: exceptions that do
 * not match the question are none. */
static void test_mixed_and_inverted(void **state)
{
    int64_t doubts[SELECTION_DOUBT];
    (void)state;
    ask("{\"search\":\"a\"}", 100);
    set(1, true, SELECTION_done);
    ask("{\"search\":\"b\"}", 30);
    set(2, true, SELECTION_done);
    assert_int_equal(selection_count(s), 2);
    selection_invert(s);
    assert_int_equal(selection_count(s), -1); /* not yet */
    assert_int_equal(selection_doubts(s, doubts), 2);
    judge(doubts, 2, "[[2,1]]");
    assert_int_equal(selection_doubts(s, doubts), 0);
    expect_params("{\"search\":\"b\",\"except\":[2],\"expected_total\":29}");
}

static void test_limit(void **state)
{
    (void)state;
    ask("{}", 20000);
    for (int64_t id = SELECTION_MAX; id > 0; id--)
        set(id, true, SELECTION_done);
    set(SELECTION_MAX + 1, true, SELECTION_full);
    set(5, true, SELECTION_done); /* already among them */
    assert_int_equal(selection_count(s), SELECTION_MAX);
    selection_all(s);
    assert_int_equal(selection_count(s), 20000);
    for (int64_t id = 1; id <= SELECTION_MAX; id++)
        set(id, false, SELECTION_done);
    set(SELECTION_MAX + 1, false, SELECTION_full);
    assert_int_equal(selection_count(s), 20000 - SELECTION_MAX);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(single_rows),   CASE(all_but),
        CASE(inverted),      CASE(another_question),
        CASE(what_is_asked), CASE(mixed_and_inverted),
        CASE(limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
