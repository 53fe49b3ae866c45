/* Drafts as text and on the disk: whole or not at all, never through what
 * somebody put in their place, whatever a file holds.
 * proves: NEW-04 */
#include "common/clock.h"
#include "common/json.h"
#include "schema/field.h"
#include "tests/support/check.h"
#include "tests/support/program.h"
#include "tui/draft/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[64];
static struct store *store;

static int set_up(void **state)
{
    (void)state;
    program_tempdir(home);
    setenv("XDG_STATE_HOME", home, 1);
    store = store_open(NULL);
    assert_non_null(store);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_close(&store);
    return 0;
}

static const char *path_of(const char *name)
{
    static char out[512];
    snprintf(out, sizeof(out), "%s/kehu/drafts/%s", home, name);
    return out;
}

static const char *file_of(const char *id)
{
    char name[64];
    snprintf(name, sizeof(name), "%s.json", id);
    return path_of(name);
}

static void make(struct draft *d, const char *name)
{
    draft_init(d);
    draft_text(d, &d->entity, "customer");
    draft_text(d, &d->server, "unix:/x");
    draft_text(d, &d->name, name);
    d->user = 7;
    d->step = 2;
    d->steps = 5;
    d->form = cJSON_Parse("{\"values\":{\"customer_name\":\"艾维\"},"
                          "\"typed\":{\"contact_phone\":\"13\"}}");
    d->children =
        cJSON_Parse("{\"contact\":[{\"values\":{\"name\":\"李娜\"}}]}");
}

static struct store_result put(struct draft *d)
{
    char *text = draft_print(d);
    struct store_result r = store_write(store, d->id, text, strlen(text));
    x_free(&text);
    return r;
}

static void keep(char id[DRAFT_ID_LEN], const char *name)
{
    struct draft d;
    make(&d, name);
    assert_int_equal(put(&d).end, STORE_ok);
    snprintf(id, DRAFT_ID_LEN, "%s", d.id);
    draft_free(&d);
}

static void expect_name(const char *id, const char *name)
{
    struct draft d;
    assert_true(store_read(store, id, &d, NULL));
    assert_string_equal(d.name, name);
    draft_free(&d);
}

static int entries(void)
{
    int n = 0;
    DIR *dir = opendir(path_of(""));
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.' || e->d_name[1] > '.' ? 1 : 0;
    closedir(dir);
    return n;
}

/* --- the text --- */

static void test_comes_back_as_it_was(void **state)
{
    struct draft d, back;
    (void)state;
    make(&d, "深圳艾维");
    d.record = 42;
    d.version = 3;
    d.sent = cJSON_Parse("{\"values\":{}}");
    char *text = draft_print(&d);
    assert_true(draft_parse(text, strlen(text), &back, NULL));
    assert_string_equal(back.name, "深圳艾维");
    assert_string_equal(back.entity, "customer");
    assert_string_equal(back.server, "unix:/x");
    assert_string_equal(back.schema, schema_hash());
    assert_string_equal(back.key, d.key);
    assert_int_equal(back.record, 42);
    assert_int_equal(back.version, 3);
    assert_int_equal(back.user, 7);
    assert_int_equal(back.step, 2);
    assert_true(cJSON_Compare(back.form, d.form, true));
    assert_true(cJSON_Compare(back.children, d.children, true));
    assert_true(cJSON_Compare(back.sent, d.sent, true));
    x_free(&text);
    draft_free(&back);
    draft_free(&d);
}

static void test_refuses_what_is_none(void **state)
{
    static const struct {
        const char *text;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_invalid},
        {"{", ERR_invalid},
        {"[]", ERR_invalid},
        {"{\"kehu_draft\":1}", ERR_invalid},
        {"{\"kehu_draft\":\"1\",\"entity\":\"customer\"}", ERR_invalid},
        {"{\"kehu_draft\":1,\"entity\":\"nothing\",\"key\":\"0123456789\"}",
         ERR_invalid},
        {"{\"kehu_draft\":1,\"entity\":\"customer\",\"key\":\"../../x\"}",
         ERR_invalid},
        {"{\"kehu_draft\":2,\"entity\":\"customer\"}", ERR_unavailable},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct draft d;
        struct err e = {0};
        assert_false(draft_parse(rows[i].text, strlen(rows[i].text), &d, &e));
        assert_int_equal(e.kind, rows[i].kind);
        assert_true(e.message[0] != '\0');
        err_clear(&e);
        draft_free(&d);
    }
}

static void test_odd_members_are_left_out(void **state)
{
    static const char text[] =
        "{\"kehu_draft\":1,\"entity\":\"customer\",\"key\":\"0123456789\","
        "\"form\":7,\"children\":[],\"step\":-4,\"steps\":1e9,\"name\":{},"
        "\"user\":1.5,\"pid\":\"x\"}";
    struct draft d;
    (void)state;
    assert_true(draft_parse(text, strlen(text), &d, NULL));
    assert_null(d.form);
    assert_null(d.children);
    assert_int_equal(d.step, 0);
    assert_int_equal(d.steps, 0);
    assert_int_equal(d.user, 0);
    assert_string_equal(d.name, "");
    draft_free(&d);
}

