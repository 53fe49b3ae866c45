/* What belongs to the customers of the demo data besides their contacts:
 * competitors, items of attention, questions and follow-ups, for the first
 * few thousand of them (DET-06 to DET-08, DET-12). */
#include "server/domain/demo_make.h"
#include "server/domain/derived.h"

#include "common/date.h"
#include "common/mem.h"

#include <string.h>

#define STREAM_CHILDREN 5
#define DAY_US          86400000000LL

/* A row while it is made. */
struct making {
    struct arena *arena;
    struct demo_random random;
    const char *customer[CUSTOMER_FIELDS];
    const char **v;
    int32_t made, today; /* days: the customer's record, and now */
};

static const char *pick(struct making *m, const char *const *texts, size_t n)
{
    return texts[demo_below(&m->random, n)];
}
#define PICK(m, texts) pick(m, texts, sizeof(texts) / sizeof(*(texts)))

static const char *number(struct making *m, int64_t n)
{
    return arena_printf(m->arena, "%lld", (long long)n);
}

static const char *day_text(struct making *m, int32_t day)
{
    char text[DATE_LEN];
    date_format(day, text);
    return arena_strdup(m->arena, text);
}

/* A day of the customer's time with us, lately more often than long ago. */
static int32_t some_day(struct making *m)
{
    int32_t span = m->today - m->made;
    return m->today -
           (span > 0 ? (int32_t)demo_low(&m->random, (uint64_t)span) : 0);
}

