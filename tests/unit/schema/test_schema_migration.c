/* The embedded migrations: numbers that rise, unchanged text, the right
 * checksum of it; and the program that embeds them refuses what is wrong. */
#include "schema/migration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/kehu-migration-XXXXXX";

/* The output of a command, without its line end. */
__attribute__((format(printf, 1, 2))) static char *output(const char *fmt, ...)
{
    static char text[4096];
    char command[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(command, sizeof(command), fmt, ap);
    va_end(ap);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    size_t n = fread(text, 1, sizeof(text) - 1, p);
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    pclose(p);
    return text;
}

static void test_numbers_and_names(void **state)
{
    (void)state;
    assert_true(migration_count >= 3);
    for (int i = 0; i < migration_count; i++) {
        char number[16];
        int before = i > 0 ? migration_rows[i - 1].number : 0;
        assert_true(migration_rows[i].number > before);
        snprintf(number, sizeof(number), "%04d_", migration_rows[i].number);
        assert_memory_equal(migration_rows[i].name, number, 5);
    }
}

/* Against the file itself and against another implementation of SHA-256. */
static void test_texts_and_checksums(void **state)
{
    (void)state;
    for (int i = 0; i < migration_count; i++) {
        const struct migration *m = &migration_rows[i];
        char file[512], text[200];
        snprintf(file, sizeof(file), "%s/schema/migrations/%s.sql", KEHU_SOURCE,
                 m->name);
        FILE *f = fopen(file, "r");
        assert_non_null(f);
        assert_non_null(fgets(text, sizeof(text), f));
        fclose(f);
        assert_memory_equal(m->sql, text, strlen(text));
        const char *sum = output("sha256sum %s", file);
        assert_int_equal(strlen(m->checksum), 64);
        assert_memory_equal(sum, m->checksum, 64);
        const char *size = output("wc -c < %s", file);
        assert_int_equal(strlen(m->sql), atoi(size));
    }
}

/* Lengths around the block of 64 bytes, where padding goes wrong. */
static void test_checksums_of_all_lengths(void **state)
{
    (void)state;
    for (int len = 0; len < 140; len++) {
        char file[256], sum[65];
        snprintf(file, sizeof(file), "%s/0001_x.sql", dir);
        FILE *f = fopen(file, "w");
        assert_non_null(f);
        for (int i = 0; i < len; i++)
            fputc('a' + i % 26, f);
        fclose(f);
        snprintf(sum, sizeof(sum), "%s", output("sha256sum %s", file));
        const char *found =
            output(KEHU_BUILD "/bin/make_migrations %s/out.c %s && "
                              "grep -c %s %s/out.c",
                   dir, file, sum, dir);
        if (strcmp(found, "1") != 0)
            fail_msg("a file of %d bytes has another checksum", len);
    }
}

static int embed(const char *files)
{
    char command[1024];
    snprintf(command, sizeof(command),
             "cd %s && for f in %s; do echo 'SELECT 1;' > $f; done; "
             "%s/bin/make_migrations out.c %s 2>/dev/null",
             dir, files, KEHU_BUILD, files);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_files_that_are_refused(void **state)
{
    (void)state;
    assert_int_equal(embed("0001_a.sql 0002_b.sql"), 0);
    assert_int_equal(embed("0001_a.sql 0003_b.sql"), 0);
    assert_int_equal(embed("0001_a.sql 0001_b.sql"), 1); /* doubled */
    assert_int_equal(embed("0002_a.sql 0001_b.sql"), 1);
    assert_int_equal(embed("0000_a.sql"), 1);
    assert_int_equal(embed("0001_A.sql"), 1);
    assert_int_equal(embed("0001-a.sql"), 1);
    assert_int_equal(embed("1_a.sql"), 1);
    assert_int_equal(embed("0001_a.txt"), 1);
    assert_int_equal(embed(""), 2);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(dir) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    output("rm -rf %s", dir);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_names),
        cmocka_unit_test(test_texts_and_checksums),
        cmocka_unit_test(test_checksums_of_all_lengths),
        cmocka_unit_test(test_files_that_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
