/* The fair queue: in turn by client, bounded, so many of one at once. */
#include "server/db/fair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS 64

struct thing {
    struct fair_item item;
    int number;
};

static struct thing things[ITEMS];

static struct fair_item *thing(int number, int64_t client)
{
    things[number] = (struct thing){.item.client = client, .number = number};
    return &things[number].item;
}

static int pop(struct fair *f)
{
    struct fair_item *i = fair_pop(f);
    return i != NULL ? ((struct thing *)i)->number : -1;
}

static void test_empty(void **state)
{
    (void)state;
    struct fair *f = fair_new(3, 0);
    assert_int_equal(pop(f), -1);
    assert_int_equal(fair_length(f), 0);
    fair_finish(f, 7);
    fair_free(&f);
    assert_null(f);
    fair_free(&f);
}

/* Three of one client, then one of each of two others: these come second and
 * third, whatever was there before. */
static void test_in_turn(void **state)
{
    (void)state;
    static const int expected[] = {0, 3, 4, 1, 2, -1};
    struct fair *f = fair_new(ITEMS, 0);
    for (int i = 0; i < 3; i++)
        assert_true(fair_push(f, thing(i, 100)));
    assert_true(fair_push(f, thing(3, -5)));
    assert_true(fair_push(f, thing(4, 7)));
    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
        assert_int_equal(pop(f), expected[i]);
    fair_free(&f);
}

static void test_bound(void **state)
{
    (void)state;
    struct fair *f = fair_new(2, 0);
    assert_true(fair_push(f, thing(0, 1)));
    assert_true(fair_push(f, thing(1, 2)));
    assert_false(fair_push(f, thing(2, 3)));
    assert_int_equal(fair_length(f), 2);
    assert_int_equal(pop(f), 0);
    assert_true(fair_push(f, thing(2, 3)));
    fair_free(&f);
}

static void test_at_once(void **state)
{
    (void)state;
    struct fair *f = fair_new(ITEMS, 2);
    for (int i = 0; i < 4; i++)
        assert_true(fair_push(f, thing(i, 1)));
    assert_true(fair_push(f, thing(4, 2)));
    assert_int_equal(pop(f), 0);
    assert_int_equal(pop(f), 4);
    assert_int_equal(pop(f), 1);
    /* Two of client 1 are at work; nobody else waits. */
    assert_int_equal(pop(f), -1);
    fair_finish(f, 2);
    assert_int_equal(pop(f), -1);
    fair_finish(f, 1);
    assert_int_equal(pop(f), 2);
    assert_int_equal(pop(f), -1);
    fair_free(&f);
}

static bool is_number(struct fair_item *item, void *ctx)
{
    return ((struct thing *)item)->number == *(int *)ctx;
}

static void test_take(void **state)
{
    (void)state;
    struct fair *f = fair_new(ITEMS, 0);
    int last = 2, none = 9, only = 3;
    for (int i = 0; i < 3; i++)
        assert_true(fair_push(f, thing(i, 1)));
    assert_true(fair_push(f, thing(3, 2)));
    assert_null(fair_take(f, is_number, &none));
    assert_ptr_equal(fair_take(f, is_number, &last), &things[2].item);
    assert_ptr_equal(fair_take(f, is_number, &only), &things[3].item);
    /* What is pushed after the last one was taken comes behind the rest. */
    assert_true(fair_push(f, thing(4, 1)));
    assert_int_equal(pop(f), 0);
    assert_int_equal(pop(f), 1);
    assert_int_equal(pop(f), 4);
    assert_int_equal(pop(f), -1);
    fair_free(&f);
}

/* Whatever is pushed comes out once, each client's own in their order. */
static void test_model(void **state)
{
    (void)state;
    enum { CLIENTS = 5, ROUNDS = 4000 };
    static struct thing pool[ROUNDS];
    struct fair *f = fair_new(40, 0);
    int next_in[CLIENTS] = {0}, next_out[CLIENTS] = {0}, waiting = 0;
    srand(1);
    for (int i = 0; i < ROUNDS; i++) {
        int client = rand() % CLIENTS;
        if (rand() % 2 == 0) {
            pool[i].item.client = client;
            pool[i].number = next_in[client];
            bool pushed = fair_push(f, &pool[i].item);
            assert_int_equal(pushed, waiting < 40);
            next_in[client] += pushed;
            waiting += pushed;
        } else {
            struct thing *t = (struct thing *)fair_pop(f);
            assert_int_equal(t != NULL, waiting > 0);
            if (t == NULL)
                continue;
            assert_int_equal(t->number, next_out[t->item.client]++);
            waiting--;
        }
        assert_int_equal(fair_length(f), waiting);
    }
    fair_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty), cmocka_unit_test(test_in_turn),
        cmocka_unit_test(test_bound), cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_take),  cmocka_unit_test(test_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
