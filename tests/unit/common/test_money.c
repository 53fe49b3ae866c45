/* Money: exact hundredths, in every form that people type. */
#include "common/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct amount {
    const char *text, *out; /* NULL: refused */
};

static const struct amount amounts[] = {
    {"0", "0.00"},
    {"-0", "0.00"},
    {"12345.6", "12345.60"},
    {"12345.60", "12345.60"},
    {"0.05", "0.05"},
    {"-0.05", "-0.05"},
    {"007", "7.00"},
    {"1,234,567.89", "1234567.89"},
    {"１２３", "123.00"},
    {"１，２３４．５", "1234.50"},
    {"50万", "500000.00"},
    {"50萬元", "500000.00"},
    {"1.2亿", "120000000.00"},
    {"1.2345万", "12345.00"},
    {"1.234567万", "12345.67"},
    {"¥300", "300.00"},
    {"￥300", "300.00"},
    {"-¥300", "-300.00"},
    {"¥-300", "-300.00"},
    {"¥ 1,000 元", "1000.00"},
    {"-5", "-5.00"},
    {"+5", "5.00"},
    {"－5", "-5.00"},
    {"−5", "-5.00"},
    {" 5 ", "5.00"},
    {"999999999999.99", "999999999999.99"},
    {"-999999999999.99", "-999999999999.99"},
    {"9999亿", "999900000000.00"},
    {"", NULL},
    {" ", NULL},
    {"-", NULL},
    {"¥", NULL},
    {"元", NULL},
    {"万", NULL},
    {".5", NULL},
    {"5.", NULL},
    {"1.234", NULL},
    {"1.230", NULL},
    {"1.2345678万", NULL},
    {"1,23", NULL},
    {"1,5", NULL},
    {"1234,567", NULL},
    {"1,2345", NULL},
    {",123", NULL},
    {"1,", NULL},
    {"1.234,56", NULL},
    {"1000000000000", NULL},
    {"-1000000000000", NULL},
    {"1万亿", NULL},
    {"10000亿", NULL},
    {"99999999999999999999999999999999", NULL},
    {"000000000000000000000000000000000000000000000000000000000000000001",
     NULL},
    {"--5", NULL},
    {"+-5", NULL},
    {"¥¥5", NULL},
    {"$5", NULL},
    {"5w", NULL},
    {"5e3", NULL},
    {"Y5", NULL},
    {"5u", NULL},
    {"0x10", NULL},
    {"NaN", NULL},
    {"5 5x", NULL},
    {"五", NULL},
    {"5\xff", NULL},
};

static void test_what_people_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(amounts) / sizeof(*amounts); i++) {
        const struct amount *a = &amounts[i];
        int64_t v;
        char text[MONEY_LEN];
        bool ok = money_parse(a->text, &v);
        if (ok != (a->out != NULL))
            fail_msg("\"%s\"", a->text);
        if (!ok)
            continue;
        money_format(v, text);
        assert_string_equal(text, a->out);
    }
}

static void test_grouped_for_people(void **state)
{
    (void)state;
    static const struct {
        int64_t v;
        const char *text;
    } cases[] = {
        {0, "0.00"},
        {5, "0.05"},
        {-5, "-0.05"},
        {99999, "999.99"},
        {100000, "1,000.00"},
        {-123456789, "-1,234,567.89"},
        {MONEY_MAX, "999,999,999,999.99"},
        {INT64_MIN, "-92,233,720,368,547,758.08"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[MONEY_LEN];
        money_format_grouped(cases[i].v, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_what_is_written_reads_back(void **state)
{
    (void)state;
    for (int64_t v = -MONEY_MAX; v <= MONEY_MAX; v += 1999999987) {
        char text[MONEY_LEN];
        int64_t back;
        money_format(v, text);
        assert_true(money_parse(text, &back));
        assert_int_equal(back, v);
        money_format_grouped(v, text);
        assert_true(money_parse(text, &back));
        assert_int_equal(back, v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_people_type),
        cmocka_unit_test(test_grouped_for_people),
        cmocka_unit_test(test_what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
