/* Steps through the wizard that several tests take. */
#ifndef TESTS_SCREEN_WIZARD_STEPS_H
#define TESTS_SCREEN_WIZARD_STEPS_H

#include "tests/screen/steps.h"

/* Opens the picker of a field and takes the best match. */
static inline void wizard_pick(struct vt *v, const char *label,
                               const char *text, const char *shown)
{
    steps_go_to_field(v, label);
    vt_keys(v, text);
    vt_expect(v, shown);
    vt_expect(v, "» ");
    vt_keys(v, "<Enter>");
    /* The picker has a focus of its own on the same text: it must have left. */
    vt_expect_gone(v, "── ");
    steps_expect_focus(v, shown);
}

/* The line of steps on a wide screen, the words on a narrow one. */
static inline void wizard_expect_step(struct vt *v, int step, const char *title)
{
    static const char *const circled[] = {"①", "②", "③", "④", "⑤"};
    char text[128];
    int rows, cols;
    vt_size(v, &rows, &cols);
    if (cols < 80)
        snprintf(text, sizeof(text), "第 %d/5 步  %s", step, title);
    else
        snprintf(text, sizeof(text), "[%s %s]", circled[step - 1], title);
    vt_expect(v, text);
}

/* From the list. */
static inline void wizard_open_new(struct vt *v)
{
    vt_expect(v, " 1/");
    vt_keys(v, "n");
    vt_expect(v, "新建客户");
    wizard_expect_step(v, 1, "合作信息");
    vt_expect(v, "» 客户名称 *");
}

/* Step 1, signed by this person, and on. */
static inline void wizard_sign_first(struct vt *v, const char *name,
                                     const char *person)
{
    vt_keys(v, name);
    wizard_pick(v, "签单销售 *", person, person);
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 2, "基础信息");
}

static inline void wizard_fill_first(struct vt *v, const char *name)
{
    wizard_sign_first(v, name, "刘清扬");
}

/* To the row that adds one. */
static inline void wizard_go_to_add(struct vt *v)
{
    steps_tab_to(v, "+ 添加");
}

static inline void wizard_add_contact(struct vt *v, const char *name,
                                      const char *phone)
{
    char row[STEPS_NAME];
    wizard_go_to_add(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 姓名 *");
    vt_keys(v, name);
    steps_go_to_field(v, "电话");
    vt_keys(v, phone);
    vt_keys(v, "<C-s>");
    vt_expect_gone(v, "姓名 *");
    snprintf(row, sizeof(row), "  %s", name);
    steps_expect_focus(v, row);
}

static inline void wizard_add_competitor(struct vt *v, const char *name,
                                         const char *url)
{
    wizard_go_to_add(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 竞对公司名"); /* cut where it is narrow */
    vt_keys(v, name);
    steps_go_to_field(v, "竞对网址");
    vt_keys(v, url);
    vt_keys(v, "<C-s>");
    vt_expect_gone(v, "» 竞对网址");
    steps_expect_focus(v, name);
}

static inline void wizard_add_attention(struct vt *v, const char *text)
{
    wizard_go_to_add(v);
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 事项 *");
    vt_keys(v, text);
    steps_go_to_field(v, "分类 *");
    vt_keys(v, "沟通");
    vt_expect(v, "» 沟通相关"); /* in the picker */
    vt_keys(v, "<Enter>");
    vt_expect(v, "» 分类 *");
    vt_expect(v, "沟通相关");
    vt_keys(v, "<C-s>");
    vt_expect_gone(v, "事项 *");
}

/* Step 2 without its contacts. */
static inline void wizard_fill_second(struct vt *v)
{
    wizard_pick(v, "客户行业 *", "3C", "3C电子");
    wizard_pick(v, "地区 *", "广东", "广东");
}

/* From step 2 to the review. */
static inline void wizard_to_review(struct vt *v)
{
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 3, "独立站情况");
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 4, "竞争对手");
    vt_keys(v, "<C-n>");
    wizard_expect_step(v, 5, "特别关注");
    vt_keys(v, "<C-n>");
    vt_expect(v, "» [ 提交 ]");
}

/* All of it. */
static inline void wizard_fill(struct vt *v, const char *name)
{
    wizard_fill_first(v, name);
    wizard_fill_second(v);
    wizard_add_contact(v, "诸葛亮", "13700001111");
    wizard_to_review(v);
}

#endif
