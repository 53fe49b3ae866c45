/* How each customer of the demo data came to be where it stands (LIFE-05):
 * the way through the life cycle that ends in its state, between the day its
 * record was made and the day it was changed last. */
#include "server/domain/demo_make.h"

#include "common/date.h"
#include "common/mem.h"
#include "schema/option.h"

#include <string.h>

#define STREAM_LIFE 4
#define HOUR_US     3600000000LL
#define DAY_US      86400000000LL

static const enum life ways[LIVES][DEMO_MOVES] = {
    [LIFE_potential] = {LIFE_potential},
    [LIFE_negotiating] = {LIFE_potential, LIFE_negotiating},
    [LIFE_contracted] = {LIFE_potential, LIFE_negotiating, LIFE_contracted},
    [LIFE_active] = {LIFE_potential, LIFE_negotiating, LIFE_contracted,
                     LIFE_active},
    [LIFE_suspended] = {LIFE_potential, LIFE_negotiating, LIFE_contracted,
                        LIFE_active, LIFE_suspended},
    [LIFE_renewal] = {LIFE_potential, LIFE_negotiating, LIFE_contracted,
                      LIFE_active, LIFE_renewal},
    [LIFE_churned] = {LIFE_potential, LIFE_negotiating, LIFE_contracted,
                      LIFE_active, LIFE_churned},
    [LIFE_reactivated] = {LIFE_potential, LIFE_negotiating, LIFE_contracted,
                          LIFE_active, LIFE_churned, LIFE_reactivated},
};
/* Some have left before they ever signed. */
static const enum life left_early[DEMO_MOVES] = {
    LIFE_potential, LIFE_negotiating, LIFE_churned};

static const char *const reasons[LIVES][3] = {
    [LIFE_negotiating] = {"客户约谈合作方案。", "收到客户需求说明，开始报价。",
                          "展会后客户要求详谈。"},
    [LIFE_contracted] = {"合同已签回。", "双方盖章，首付款到账。",
                         "客户确认年度合作方案。"},
    [LIFE_active] = {"账户与网站交接完成，开始服务。", "按合同约定启动服务。",
                     "首批广告上线。"},
    [LIFE_suspended] = {"客户断货，暂停投放。", "账户受限，等待申诉结果。",
                        "客户内部调整，暂停一个季度。"},
    [LIFE_renewal] = {"合同即将到期，进入续费洽谈。", "客户有续约意向。",
                      "距到期不足三十天。"},
    [LIFE_churned] = {"客户预算取消。", "客户改由内部团队负责。",
                      "价格未能达成一致。"},
    [LIFE_reactivated] = {"客户旺季重新启动合作。", "新负责人上任，重新联系。",
                          "客户恢复海外业务。"},
};

static int64_t time_of(const char *text)
{
    int64_t us = 0;
    return text && time_parse(text, strlen(text), &us) ? us : 0;
}

static int64_t morning_of(const char *day)
{
    int32_t days;
    return day && date_parse_iso(day, strlen(day), &days)
               ? days * DAY_US + 2 * HOUR_US
               : 0;
}

/* The day that a move is known to have happened on; 0: not known. */
static int64_t known(const char *const *values, enum life to, enum life end)
{
    if (end == LIFE_reactivated)
        return 0; /* its contract is its second one */
    if (to == LIFE_contracted)
        return morning_of(values[CUSTOMER_cooperation_start_date]);
    return to == LIFE_active ? morning_of(values[CUSTOMER_service_start_date])
                             : 0;
}

/* Where nothing is known a move lies on the way from the one before it to
 * the end, nearer to the former. */
static int64_t next_time(struct demo_random *r, int64_t at, int64_t day,
                         int64_t end, int left)
{
    int64_t room = end > at ? (end - at) / (left + 1) : 0;
    int64_t next = day ? day : at + room;
    if (!day && room > HOUR_US)
        next -= (int64_t)demo_below(r, (uint64_t)room / 2);
    next = next < at ? at : next;
    return next > end ? end : next;
}

static const char *number(struct arena *a, int64_t n)
{
    return arena_printf(a, "%lld", (long long)n);
}

static const char *time_text(struct arena *a, int64_t us)
{
    char text[TIME_LEN];
    time_format(us / 1000000 * 1000000, text);
    return arena_strdup(a, text);
}

static int length_of(const enum life *way)
{
    int n = 0;
    while (n < DEMO_MOVES && way[n])
        n++;
    return n;
}

static const enum life *way_of(const char *const *values)
{
    enum life end = life_find(values[CUSTOMER_lifecycle]);
    bool early =
        end == LIFE_churned && !values[CUSTOMER_cooperation_start_date];
    return early ? left_early : ways[end];
}

void demo_life(struct arena *a, const struct demo_world *w, int64_t index,
               struct demo_moves *out)
{
    const char *values[CUSTOMER_FIELDS];
    struct demo_random r = demo_random(w->seed, STREAM_LIFE, (uint64_t)index);
    demo_base(a, w, index, values);
    const enum life *way = way_of(values);
    int64_t last = time_of(values[CUSTOMER_updated_at]);
    int64_t at = time_of(values[CUSTOMER_created_at]);
    memset(out, 0, sizeof *out);
    out->n = length_of(way);
    for (int i = 0; i < out->n; i++) {
        const char **v = out->value[i];
        v[LIFE_LOG_customer_id] = number(a, index + 1);
        v[LIFE_LOG_to_state] = life_code(way[i]);
        v[LIFE_LOG_txid] = "3"; /* none that is under way */
        v[LIFE_LOG_by_user] = values[CUSTOMER_created_by];
        if (i > 0) {
            int64_t day = known(values, way[i], way[out->n - 1]);
            v[LIFE_LOG_from_state] = life_code(way[i - 1]);
            v[LIFE_LOG_since] = out->value[i - 1][LIFE_LOG_at];
            v[LIFE_LOG_reason] = reasons[way[i]][demo_below(&r, 3)];
            v[LIFE_LOG_by_user] = values[CUSTOMER_updated_by];
            at = next_time(&r, at, day, last, out->n - 1 - i);
        }
        v[LIFE_LOG_at] = time_text(a, at);
    }
}
