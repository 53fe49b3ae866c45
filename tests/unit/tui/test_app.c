/* The application with two screens of its own, before a real terminal: this
 * program starts itself again as the client that is looked at.
 * proves: UX-01, UX-02, UX-03, UX-07, UX-09, EDIT-02 */
#include "common/i18n.h"
#include "common/json.h"
#include "schema/field.h"
#include "tests/support/check.h"
#include "tests/support/vt.h"
#include "tui/app/app.h"
#include "tui/widget/dialog.h"
#include "tui/widget/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants these before it. */
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the client that is looked at --- */

enum { ROWS = 200 };

struct rows {
    struct screen base;
    int cursor, top;
};

struct record {
    struct screen base;
    struct form *form;
};

static struct client_settings settings;

static bool record_act(struct screen *s, enum action_id a,
                       const struct event *e)
{
    struct record *r = (struct record *)s;
    if (form_act(r->form, a, e))
        return true;
    if (a == ACT_save && form_check(r->form)) {
        cJSON *values = form_changes(r->form);
        char *text = cJSON_PrintUnformatted(values);
        app_message(s->app, MESSAGE_good, "saved %s", text);
        cJSON_free(text);
        cJSON_Delete(values);
    }
    return a == ACT_save;
}

static void record_draw(struct screen *s, struct rect r)
{
    struct rect in = app_frame(s->app, s, r, "record", NULL, NULL);
    form_draw(((struct record *)s)->form, in, app_top(s->app) == s);
}

static bool record_key(struct screen *s, const struct event *e)
{
    return form_key(((struct record *)s)->form, e);
}

static bool record_typing(struct screen *s)
{
    return form_typing(((struct record *)s)->form);
}

static const char *record_unsaved(struct screen *s)
{
    return form_dirty(((struct record *)s)->form) ? "the contact" : NULL;
}

static void record_free(struct screen *s)
{
    form_free(&((struct record *)s)->form);
}

static const struct screen_ops record_ops = {
    .name = "record",
    .place = PLACE_form,
    .draw = record_draw,
    .act = record_act,
    .key = record_key,
    .typing = record_typing,
    .unsaved = record_unsaved,
    .free = record_free,
};

static bool not_the_customer(void *ctx, const struct field *f)
{
    (void)ctx;
    return strcmp(f->id, "customer_id") != 0;
}

static void record_open(struct app *a)
{
    struct record *r = screen_new(a, &record_ops, sizeof(*r));
    struct form_options o = {.entity = entity_find("contact"),
                             .creating = true,
                             .take = not_the_customer};
    r->form = form_new(&r->base, &o);
    form_load(r->form, NULL);
    app_push(a, &r->base);
}

static void rows_draw(struct screen *s, struct rect r)
{
    struct rows *l = (struct rows *)s;
    struct term *t = app_term(s->app);
    char text[64];
    struct rect in = app_frame(s->app, s, r, "rows", NULL, NULL);
    if (l->cursor >= l->top + in.h)
        l->top = l->cursor - in.h + 1;
    if (l->cursor < l->top)
        l->top = l->cursor;
    for (int i = 0; i < in.h && l->top + i < ROWS; i++) {
        snprintf(text, sizeof(text), "row %d 深圳市艾维科技有限公司",
                 l->top + i + 1);
        term_put(t, in.y + i, 2, in.w - 2, STYLE_text, text);
    }
    term_put(t, in.y + l->cursor - l->top, 0, 1, STYLE_text,
             term_symbol(t, "focus"));
    term_cursor(t, in.y + l->cursor - l->top, 0, false);
}

static void rows_removed(void *ctx)
{
    struct rows *l = ctx;
    app_message(l->base.app, MESSAGE_good, "removed");
}

static void rows_ask(struct rows *l)
{
    struct dialog_question q = {.title = "Remove?",
                                .text = "It is gone then.",
                                .yes = "Remove",
                                .danger = true};
    dialog_confirm(l->base.app, &q, rows_removed, l);
}

static bool rows_act(struct screen *s, enum action_id a, const struct event *e)
{
    struct rows *l = (struct rows *)s;
    int to = a == ACT_down     ? l->cursor + 1
             : a == ACT_up     ? l->cursor - 1
             : a == ACT_go_row ? (int)e->number - 1
                               : l->cursor;
    bool moved = to != l->cursor || a == ACT_go_row;
    l->cursor = to < 0 ? 0 : to >= ROWS ? ROWS - 1 : to;
    if (a == ACT_search)
        app_message(s->app, MESSAGE_info, "search for <%s>",
                    e->text != NULL ? e->text : "");
    else if (a == ACT_new)
        record_open(s->app);
    else if (a == ACT_remove)
        rows_ask(l);
    else
        return moved;
    return true;
}