static void test_words(void **state)
{
    struct arena *a = arena_new();
    struct draft d;
    (void)state;
    make(&d, "深圳艾维");
    assert_string_equal(draft_title(&d, a), "深圳艾维");
    assert_string_equal(draft_progress(&d, a), "step 2 of 5");
    assert_string_equal(draft_age(&d, a), "just now");
    d.saved_us -= 3LL * 60 * 1000000;
    assert_string_equal(draft_age(&d, a), "3 min ago");
    d.saved_us -= 30LL * 3600 * 1000000;
    assert_string_equal(draft_age(&d, a), "1 d ago");
    draft_free(&d);
    arena_free(&a);
}

/* Open in this process or in none; another that runs holds it. */
static void test_who_has_it_open(void **state)
{
    struct draft d;
    (void)state;
    make(&d, "x");
    assert_false(draft_is_held(&d));
    draft_hold(&d);
    assert_false(draft_is_held(&d));
    pid_t child = fork();
    if (child == 0) {
        _exit(draft_is_held(&d) ? 0 : 1);
    }
    int status = -1;
    assert_true(program_ended(child, 10000, &status));
    assert_int_equal(status, 0);
    /* Its number alone is no sign: another process may have it by now. */
    d.pid = getppid();
    d.pid_started = 1;
    assert_false(draft_is_held(&d));
    draft_free(&d);
}

/* --- the disk --- */

