/* A closed-loop load generator for the daemon: N connections, each with one
 * request under way, and percentiles of the answers. Also holds N idle
 * signed-in connections, for measuring their memory.
 *
 *   bench_load -s SERVER [-c N] [-t SECONDS] [-i ROWS] METHOD PARAMS
 *   bench_load -s SERVER -c N -w                  (waits for end of input)
 *
 * In PARAMS @ID@ is a random id from 1 to ROWS, @OWN@ an id of the
 * connection's own with @VERSION@ as last answered, @N@ a number that is
 * never used again. The user is the operating system's (session.peer), or -u
 * USER with the password in KEHU_PASSWORD. */
#include "common/buf.h"
#include "common/json.h"
#include "common/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct options {
    const char *server, *user, *method, *params;
    int connections;
    double seconds;
    int64_t rows;
    bool wait;
};

struct connection {
    int fd;
    struct buf in, out;
    int64_t own, version;
    uint64_t sent_ns;
};

struct load {
    struct options o;
    struct connection *at;
    int poll;
    uint64_t end_ns;
    int64_t n, errors, serial;
    uint64_t random;
    uint32_t *took_us; /* of each answer */
    size_t cap;
    char first_error[256];
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* xorshift: the same ids in every run. */
static int64_t random_id(struct load *l)
{
    l->random ^= l->random << 13;
    l->random ^= l->random >> 7;
    l->random ^= l->random << 17;
    return (int64_t)(l->random % (uint64_t)l->o.rows) + 1;
}

static int connect_to(const char *server)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const char *path = strncmp(server, "unix:", 5) == 0 ? server + 5 : server;
    if (strlen(path) >= sizeof a.sun_path)
        give_up(path);
    memcpy(a.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        give_up("socket");
    /* A full backlog says EAGAIN on a unix socket; the daemon is on its way. */
    while (connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            give_up(path);
        usleep(1000);
    }
    return fd;
}

static void send_all(const struct connection *c, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            give_up("send");
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
}

/* Reads up to and with the next line's end; what is in `in` then is the line
 * (a connection here never has more than one answer under way). */
static bool read_line(struct connection *c)
{
    char chunk[65536];
    ssize_t n = recv(c->fd, chunk, sizeof chunk, 0);
    if (n <= 0)
        give_up(n == 0 ? "closed by the daemon" : "recv");
    buf_add(&c->in, chunk, (size_t)n);
    return c->in.data[c->in.len - 1] == '\n';
}

static void sign_in(const struct options *o, struct connection *c)
{
    struct buf line = BUF_INIT;
    const char *password = getenv("KEHU_PASSWORD");
    buf_str(&line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":");
    if (o->user) {
        buf_str(&line, "\"session.login\",\"params\":{\"user\":");
        json_write_str(&line, o->user);
        buf_str(&line, ",\"password\":");
        json_write_str(&line, password ? password : "");
        buf_str(&line, "}}\n");
    } else {
        buf_str(&line, "\"session.peer\"}\n");
    }
    send_all(c, line.data, line.len);
    while (!read_line(c))
        ;
    if (!strstr(c->in.data, "\"result\"")) {
        fprintf(stderr, "bench_load: %s", c->in.data);
        exit(1);
    }
    buf_clear(&c->in);
    buf_free(&line);
}

static void add_params(struct load *l, struct connection *c)
{
    static const char *const words[] = {"@ID@", "@OWN@", "@VERSION@", "@N@"};
    const char *s = l->o.params;
    while (*s) {
        size_t skip = strcspn(s, "@");
        buf_add(&c->out, s, skip);
        s += skip;
        int64_t values[] = {0, c->own, c->version, l->serial};
        size_t w = 0, n = sizeof words / sizeof *words;
        while (w < n && strncmp(s, words[w], strlen(words[w])) != 0)
            w++;
        if (w < n) {
            buf_int(&c->out, w == 0 ? random_id(l) : values[w]);
            s += strlen(words[w]);
        } else if (*s) {
            buf_char(&c->out, *s++);
        }
    }
}

static void send_next(struct load *l, struct connection *c)
{
    l->serial++;
    buf_clear(&c->in);
    buf_clear(&c->out);
    buf_printf(&c->out,
               "{\"jsonrpc\":\"2.0\",\"id\":%" PRId64
               ",\"method\":\"%s\",\"params\":",
               l->serial, l->o.method);
    add_params(l, c);
    buf_str(&c->out, "}\n");
    c->sent_ns = now_ns();
    send_all(c, c->out.data, c->out.len);
}

/* The connection's own row: the version that an update needs. */
static void read_version(struct connection *c)
{
    const char *v = strstr(c->in.data, "\"version\":");
    if (v)
        c->version = strtoll(v + 10, NULL, 10);
}

static void own_row(struct load *l, struct connection *c, int i)
{
    if (!strstr(l->o.params, "@OWN@"))
        return;
    c->own = i * (l->o.rows / l->o.connections) + 1;
    buf_clear(&c->out);
    buf_printf(&c->out,
               "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"customer.get\","
               "\"params\":{\"id\":%" PRId64 "}}\n",
               c->own);
    send_all(c, c->out.data, c->out.len);
    buf_clear(&c->in);
    while (!read_line(c))
        ;
    read_version(c);
}

static void record(struct load *l, struct connection *c)
{
    if (l->cap == (size_t)l->n) {
        l->cap = l->cap ? l->cap * 2 : 1 << 16;
        l->took_us = x_reallocarray(l->took_us, l->cap, sizeof *l->took_us);
    }
    l->took_us[l->n++] = (uint32_t)((now_ns() - c->sent_ns) / 1000);
    if (strstr(c->in.data, "\"error\"")) {
        if (l->errors++ == 0)
            snprintf(l->first_error, sizeof l->first_error, "%s", c->in.data);
    }
    if (c->own)
        read_version(c);
}

static void run(struct load *l)
{
    for (int i = 0; i < l->o.connections; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &l->at[i]};
        own_row(l, &l->at[i], i);
        if (epoll_ctl(l->poll, EPOLL_CTL_ADD, l->at[i].fd, &e) < 0)
            give_up("epoll_ctl");
    }
    l->end_ns = now_ns() + (uint64_t)(l->o.seconds * 1e9);
    for (int i = 0; i < l->o.connections; i++)
        send_next(l, &l->at[i]);
    int busy = l->o.connections;
    while (busy > 0) {
        struct epoll_event ready[64];
        int n = epoll_wait(l->poll, ready, 64, 60000);
        if (n <= 0)
            give_up("no answer within a minute");
        for (int i = 0; i < n; i++) {
            struct connection *c = ready[i].data.ptr;
            if (!read_line(c))
                continue;
            record(l, c);
            if (now_ns() < l->end_ns)
                send_next(l, c);
            else
                busy--;
        }
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(struct load *l, double seconds)
{
    static const struct {
        const char *name;
        double part;
    } points[] = {{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}, {"max", 1}};
    qsort(l->took_us, (size_t)l->n, sizeof *l->took_us, by_size);
    printf("n=%" PRId64 " rps=%.1f", l->n, (double)l->n / seconds);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        size_t at = (size_t)(points[i].part * (double)(l->n - 1));
        printf(" %s=%.3f", points[i].name, l->took_us[at] / 1000.0);
    }
    printf(" errors=%" PRId64 "\n", l->errors);
    if (l->errors)
        fprintf(stderr, "bench_load: %s", l->first_error);
}

static void read_options(int argc, char **argv, struct options *o)
{
    int c;
    while ((c = getopt(argc, argv, "s:u:c:t:i:w")) != -1) {
        switch (c) {
        case 's':
            o->server = optarg;
            break;
        case 'u':
            o->user = optarg;
            break;
        case 'c':
            o->connections = atoi(optarg);
            break;
        case 't':
            o->seconds = atof(optarg);
            break;
        case 'i':
            o->rows = atoll(optarg);
            break;
        case 'w':
            o->wait = true;
            break;
        default:
            exit(2);
        }
    }
    if (!o->server || o->connections < 1 || o->rows < 1 ||
        argc - optind != (o->wait ? 0 : 2)) {
        fprintf(stderr, "usage: bench_load -s SERVER [-u USER] [-c N]"
                        " [-t SECONDS] [-i ROWS] METHOD PARAMS | -w\n");
        exit(2);
    }
    o->method = argv[optind];
    o->params = o->wait ? "" : argv[optind + 1];
}

int main(int argc, char **argv)
{
    struct load l = {.o = {.connections = 1, .seconds = 1, .rows = 1},
                     .random = 88172645463325252u};
    read_options(argc, argv, &l.o);
    l.serial = (int64_t)(now_ns() / 1000);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    l.at = x_calloc((size_t)l.o.connections, sizeof *l.at);
    l.poll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < l.o.connections; i++) {
        l.at[i].fd = connect_to(l.o.server);
        sign_in(&l.o, &l.at[i]);
        if (l.o.wait) /* ten thousand of them need no buffers here */
            buf_free(&l.at[i].in);
    }
    if (l.o.wait) {
        puts("ready");
        fflush(stdout);
        while (getchar() != EOF)
            ;
        return 0;
    }
    uint64_t start = now_ns();
    run(&l);
    report(&l, (double)(now_ns() - start) / 1e9);
    return l.errors != 0;
}