static void stamp(struct making *m, int32_t day, int created_at, int created_by,
                  int updated_at, int updated_by)
{
    char text[TIME_LEN];
    int64_t us =
        day * DAY_US + (int64_t)demo_below(&m->random, 30000) * 1000000;
    time_format(us, text);
    m->v[created_at] = m->v[updated_at] = arena_strdup(m->arena, text);
    m->v[created_by] = m->v[updated_by] = m->customer[CUSTOMER_owner];
}
#define STAMP(m, day, entity)                                                  \
    stamp(m, day, entity##_created_at, entity##_created_by,                    \
          entity##_updated_at, entity##_updated_by)

/* --- competitors --- */

/* Their sites have been asked within the last few days. */
static void make_answer(struct making *m)
{
    static const struct {
        const char *status, *code;
    } answers[] = {{"reachable", "200"}, {"reachable", "200"},
                   {"reachable", "200"}, {"refused", "403"},
                   {"refused", "404"},   {"unreachable", NULL}};
    char text[TIME_LEN];
    size_t i = demo_below(&m->random, sizeof answers / sizeof *answers);
    time_format((m->today - 1) * DAY_US +
                    (int64_t)demo_below(&m->random, 86400) * 1000000,
                text);
    m->v[COMPETITOR_check_status] = answers[i].status;
    m->v[COMPETITOR_check_code] = answers[i].code;
    m->v[COMPETITOR_checked_at] = arena_strdup(m->arena, text);
}

static void make_competitor(struct making *m, int at)
{
    static const char *const names[] = {
        "Northwind Gear", "蓝鲸出海", "Lumora",       "恒拓国际",
        "Vantage Home",   "海纳优品", "Brightline",   "星桥科技",
        "Solstice Labs",  "远帆跨境", "Kestrel & Co", "乐屿生活"};
    static const char *const sites[] = {"northwind",  "bluewhale",  "lumora",
                                        "hengtuo",    "vantage",    "hainayou",
                                        "brightline", "starbridge", "solstice",
                                        "yuanfan",    "kestrel",    "leyu"};
    static const char *const notes[] = {"主推中高端线，客单价比客户高三成。",
                                        "每逢大促提前两周开始降价。",
                                        "在谷歌购物广告上出价很高。", "", ""};
    static const char *const ways[] = {
        "以红人开箱视频带动独立站，Meta 投放占七成。",
        "重点做品牌词和竞品词搜索，落地页按国家区分。",
        "邮件营销频繁，新客首单八折。", ""};
    size_t i = demo_below(&m->random, sizeof names / sizeof *names);
    m->v[COMPETITOR_company_name] = names[i];
    m->v[COMPETITOR_website_url] = arena_printf(
        m->arena, "https://www.%s%d.example.com", sites[i], at + 1);
    m->v[COMPETITOR_notes] = PICK(m, notes);
    m->v[COMPETITOR_marketing_strategy] = PICK(m, ways);
    m->v[COMPETITOR_rank] = number(m, at);
    make_answer(m);
    STAMP(m, some_day(m), COMPETITOR);
}

/* --- items of attention --- */

static void make_attention(struct making *m, int at)
{
    static const struct {
        const char *category, *title, *content;
    } items[] = {
        {"communication", "每周三上午开例会，提前一天发周报",
         "周报用客户模板，重点写 **转化** 与 **库存**。"},
        {"communication", "重要事项须电话通知，不只发微信", ""},
        {"service", "大促期间两小时内响应", "黑五、网一、会员日。"},
        {"service", "素材上线前须由品牌部确认", ""},
        {"business", "每月二十五日前确认下月预算", ""},
        {"business", "发票须按项目拆分开具", "- 服务费\n- 广告充值"},
        {"technical", "网站改版计划，注意像素与转化回传", ""},
        {"technical", "订单系统对接，关注数据延迟", ""},
        {"culture", "斋月期间避免食品类素材", ""},
        {"risk", "账户曾被封，新素材先小预算测试", ""},
        {"risk", "主力产品可能断货，关注补货时间", ""},
    };
    static const char *const priorities[] = {"P2", "P1", "P3", "P2", "P0"};
    static const char *const repeats[] = {"none", "none", "monthly", "weekly",
                                          "quarterly"};
    size_t i = demo_below(&m->random, sizeof items / sizeof *items);
    m->v[ATTENTION_title] = items[i].title;
    m->v[ATTENTION_category] = items[i].category;
    m->v[ATTENTION_content] = items[i].content;
    m->v[ATTENTION_priority] = PICK(m, priorities);
    m->v[ATTENTION_remind_repeat] = "none";
    if (demo_chance(&m->random, 40)) {
        m->v[ATTENTION_remind_repeat] = PICK(m, repeats);
        m->v[ATTENTION_remind_on] =
            day_text(m, m->today - 10 + (int32_t)demo_below(&m->random, 60));
    }
    m->v[ATTENTION_is_private] =
        at == 1 && demo_chance(&m->random, 30) ? "t" : "f";
    m->v[ATTENTION_is_done] = demo_chance(&m->random, 25) ? "t" : "f";
    STAMP(m, some_day(m), ATTENTION);
}

/* --- questions --- */

struct issue {
    const char *category, *question, *answer, *cause, *mended, *prevented;
};

static const struct issue issues[] = {
    {"service_delay", "周末广告账户超支，反馈后八小时才有人回复。",
     "当天暂停超支系列并说明情况。", "周末值班表没有覆盖该客户。",
     "将该客户加入周末值班名单，设置预算上限。", "所有重点客户配置预算告警。"},
    {"service_quality", "周报数据与后台不一致，客户要求说明。",
     "重新导出数据并逐项核对。", "报表时区设置为北京时间，后台为太平洋时间。",
     "统一报表时区并在页首标注。", "报表上线前由第二人复核。"},
    {"service_late_talk", "改版上线没有提前通知，客户在社群里才看到。",
     "致歉并补发上线说明。", "上线流程缺少通知客户的步骤。",
     "在流程中加入上线前一天通知。", "每次上线由项目经理确认通知。"},
    {"technical_failure", "独立站结账页打不开，持续四十分钟。",
     "回滚到上一版本，恢复下单。", "支付插件更新与主题冲突。",
     "锁定插件版本，先在测试站验证。", "建立上线前检查清单。"},
    {"technical_data", "谷歌广告转化数比订单数多一倍。", "停用重复的转化代码。",
     "感谢页同时装了两套代码。", "清理代码，改由代码管理器统一触发。",
     "每月核对一次转化与订单。"},
    {"technical_defect", "手机端产品图无法放大。", "临时换用图片弹窗。",
     "主题升级后脚本失效。", "修复脚本并回归测试。", ""},
    {"business_contract", "续约合同的服务范围与口头约定不一致。",
     "法务与客户逐条核对。", "报价单改版后合同模板没有更新。",
     "更新合同模板并重新签署。", "报价与合同使用同一份服务清单。"},
    {"business_payment", "客户称首付款已付，财务未到账。",
     "请客户提供水单核对。", "付款账户填写为旧账户。", "更新合同中的账户信息。",
     ""},
    {"business_price", "客户认为素材制作费高于报价。", "提供明细与对比说明。",
     "加急费用没有提前说明。", "加急需书面确认。", "报价单列明加急费用。"},
    {"communication_misread", "客户理解为每天优化，合同写明每周两次。",
     "约电话会议说明服务频率。", "启动会没有逐条讲解服务范围。",
     "补开启动会并留存纪要。", "启动会使用标准讲解清单。"},
    {"communication_language", "海外团队看不懂中文报告。", "补发英文版报告。",
     "没有确认报告语言。", "报告改为中英文双语。", ""},
    {"other", "客户询问能否开通必应广告账户。", "发送开户资料清单与政策说明。",
     "", "", ""},
};

static void make_qa(struct making *m, int at)
{
    static const char *const impacts[] = {"low",  "low",  "medium",  "medium",
                                          "high", "high", "critical"};
    static const char *const priorities[] = {"P3", "P3", "P2", "P2",
                                             "P1", "P1", "P0"};
    static const char *const states[] = {"open",   "analysing", "fixing",
                                         "closed", "closed",    "closed",
                                         "closed", "verifying", "cancelled"};
    (void)at;
    const struct issue *i =
        &issues[demo_below(&m->random, sizeof issues / sizeof *issues)];
    size_t impact = i->cause[0] ? demo_below(&m->random, 7) : 0;
    int32_t day = some_day(m);
    const char *status = PICK(m, states);
    bool closed = strcmp(status, "closed") == 0;
    bool known = closed || demo_chance(&m->random, 50);
    m->v[QA_question] = i->question;
    m->v[QA_category] = i->category;
    m->v[QA_impact_level] = impacts[impact];
    m->v[QA_priority] = priorities[impact];
    m->v[QA_status] = status;
    m->v[QA_issue_date] = day_text(m, day);
    m->v[QA_due_date] =
        day_text(m, day + 3 + (int32_t)demo_below(&m->random, 20));
    m->v[QA_responsible_person] = m->customer[CUSTOMER_project_manager]
                                      ? m->customer[CUSTOMER_project_manager]
                                      : m->customer[CUSTOMER_owner];
    m->v[QA_answer] = known ? i->answer : "";
    m->v[QA_root_cause] = known ? i->cause : "";
    m->v[QA_corrective_measures] = known ? i->mended : "";
    m->v[QA_preventive_measures] = closed ? i->prevented : "";
    if (closed) {
        int32_t done = day + (int32_t)demo_below(&m->random, 25);
        day = done < m->today ? done : m->today;
        m->v[QA_actual_completion_date] = day_text(m, day);
    }
    STAMP(m,
          day + (int32_t)demo_below(&m->random, (uint64_t)(m->today - day) + 1),
          QA);
}

/* --- follow-ups --- */

static void make_follow_up(struct making *m, int at)
{
    static const struct {
        const char *way, *content;
    } talks[] = {
        {"meeting", "沟通旺季投放计划，客户认可预算方案，下周提供新品资料。"},
        {"visit", "上门拜访总经理，谈续约意向，客户希望增加素材支持。"},
        {"phone", "电话确认账户充值到账，提醒库存不足的产品先暂停。"},
        {"meeting", "线上会议复盘上月数据，转化率上升，客户满意。"},
        {"email", "客户询问德国市场合规要求，答应本周内给出说明。"},
        {"wechat", "微信沟通改版进度，首页设计稿已确认。"},
        {"wechat", "客户反馈竞品降价，讨论应对方案。"},
    };
    size_t i = demo_below(&m->random, sizeof talks / sizeof *talks);
    (void)at;
    int32_t day = some_day(m);
    m->v[FOLLOW_UP_followed_on] = day_text(m, day);
    m->v[FOLLOW_UP_way] = talks[i].way;
    m->v[FOLLOW_UP_content] = talks[i].content;
    if (demo_chance(&m->random, 60))
        m->v[FOLLOW_UP_next_on] =
            day_text(m, day + 3 + (int32_t)demo_below(&m->random, 40));
    m->v[FOLLOW_UP_by_user] = m->customer[CUSTOMER_owner];
    STAMP(m, day, FOLLOW_UP);
}

/* --- all of them --- */

const struct demo_child demo_children[] = {
    {&entity_competitor, make_competitor, COMPETITOR_customer_id},
    {&entity_attention, make_attention, ATTENTION_customer_id},
    {&entity_qa, make_qa, QA_customer_id},
    {&entity_follow_up, make_follow_up, FOLLOW_UP_customer_id},
};
const int demo_child_count = sizeof demo_children / sizeof *demo_children;

static int32_t day_of(const char *time)
{
    int64_t us = 0;
    return time_parse(time, strlen(time), &us) ? (int32_t)(us / DAY_US) : 0;
}

void demo_child_rows(struct arena *a, const struct demo_world *w, int64_t index,
                     const struct demo_child *child, struct demo_rows *out)
{
    uint64_t stream = STREAM_CHILDREN + (uint64_t)(child - demo_children);
    struct making m = {.arena = a,
                       .random = demo_random(w->seed, stream, (uint64_t)index),
                       .today = w->today};
    memset(out, 0, sizeof *out);
    out->n = (int)demo_below(&m.random, DEMO_ROWS + 1);
    if (out->n == 0)
        return;
    demo_base(a, w, index, m.customer);
    m.made = day_of(m.customer[CUSTOMER_created_at]);
    for (int i = 0; i < out->n; i++) {
        m.v = out->value[i];
        m.v[child->customer_id] = number(&m, index + 1);
        child->make(&m, i);
        derived_search(a, child->entity, m.v);
    }
}
