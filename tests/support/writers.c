/* Writers who never give up (see writers.h): a small state machine each, all
 * of them in one poll loop. */
#include "tests/support/writers.h"

#include "common/buf.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/line.h"
#include "common/mem.h"
#include "tests/support/check.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define AGAIN_MS 20    /* pause before something is tried again */
#define STUCK_MS 60000 /* nobody got anything done for so long */
#define MAX      16

enum step { STEP_resume, STEP_create, STEP_change };

struct writer {
    int index, fd; /* fd -1: not connected */
    struct line_reader lines;
    enum step step; /* what is under way or comes next */
    bool waiting;   /* for an answer */
    bool stopped;   /* between two customers, told to finish */
    uint64_t not_before;
    int64_t number, id, version;
};

struct writers {
    struct writers_options o;
    struct writer at[MAX];
    int64_t done, repeated;
    bool finishing;
    uint64_t progress_ms;
};

static bool open_socket(struct writers *w, struct writer *t)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", w->o.server + 5);
    t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(t->fd, (struct sockaddr *)&a, sizeof a) == 0)
        return true;
    close(t->fd);
    t->fd = -1;
    return false;
}

/* Whatever was under way is unknown now; it will be sent again. */
static void lose(struct writers *w, struct writer *t)
{
    if (t->fd >= 0)
        close(t->fd);
    line_free(&t->lines);
    line_init(&t->lines, 1 << 20);
    t->fd = -1;
    if (t->waiting && t->step != STEP_resume)
        w->repeated++;
    t->waiting = false;
    t->not_before = clock_mono_ms() + AGAIN_MS;
}

static void add_create(struct writers *w, struct writer *t, struct buf *b)
{
    char name[64];
    snprintf(name, sizeof name, WRITERS_PREFIX "-%d-%" PRId64, t->index,
             t->number);
    const char *at = strstr(w->o.values, "%s");
    buf_printf(b,
               "customer.create\",\"params\":{\"key\":\"create-%d-%" PRId64
               "\",\"values\":",
               t->index, t->number);
    buf_add(b, w->o.values, (size_t)(at - w->o.values));
    buf_str(b, name);
    buf_printf(b, "%s}}\n", at + 2);
}

static void add_change(struct writer *t, struct buf *b)
{
    buf_printf(b,
               "customer.update\",\"params\":{\"key\":\"change-%d-%" PRId64
               "\",\"id\":%" PRId64 ",\"version\":%" PRId64
               ",\"values\":{\"internal_notes\":\"%" PRId64 "\"}}}\n",
               t->index, t->number, t->id, t->version, t->number);
}

static void send_step(struct writers *w, struct writer *t)
{
    struct buf b = BUF_INIT;
    buf_str(&b, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"");
    if (t->step == STEP_resume)
        buf_printf(&b, "session.resume\",\"params\":{\"token\":\"%s\"}}\n",
                   w->o.token);
    else if (t->step == STEP_create)
        add_create(w, t, &b);
    else
        add_change(t, &b);
    ssize_t n = send(t->fd, b.data, b.len, MSG_NOSIGNAL);
    t->waiting = true;
    if (n != (ssize_t)b.len)
        lose(w, t);
    buf_free(&b);
}

/* What has been acknowledged leads to the next step. */
static void advance(struct writers *w, struct writer *t, const cJSON *result)
{
    const cJSON *record = json_get(result, "record");
    w->progress_ms = clock_mono_ms();
    if (t->step == STEP_resume) {
        t->step = t->id ? STEP_change : STEP_create;
    } else if (t->step == STEP_create) {
        t->id = json_int(record, "id", 0);
        t->version = json_int(record, "version", 0);
        t->step = STEP_change;
    } else {
        if (json_int(record, "version", 0) != t->version + 1)
            check_fail("customer %" PRId64 " was at version %" PRId64
                       ", is now at %" PRId64,
                       t->id, t->version, json_int(record, "version", 0));
        t->id = 0;
        t->number++;
        t->step = STEP_create;
        t->stopped = w->finishing;
        w->done++;
    }
}