static const struct screen_ops rows_ops = {
    .name = "rows", .place = PLACE_list, .draw = rows_draw, .act = rows_act};

static void start(struct app *a, void *ctx)
{
    (void)ctx;
    struct rows *l = screen_new(a, &rows_ops, sizeof(*l));
    app_push(a, &l->base);
}

static int client(void)
{
    char *why = NULL;
    struct err e = {0};
    uv_loop_t loop;
    if (!client_settings_load(NULL, &settings, &e)) {
        fprintf(stderr, "%s\n", e.message);
        return 2;
    }
    i18n_use(client_settings_lang(&settings));
    uv_loop_init(&loop);
    struct app_options o = {.term = {.in_fd = 0, .out_fd = 1},
                            .settings = &settings,
                            .start = start};
    struct app *a = app_new(&loop, &o, &why);
    int code = a != NULL ? app_run(a) : 1;
    if (why != NULL)
        fprintf(stderr, "%s\n", why);
    x_free(&why);
    app_free(&a);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    client_settings_free(&settings);
    return code;
}

/* --- what is seen --- */

static const char *self_path(void)
{
    static char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    assert_true(n > 0);
    self[n] = '\0';
    return self;
}

static struct vt *open_client(const char *const *env, int rows, int cols)
{
    const char *argv[] = {self_path(), "--client", NULL};
    struct vt_options o = {
        .argv = argv, .env = env, .rows = rows, .cols = cols};
    return vt_start(&o);
}

static const char *const english[] = {"LC_ALL=C.UTF-8", "LANG=en_US.UTF-8",
                                      "LC_ALL=en_US.UTF-8", NULL};

static struct vt *open_rows(void)
{
    struct vt *v = open_client(english, 40, 120);
    vt_expect(v, "row 1 ");
    vt_settle(v, 100);
    return v;
}

static void test_starts_and_leaves(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    assert_true(vt_altscreen(v));
    vt_keys(v, "q");
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 0);
    assert_false(vt_altscreen(v));
    vt_stop(&v);
}

static void test_signal_restores(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV};
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        struct vt *v = open_rows();
        kill(vt_pid(v), signals[i]);
        assert_int_not_equal(vt_wait_exit(v, VT_PATIENCE), -1);
        assert_false(vt_altscreen(v));
        vt_stop(&v);
    }
}

/* proves: UX-08 */
static void test_moving_is_cheap(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    for (int i = 0; i < 5; i++) {
        size_t n = vt_cost(v, "j");
        if (n > 16)
            check_fail("%zu bytes: %s", n, vt_raw(v));
    }
    assert_true(vt_cost(v, "jjjjjjjjjjjjjjjjjjjjjjjjj") <= 30);
    vt_settle(v, 100);
    assert_int_equal(vt_cost(v, ""), 0);
    vt_stop(&v);
}

static void test_help_runs_what_is_chosen(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_keys(v, "?");
    vt_expect(v, "Keys of this screen");
    vt_keys(v, "delete");
    vt_expect_gone(v, "One row or field up.");
    vt_keys(v, "<Enter>");
    vt_expect(v, "It is gone then.");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "It is gone then.");
    vt_stop(&v);
}

static void test_palette(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_keys(v, ":150<Enter>");
    vt_expect(v, "row 150 ");
    vt_keys(v, ":yuyan<Enter>"); /* 语言, though the screen is English */
    vt_expect(v, "帮助");
    vt_keys(v, "：ｌanguage<Enter>");
    vt_expect(v, "Help");
    vt_keys(v, ":yy<Enter>"); /* initials */
    vt_expect(v, "帮助");
    vt_stop(&v);
}

static void test_danger_starts_on_cancel(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_keys(v, "d");
    vt_expect(v, "It is gone then.");
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "It is gone then.");
    assert_false(vt_has(v, "removed"));
    vt_keys(v, "d");
    vt_expect(v, "It is gone then.");
    vt_keys(v, "<Left><Enter>");
    vt_expect(v, "removed");
    vt_stop(&v);
}

static void test_input_method(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_keys(v, "？");
    vt_expect(v, "Keys of this screen");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "Keys of this screen");
    vt_keys(v, "科技");
    vt_expect(v, "“科技” is no command");
    vt_keys(v, "/");
    vt_expect(v, "search for <科技>");
    vt_keys(v, "j/");
    vt_expect(v, "search for <>");
    vt_stop(&v);
}

