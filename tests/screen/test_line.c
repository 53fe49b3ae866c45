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

/* A list that fits 40 steps on the screen. */
static void test_burst_inside(void **state)
{
    (void)state;
    vt_resize(v, 60, 120);
    vt_expect(v, "第 1/6 页"); /* 56 rows */
    vt_settle(v, 300);
    int row = cursor_row();
    within("40 down at once, inside",
           vt_cost(v, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj"), 30);
    assert_int_equal(cursor_row(), row + 40);
}

/* What a search found is marked in rows that stay where they are. */
static void test_highlight(void **state)
{
    (void)state;
    vt_keys(v, "/深<Enter>");
    vt_expect(v, "/ 共 300");
    vt_settle(v, 300);
    vt_keys(v, "/");
    vt_settle(v, 300);
    vt_mark(v);
    vt_keys(v, "圳<Enter>");
    vt_settle(v, 300);
    within("highlight", vt_bytes(v), 400);
}

/* The same at 80 × 24, where less is seen and less is sent. */
static void test_small(void **state)
{
    (void)state;
    vt_stop(&v);
    v = desk_list(d, &(struct vt_options){.rows = 24, .cols = 80}, CUSTOMERS);
    vt_settle(v, 300);
    within("start at 80x24", vt_bytes(v), 3000);
    within("down inside", vt_cost(v, "j"), 26);
    within("page down", vt_cost(v, "<PgDn>"), 2000);
    go_to_the_edge();
    within("down at the edge", vt_cost(v, "j"), 160);
    within("sideways", vt_cost(v, "l"), 1300);
}

static bool focus_is_last(struct vt *vt, void *ctx)
{
    (void)ctx;
    return vt_has(vt, "300/300") && !vt_has(vt, "·····");
}

/* 9,600 bit/s and half a second to the other end: keys pressed ahead all
 * count, none waits for the frame before it, and what is sent for thirty of
 * them is a few pages and not thirty. */
static void test_slow_line(void **state)
{
    (void)state;
    vt_stop(&v);
    v = desk_list(d, &(struct vt_options){.rate = 960, .delay_ms = 500},
                  CUSTOMERS);
    vt_settle(v, 500);
    vt_mark(v);
    for (int i = 0; i < 15; i++)
        vt_keys(v, "<PgDn>jk");
    vt_keys(v, "G");
    if (!vt_wait(v, focus_is_last, NULL, VT_PATIENCE))
        check_fail("the cursor is not on the last row:\n%s", vt_dump(v));
    vt_settle(v, 500);
    within("45 keys on a slow line", vt_bytes(v), 3 * 4400);
    /* The client has noticed: three hints are left of the footer. */
    assert_false(vt_has(v, "/搜索"));
    assert_true(vt_has(v, "?帮助"));
}

/* On a slow line a message leaves with the next key, not in a frame of its
 * own. */
static void test_message_on_a_slow_line(void **state)
{
    (void)state;
    vt_keys(v, "<F9>/ui.low<Enter>");
    vt_expect(v, "── 低带宽");
    vt_keys(v, "j<Enter>"); /* on */
    vt_expect_gone(v, "── 低带宽");
    vt_keys(v, "<Esc>");
    vt_keys(v, "<Esc>");
    vt_expect(v, "1/300");
    vt_keys(v, "<F6>");
    vt_expect(v, "鼠标");
    vt_keys(v, "j");
    if (!vt_wait_gone(v, "鼠标", 3000)) /* by itself it would take five */
        check_fail("the message is still there:\n%s", vt_dump(v));
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
        CASE(start),       CASE(down_inside),  CASE(down_at_the_edge),
        CASE(page_down),   CASE(sideways),     CASE(burst),
        CASE(busy_line),   CASE(idle),         CASE(nothing_changed),
        CASE(live_change), CASE(burst_inside), CASE(highlight),
        CASE(small),       CASE(slow_line),    CASE(message_on_a_slow_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
