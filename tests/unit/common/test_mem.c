/* Memory: what is handed out is usable, arenas reuse it, and running out ends
 * the process after the work was saved. */
#include "common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A request that no machine can meet gives NULL under the sanitizer too. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void test_strings(void **state)
{
    (void)state;
    char *s = x_strdup("深圳"), *cut = x_strndup("abcdef", 3);
    char *whole = x_strndup("ab", 100), *made = x_asprintf("%d-%s", 7, s);
    assert_string_equal(s, "深圳");
    assert_string_equal(cut, "abc");
    assert_string_equal(whole, "ab");
    assert_string_equal(made, "7-深圳");
    x_free(&s);
    assert_null(s);
    x_free(&cut);
    x_free(&whole);
    x_free(&made);
}

static void test_empty_sizes_are_usable(void **state)
{
    (void)state;
    void *a = x_malloc(0), *b = x_calloc(0, 8), *c = x_reallocarray(NULL, 0, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    x_free(&a);
    x_free(&b);
    x_free(&c);
}

static void test_calloc_is_zeroed(void **state)
{
    (void)state;
    unsigned char *p = x_calloc(1000, 3), sum = 0;
    for (int i = 0; i < 3000; i++)
        sum |= p[i];
    assert_int_equal(sum, 0);
    x_free(&p);
}

static void test_arena_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 7) {
            unsigned char *p = arena_alloc(a, size), sum = 0;
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                sum |= p[i];
            assert_int_equal(sum, 0);
            memset(p, 0xff, size);
        }
        arena_reset(a);
    }
    arena_free(&a);
    assert_null(a);
    arena_free(&a);
}

static void test_arena_keeps_what_it_gave(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct arena *a = arena_new();
    int **p = arena_array(a, N, sizeof(*p));
    for (int i = 0; i < N; i++) {
        p[i] = arena_alloc(a, sizeof(**p));
        *p[i] = i;
    }
    for (int i = 0; i < N; i++)
        assert_int_equal(*p[i], i);
    arena_free(&a);
}

static void test_arena_size_falls_back_after_reset(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    size_t first = arena_size(a);
    arena_alloc(a, 3 << 20);
    assert_true(arena_size(a) >= first + (3 << 20));
    arena_reset(a);
    assert_int_equal(arena_size(a), first);
    arena_free(&a);
}

static void test_arena_texts(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *big = arena_printf(a, "%*s|%s", 20000, "x", "end");
    assert_int_equal(strlen(big), 20004);
    assert_string_equal(big + 20000, "|end");
    assert_string_equal(arena_strdup(a, ""), "");
    assert_string_equal(arena_strndup(a, "abc", 2), "ab");
    assert_string_equal(arena_strndup(a, "abc", 9), "abc");
    arena_free(&a);
}

static int pipe_of_child;

static void save(void)
{
    ssize_t n = write(pipe_of_child, "saved", 5);
    (void)n;
}

/* Saving that runs out itself must still end the process. */
static void save_and_fail(void)
{
    save();
    x_reallocarray(NULL, SIZE_MAX, 2);
}

/* Runs `fail` in a child; what its save wrote goes to `said`. */
static int exit_of(void (*run)(void), void (*hook)(void), char said[16])
{
    int fd[2], status = 0;
    assert_int_equal(pipe(fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        pipe_of_child = fd[1];
        close(STDERR_FILENO);
        x_on_exhausted(hook);
        run();
        _exit(0);
    }
    close(fd[1]);
    ssize_t n = read(fd[0], said, 15);
    said[n > 0 ? n : 0] = '\0';
    close(fd[0]);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static volatile size_t far_too_much = SIZE_MAX / 2 - 64;
static volatile size_t four = 4;

static void fail_malloc(void)
{
    x_malloc(far_too_much);
}

static void fail_calloc(void)
{
    x_calloc(far_too_much, four);
}

static void fail_realloc(void)
{
    x_reallocarray(NULL, far_too_much, four);
}

static void fail_arena(void)
{
    arena_alloc(arena_new(), far_too_much);
}

static void fail_array(void)
{
    arena_array(arena_new(), far_too_much, four);
}

static void test_running_out_saves_and_ends(void **state)
{
    (void)state;
    static void (*const ways[])(void) = {fail_malloc, fail_calloc, fail_realloc,
                                         fail_arena, fail_array};
    char said[16];
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        assert_int_equal(exit_of(ways[i], save, said), EXIT_FAILURE);
        assert_string_equal(said, "saved");
        assert_int_equal(exit_of(ways[i], NULL, said), EXIT_FAILURE);
        assert_string_equal(said, "");
    }
}

static void test_running_out_while_saving_ends(void **state)
{
    (void)state;
    char said[16];
    assert_int_equal(exit_of(fail_realloc, save_and_fail, said), EXIT_FAILURE);
    assert_string_equal(said, "saved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_empty_sizes_are_usable),
        cmocka_unit_test(test_calloc_is_zeroed),
        cmocka_unit_test(test_arena_is_zeroed_and_aligned),
        cmocka_unit_test(test_arena_keeps_what_it_gave),
        cmocka_unit_test(test_arena_size_falls_back_after_reset),
        cmocka_unit_test(test_arena_texts),
        cmocka_unit_test(test_running_out_saves_and_ends),
        cmocka_unit_test(test_running_out_while_saving_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
