/* A worker's connection: statements that block, but never for longer than
 * the statement's own limit and a little, since a server that was stopped or
 * cut off answers nothing at all. */
#include "server/db/conn.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/mem.h"
#include "server/db/connect.h"
#include "server/db/error.h"
#include "server/db/prepared.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much longer than the server's own limit an answer may take. */
enum { PATIENCE_MS = 4000, LOOK_MS = 200 };

struct db_conn {
    char *conninfo, *purpose;
    int64_t statement_ms;
    PGconn *pq; /* NULL: not connected */
    struct prepared *prepared;
    char constraint[64], sqlstate[8];
    bool (*is_away)(const void *ctx);
    const void *away_ctx;
};

static void disconnect(struct db_conn *c)
{
    PQfinish(c->pq);
    c->pq = NULL;
    prepared_clear(c->prepared);
}

static bool connect_now(struct db_conn *c, struct err *e)
{
    struct connect_options o = {c->conninfo, c->purpose, c->statement_ms};
    disconnect(c);
    c->pq = db_connect(&o, e);
    if (c->pq == NULL)
        err_data(e, "retry_after_ms", cJSON_CreateNumber(500));
    return c->pq != NULL;
}

struct db_conn *db_conn_lazy(const char *conninfo, const char *purpose,
                             int64_t statement_ms)
{
    struct db_conn *c = x_calloc(1, sizeof(*c));
    c->conninfo = x_strdup(conninfo);
    c->purpose = x_strdup(purpose);
    c->statement_ms = statement_ms;
    c->prepared = prepared_new();
    return c;
}

struct db_conn *db_conn_open(const char *conninfo, struct err *e)
{
    struct db_conn *c = db_conn_lazy(conninfo, "kehud command", 0);
    if (!connect_now(c, e))
        db_conn_close(&c);
    return c;
}

void db_conn_close(struct db_conn **c)
{
    if (*c == NULL)
        return;
    disconnect(*c);
    prepared_free(&(*c)->prepared);
    x_free(&(*c)->conninfo);
    x_free(&(*c)->purpose);
    x_free(c);
}

/* An idle connection has nothing to read, except the end of it or a last
 * word of a server that shuts down. */
static bool is_alive(struct db_conn *c)
{
    if (c->pq == NULL || PQstatus(c->pq) != CONNECTION_OK)
        return false;
    struct pollfd p = {.fd = PQsocket(c->pq), .events = POLLIN};
    if (poll(&p, 1, 0) == 0)
        return true;
    return PQconsumeInput(c->pq) && PQstatus(c->pq) == CONNECTION_OK &&
           (p.revents & (POLLHUP | POLLERR)) == 0;
}

void db_conn_watch(struct db_conn *c, bool (*is_away)(const void *ctx),
                   const void *ctx)
{
    c->is_away = is_away;
    c->away_ctx = ctx;
}

bool db_conn_ready(struct db_conn *c, struct err *e)
{
    return is_alive(c) || connect_now(c, e);
}

/* Waits a little; false where it is broken or in vain. */
static bool wait_readable(struct db_conn *c, uint64_t until)
{
    struct pollfd p = {.fd = PQsocket(c->pq), .events = POLLIN};
    int unsent = PQflush(c->pq);
    if (unsent < 0 || (until != 0 && clock_mono_ms() >= until) ||
        (c->is_away != NULL && c->is_away(c->away_ctx)))
        return false;
    if (unsent == 1)
        p.events |= POLLOUT;
    return poll(&p, 1, LOOK_MS) <= 0 || PQconsumeInput(c->pq) != 0;
}

/* The last result of what was sent; NULL where the connection is lost. */
static PGresult *collect(struct db_conn *c)
{
    uint64_t until = 0;
    PGresult *last = NULL, *res;
    if (c->statement_ms > 0)
        until = clock_mono_ms() + (uint64_t)(c->statement_ms + PATIENCE_MS);
    for (;;) {
        while (PQisBusy(c->pq)) {
            if (!wait_readable(c, until)) {
                PQclear(last);
                return NULL;
            }
        }
        res = PQgetResult(c->pq);
        if (res == NULL)
            return last;
        /* The first error is the one to report. */
        if (last != NULL && PQresultStatus(last) == PGRES_FATAL_ERROR) {
            PQclear(res);
            continue;
        }
        PQclear(last);
        last = res;
        if (PQresultStatus(res) == PGRES_COPY_IN ||
            PQresultStatus(res) == PGRES_COPY_OUT)
            return last;
    }
}

static void remember(struct db_conn *c, const PGresult *res)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *name = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
    snprintf(c->sqlstate, sizeof(c->sqlstate), "%s", state ? state : "");
    snprintf(c->constraint, sizeof(c->constraint), "%s", name ? name : "");
}

