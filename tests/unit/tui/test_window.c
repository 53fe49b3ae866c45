/* The window of a list: what it asks for, what it keeps, how indexes stay
 * true, over a make-believe table of a million rows. */
#include "tui/widget/list_window.h"

#include "common/json.h"
#include "common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The table: row n has the id 1000 + n; a cursor is the row it points at. */
struct table {
    int64_t total;
    int asked; /* questions so far */
};

static cJSON *page_of(const struct table *t, int64_t from, int64_t to)
{
    cJSON *result = cJSON_CreateObject();
    cJSON *rows = cJSON_AddArrayToObject(result, "rows");
    char text[32];
    from = from < 0 ? 0 : from;
    to = to > t->total ? t->total : to;
    for (int64_t i = from; i < to; i++) {
        cJSON *row = cJSON_CreateArray();
        cJSON_AddItemToArray(row, cJSON_CreateNumber((double)(1000 + i)));
        cJSON_AddItemToArray(row, cJSON_CreateNumber(1));
        cJSON_AddItemToArray(rows, row);
    }
    snprintf(text, sizeof(text), "%lld", (long long)to);
    if (to < t->total)
        cJSON_AddStringToObject(result, "next", text);
    snprintf(text, sizeof(text), "%lld", (long long)from);
    if (from > 0)
        cJSON_AddStringToObject(result, "prev", text);
    return result;
}

static cJSON *answer(struct table *t, const struct ask *a)
{
    int64_t from = 0;
    t->asked++;
    if (a->kind == ASK_after)
        from = atoll(a->cursor);
    if (a->kind == ASK_before)
        from = atoll(a->cursor) - WINDOW_PAGE_ROWS;
    if (a->kind == ASK_offset)
        from = a->offset;
    if (a->kind == ASK_last)
        from = t->total - WINDOW_PAGE_ROWS;
    if (a->kind == ASK_around)
        from = a->id - 1000 - WINDOW_PAGE_ROWS / 2;
    int64_t to = from + WINDOW_PAGE_ROWS;
    if (a->kind == ASK_before)
        to = atoll(a->cursor);
    return page_of(t, from, to);
}

static int64_t give(struct window *w, struct table *t, const struct ask *a)
{
    cJSON *result = answer(t, a);
    int64_t moved = window_take(w, a, result);
    cJSON_Delete(result);
    return moved;
}

/* Asks until nothing is missing. */
static void fill(struct window *w, struct table *t, int64_t top, int height)
{
    struct ask a;
    for (int i = 0; window_want(w, top, height, &a); i++) {
        assert_true(i < 20);
        give(w, t, &a);
    }
}

static int64_t id_at(const struct window *w, int64_t index)
{
    const cJSON *row = window_row(w, index);
    int64_t id = 0;
    if (row)
        assert_true(json_is_int(row->child, &id));
    return id;
}

static void assert_seen(const struct window *w, int64_t top, int height)
{
    for (int64_t i = top; i < top + height; i++)
        assert_int_equal(id_at(w, i), 1000 + i);
}

static int rows_kept(const struct window *w, int64_t total)
{
    int n = 0;
    for (int64_t i = 0; i < total; i++)
        n += window_row(w, i) != NULL;
    return n;
}

static void starts_with_the_first_page(void **state)
{
    struct window *w = window_new();
    struct ask a;
    (void)state;
    assert_true(window_want(w, 0, 36, &a));
    assert_int_equal(a.kind, ASK_first);
    assert_int_equal(window_total(w), -1);
    assert_true(window_bound(w) > 0);
    assert_null(window_row(w, 0));
    window_free(&w);
}

/* proves: LIST-18 */
static void walks_a_million_rows_in_constant_memory(void **state)
{
    struct table t = {.total = 1000000};
    struct window *w = window_new();
    (void)state;
    window_set_total(w, t.total);
    for (int64_t top = 0; top < 5000; top += 36) {
        fill(w, &t, top, 36);
        assert_seen(w, top, 36);
    }
    assert_true(rows_kept(w, 10000) <= WINDOW_PAGES * WINDOW_PAGE_ROWS);
    for (int64_t top = 5000; top >= 0; top -= 36) {
        fill(w, &t, top, 36);
        assert_seen(w, top, 36);
    }
    assert_true(rows_kept(w, 10000) <= WINDOW_PAGES * WINDOW_PAGE_ROWS);
    /* Pages of 100 rows, there and back: not one question a screen. */
    assert_true(t.asked < 110);
    window_free(&w);
}

/* proves: LIST-18 */
static void jumps_to_the_nth_row(void **state)
{
    struct table t = {.total = 1000000};
    struct window *w = window_new();
    struct ask a;
    (void)state;
    fill(w, &t, 0, 36);
    window_set_total(w, t.total);
    assert_true(window_want(w, 499980, 36, &a));
    assert_int_equal(a.kind, ASK_offset);
    fill(w, &t, 499980, 36);
    assert_seen(w, 499980, 36);
    assert_null(window_row(w, 0));
    /* From there on by cursors, in both directions. */
    fill(w, &t, 499900, 36);
    assert_seen(w, 499900, 36);
    fill(w, &t, 500100, 36);
    assert_seen(w, 500100, 36);
    window_free(&w);
}

