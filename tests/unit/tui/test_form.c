/* Forms from the field table: what is sent, what is checked, what may not be
 * changed, what a conflict becomes.
 * proves: DET-10, EDIT-02, LIST-02, ACC-03 */
#include "common/i18n.h"
#include "common/json.h"
#include "schema/access.h"
#include "tests/support/check.h"
#include "tui/widget/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* An application on a terminal nobody looks at, and one form in it. */
static struct {
    uv_loop_t loop;
    int master, slave;
    struct client_settings settings;
    struct app *app;
    struct screen *screen;
    struct form *form;
    char left[256]; /* fields told as left */
    int saves;
} w;

static const struct screen_ops empty_ops = {.name = "empty",
                                            .place = PLACE_form};

static void start(struct app *a, void *ctx)
{
    (void)a;
    (void)ctx;
}

static int set_up(void **state)
{
    (void)state;
    char *why = NULL;
    memset(&w, 0, sizeof(w));
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    assert_int_equal(openpty(&w.master, &w.slave, NULL, NULL, &size), 0);
    assert_true(client_settings_load("/dev/null", &w.settings, NULL));
    uv_loop_init(&w.loop);
    struct app_options o = {.term = {w.slave, w.slave, "xterm", 0},
                            .settings = &w.settings,
                            .start = start};
    w.app = app_new(&w.loop, &o, &why);
    assert_non_null(w.app);
    w.screen = screen_new(w.app, &empty_ops, sizeof(*w.screen));
    app_push(w.app, w.screen);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    form_free(&w.form);
    app_free(&w.app);
    uv_run(&w.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w.loop), 0);
    client_settings_free(&w.settings);
    close(w.master);
    close(w.slave);
    return 0;
}

/* --- helpers --- */

static int level(void *ctx, const struct field *f)
{
    (void)ctx;
    if (strcmp(f->id, "phone") == 0)
        return LEVEL_MASKED;
    if (strcmp(f->id, "wechat") == 0)
        return LEVEL_HIDDEN;
    return strcmp(f->id, "email") == 0 ? LEVEL_READ : LEVEL_WRITE;
}

static void left(void *ctx, const struct field *f)
{
    (void)ctx;
    size_t n = strlen(w.left);
    snprintf(w.left + n, sizeof(w.left) - n, "%s ", f->id);
}

static bool not_the_customer(void *ctx, const struct field *f)
{
    (void)ctx;
    return strcmp(f->id, "customer_id") != 0;
}

static void new_form(bool creating, bool rights)
{
    struct form_options o = {.entity = entity_find("contact"),
                             .creating = creating,
                             .take = not_the_customer,
                             .level = rights ? level : NULL,
                             .left = left};
    w.form = form_new(w.screen, &o);
}

static cJSON *json(const char *text)
{
    cJSON *out = NULL;
    assert_true(json_parse(text, strlen(text), NULL, &out, NULL));
    return out;
}

static const char contact[] =
    "{\"id\":7,\"version\":3,\"customer_id\":[42,\"艾维\"],"
    "\"name\":\"李娜\",\"position\":\"经理\",\"phone\":\"138****5678\","
    "\"email\":\"li@example.com\",\"wechat\":null,\"is_primary\":true,"
    "\"rank\":0,\"notes\":\"一\\n二\","
    "\"created_at\":\"2025-07-04T08:00:00Z\"}";

static void load(bool rights)
{
    new_form(false, rights);
    cJSON *record = json(contact);
    form_load(w.form, record);
    cJSON_Delete(record);
}

static void type(const char *text)
{
    struct event paste = {
        .kind = EVENT_paste, .text = text, .len = strlen(text)};
    struct event clear;
    key_parse("ctrl-u", &clear);
    form_key(w.form, &clear);
    assert_true(form_key(w.form, &paste));
}

static void act(enum action_id a)
{
    struct event e = {.kind = EVENT_key};
    assert_true(form_act(w.form, a, &e));
}

/* Goes to a field by Tab, as a person does. */
static void go_to(const char *id)
{
    for (int i = 0; i < 40; i++) {
        const struct field *f = form_current(w.form);
        if (f != NULL && strcmp(f->id, id) == 0)
            return;
        act(ACT_next_field);
    }
    check_fail("there is no way to %s", id);
}

static void expect_changes(const char *want)
{
    cJSON *values = form_changes(w.form);
    char *text = cJSON_PrintUnformatted(values);
    assert_string_equal(text, want);
    cJSON_free(text);
    cJSON_Delete(values);
}

