/* Selecting rows of a list, wide and narrow, of customers and of contacts.
 * proves: LIST-17 */
#include "common/i18n.h"
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 1300
#define COUNT     "1,300"
/* The list of all of them. */
#define CONTACTS ":contacts<Enter>"

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

/* The list of an entity, on the whole screen. */
static void open_at(int rows, int cols, const char *command, const char *first)
{
    v = desk_client(d, &(struct vt_options){.rows = rows, .cols = cols});
    vt_expect(v, "1/" COUNT);
    if (command) {
        vt_keys(v, command);
        vt_expect(v, first);
    }
    vt_expect_gone(v, "·····");
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

static int open_customers(void **state)
{
    (void)state;
    open_at(40, 120, NULL, NULL);
    return 0;
}

static int open_narrow(void **state)
{
    (void)state;
    open_at(15, 40, NULL, NULL);
    return 0;
}

static int open_contacts(void **state)
{
    (void)state;
    open_at(40, 120, CONTACTS, "岗位");
    return 0;
}

static int open_narrow_contacts(void **state)
{
    (void)state;
    open_at(15, 40, CONTACTS, "联系人");
    return 0;
}

static int ticks(void)
{
    int rows, cols, n = 0;
    vt_size(v, &rows, &cols);
    for (int y = 0; y < rows; y++)
        n += strcmp(vt_cell(v, y, 1).text, "✓") == 0;
    return n;
}

static bool has_ticks(struct vt *vt, void *n)
{
    (void)vt;
    return ticks() == *(int *)n;
}

static void expect_ticks(int n)
{
    if (!vt_wait(v, has_ticks, &n, VT_PATIENCE))
        check_fail("%d rows are ticked, not %d:\n%s", ticks(), n, vt_dump(v));
}

/* Row by row; the mark of the focus stands beside the tick; colour is not
 * all there is. */
static void test_one(void **state)
{
    int row;
    (void)state;
    vt_keys(v, "<Space>j<Space>");
    vt_expect(v, "已选 2 ");
    expect_ticks(2);
    vt_keys(v, "k");
    vt_expect(v, "»✓");
    row = steps_focus(v);
    assert_int_equal(vt_cell(v, row, 0).width, 1);
    assert_string_equal(vt_cell(v, row, 1).text, "✓");
    vt_keys(v, "<Space>");
    vt_expect(v, "已选 1 ");
    expect_ticks(1);
    vt_keys(v, "V");
    vt_expect_gone(v, "已选");
    expect_ticks(0);
}

static void test_range(void **state)
{
    (void)state;
    vt_keys(v, "vjj");
    vt_expect(v, "区间 3 ");
    expect_ticks(3);
    /* Esc leaves the range, and nothing else. */
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "区间");
    expect_ticks(0);
    vt_keys(v, "vkkv");
    vt_expect(v, "已选 3 ");
    vt_expect_gone(v, "区间");
    expect_ticks(3);
    vt_keys(v, "V");
    vt_expect_gone(v, "已选");
    /* Shift with the arrows; the next other key ends it. */
    vt_keys(v, "<S-Down><S-Down>");
    vt_expect(v, "区间 3 ");
    vt_keys(v, "j");
    vt_expect(v, "已选 3 ");
    vt_expect_gone(v, "区间");
    vt_keys(v, "V<Home><S-PgDn>");
    vt_expect(v, "区间 ");
    vt_keys(v, "<Up>");
    vt_expect(v, "已选 ");
    vt_expect_gone(v, "区间");
}

/* Rows that have not come yet are selected as well. */
static void test_range_of_rows_to_come(void **state)
{
    (void)state;
    vt_keys(v, "v:1200<Enter>v");
    vt_expect(v, "已选 1,200 ");
    vt_keys(v, "g");
    vt_expect(v, "  1/");
    vt_expect(v, "»✓");
    /* The row behind the range is none of it. */
    vt_keys(v, ":1201<Enter>");
    vt_expect(v, " 1,201/" COUNT);
    vt_expect(v, "» ");
    vt_expect(v, "✓");
}

static void test_all_and_inverted(void **state)
{
    (void)state;
    vt_keys(v, "*");
    vt_expect(v, "已选 ");
    vt_expect(v, "»✓");
    vt_keys(v, "<Space>");
    vt_expect(v, "（除 1）");
    vt_keys(v, "!");
    vt_expect(v, "已选 1 ");
    expect_ticks(1);
    vt_keys(v, "!*");
    vt_expect_gone(v, "（除 1）");
    vt_expect(v, "已选 ");
    vt_keys(v, "*");
    vt_expect_gone(v, "已选");
    expect_ticks(0);
}