static void test_private(void **state)
{
    char id[DRAFT_ID_LEN];
    struct stat st;
    (void)state;
    keep(id, "一");
    assert_int_equal(stat(path_of(""), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(file_of(id), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_written_again_and_removed(void **state)
{
    struct draft d;
    (void)state;
    make(&d, "一");
    assert_int_equal(put(&d).end, STORE_ok);
    draft_text(&d, &d.name, "二");
    assert_int_equal(put(&d).end, STORE_ok);
    expect_name(d.id, "二");
    assert_int_equal(entries(), 1);
    assert_true(store_remove(store, d.id, NULL));
    assert_true(store_remove(store, d.id, NULL)); /* already gone */
    assert_int_equal(entries(), 0);
    draft_free(&d);
}

static void test_newest_first(void **state)
{
    char first[DRAFT_ID_LEN], second[DRAFT_ID_LEN];
    struct store_list all;
    (void)state;
    keep(first, "一");
    clock_shift(1000000);
    keep(second, "二");
    store_list(store, &all);
    assert_int_equal(all.n, 2);
    assert_string_equal(all.at[0].id, second);
    assert_string_equal(all.at[1].id, first);
    store_list_free(&all);
}

/* What a place may hold instead of a draft. */
static void put_link(const char *path)
{
    char target[512];
    snprintf(target, sizeof(target), "%s/target", home);
    program_write_file(target, "mine");
    assert_int_equal(symlink(target, path), 0);
}

static void put_second_name(const char *path)
{
    char target[512];
    snprintf(target, sizeof(target), "%s/target", home);
    program_write_file(target, "mine");
    assert_int_equal(link(target, path), 0);
}

static void put_pipe(const char *path)
{
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void put_folder(const char *path)
{
    assert_int_equal(mkdir(path, 0700), 0);
}

/* Somebody else's; only root can put it there. */
static void put_foreign(const char *path)
{
    program_write_file(path, "theirs");
    if (geteuid() == 0)
        assert_int_equal(chown(path, 65534, 65534), 0);
    else
        put_second_name(path), unlink(path), put_pipe(path);
}

/* The draft goes elsewhere, and what lies there is not touched.
 * proves: NEW-04 */
static void test_the_place_is_taken(void **state)
{
    static void (*const ways[])(const char *) = {
        put_link, put_second_name, put_pipe, put_folder, put_foreign};
    (void)state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct draft d, none;
        struct stat before, after;
        char old[DRAFT_ID_LEN];
        make(&d, "一");
        memcpy(old, d.id, sizeof(old));
        ways[i](file_of(old));
        assert_int_equal(lstat(file_of(old), &before), 0);
        assert_int_equal(put(&d).end, STORE_moved);
        assert_string_not_equal(d.id, old);
        expect_name(d.id, "一");
        assert_int_equal(lstat(file_of(old), &after), 0);
        assert_int_equal(before.st_ino, after.st_ino);
        assert_int_equal(before.st_size, after.st_size);
        /* Neither read nor deleted through it. */
        struct err e = {0};
        assert_false(store_read(store, old, &none, &e));
        assert_int_equal(e.kind, ERR_forbidden);
        err_clear(&e);
        assert_false(store_remove(store, old, NULL));
        assert_int_equal(lstat(file_of(old), &after), 0);
        assert_true(store_remove(store, d.id, NULL));
        draft_free(&d);
    }
}

/* proves: NEW-04 */
static void test_the_folder_is_taken(void **state)
{
    char other[512], id[DRAFT_ID_LEN];
    struct stat st;
    (void)state;
    store_close(&store);
    assert_int_equal(rmdir(path_of("")), 0);
    snprintf(other, sizeof(other), "%s/elsewhere", home);
    assert_int_equal(mkdir(other, 0755), 0);
    snprintf(other, sizeof(other), "%s/kehu/drafts", home);
    assert_int_equal(symlink("../elsewhere", other), 0);
    store = store_open(NULL);
    assert_non_null(store);
    assert_non_null(store_note(store));
    assert_non_null(strstr(store_path(store), "drafts-2"));
    keep(id, "一");
    snprintf(other, sizeof(other), "%s/elsewhere/%s.json", home, id);
    assert_int_not_equal(stat(other, &st), 0);
    expect_name(id, "一");
}

static void test_the_folder_goes(void **state)
{
    char id[DRAFT_ID_LEN];
    (void)state;
    assert_int_equal(rmdir(path_of("")), 0);
    keep(id, "一");
    expect_name(id, "一");
}

/* Nothing half is left, and what was there before stays.
 * proves: NEW-04 */
static void test_full_disk(void **state)
{
    struct rlimit was, none;
    struct draft d;
    (void)state;
    make(&d, "一");
    assert_int_equal(put(&d).end, STORE_ok);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    none = (struct rlimit){.rlim_cur = 100, .rlim_max = was.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    draft_text(&d, &d.name, "二");
    struct store_result r = put(&d);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_int_equal(r.end, STORE_failed);
    assert_int_not_equal(r.failed, 0);
    struct arena *a = arena_new();
    assert_non_null(store_words(r, a));
    arena_free(&a);
    assert_int_equal(entries(), 1);
    expect_name(d.id, "一");
    assert_int_equal(put(&d).end, STORE_ok);
    expect_name(d.id, "二");
    draft_free(&d);
}

static void test_bounds(void **state)
{
    struct draft d;
    char id[DRAFT_ID_LEN];
    (void)state;
    char *large = x_calloc(DRAFT_BYTES + 2, 1);
    memset(large, 'x', DRAFT_BYTES + 1);
    draft_new_id(id);
    assert_int_equal(store_write(store, id, large, DRAFT_BYTES + 1).end,
                     STORE_large);
    x_free(&large);
    for (int i = 0; i < STORE_DRAFTS; i++) {
        draft_new_id(id);
        program_write_file(file_of(id), "{}");
    }
    make(&d, "一");
    assert_int_equal(put(&d).end, STORE_many);
    /* One that is there already can still be kept. */
    memcpy(d.id, id, sizeof(d.id));
    assert_int_equal(put(&d).end, STORE_ok);
    draft_free(&d);
}

/* proves: NEW-04 */
static void test_broken_ones_are_set_aside(void **state)
{
    char id[DRAFT_ID_LEN];
    struct store_list all;
    struct stat st;
    (void)state;
    keep(id, "好的");
    for (int i = 0; i < STORE_BROKEN + 5; i++) {
        char bad[DRAFT_ID_LEN];
        draft_new_id(bad);
        program_write_file(file_of(bad), "{\"kehu_draft\":1,");
        store_list(store, &all);
        assert_int_equal(all.n, 1);
        assert_int_equal(all.broken, 1);
        store_list_free(&all);
        assert_int_not_equal(stat(file_of(bad), &st), 0);
    }
    assert_int_equal(entries(), 1 + STORE_BROKEN);
    expect_name(id, "好的");
}

/* One of a later version is left alone. */
static void test_later_version(void **state)
{
    char id[DRAFT_ID_LEN];
    struct store_list all;
    struct stat st;
    (void)state;
    draft_new_id(id);
    program_write_file(file_of(id), "{\"kehu_draft\":99}");
    store_list(store, &all);
    assert_int_equal(all.n, 0);
    assert_int_equal(all.broken, 0);
    assert_int_equal(all.later, 1);
    store_list_free(&all);
    assert_int_equal(stat(file_of(id), &st), 0);
}

/* A process that dies writes with its last breath. */
static void test_rescue(void **state)
{
    struct draft d;
    struct store_rescue r;
    (void)state;
    make(&d, "最后");
    char *text = draft_print(&d);
    store_prepare_rescue(store, d.id, &r);
    store_do_rescue(&r, text, strlen(text));
    x_free(&text);
    expect_name(d.id, "最后");
    assert_int_equal(entries(), 1);
    draft_free(&d);
}

int main(void)
{
#define PURE(name) cmocka_unit_test(test_##name)
#define DISK(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        PURE(comes_back_as_it_was),
        PURE(refuses_what_is_none),
        PURE(odd_members_are_left_out),
        PURE(words),
        PURE(who_has_it_open),
        DISK(private),
        DISK(written_again_and_removed),
        DISK(newest_first),
        DISK(the_place_is_taken),
        DISK(the_folder_is_taken),
        DISK(the_folder_goes),
        DISK(full_disk),
        DISK(bounds),
        DISK(broken_ones_are_set_aside),
        DISK(later_version),
        DISK(rescue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
