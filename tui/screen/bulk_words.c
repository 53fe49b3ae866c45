/* What is said of a bulk change: its numbers, and the words of its sheets. */
#include "tui/screen/bulk_impl.h"

#include "common/clock.h"
#include "common/json.h"
#include "tui/widget/cell.h"

enum { MANY = 1000 /* rows; more are asked about more plainly */ };

int64_t bulk_number(const struct bulk_job *job, const char *name)
{
    return json_int(job->result, name, 0);
}

/* Rows that were asked for: those that are not there any more are no match,
 * but they fail. */
static int64_t asked_for(const struct bulk_job *job)
{
    const cJSON *ids = json_get(job->request.target, "ids");
    return ids ? cJSON_GetArraySize(ids) : bulk_number(job, "matched");
}

int64_t bulk_will_change(const struct bulk_job *job)
{
    int64_t n = asked_for(job) - bulk_number(job, "unchanged") -
                bulk_number(job, "failed_total");
    return n > 0 ? n : 0;
}

static const char *count(const struct bulk_job *job, struct arena *a,
                         const char *name)
{
    return cell_count(a, bulk_number(job, name));
}

const char *bulk_title(const struct bulk_job *job, struct arena *a)
{
    if (job->undoing)
        return arena_printf(a, _("Undo: %s"), job->undoing);
    return arena_printf(a, "%s · %s", _(job->request.kind->label),
                        bulk_count_words(&job->request, a));
}

static const char *severe_words(const struct bulk_job *job, struct arena *a)
{
    const char *n = cell_count(a, bulk_will_change(job));
    if (job->request.kind->severe)
        return arena_printf(a, _("Records that go to the trash: %s."), n);
    if (bulk_will_change(job) > MANY)
        return arena_printf(a, _("That is a change of %s records."), n);
    return NULL;
}

bool bulk_is_severe(const struct bulk_job *job)
{
    return job->request.kind->severe || bulk_will_change(job) > MANY;
}

const char *bulk_preview_text(void *ctx, struct arena *a)
{
    const struct bulk_job *job = ctx;
    const char *severe = severe_words(job, a);
    const char *reason = job->request.reason;
    const char *words = job->request.words;
    return arena_printf(
        a,
        _("Matched: %s · permitted: %s · unchanged: %s · not possible: "
          "%s%s%s%s%s%s%s"),
        count(job, a, "matched"), count(job, a, "permitted"),
        count(job, a, "unchanged"), count(job, a, "failed_total"),
        words ? "\n" : "", words ? words : "", reason ? "\n" : "",
        reason ? arena_printf(a, _("Reason: %s"), reason) : "",
        severe && bulk_will_change(job) ? "\n" : "",
        severe && bulk_will_change(job) ? severe : "");
}

int bulk_percent(const struct bulk_job *job)
{
    return job->total > 0 ? (int)(job->done * 100 / job->total) : 0;
}

const char *bulk_progress_text(void *ctx, struct arena *a)
{
    const struct bulk_job *job = ctx;
    uint64_t ms = clock_mono_ms() - job->started_at;
    if (job->stopping)
        return _("Stopping …");
    if (job->total <= 0 || job->done <= 0 || ms == 0)
        return job->stage == STAGE_looking
                   ? _("Looking what would be changed …")
                   : _("Beginning …");
    int64_t rate = job->done * 1000 / (int64_t)ms;
    int64_t left = rate > 0 ? (job->total - job->done + rate - 1) / rate : 0;
    return arena_printf(a, _("%s of %s (%d%%), %s a second, about %s s left"),
                        cell_count(a, job->done), cell_count(a, job->total),
                        bulk_percent(job), cell_count(a, rate),
                        cell_count(a, left));
}

const char *bulk_done_words(const struct bulk_job *job, struct arena *a)
{
    const char *changed = count(job, a, "changed");
    if (job->undoing)
        return arena_printf(a, _("%s undone"), changed);
    return arena_printf(a, _("%s: %s done"), _(job->request.kind->label),
                        changed);
}

const char *bulk_result_text(void *ctx, struct arena *a)
{
    const struct bulk_job *job = ctx;
    return arena_printf(a, _("%s · unchanged: %s · failed: %s"),
                        bulk_done_words(job, a), count(job, a, "unchanged"),
                        count(job, a, "failed_total"));
}
