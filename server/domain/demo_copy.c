/* COPY of rows by the table of fields. A bulk is made on one thread and sent
 * on another; between them lie a few buffers, handed round and used again. */
#include "server/domain/demo_copy.h"

#include "common/mem.h"
#include "common/pinyin.h"
#include "schema/type.h"
#include "server/db/error.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>

#define PIECE   (256u << 10) /* bytes of a buffer on its way */
#define BUFFERS 4

static bool copied(const struct field *f)
{
    return !(f->flags & F_GENERATED);
}

static void add_text(struct buf *out, const char *s)
{
    static const char special[] = "\b\f\n\r\t\v\\", letter[] = "bfnrtv\\";
    for (;;) {
        size_t plain = strcspn(s, special);
        buf_add(out, s, plain);
        s += plain;
        if (!*s)
            return;
        buf_char(out, '\\');
        buf_char(out, letter[strchr(special, *s++) - special]);
    }
}

static void add_value(struct buf *out, const char *value)
{
    buf_char(out, '\t');
    if (value)
        add_text(out, value);
    else
        buf_str(out, "\\N");
}

void demo_copy_row(struct buf *out, struct arena *a, const struct entity *e,
                   int64_t id, const char *const *values)
{
    buf_int(out, id);
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!copied(f))
            continue;
        add_value(out, field_stored(f, values[i]));
        if (f->flags & F_PINYIN)
            add_value(out, pinyin_sort_key(a, values[i] ? values[i] : ""));
    }
    buf_char(out, '\n');
}

bool demo_copy_begin(struct db_conn *c, const struct entity *e, bool frozen,
                     struct err *err)
{
    struct buf sql = BUF_INIT;
    buf_printf(&sql, "COPY %s (id", e->table);
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (copied(f))
            buf_printf(&sql, ", %s", f->id);
        if (copied(f) && (f->flags & F_PINYIN))
            buf_printf(&sql, ", %s_pinyin", f->id);
    }
    buf_printf(&sql, ") FROM STDIN%s", frozen ? " (FREEZE)" : "");
    PGresult *r = PQexec(db_conn_pq(c), buf_text(&sql));
    bool ok = PQresultStatus(r) == PGRES_COPY_IN;
    if (!ok)
        db_error(r, buf_text(&sql), err);
    PQclear(r);
    buf_free(&sql);
    return ok;
}

/* The connection may be one that never blocks; COPY waits for room then. */
static bool wait_writable(PGconn *pq)
{
    struct pollfd p = {.fd = PQsocket(pq), .events = POLLOUT};
    return poll(&p, 1, -1) >= 0 && PQflush(pq) >= 0;
}

bool demo_copy_send(struct db_conn *c, const struct buf *rows, struct err *err)
{
    PGconn *pq = db_conn_pq(c);
    int sent;
    while ((sent = PQputCopyData(pq, buf_text(rows), (int)rows->len)) == 0)
        if (!wait_writable(pq))
            break;
    return sent == 1 || db_unavailable(err);
}

bool demo_copy_end(struct db_conn *c, struct err *err)
{
    PGconn *pq = db_conn_pq(c);
    int ended;
    while ((ended = PQputCopyEnd(pq, NULL)) == 0)
        if (!wait_writable(pq))
            break;
    if (ended != 1)
        return db_unavailable(err);
    bool ok = true;
    for (PGresult *r; (r = PQgetResult(pq)); PQclear(r))
        if (ok && PQresultStatus(r) != PGRES_COMMAND_OK) {
            db_error(r, "COPY", err);
            ok = false;
        }
    return ok;
}

/* --- a bulk: buffers go round between the maker and the sender --- */

struct bulk {
    const struct demo_bulk *b;
    struct buf rows[BUFFERS];
    int64_t upto[BUFFERS]; /* rows made when the buffer was full */
    uint64_t made, sent;   /* buffers */
    bool stop;             /* the sender has failed */
    pthread_mutex_t lock;
    pthread_cond_t moved;
};

/* Room for the next buffer; false where the sender has given up. */
static bool await_room(struct bulk *k)
{
    pthread_mutex_lock(&k->lock);
    while (!k->stop && k->made - k->sent == BUFFERS)
        pthread_cond_wait(&k->moved, &k->lock);
    bool go = !k->stop;
    pthread_mutex_unlock(&k->lock);
    return go;
}

static void await_rows(struct bulk *k)
{
    pthread_mutex_lock(&k->lock);
    while (k->made == k->sent)
        pthread_cond_wait(&k->moved, &k->lock);
    pthread_mutex_unlock(&k->lock);
}

static void move_on(struct bulk *k, uint64_t *counter)
{
    pthread_mutex_lock(&k->lock);
    ++*counter;
    pthread_cond_signal(&k->moved);
    pthread_mutex_unlock(&k->lock);
}

static void *make_rows(void *ctx)
{
    struct bulk *k = ctx;
    struct arena *a = arena_new();
    int64_t i = 0;
    while (i < k->b->n && await_room(k)) {
        size_t slot = k->made % BUFFERS;
        buf_clear(&k->rows[slot]);
        while (i < k->b->n && k->rows[slot].len < PIECE) {
            k->b->make(k->b->ctx, a, &k->rows[slot], i++);
            arena_reset(a);
        }
        k->upto[slot] = i;
        move_on(k, &k->made);
    }
    arena_free(&a);
    return NULL;
}

static bool send_rows(struct bulk *k, struct db_conn *c, struct err *err)
{
    int64_t sent = 0;
    while (sent < k->b->n) {
        await_rows(k);
        size_t slot = k->sent % BUFFERS;
        if (!demo_copy_send(c, &k->rows[slot], err))
            return false;
        sent = k->upto[slot];
        move_on(k, &k->sent);
        if (k->b->told)
            k->b->told(k->b->ctx, sent);
    }
    return true;
}

static void stop_maker(struct bulk *k, pthread_t maker)
{
    pthread_mutex_lock(&k->lock);
    k->stop = true;
    pthread_cond_signal(&k->moved);
    pthread_mutex_unlock(&k->lock);
    pthread_join(maker, NULL);
}

bool demo_copy_bulk(struct db_conn *c, const struct demo_bulk *b,
                    struct err *err)
{
    struct bulk k = {.b = b,
                     .lock = PTHREAD_MUTEX_INITIALIZER,
                     .moved = PTHREAD_COND_INITIALIZER};
    pthread_t maker;
    if (!demo_copy_begin(c, b->entity, true, err))
        return false;
    if (pthread_create(&maker, NULL, make_rows, &k) != 0)
        return err_set(err, ERR_unavailable, NULL);
    bool ok = send_rows(&k, c, err);
    stop_maker(&k, maker);
    for (int i = 0; i < BUFFERS; i++)
        buf_free(&k.rows[i]);
    return ok && demo_copy_end(c, err);
}