static const struct field *field(const char *id)
{
    return field_find(entity_find("contact"), id);
}

/* --- the tests --- */

static void test_reading(void **state)
{
    (void)state;
    load(false);
    assert_int_equal(form_id(w.form), 7);
    assert_int_equal(form_version(w.form), 3);
    assert_false(form_editing(w.form));
    assert_false(form_typing(w.form));
    assert_string_equal(form_current(w.form)->id, "name");
    assert_string_equal(form_shown(w.form, field("name")), "李娜");
    assert_null(form_value(w.form, field("wechat")));
    assert_false(form_dirty(w.form));
    expect_changes("{}");
}

static void test_editing(void **state)
{
    (void)state;
    load(false);
    assert_true(form_edit(w.form, false, NULL));
    assert_true(form_typing(w.form));
    type("王芳");
    assert_true(form_dirty(w.form));
    assert_string_equal(form_value(w.form, field("name")), "王芳");
    go_to("position");
    assert_string_equal(w.left, "name ");
    type("");
    go_to("is_primary");
    expect_changes("{\"name\":\"王芳\",\"position\":null}");
    assert_true(form_check(w.form));
    form_cancel(w.form);
    assert_false(form_dirty(w.form));
    assert_string_equal(form_shown(w.form, field("name")), "李娜");
}

/* A value typed back to what it was is no change. */
static void test_back_to_what_it_was(void **state)
{
    (void)state;
    load(false);
    form_edit(w.form, true, NULL);
    type("王芳");
    go_to("position");
    act(ACT_prev_field);
    type("李娜");
    go_to("position");
    assert_false(form_dirty(w.form));
    expect_changes("{}");
}

/* proves: NEW-02 */
static void test_checked_when_left(void **state)
{
    (void)state;
    load(false);
    form_edit(w.form, true, NULL);
    go_to("email");
    type("nobody");
    go_to("notes");
    assert_false(form_check(w.form));
    assert_string_equal(form_current(w.form)->id, "email");
    type("li@example.org");
    assert_true(form_check(w.form));
    expect_changes("{\"email\":\"li@example.org\"}");
}

/* What could not be read is still there when one comes back to mend it. */
static void test_unreadable_stays(void **state)
{
    (void)state;
    load(false);
    form_edit(w.form, true, NULL);
    go_to("rank");
    type("many");
    go_to("name");
    assert_true(form_dirty(w.form));
    assert_string_equal(form_shown(w.form, field("rank")), "many");
    assert_false(form_check(w.form));
    assert_string_equal(form_current(w.form)->id, "rank");
}

static void test_rights(void **state)
{
    (void)state;
    struct err e = {0};
    load(true);
    assert_string_equal(form_shown(w.form, field("phone")), "138****5678");
    for (int i = 0; i < 4; i++)
        act(ACT_down);
    assert_string_equal(form_current(w.form)->id, "is_primary");
    act(ACT_first);
    assert_true(form_edit(w.form, true, &e));
    for (int i = 0; i < 20; i++) {
        const struct field *f = form_current(w.form);
        act(ACT_next_field);
        if (f == NULL)
            continue;
        assert_string_not_equal(f->id, "phone");
        assert_string_not_equal(f->id, "wechat");
        assert_string_not_equal(f->id, "email");
        assert_string_not_equal(f->id, "created_at");
    }
    err_clear(&e);
}

static void test_refusal_says_why(void **state)
{
    (void)state;
    struct err e = {0};
    i18n_use(LANG_en);
    load(true);
    for (int i = 0; i < 3; i++)
        act(ACT_down);
    assert_string_equal(form_current(w.form)->id, "email");
    assert_false(form_edit(w.form, false, &e));
    assert_string_equal(e.message,
                        "You may read this value but not change it.");
    assert_false(form_editing(w.form));
    err_clear(&e);
}

static void test_new_record(void **state)
{
    (void)state;
    new_form(true, false);
    form_load(w.form, NULL);
    assert_true(form_editing(w.form));
    assert_false(form_dirty(w.form));
    assert_false(form_check(w.form));
    assert_string_equal(form_current(w.form)->id, "name");
    type("李娜");
    assert_true(form_dirty(w.form));
    assert_true(form_check(w.form));
    expect_changes("{\"name\":\"李娜\",\"rank\":0}");
}

