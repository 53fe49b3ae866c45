/* What every list does, whatever it lists and however wide it is: customers
 * and contacts, at 120 columns and at 40. */
#include "common/i18n.h"
#include "tests/screen/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CUSTOMERS 300

/* A list, a filter as text that leaves some of it out. */
static const struct lists {
    const char *entity, *title, *sort, *command, *filter;
} lists[] = {
    {"customer", "customer_name", "-updated_at", NULL, ":grade:A<Enter>"},
    {"contact", "name", "rank", ":contacts<Enter>", ":is_primary:否<Enter>"},
};

struct place {
    const struct lists *list;
    int rows, cols;
};

static const struct place places[] = {{&lists[0], 40, 120},
                                      {&lists[0], 15, 40},
                                      {&lists[1], 40, 120},
                                      {&lists[1], 15, 40}};

static struct daemon *d;
static struct client *c;
static struct vt *v;
static const struct place *at;
static int total;
static char first[STEPS_NAME];

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

static void expect_position(int n)
{
    char text[32];
    snprintf(text, sizeof(text), " %d/%d", n, total);
    vt_expect(v, text);
}

static int open_list(void **state)
{
    char method[64];
    at = *state;
    snprintf(method, sizeof(method), "%s.list", at->list->entity);
    cJSON *r = client_result(
        c, method,
        "{\"columns\":[\"%s\"],\"sort\":\"%s\",\"limit\":1,\"count\":"
        "\"exact\"}",
        at->list->title, at->list->sort);
    const cJSON *row = json_get(r, "rows")->child;
    snprintf(first, sizeof(first), "%s", row->child->next->next->valuestring);
    total = (int)json_int(r, "total", 0);
    cJSON_Delete(r);
    v = desk_client(d,
                    &(struct vt_options){.rows = at->rows, .cols = at->cols});
    vt_expect(v, "» ");
    if (at->list->command)
        vt_keys(v, at->list->command);
    expect_position(1);
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    vt_stop(&v);
    return 0;
}

/* proves: LIST-03, LIST-07, UX-03 */
static void test_search(void **state)
{
    char keys[STEPS_NAME + 16];
    (void)state;
    snprintf(keys, sizeof(keys), "/%s<Enter>", steps_start(first));
    vt_keys(v, keys);
    steps_expect_focus(v, steps_start(first));
    vt_expect(v, at->cols >= 80 ? "条 / 共" : "条");
    vt_keys(v, "<Esc>");
    expect_position(1);
}

/* The search before is on the arrow keys.
 * proves: LIST-04, UX-03 */
static void test_recalled(void **state)
{
    char keys[STEPS_NAME + 16];
    (void)state;
    snprintf(keys, sizeof(keys), "/%s<Enter>", steps_start(first));
    vt_keys(v, keys);
    steps_expect_focus(v, steps_start(first));
    vt_keys(v, "<Esc>");
    expect_position(1);
    vt_keys(v, "/<Up>");
    snprintf(keys, sizeof(keys), "/ %s", steps_start(first));
    vt_expect(v, keys);
}

/* The second page begins where the screen ended.
 * proves: LIST-19, UX-03 */
static void test_pages(void **state)
{
    (void)state;
    vt_keys(v, "%");
    vt_expect(v, "[ ");
    vt_keys(v, "2<Enter>");
    expect_position(at->cols >= 80 ? at->rows - 3 : (at->rows - 3) / 2 + 1);
}

static bool has_sort_mark(struct vt *t, void *ctx)
{
    (void)ctx;
    return vt_has(t, "↑1") || vt_has(t, "↓1");
}

/* The sign of a sort key: in the header, or in the menu of a narrow screen.
 * proves: LIST-15, UX-03 */
static void test_sort(void **state)
{
    (void)state;
    vt_keys(v, "s");
    vt_expect(v, at->cols >= 80 ? "反转" : "──");
    vt_keys(v, "<Enter>");
    if (at->cols < 80)
        vt_keys(v, "s");
    if (!vt_wait(v, has_sort_mark, NULL, VT_PATIENCE))
        check_fail("no column tells that it sorts:\n%s", vt_dump(v));
}

/* proves: LIST-18, UX-03 */
static void test_jumps(void **state)
{
    char row[32];
    (void)state;
    vt_keys(v, "G");
    expect_position(total);
    vt_keys(v, "g");
    expect_position(1);
    snprintf(row, sizeof(row), ":%d<Enter>", total / 2);
    vt_keys(v, row);
    expect_position(total / 2);
    vt_keys(v, "<Home>");
    expect_position(1);
}

/* proves: LIST-05, LIST-08, UX-03 */
static void test_filter_cleared(void **state)
{
    char all[32];
    (void)state;
    snprintf(all, sizeof(all), "/%d", total);
    vt_keys(v, at->list->filter);
    vt_expect_gone(v, all);
    vt_expect(v, at->cols >= 80 ? "✕1" : "个条件");
    vt_keys(v, "0");
    expect_position(1);
}

/* Its keys are listed, and found among them by pinyin.
 * proves: UX-01, UX-03 */
static void test_help(void **state)
{
    (void)state;
    vt_keys(v, "?");
    vt_expect(v, "本页按键");
    vt_keys(v, "shuaxin");
    vt_expect(v, "刷新");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "本页按键");
    expect_position(1);
}

/* The other language at once, and back.
 * proves: UX-07, UX-03 */
static void test_language(void **state)
{
    bool contacts = at->list == &lists[1];
    (void)state;
    vt_keys(v, "<F8>");
    vt_expect_row(v, 0, contacts ? "Contacts" : "Customers");
    vt_expect(v, "Search");
    vt_keys(v, "<F8>");
    vt_expect(v, "搜索");
    expect_position(1);
}

/* proves: UX-02, UX-03 */
static void test_clicks(void **state)
{
    (void)state;
    int row = steps_focus(v), step = at->cols >= 80 ? 1 : 2;
    vt_click(v, 1, row + step, 6);
    expect_position(2);
    vt_click(v, 5, row, 6);
    vt_keys(v, "g");
    expect_position(1);
}

int main(void)
{
#define AT(name, i)                                                            \
    {                                                                          \
#name " " #i, test_##name, open_list, close_list, (void *)&places[i]   \
    }
#define EVERYWHERE(name) AT(name, 0), AT(name, 1), AT(name, 2), AT(name, 3)
    const struct CMUnitTest tests[] = {
        EVERYWHERE(search), EVERYWHERE(recalled), EVERYWHERE(jumps),
        EVERYWHERE(pages),  EVERYWHERE(sort),     EVERYWHERE(filter_cleared),
        EVERYWHERE(clicks), EVERYWHERE(help),     EVERYWHERE(language),
    };
    i18n_init(NULL); /* cell widths */
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
