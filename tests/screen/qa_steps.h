/* Steps along a question of a customer that several tests take. */
#ifndef TESTS_SCREEN_QA_STEPS_H
#define TESTS_SCREEN_QA_STEPS_H

#include "tests/screen/steps.h"

static inline void qa_pick(struct vt *v, const char *label, const char *typed)
{
    steps_go_to_field(v, label);
    vt_keys(v, typed);
    vt_expect(v, typed);
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "/ ");
}

/* In the tab of the questions: a critical one. */
static inline void qa_add(struct vt *v, const char *text)
{
    vt_keys(v, "n");
    vt_expect(v, "新建");
    steps_go_to_field(v, "问题描述");
    vt_keys(v, text);
    qa_pick(v, "问题分类", "系统故障");
    qa_pick(v, "影响程度", "严重");
    /* The day is today unless told. */
    vt_keys(v, "<C-s>");
    vt_expect(v, "已新建");
    vt_expect(v, text);
}

/* Opened, and to be closed at once: the daemon names what is missing. */
static inline void qa_close_without_cause(struct vt *v)
{
    vt_keys(v, "<Down><Down><Enter>");
    vt_expect(v, "待处理");
    vt_expect(v, "完成期限");
    vt_keys(v, "E");
    vt_expect(v, "» 问题描述");
    steps_go_to_field(v, "处理状态");
    vt_keys(v, "已");
    vt_expect(v, "已关闭");
    /* What can not follow is not offered. */
    if (vt_has(v, "重新打开"))
        check_fail("a state that can not follow is offered:\n%s", vt_dump(v));
    vt_keys(v, "<Enter>");
    vt_expect_gone(v, "/ ");
    vt_keys(v, "<C-s>");
    vt_expect(v, "影响程度为高或严重");
}

/* What was missing, and it is closed. */
static inline void qa_name_cause(struct vt *v)
{
    steps_go_to_field(v, "根本原因分析");
    vt_keys(v, "缓存没有更新");
    steps_go_to_field(v, "改正措施");
    vt_keys(v, "发布时清空缓存");
    vt_keys(v, "<C-s>");
    vt_expect(v, "已保存");
}

#endif
