/* What belongs to a customer besides its contacts: the rules of competitors,
 * items of attention, questions and follow-ups (DET-06 to DET-08, DET-12). */
#include "common/date.h"
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/change.h"

#include <string.h>

static bool is(const char *value, const char *code)
{
    return value && strcmp(value, code) == 0;
}

static const char *today(struct change *c)
{
    char text[DATE_LEN];
    date_format(date_today(), text);
    return arena_strdup(c->arena, text);
}

static const char *number(struct change *c, int64_t n)
{
    return arena_printf(c->arena, "%lld", (long long)n);
}

/* --- competitors --- */

/* New ones stand behind the others. */
static bool take_rank(struct change *c, struct err *e)
{
    struct sql s;
    sql_init(&s, c->arena);
    sql_add(&s, "SELECT coalesce(max(rank) + 1, 0) FROM competitor"
                " WHERE customer_id = ");
    sql_int(&s, c->parent);
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(c->conn, &q, e);
    sql_free(&s);
    if (!res)
        return false;
    change_set(c, COMPETITOR_rank, number(c, db_int(res, 0, 0)));
    PQclear(res);
    return true;
}

static bool competitor_prepare(struct change *c, struct faults *f,
                               struct err *e)
{
    const char *url = c->after[COMPETITOR_website_url];
    if (c->kind == CHANGE_delete)
        return true;
    if (!c->after[COMPETITOR_company_name] && url)
        change_set(c, COMPETITOR_company_name, url_host(c->arena, url));
    if (!c->after[COMPETITOR_company_name])
        faults_add(f, "company_name", "required", "%s",
                   _("Give its name or the address of its site."));
    /* What is known of another site says nothing about this one. */
    if (c->changed[COMPETITOR_website_url]) {
        change_set(c, COMPETITOR_check_status, NULL);
        change_set(c, COMPETITOR_check_code, NULL);
        change_set(c, COMPETITOR_checked_at, NULL);
    }
    return c->kind != CHANGE_create || take_rank(c, e);
}

const struct domain_hooks competitor_hooks = {.entity = &entity_competitor,
                                              .prepare = competitor_prepare};

/* --- items of attention --- */

static bool attention_before(struct change *c, struct faults *f, struct err *e)
{
    (void)e;
    if (!is(c->after[ATTENTION_remind_repeat], "none") &&
        !c->after[ATTENTION_remind_on])
        faults_add(f, "remind_on", "required", "%s",
                   _("A reminder that comes again needs its first day."));
    bool others =
        c->kind == CHANGE_update &&
        !is(c->before[ATTENTION_created_by], number(c, c->rights->user_id));
    if (others && c->changed[ATTENTION_is_private])
        faults_add(f, "is_private", "readonly", "%s",
                   _("Only its author decides who sees it."));
    return true;
}

const struct domain_hooks attention_hooks = {.entity = &entity_attention,
                                             .before = attention_before};

/* --- questions --- */

/* How soon follows from how much it hurts, by the places in their lists:
 * critical is P0. */
static const char *priority_of(const char *impact)
{
    static const char *const pairs[][2] = {
        {"low", "P3"}, {"medium", "P2"}, {"high", "P1"}, {"critical", "P0"}};
    for (size_t i = 0; impact && i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i][0], impact) == 0)
            return pairs[i][1];
    return NULL;
}

/* Unless somebody has set it, the priority goes with the impact. */
static void follow_impact(struct change *c)
{
    const char *usual = priority_of(c->before[QA_impact_level]);
    bool set = c->changed[QA_priority] && c->after[QA_priority];
    bool usually =
        !c->after[QA_priority] || (usual && is(c->after[QA_priority], usual));
    if (!set && usually)
        change_set(c, QA_priority, priority_of(c->after[QA_impact_level]));
}

/* It is complete on the day it is closed, and no longer when it is opened
 * again. */
static void follow_status(struct change *c)
{
    bool closed = is(c->after[QA_status], "closed");
    bool was = is(c->before[QA_status], "closed");
    if (closed && !c->after[QA_actual_completion_date])
        change_set(c, QA_actual_completion_date, today(c));
    else if (was && !closed && !c->changed[QA_actual_completion_date])
        change_set(c, QA_actual_completion_date, NULL);
}

static bool qa_prepare(struct change *c, struct faults *f, struct err *e)
{
    (void)f, (void)e;
    if (c->kind != CHANGE_create && c->kind != CHANGE_update)
        return true;
    follow_impact(c);
    follow_status(c);
    return true;
}

/* What hurt the customer much is closed once it is understood and mended. */
static bool qa_before(struct change *c, struct faults *f, struct err *e)
{
    static const enum qa_field needed[] = {QA_root_cause,
                                           QA_corrective_measures};
    (void)e;
    const char *impact = c->after[QA_impact_level];
    bool grave = is(impact, "high") || is(impact, "critical");
    bool lives = c->kind == CHANGE_create || c->kind == CHANGE_update;
    for (size_t i = 0; lives && grave && i < 2; i++)
        if (is(c->after[QA_status], "closed") && !c->after[needed[i]])
            faults_add(f, entity_qa.fields[needed[i]].id, "required",
                       _("A question of high or critical impact is closed "
                         "with its %s."),
                       _(entity_qa.fields[needed[i]].label));
    return true;
}

const struct domain_hooks qa_hooks = {
    .entity = &entity_qa, .prepare = qa_prepare, .before = qa_before};

/* --- follow-ups --- */

static bool follow_up_prepare(struct change *c, struct faults *f, struct err *e)
{
    (void)f, (void)e;
    if (c->kind == CHANGE_create && !c->after[FOLLOW_UP_by_user])
        change_set(c, FOLLOW_UP_by_user, number(c, c->rights->user_id));
    return true;
}

const struct domain_hooks follow_up_hooks = {.entity = &entity_follow_up,
                                             .prepare = follow_up_prepare};