static void test_paste_runs_nothing(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_paste(v, "qDq");
    vt_expect(v, "“qDq” is no command");
    assert_int_equal(vt_wait_exit(v, 50), -1);
    vt_stop(&v);
}

static void test_form(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_keys(v, "n");
    vt_expect(v, "Full name");
    vt_keys(v, "李娜<Tab>经理<Tab>12<Tab>");
    vt_keys(v, "<C-s>");
    vt_settle(v, 100);
    assert_false(vt_has(v, "saved"));
    vt_keys(v, "<C-u>13812345678<C-s>");
    vt_expect(v, "saved {\"name\":\"李娜\",\"position\":\"经理\","
                 "\"phone\":\"13812345678\"");
    vt_stop(&v);
}

static void test_unsaved_is_asked(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_keys(v, "n");
    vt_expect(v, "Full name");
    vt_keys(v, "q?<Esc>");
    vt_expect(v, "Not saved yet: the contact");
    vt_keys(v, "<Esc>");
    vt_expect_gone(v, "Not saved yet");
    vt_expect(v, "q?");
    vt_keys(v, "<Esc>");
    vt_expect(v, "Not saved yet");
    vt_keys(v, "y");
    vt_expect(v, "row 1 ");
    vt_stop(&v);
}

static void test_narrow(void **state)
{
    (void)state;
    struct vt *v = open_client(english, 15, 40);
    vt_expect(v, "row 1 ");
    vt_keys(v, "n");
    vt_expect(v, "Full name");
    vt_resize(v, 40, 120);
    vt_expect(v, "Full name");
    vt_resize(v, 15, 40);
    vt_keys(v, "<Esc>");
    vt_expect(v, "row 1 ");
    vt_stop(&v);
}

/* Under a shell with job control, which says that the job has stopped and
 * brings it back. */
static void test_suspend(void **state)
{
    (void)state;
    static const char script[] = "\"$0\" --client; echo stopped; read x; fg";
    const char *argv[] = {"/bin/sh", "-m", "-c", script, self_path(), NULL};
    struct vt_options o = {.argv = argv, .env = english};
    struct vt *v = vt_start(&o);
    vt_expect(v, "row 1 ");
    vt_keys(v, "<C-z>");
    vt_expect(v, "stopped");
    assert_false(vt_altscreen(v));
    vt_keys(v, "<Enter>");
    vt_expect(v, "row 1 ");
    assert_true(vt_altscreen(v));
    vt_keys(v, "j");
    vt_expect_cursor(v, 2, 0);
    vt_stop(&v);
}

static void test_mouse(void **state)
{
    (void)state;
    struct vt *v = open_rows();
    vt_click(v, 5, 10, 10);
    vt_expect_cursor(v, 4, 0);
    vt_click(v, 3, 10, 10);
    vt_expect(v, "Adds a new record here.");
    vt_keys(v, "<Esc><F6>");
    vt_expect(v, "selects text in the terminal");
    assert_false(vt_mouse(v));
    vt_stop(&v);
}

static void test_without_colour(void **state)
{
    (void)state;
    static const char *const env[] = {"LC_ALL=en_US.UTF-8", "NO_COLOR=1", NULL};
    struct vt *v = open_client(env, 24, 80);
    vt_expect(v, "row 1 ");
    for (int row = 0; row < 24; row++) {
        for (int col = 0; col < 80; col++) {
            struct vt_cell c = vt_cell(v, row, col);
            assert_int_equal(c.fg, -1);
            assert_int_equal(c.bg, -1);
        }
    }
    vt_stop(&v);
}

static void test_no_terminal(void **state)
{
    (void)state;
    static const char *const env[] = {"LC_ALL=en_US.UTF-8", "TERM=dumb", NULL};
    struct vt *v = open_client(env, 24, 80);
    assert_int_equal(vt_wait_exit(v, VT_PATIENCE), 1);
    vt_expect(v, "can not move its cursor");
    vt_stop(&v);
}

int main(int argc, char **argv)
{
    i18n_init(argv[0]);
    if (argc > 1 && strcmp(argv[1], "--client") == 0)
        return client();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_and_leaves),
        cmocka_unit_test(test_signal_restores),
        cmocka_unit_test(test_moving_is_cheap),
        cmocka_unit_test(test_help_runs_what_is_chosen),
        cmocka_unit_test(test_palette),
        cmocka_unit_test(test_danger_starts_on_cancel),
        cmocka_unit_test(test_input_method),
        cmocka_unit_test(test_paste_runs_nothing),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_unsaved_is_asked),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_suspend),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_without_colour),
        cmocka_unit_test(test_no_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