static void on_line(struct writers *w, struct writer *t, const char *line,
                    size_t len)
{
    cJSON *reply = NULL;
    struct err e = {0};
    if (!json_parse(line, len, NULL, &reply, &e))
        check_fail("an answer that is no JSON: %s", line);
    const cJSON *error = json_get(reply, "error");
    const char *kind = json_str(json_get(error, "data"), "kind", "none");
    if (json_get(reply, "id")) {
        t->waiting = false;
        if (!error) {
            advance(w, t, json_get(reply, "result"));
        } else if (strcmp(kind, "unavailable") == 0) {
            w->repeated++;
            t->not_before = clock_mono_ms() + AGAIN_MS;
        } else {
            check_fail("a writer was refused: %s", line);
        }
    }
    cJSON_Delete(reply);
}

static void receive(struct writers *w, struct writer *t)
{
    char chunk[16384];
    const char *line;
    size_t len;
    ssize_t n = recv(t->fd, chunk, sizeof chunk, 0);
    if (n <= 0) {
        lose(w, t);
        return;
    }
    line_feed(&t->lines, chunk, (size_t)n);
    while (line_next(&t->lines, &line, &len) == LINE_READY)
        on_line(w, t, line, len);
}

/* Starts what this writer can start now. */
static void push(struct writers *w, struct writer *t)
{
    if (t->waiting || t->stopped || clock_mono_ms() < t->not_before)
        return;
    if (t->fd < 0) {
        if (!open_socket(w, t)) {
            t->not_before = clock_mono_ms() + AGAIN_MS;
            return;
        }
        t->step = STEP_resume;
    }
    send_step(w, t);
}

static void turn(struct writers *w)
{
    struct pollfd p[MAX];
    for (int i = 0; i < w->o.writers; i++) {
        push(w, &w->at[i]);
        p[i] = (struct pollfd){.fd = w->at[i].fd, .events = POLLIN};
    }
    poll(p, (nfds_t)w->o.writers, AGAIN_MS);
    for (int i = 0; i < w->o.writers; i++)
        if (p[i].fd >= 0 && p[i].revents)
            receive(w, &w->at[i]);
    if (clock_mono_ms() > w->progress_ms + STUCK_MS)
        check_fail("no writer got anything done for a minute");
}

static bool all_stopped(const struct writers *w)
{
    for (int i = 0; i < w->o.writers; i++)
        if (!w->at[i].stopped)
            return false;
    return true;
}

struct writers *writers_new(const struct writers_options *o)
{
    struct writers *w = x_calloc(1, sizeof *w);
    w->o = *o;
    if (o->writers > MAX)
        check_fail("at most %d writers", MAX);
    for (int i = 0; i < o->writers; i++) {
        w->at[i] = (struct writer){.index = i, .fd = -1, .number = 1};
        line_init(&w->at[i].lines, 1 << 20);
    }
    return w;
}

void writers_work(struct writers *w, int64_t more)
{
    int64_t target = w->done + more;
    w->progress_ms = clock_mono_ms();
    while (w->done < target)
        turn(w);
}

void writers_finish(struct writers *w)
{
    w->finishing = true;
    w->progress_ms = clock_mono_ms();
    while (!all_stopped(w))
        turn(w);
}

int64_t writers_done(const struct writers *w)
{
    return w->done;
}

int64_t writers_repeated(const struct writers *w)
{
    return w->repeated;
}

void writers_free(struct writers **wp)
{
    for (int i = 0; i < (*wp)->o.writers; i++) {
        struct writer *t = &(*wp)->at[i];
        if (t->fd >= 0)
            close(t->fd);
        line_free(&t->lines);
    }
    x_free(wp);
}
