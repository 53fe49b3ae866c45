/* What the client sends down the line, in bytes, at 120 × 40 on an
 * xterm-256color: the list has to stay usable at 9,600 bit/s.
 * proves: UX-08, LIST-16 */
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <poll.h>
#include <string.h>

#define CUSTOMERS 300

static struct daemon *d;
static struct vt *v;

static int set_up(void **state)
{
    (void)state;
    d = desk_daemon(CUSTOMERS, "sales_director");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_free(&d);
    return 0;
}

static int open_list(void **state)
{
    (void)state;
    v = desk_list(d, NULL, CUSTOMERS);
    vt_settle(v, 300);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

/* Fails with the bytes themselves, since the number alone explains nothing. */
static void within(const char *what, size_t bytes, size_t most)
{
    print_message("%-28s %5zu of %zu bytes\n", what, bytes, most);
    if (bytes > most)
        check_fail("%s: %zu bytes, at most %zu:\n%.4000s", what, bytes, most,
                   vt_raw(v));
}

static int cursor_row(void)
{
    int row;
    vt_cursor(v, &row, NULL, NULL);
    return row;
}

/* Down to the last row that is on the screen. */
static void go_to_the_edge(void)
{
    int row;
    do {
        row = cursor_row();
        vt_cost(v, "j");
    } while (cursor_row() > row);
}

static void test_start(void **state)
{
    (void)state;
    within("start", vt_bytes(v), 5600);
}

static void test_down_inside(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        int row = cursor_row();
        within("down inside", vt_cost(v, "j"), 26);
        assert_int_equal(cursor_row(), row + 1);
    }
    within("up inside", vt_cost(v, "k"), 30);
}

static void test_down_at_the_edge(void **state)
{
    (void)state;
    go_to_the_edge();
    for (int i = 0; i < 10; i++) {
        int row = cursor_row();
        within("down at the edge", vt_cost(v, "j"), 190);
        assert_int_equal(cursor_row(), row);
    }
}

static void test_page_down(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        within("page down", vt_cost(v, "<PgDn>"), 4400);
        vt_expect_gone(v, "·····");
    }
}

/* The first 20 columns, the frozen name, stay as they are. */
static void test_sideways(void **state)
{
    (void)state;
    char before[40][200];
    for (int row = 0; row < 40; row++)
        strncpy(before[row], vt_row(v, row), sizeof before[row] - 1);
    within("sideways", vt_cost(v, "l"), 2600);
    int differ = 0;
    for (int row = 3; row < 38; row++) {
        const char *now = vt_row(v, row);
        assert_memory_equal(now, before[row], strnlen(before[row], 20));
        differ += strcmp(now, before[row]) != 0;
    }
    assert_true(differ > 10);
    within("back again", vt_cost(v, "h"), 2600);
}

/* Keys pressed faster than the line are one frame, not forty. */
static void test_burst(void **state)
{
    (void)state;
    within("20 down at once, inside", vt_cost(v, "jjjjjjjjjjjjjjjjjjjj"), 30);
    go_to_the_edge();
    within("40 down at once, at the edge",
           vt_cost(v, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj"), 4400);
}

/* While the line is busy nothing is added to it: what has been typed by then
 * is one frame when it is free again. Ten pages would be 40,000 bytes; the
 * terminal's own buffer holds two. */
static void test_busy_line(void **state)
{
    (void)state;
    vt_mark(v);
    for (int i = 0; i < 10; i++) {
        vt_keys(v, "<PgDn>");
        poll(NULL, 0, 60); /* nobody reads */
    }
    vt_settle(v, 500);
    within("ten pages, nobody reading", vt_bytes(v), 22000);
    vt_expect_gone(v, "·····");
    vt_expect(v, "300/300");
}

static void test_idle(void **state)
{
    (void)state;
    vt_mark(v);
    vt_settle(v, 1500);
    within("idle", vt_bytes(v), 0);
}

static void test_nothing_changed(void **state)
{
    (void)state;
    within("up at the top", vt_cost(v, "k"), 0);
    within("left at the left", vt_cost(v, "h"), 0);
}

/* Somebody else changes one cell: that cell and its sign are sent, and once
 * more without the sign.
 * proves: UX-10 */
static void test_live_change(void **state)
{
    (void)state;
    struct client *c = client_as(d, "sales_director");
    char name[STEPS_NAME];
    int64_t id = steps_customer(c, "[[\"updated_at\",\"desc\"]]", 7, name);
    vt_settle(v, 1000);
    vt_mark(v);
    cJSON *r = client_result(c, "customer.get", "{\"id\":%lld}", (long long)id);
    int64_t version = json_int(json_get(r, "record"), "version", 0);
    cJSON_Delete(r);
    cJSON_Delete(
        client_result(c, "customer.update",
                      "{\"id\":%lld,\"version\":%lld,"
                      "\"values\":{\"cooperation_start_date\":\"2019-11-11\"}}",
                      (long long)id, (long long)version));
    vt_expect(v, "*2019-11-11");
    vt_settle(v, 150);
    within("a cell that changed", vt_bytes(v), 64);
    vt_mark(v);
    vt_expect_gone(v, "*");
    vt_settle(v, 150);
    within("its mark goes", vt_bytes(v), 48);
    client_close(&c);
}

int main(void)
{
#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, open_list, close_list)
    const struct CMUnitTest tests[] = {
        CASE(start),       CASE(down_inside), CASE(down_at_the_edge),
        CASE(page_down),   CASE(sideways),    CASE(burst),
        CASE(busy_line),   CASE(idle),        CASE(nothing_changed),
        CASE(live_change),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