static void test_survives_sort_and_reload(void **state)
{
    (void)state;
    vt_keys(v, "<Space><Space>");
    vt_expect(v, "已选 2 ");
    vt_keys(v, "s<Enter>");
    vt_expect(v, "已选 2 ");
    vt_keys(v, "<C-r>");
    vt_expect(v, "已选 2 ");
    vt_keys(v, "*");
    vt_expect(v, "»✓");
    vt_keys(v, "<Space>");
    vt_expect(v, "（除 1）");
    vt_keys(v, "s<Enter><C-r>");
    vt_expect(v, "（除 1）");
    vt_keys(v, "g");
    vt_expect(v, "✓");
}

/* All that match keep their question. In another one rows are ticked that
 * match both, and the others say why they can not be. */
static void test_survives_search(void **state)
{
    (void)state;
    vt_keys(v, "/guangzhou<Enter>");
    vt_expect(v, " / 共");
    vt_keys(v, "*");
    vt_expect(v, "已选 ");
    vt_expect(v, "»✓");
    cJSON *n = client_result(c, "customer.count", "{\"search\":\"guangzhou\"}");
    char words[64];
    snprintf(words, sizeof(words), "已选 %d ", (int)json_int(n, "total", -1));
    cJSON_Delete(n);
    vt_expect(v, words);
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, " / 共");
    vt_expect(v, words);
    cJSON *in = client_result(c, "customer.list",
                              "{\"columns\":[\"customer_name\"],\"sort\":"
                              "[[\"updated_at\",\"desc\"]],\"limit\":36}");
    int expected = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, json_get(in, "rows"))
    {
        int64_t id;
        if (!json_is_int(row->child, &id))
            check_fail("a row without an id");
        cJSON *one = client_result(c, "customer.count",
                                   "{\"search\":\"guangzhou\",\"filter\":"
                                   "{\"id\":{\"eq\":%lld}}}",
                                   (long long)id);
        expected += (int)json_int(one, "total", 0);
        cJSON_Delete(one);
    }
    cJSON_Delete(in);
    expect_ticks(expected);
}

/* A name that does not match the search of the selection. */
static void test_row_from_outside(void **state)
{
    (void)state;
    vt_keys(v, "/guangzhou<Enter>");
    vt_expect(v, " / 共");
    vt_keys(v, "*<Esc>");
    vt_expect_gone(v, " / 共");
    vt_keys(v, "/shenzhen<Enter>");
    vt_expect(v, " / 共");
    vt_keys(v, "<Space>");
    vt_expect(v, "不在其中");
    expect_ticks(0);
}

static void test_mouse(void **state)
{
    static const char ctrl[] = "\033[<16;20;6M\033[<16;20;6m";
    static const char shift[] = "\033[<4;20;9M\033[<4;20;9m";
    (void)state;
    vt_send(v, ctrl, sizeof(ctrl) - 1);
    vt_expect(v, "已选 1 ");
    expect_ticks(1);
    vt_send(v, shift, sizeof(shift) - 1);
    vt_expect(v, "已选 4 ");
    expect_ticks(4);
    vt_send(v, ctrl, sizeof(ctrl) - 1);
    vt_expect(v, "已选 3 ");
}

int main(void)
{
#define CASE(name, how)                                                        \
    {                                                                          \
#name " " #how, test_##name, open_##how, close_list, NULL              \
    }
    const struct CMUnitTest tests[] = {
        CASE(one, customers),
        CASE(one, narrow),
        CASE(one, contacts),
        CASE(one, narrow_contacts),
        CASE(range, customers),
        CASE(range, narrow),
        CASE(range, contacts),
        CASE(range, narrow_contacts),
        CASE(range_of_rows_to_come, customers),
        CASE(range_of_rows_to_come, narrow),
        CASE(all_and_inverted, customers),
        CASE(all_and_inverted, narrow),
        CASE(all_and_inverted, contacts),
        CASE(all_and_inverted, narrow_contacts),
        CASE(survives_sort_and_reload, customers),
        CASE(survives_sort_and_reload, contacts),
        CASE(survives_search, customers),
        CASE(row_from_outside, customers),
        CASE(mouse, customers),
    };
    i18n_init(NULL); /* cell widths */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
