/* The work lane: threads, each with a connection of its own. A thread takes a
 * job, runs it from top to bottom and hands it back to the loop. */
#include "common/clock.h"
#include "common/mem.h"
#include "server/db/conn.h"
#include "server/db/lanes.h"

#include <pthread.h>
#include <time.h>

enum { WAIT_MS = 3000, STEP_NS = 50 * 1000 * 1000 };

struct job {
    struct fair_item item; /* first */
    struct job *next;      /* among those done */
    uint64_t deadline;
    db_work_fn *run;
    db_done_fn *done;
    void *ctx;
};

struct work {
    struct db *db;
    pthread_mutex_t lock; /* holds queue, done, stopping */
    pthread_cond_t wake;
    struct fair *queue;
    struct job *done, **done_last;
    bool stopping;
    int jobs; /* waiting, running, or done and not handed back: the loop's */
    int n;
    pthread_t *thread;
    uv_async_t async;
    int handles;
    bool closed;
};

static struct job *next_job(struct work *w)
{
    struct job *j = NULL;
    pthread_mutex_lock(&w->lock);
    while (!w->stopping && (j = (struct job *)fair_pop(w->queue)) == NULL)
        pthread_cond_wait(&w->wake, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return j;
}

static void hand_back(struct work *w, struct job *j)
{
    pthread_mutex_lock(&w->lock);
    j->next = NULL;
    *w->done_last = j;
    w->done_last = &j->next;
    pthread_mutex_unlock(&w->lock);
    uv_async_send(&w->async);
}

/* A restart of the database takes a moment, and before its first statement a
 * job can wait for it. A database that stays away is no reason not to run the
 * job, since it has to word its own answer. */
static void wait_for_database(struct work *w, struct db_conn *c)
{
    struct err ignored = {0};
    uint64_t until = clock_mono_ms() + WAIT_MS;
    while (!db_conn_ready(c, &ignored) && !db_is_away(w->db) &&
           clock_mono_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = STEP_NS}, NULL);
    err_clear(&ignored);
}

static void run_job(struct work *w, struct job *j, struct db_conn *c)
{
    bool late = j->deadline != 0 && clock_mono_ms() > j->deadline;
    if (!late)
        wait_for_database(w, c);
    j->run(late ? NULL : c, j->ctx);
    db_rollback(c);
}

static bool is_away(const void *db)
{
    return db_is_away(db);
}

static void *worker(void *arg)
{
    struct work *w = arg;
    struct job *j;
    struct db_conn *c = db_conn_lazy(w->db->conninfo, "kehud work",
                                     w->db->options.work_timeout_ms);
    db_conn_watch(c, is_away, w->db);
    while ((j = next_job(w)) != NULL) {
        run_job(w, j, c);
        hand_back(w, j);
    }
    db_conn_close(&c);
    return NULL;
}

static void on_done(uv_async_t *async)
{
    struct work *w = async->data;
    pthread_mutex_lock(&w->lock);
    struct job *j = w->done;
    w->done = NULL;
    w->done_last = &w->done;
    pthread_mutex_unlock(&w->lock);
    while (j != NULL) {
        struct job *next = j->next;
        w->jobs--;
        j->done(j->ctx);
        x_free(&j);
        j = next;
    }
}

struct work *work_new(struct db *db)
{
    struct work *w = x_calloc(1, sizeof(*w));
    w->db = db;
    w->queue = fair_new(db->options.queue_max, 0);
    w->done_last = &w->done;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    uv_async_init(db->loop, &w->async, on_done);
    w->async.data = w;
    w->handles = 1;
    w->thread = x_calloc((size_t)db->options.workers, sizeof(*w->thread));
    while (w->n < db->options.workers &&
           pthread_create(&w->thread[w->n], NULL, worker, w) == 0)
        w->n++;
    return w;
}

bool work_push(struct work *w, int64_t client, uint64_t deadline,
               db_work_fn *run, db_done_fn *done, void *ctx)
{
    struct job *j = x_calloc(1, sizeof(*j));
    j->item.client = client;
    j->deadline = deadline;
    j->run = run;
    j->done = done;
    j->ctx = ctx;
    pthread_mutex_lock(&w->lock);
    bool ok = w->n > 0 && fair_push(w->queue, &j->item);
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    if (!ok) {
        x_free(&j);
        return false;
    }
    w->jobs++;
    return true;
}

int work_running(const struct work *w)
{
    return w != NULL ? w->jobs : 0;
}

static void on_async_closed(uv_handle_t *handle)
{
    struct work *w = handle->data;
    w->handles = 0;
}

/* Called when no job is left, so every thread is asleep and leaves at once. */
void work_close(struct work *w)
{
    if (w == NULL || w->closed)
        return;
    w->closed = true;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n; i++)
        pthread_join(w->thread[i], NULL);
    uv_close((uv_handle_t *)&w->async, on_async_closed);
}

bool work_free(struct work **w)
{
    struct work *lane = *w;
    if (lane == NULL)
        return true;
    if (lane->handles > 0)
        return false;
    fair_free(&lane->queue);
    pthread_cond_destroy(&lane->wake);
    pthread_mutex_destroy(&lane->lock);
    x_free(&lane->thread);
    x_free(w);
    return true;
}
