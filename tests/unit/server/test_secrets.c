/* Passwords and tokens. */
#include "server/auth/password.h"
#include "server/auth/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static int set_up(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

/* proves: ACC-01 */
static void test_password(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH], again[PASSWORD_HASH];
    struct err e = {0};
    assert_true(password_hash("很长的密码123", hash, &e));
    assert_true(password_hash("很长的密码123", again, &e));
    assert_string_not_equal(hash, again);
    assert_ptr_equal(strstr(hash, "$argon2id$v=19$m=19456,t=2,p=1$"), hash);
    assert_true(password_verify(hash, "很长的密码123"));
    assert_false(password_verify(hash, "很长的密码124"));
    assert_false(password_verify(hash, ""));
}

/* Nobody's password is checked as long as anybody's, and never right. */
static void test_no_password(void **state)
{
    (void)state;
    assert_false(password_verify(NULL, "secret-secret"));
    assert_false(password_verify("", ""));
    assert_false(password_verify("plain", "plain"));
}

static void test_password_rules(void **state)
{
    (void)state;
    char longest[130];
    struct err e = {0};
    memset(longest, 'x', sizeof(longest));
    longest[128] = '\0';
    assert_true(password_check("12345678", &e));
    assert_true(password_check(longest, &e));
    longest[128] = 'x';
    longest[129] = '\0';
    assert_false(password_check(longest, &e));
    assert_int_equal(e.kind, ERR_invalid);
    assert_false(password_check("1234567", &e));
    assert_false(password_check("bad \xff\xfe bytes", &e));
    err_clear(&e);
}

static void test_token(void **state)
{
    (void)state;
    char a[TOKEN_LEN], b[TOKEN_LEN], hash[TOKEN_HASH], other[TOKEN_HASH];
    token_make(a);
    token_make(b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), TOKEN_LEN - 1);
    assert_true(token_hash(a, hash));
    assert_true(token_hash(a, other));
    assert_string_equal(hash, other);
    assert_int_equal(strlen(hash), TOKEN_HASH - 1);
    assert_true(token_hash(b, other));
    assert_string_not_equal(hash, other);
    assert_null(strstr(hash, a));
}

static void test_no_token(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    char hash[TOKEN_HASH];
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(token_hash(wrong[i], hash));
}

static void test_session_counts(void **state)
{
    (void)state;
    const struct session from = {.user_id = 7, .lang = LANG_en};
    struct session *s = session_new(&from), *kept = session_ref(s);
    session_unref(&s);
    assert_null(s);
    assert_int_equal(kept->user_id, 7);
    session_unref(&kept);
    assert_null(session_ref(NULL));
    session_unref(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_password),
        cmocka_unit_test(test_no_password),
        cmocka_unit_test(test_password_rules),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_session_counts),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
