/* Which addresses a probe may connect to, and what it makes of a real server
 * on this machine that answers well, badly, endlessly or with redirects. */
#include "server/link/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
    const char *address;
    bool open;
} addresses[] = {
    {"8.8.8.8", true},
    {"223.5.5.5", true},
    {"100.63.255.255", true},
    {"172.32.0.1", true},
    {"0.0.0.0", false},
    {"10.1.2.3", false},
    {"100.64.0.1", false},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"169.254.169.254", false},
    {"172.16.0.1", false},
    {"172.31.255.255", false},
    {"192.0.2.1", false},
    {"192.168.0.1", false},
    {"198.18.0.1", false},
    {"198.51.100.7", false},
    {"203.0.113.9", false},
    {"224.0.0.1", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    {"2400:3200::1", true},
    {"2606:4700::1111", true},
    {"::", false},
    {"::1", false},
    {"::ffff:10.0.0.1", false},
    {"::ffff:8.8.8.8", true},
    {"::127.0.0.1", false},
    {"64:ff9b::7f00:1", false},
    {"64:ff9b::808:808", true},
    {"2002:7f00:1::", false},
    {"2002:808:808::", true},
    {"fe80::1", false},
    {"fc00::1", false},
    {"fd12::1", false},
    {"ff02::1", false},
    {"2001:db8::1", false},
    {"2001::1", false},
    {"3fff::1", false},
    {"4000::1", false},
};

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
        struct sockaddr_storage s = {0};
        struct sockaddr_in in = {.sin_family = AF_INET};
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
        if (inet_pton(AF_INET, addresses[i].address, &in.sin_addr) == 1)
            memcpy(&s, &in, sizeof(in));
        else if (inet_pton(AF_INET6, addresses[i].address, &in6.sin6_addr) == 1)
            memcpy(&s, &in6, sizeof(in6));
        if (probe_is_public((struct sockaddr *)&s) != addresses[i].open)
            fail_msg("%s", addresses[i].address);
    }
    struct sockaddr local = {.sa_family = AF_UNIX};
    assert_false(probe_is_public(&local));
}

/* --- a server of the test's own --- */

static int listener, port;
static pthread_t thread;

/* One row a path: the answer to HEAD and to GET. */
static const struct page {
    const char *path, *head, *get;
} pages[] = {
    {"/ok", "200 OK\r\n", "200 OK\r\n"},
    {"/nohead", "405 No\r\n", "200 OK\r\n"},
    {"/gone", "404 No\r\n", "404 No\r\n"},
    {"/big", "405 No\r\n", "200 OK\r\n"},
    {"/away", "302 There\r\nLocation: /ok\r\n", ""},
    {"/loop", "302 There\r\nLocation: /loop\r\n", ""},
    {"/inside", "302 There\r\nLocation: http://127.0.0.2/secret\r\n", ""},
    {"/file", "302 There\r\nLocation: file:///etc/passwd\r\n",
     "302 There\r\nLocation: file:///etc/passwd\r\n"},
};

static void put(int fd, const char *text)
{
    (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void answer(int fd, const char *request)
{
    char wanted[64];
    bool head = strncmp(request, "HEAD ", 5) == 0;
    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
        const struct page *p = &pages[i];
        snprintf(wanted, sizeof(wanted), "%s%s ", head ? "HEAD " : "GET ",
                 p->path);
        if (strncmp(request, wanted, strlen(wanted)) != 0)
            continue;
        put(fd, "HTTP/1.1 ");
        put(fd, head ? p->head : p->get);
        put(fd, "Connection: close\r\n\r\n");
        static char block[65536];
        for (int n = 0; !head && strcmp(p->path, "/big") == 0 && n < 40; n++)
            if (send(fd, block, sizeof(block), MSG_NOSIGNAL) < 0)
                break;
    }
}

static void *serve(void *ctx)
{
    (void)ctx;
    int fd;
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        char request[4096] = "";
        if (recv(fd, request, sizeof(request) - 1, 0) > 0)
            answer(fd, request);
        shutdown(fd, SHUT_WR);
        while (recv(fd, request, sizeof(request), 0) > 0)
            ;
        close(fd);
    }
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    struct sockaddr_in in = {.sin_family = AF_INET};
    socklen_t len = sizeof(in);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&in, sizeof(in)) != 0 ||
        listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&in, &len) != 0)
        return -1;
    port = ntohs(in.sin_port);
    return pthread_create(&thread, NULL, serve, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    shutdown(listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(listener);
    return 0;
}

/* Just the test's own server. */
static bool only_it(const struct sockaddr *a)
{
    struct sockaddr_in in;
    memcpy(&in, a, sizeof(in));
    return in.sin_family == AF_INET &&
           in.sin_addr.s_addr == htonl(INADDR_LOOPBACK) &&
           ntohs(in.sin_port) == port;
}

static struct probe visit(const char *path)
{
    struct probe p;
    char url[128];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
    probe_url(url, only_it, &p);
    return p;
}

static void test_answers(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool reachable;
        long code;
    } cases[] = {{"/ok", true, 200},    {"/nohead", true, 200},
                 {"/gone", false, 404}, {"/big", true, 200},
                 {"/away", true, 200},  {"/loop", false, 302}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct probe p = visit(cases[i].path);
        if (p.reachable != cases[i].reachable || p.code != cases[i].code ||
            (p.reason[0] == '\0') != p.reachable)
            fail_msg("%s: %d %ld %s", cases[i].path, p.reachable, p.code,
                     p.reason);
    }
    assert_non_null(strstr(visit("/away").url, "/ok"));
}

/* A redirect goes through the same gate, and to no other kind of place. */
static void test_redirects_are_guarded(void **state)
{
    (void)state;
    struct probe p = visit("/inside");
    assert_false(p.reachable);
    assert_int_equal(p.code, 0);
    assert_false(visit("/file").reachable);
}

static void test_guard_of_the_product(void **state)
{
    (void)state;
    struct probe p;
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok", port);
    probe_url(url, probe_is_public, &p);
    assert_false(p.reachable);
    assert_int_equal(p.code, 0);
    snprintf(url, sizeof(url), "http://localhost:%d/ok", port);
    probe_url(url, probe_is_public, &p);
    assert_false(p.reachable);
    assert_int_equal(p.code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_redirects_are_guarded),
        cmocka_unit_test(test_guard_of_the_product),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