static PGresult *lost(struct db_conn *c, struct err *e)
{
    disconnect(c);
    db_unavailable(e);
    return NULL;
}

/* Waits for what was sent (`sent` as PQsend… answered). */
static PGresult *finish(struct db_conn *c, int sent, const char *sql,
                        struct err *e)
{
    PGresult *res = sent ? collect(c) : NULL;
    if (res == NULL)
        return lost(c, e);
    remember(c, res);
    if (PQresultStatus(res) != PGRES_FATAL_ERROR &&
        PQresultStatus(res) != PGRES_BAD_RESPONSE)
        return res;
    db_error(res, sql, e);
    PQclear(res);
    if (PQstatus(c->pq) != CONNECTION_OK)
        disconnect(c);
    return NULL;
}

static bool finish_command(struct db_conn *c, int sent, const char *sql,
                           struct err *e)
{
    PGresult *res = finish(c, sent, sql, e);
    bool ok = res != NULL;
    PQclear(res);
    return ok;
}

/* The name of the statement, prepared; NULL with *e where that failed. */
static const char *prepare(struct db_conn *c, const char *sql, struct err *e)
{
    bool fresh;
    char evicted[PREPARED_NAME], drop[PREPARED_NAME + 16];
    const char *name = prepared_name(c->prepared, sql, &fresh, evicted);
    bool ok = true;
    if (evicted[0] != '\0') {
        snprintf(drop, sizeof(drop), "DEALLOCATE %s", evicted);
        ok = finish_command(c, PQsendQuery(c->pq, drop), drop, e);
    }
    if (ok && fresh)
        ok =
            finish_command(c, PQsendPrepare(c->pq, name, sql, 0, NULL), sql, e);
    if (ok)
        return name;
    prepared_forget(c->prepared, sql);
    return NULL;
}

PGresult *db_exec(struct db_conn *c, const struct db_query *q, struct err *e)
{
    int sent;
    c->sqlstate[0] = c->constraint[0] = '\0';
    if (c->pq == NULL) {
        db_unavailable(e);
        return NULL;
    }
    if (q->prepare) {
        const char *name = prepare(c, q->sql, e);
        if (name == NULL)
            return NULL;
        sent = PQsendQueryPrepared(c->pq, name, q->n, q->values, NULL, NULL, 0);
    } else {
        sent = PQsendQueryParams(c->pq, q->sql, q->n, NULL, q->values, NULL,
                                 NULL, 0);
    }
    return finish(c, sent, q->sql, e);
}

bool db_run(struct db_conn *c, const char *sql, struct err *e)
{
    if (c->pq == NULL)
        return db_unavailable(e);
    return finish_command(c, PQsendQuery(c->pq, sql), sql, e);
}

/* Nothing has happened yet, so a lost connection may be made anew. */
bool db_begin(struct db_conn *c, struct err *e)
{
    struct err first = {0};
    bool ok = db_run(c, "BEGIN", &first);
    if (!ok && c->pq == NULL) {
        err_clear(&first);
        return connect_now(c, e) && db_run(c, "BEGIN", e);
    }
    err_move(e, &first);
    return ok;
}

/* COMMIT of a transaction that an error has spoilt answers ROLLBACK. */
bool db_commit(struct db_conn *c, struct err *e)
{
    if (c->pq == NULL)
        return db_unavailable(e);
    PGresult *res = finish(c, PQsendQuery(c->pq, "COMMIT"), "COMMIT", e);
    if (res == NULL)
        return false;
    bool ok = strcmp(PQcmdStatus(res), "COMMIT") == 0;
    PQclear(res);
    return ok || err_set(e, ERR_internal, NULL);
}

void db_rollback(struct db_conn *c)
{
    struct err ignored = {0};
    if (c->pq == NULL || PQtransactionStatus(c->pq) == PQTRANS_IDLE)
        return;
    if (!db_run(c, "ROLLBACK", &ignored))
        disconnect(c);
    err_clear(&ignored);
}

const char *db_conn_constraint(const struct db_conn *c)
{
    return c->constraint;
}

const char *db_conn_sqlstate(const struct db_conn *c)
{
    return c->sqlstate;
}

PGconn *db_conn_pq(struct db_conn *c)
{
    return c->pq;
}

const char *db_text(const PGresult *r, int row, int col)
{
    return PQgetisnull(r, row, col) ? NULL : PQgetvalue(r, row, col);
}

int64_t db_int(const PGresult *r, int row, int col)
{
    const char *text = db_text(r, row, col);
    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

bool db_bool(const PGresult *r, int row, int col)
{
    const char *text = db_text(r, row, col);
    return text != NULL && text[0] == 't';
}