static void jumps_to_the_last_row_before_the_count_is_known(void **state)
{
    struct table t = {.total = 123456};
    struct window *w = window_new();
    struct ask last = {.kind = ASK_last};
    (void)state;
    fill(w, &t, 0, 36);
    give(w, &t, &last);
    assert_false(window_placed(w));
    int64_t guessed = window_find(w, 1000 + t.total - 1);
    assert_true(guessed >= 0);
    assert_int_equal(window_total(w), -1);
    int64_t moved = window_set_total(w, t.total);
    assert_true(window_placed(w));
    assert_int_equal(guessed + moved, t.total - 1);
    assert_seen(w, t.total - 36, 36);
    window_free(&w);
}

static void knows_the_total_when_it_sees_the_end(void **state)
{
    struct table t = {.total = 30};
    struct window *w = window_new();
    struct ask a;
    (void)state;
    fill(w, &t, 0, 36);
    assert_int_equal(window_total(w), 30);
    assert_int_equal(window_bound(w), 30);
    assert_false(window_want(w, 0, 36, &a));
    /* A count that was taken a moment earlier does not undo it. */
    assert_int_equal(window_set_total(w, 29), 0);
    assert_int_equal(window_total(w), 30);
    window_free(&w);
}

static void an_empty_answer_is_known_to_be_empty(void **state)
{
    struct table t = {.total = 0};
    struct window *w = window_new();
    struct ask a;
    (void)state;
    fill(w, &t, 0, 36);
    assert_int_equal(window_total(w), 0);
    assert_true(window_empty(w));
    assert_false(window_want(w, 0, 36, &a));
    window_free(&w);
}

static void keeps_a_row_in_its_place_when_asked_anew(void **state)
{
    struct table t = {.total = 1000};
    struct window *w = window_new();
    struct ask around = {.kind = ASK_around, .id = 1000 + 400, .offset = 400};
    (void)state;
    give(w, &t, &around);
    assert_int_equal(window_find(w, 1400), 400);
    /* It has moved up by five since: it keeps its place on the screen. */
    around.offset = 405;
    give(w, &t, &around);
    assert_int_equal(window_find(w, 1400), 405);
    window_free(&w);
}

static void the_first_row_puts_wrong_indexes_right(void **state)
{
    struct table t = {.total = 1000};
    struct window *w = window_new();
    struct ask around = {.kind = ASK_around, .id = 1000 + 20, .offset = 300};
    (void)state;
    int64_t moved = give(w, &t, &around);
    assert_int_equal(moved, -280);
    assert_int_equal(window_find(w, 1020), 20);
    window_free(&w);
}

static void an_answer_that_comes_too_late_is_of_no_use(void **state)
{
    struct table t = {.total = 1000000};
    struct window *w = window_new();
    struct ask a;
    (void)state;
    fill(w, &t, 0, 36);
    window_set_total(w, t.total);
    assert_true(window_want(w, 500000, 36, &a));
    assert_true(window_useful(w, &a, 500000, 36));
    assert_false(window_useful(w, &a, 900000, 36));
    window_free(&w);
}

static void a_new_question_forgets_everything(void **state)
{
    struct table t = {.total = 1000};
    struct window *w = window_new();
    (void)state;
    fill(w, &t, 0, 36);
    window_set_total(w, 1000);
    window_reset(w);
    assert_int_equal(window_total(w), -1);
    assert_null(window_row(w, 0));
    window_free(&w);
}

/* Any view of any height is filled by a bounded number of questions. */
static void every_view_settles(void **state)
{
    struct table t = {.total = 5000};
    struct window *w = window_new();
    (void)state;
    window_set_total(w, t.total);
    srand(7);
    for (int i = 0; i < 500; i++) {
        int height = 1 + rand() % 250;
        int64_t top = rand() % (5000 - height);
        fill(w, &t, top, height);
        assert_seen(w, top, height);
    }
    window_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_with_the_first_page),
        cmocka_unit_test(walks_a_million_rows_in_constant_memory),
        cmocka_unit_test(jumps_to_the_nth_row),
        cmocka_unit_test(jumps_to_the_last_row_before_the_count_is_known),
        cmocka_unit_test(knows_the_total_when_it_sees_the_end),
        cmocka_unit_test(an_empty_answer_is_known_to_be_empty),
        cmocka_unit_test(keeps_a_row_in_its_place_when_asked_anew),
        cmocka_unit_test(the_first_row_puts_wrong_indexes_right),
        cmocka_unit_test(an_answer_that_comes_too_late_is_of_no_use),
        cmocka_unit_test(a_new_question_forgets_everything),
        cmocka_unit_test(every_view_settles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
