/* Questions of a customer on the screen: added in their tab, worked on along
 * their states, not closed without what closing demands, found across all
 * customers (QA-01, QA-02, DET-08). */
#include "tests/screen/qa_steps.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 40

static struct daemon *d;
static struct client *c;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    c = client_as(d, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_close(&c);
    daemon_free(&d);
    return 0;
}

static int close_screen(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static char *qa_state(int64_t customer)
{
    cJSON *r = client_result(c, "qa.list",
                             "{\"columns\":[\"status\"],"
                             "\"filter\":{\"customer_id\":{\"eq\":%lld}}}",
                             (long long)customer);
    const cJSON *row = json_get(r, "rows")->child;
    char *text = x_strdup(row ? row->child->next->next->valuestring : "");
    cJSON_Delete(r);
    return text;
}

static void open_tab(int rows, int cols, const char *name)
{
    struct vt_options o = {.rows = rows, .cols = cols};
    v = desk_client(d, &o);
    vt_expect(v, name);
    vt_keys(v, "<Enter>");
    vt_expect_row(v, 0, name);
    vt_keys(v, "6");
    vt_expect(v, "6客户Q&A");
}

static void work_on_it(int rows, int cols, const char *name, const char *text)
{
    int64_t id = record_customer(c, name, "");
    open_tab(rows, cols, name);
    qa_add(v, text);
    qa_close_without_cause(v);
    char *state = qa_state(id);
    assert_string_equal(state, "open");
    x_free(&state);
    qa_name_cause(v);
    state = qa_state(id);
    assert_string_equal(state, "closed");
    x_free(&state);
}

/* proves: QA-01, DET-08 */
static void test_question(void **state)
{
    (void)state;
    work_on_it(40, 120, "问答甲公司", "后台打不开");
}

/* proves: QA-01, UX-03 */
static void test_question_narrow(void **state)
{
    (void)state;
    work_on_it(15, 40, "问答乙公司", "报表数字不对");
}

/* Found by a word, whosever it is.
 * proves: QA-02 */
static void test_found_across_customers(void **state)
{
    (void)state;
    int64_t id = record_customer(c, "问答丙公司", "");
    cJSON_Delete(client_result(
        c, "qa.create",
        "{\"values\":{\"customer_id\":%lld,\"question\":\"转化像素丢失\","
        "\"category\":\"technical\",\"issue_date\":\"2026-01-05\"}}",
        (long long)id));
    v = desk_list(d, NULL, CUSTOMERS + 3);
    vt_keys(v, ":Q&A 记录<Enter>");
    vt_expect(v, "问题描述");
    vt_keys(v, "/像素<Enter>");
    vt_expect(v, "转化像素丢失");
    vt_expect(v, "1/1");
    vt_expect(v, "问答丙公司");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_question, close_screen),
        cmocka_unit_test_teardown(test_question_narrow, close_screen),
        cmocka_unit_test_teardown(test_found_across_customers, close_screen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