static void test_faults_of_the_daemon(void **state)
{
    (void)state;
    load(false);
    form_edit(w.form, true, NULL);
    struct err e = {.kind = ERR_invalid};
    err_data(&e, "fields",
             json("[{\"field\":\"position\",\"message\":\"no\"}]"));
    assert_true(form_faults(w.form, &e));
    assert_string_equal(form_current(w.form)->id, "position");
    err_clear(&e);
    e.kind = ERR_invalid;
    err_data(&e, "fields",
             json("[{\"field\":\"unheard_of\",\"message\":\"no\"}]"));
    assert_false(form_faults(w.form, &e));
    err_clear(&e);
}

static void saved(void *ctx)
{
    (void)ctx;
    w.saves++;
}

static struct err conflict_with(const char *current)
{
    struct err e = {.kind = ERR_conflict};
    err_data(&e, "current", json(current));
    return e;
}

/* What only the other one changed is not asked, and is not sent back. */
static void test_no_overlap(void **state)
{
    (void)state;
    load(false);
    form_edit(w.form, true, NULL);
    type("王芳");
    struct err e = conflict_with(
        "{\"id\":7,\"version\":4,\"name\":\"李娜\",\"position\":\"总监\","
        "\"phone\":\"138****5678\",\"email\":\"li@example.com\","
        "\"is_primary\":true,\"rank\":0,\"notes\":\"一\\n二\"}");
    form_conflict(w.form, &e, saved, NULL);
    err_clear(&e);
    assert_int_equal(w.saves, 1);
    assert_int_equal(form_version(w.form), 4);
    assert_string_equal(form_shown(w.form, field("position")), "总监");
    expect_changes("{\"name\":\"王芳\"}");
}

static void conflict(void)
{
    load(false);
    form_edit(w.form, true, NULL);
    type("王芳");
    go_to("position");
    type("顾问");
    struct err e = conflict_with(
        "{\"id\":7,\"version\":4,\"name\":\"李明\",\"position\":\"总监\","
        "\"phone\":\"138****5678\",\"email\":\"li@example.com\","
        "\"is_primary\":true,\"rank\":0,\"notes\":\"一\\n二\"}");
    form_conflict(w.form, &e, saved, NULL);
    err_clear(&e);
    assert_int_equal(w.saves, 0);
    assert_string_equal(app_top(w.app)->ops->name, "conflict");
}

static void test_overlap_is_asked(void **state)
{
    (void)state;
    conflict();
    assert_true(app_act(w.app, ACT_pick_theirs));
    app_act(w.app, ACT_down);
    app_act(w.app, ACT_pick_before);
    app_act(w.app, ACT_save);
    assert_int_equal(w.saves, 1);
    assert_int_equal(form_version(w.form), 4);
    assert_string_equal(form_shown(w.form, field("name")), "李明");
    expect_changes("{\"position\":\"经理\"}");
}

static void test_conflict_left(void **state)
{
    (void)state;
    conflict();
    app_act(w.app, ACT_back);
    assert_int_equal(w.saves, 0);
    assert_int_equal(form_version(w.form), 3);
    expect_changes("{\"name\":\"王芳\",\"position\":\"顾问\"}");
}

static void test_lines(void **state)
{
    (void)state;
    load(false);
    int narrow = form_lines(w.form, 40), wide = form_lines(w.form, 120);
    assert_true(narrow > wide && wide > 3);
    form_edit(w.form, true, NULL);
    assert_true(form_lines(w.form, 120) > wide);
}

static void test_at_the_ends(void **state)
{
    (void)state;
    load(false);
    assert_true(form_at_first(w.form));
    assert_false(form_at_last(w.form));
    form_go_last(w.form);
    assert_true(form_at_last(w.form));
    form_go_first(w.form);
    assert_true(form_at_first(w.form));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    (void)argc;
    i18n_init(argv[0]);
    const struct CMUnitTest tests[] = {
        TEST(test_reading),
        TEST(test_editing),
        TEST(test_back_to_what_it_was),
        TEST(test_checked_when_left),
        TEST(test_unreadable_stays),
        TEST(test_rights),
        TEST(test_refusal_says_why),
        TEST(test_new_record),
        TEST(test_faults_of_the_daemon),
        TEST(test_no_overlap),
        TEST(test_overlap_is_asked),
        TEST(test_conflict_left),
        TEST(test_lines),
        TEST(test_at_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
