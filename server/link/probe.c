/* Fetching a URL that a user gave. Names are checked when they have become
 * an address, at the moment of connecting, so that no name can be resolved
 * twice to different ends; redirects are followed one by one, each through
 * the same gate. */
#include "server/link/probe.h"

#include "common/clock.h"
#include "common/i18n.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* IANA's special-purpose registries. */
static const struct net4 {
    uint32_t address;
    int bits;
} closed4[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* shared */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link-local */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocol assignments */
    {0xc0000200, 24}, /* documentation */
    {0xc0586300, 24}, /* 6to4 relays */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks */
    {0xc6336400, 24}, /* documentation */
    {0xcb007100, 24}, /* documentation */
    {0xe0000000, 3},  /* multicast and reserved */
};

static bool is_public4(uint32_t a)
{
    for (size_t i = 0; i < sizeof(closed4) / sizeof(*closed4); i++)
        if ((a ^ closed4[i].address) >> (32 - closed4[i].bits) == 0)
            return false;
    return true;
}

static uint32_t at4(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

/* Where an IPv4 address lies inside an IPv6 one: bytes of the prefix, offset
 * of the address. */
static const struct inside {
    uint8_t prefix[12];
    size_t bytes, at;
} insides[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 12, 12}, /* mapped */
    {{0}, 12, 12},                                        /* compatible */
    {{0x00, 0x64, 0xff, 0x9b}, 12, 12},                   /* NAT64 */
    {{0x20, 0x02}, 2, 2},                                 /* 6to4 */
};

/* Only 2000::/3 is given out; in it, Teredo and documentation are not. */
static bool is_public6(const uint8_t *b)
{
    for (size_t i = 0; i < sizeof(insides) / sizeof(*insides); i++)
        if (memcmp(b, insides[i].prefix, insides[i].bytes) == 0)
            return is_public4(at4(b + insides[i].at));
    if ((b[0] & 0xe0) != 0x20)
        return false;
    uint32_t head = at4(b);
    return head >> 9 != 0x20010000u >> 9 && head != 0x20010db8u &&
           head >> 12 != 0x3fff0000u >> 12;
}

bool probe_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof(in));
        return is_public4(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof(in6));
        return is_public6(in6.sin6_addr.s6_addr);
    }
    return false;
}

struct visit {
    bool (*allowed)(const struct sockaddr *);
    bool refused; /* the guard said no */
    size_t bytes;
};

static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
                                 struct curl_sockaddr *a)
{
    struct visit *v = ctx;
    (void)purpose;
    if (!v->allowed(&a->addr)) {
        v->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
    struct visit *v = ctx;
    (void)data;
    v->bytes += size * n;
    return v->bytes <= PROBE_BYTES ? size * n : 0;
}

static CURL *make(struct visit *v)
{
    CURL *c = curl_easy_init();
    if (c == NULL)
        return NULL;
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_USERAGENT, "kehu/" KEHU_VERSION);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, v);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, v);
    return c;
}

static CURLcode ask(CURL *c, const char *url, bool head, uint64_t until,
                    struct probe *out)
{
    uint64_t now = clock_mono_ms();
    curl_off_t us = 0;
    if (now >= until)
        return CURLE_OPERATION_TIMEDOUT;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_NOBODY, head ? 1L : 0L);
    if (!head)
        curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(until - now));
    CURLcode rc = curl_easy_perform(c);
    out->code = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &out->code);
    curl_easy_getinfo(c, CURLINFO_TOTAL_TIME_T, &us);
    out->ms = (long)(us / 1000);
    return rc;
}

/* One hop; servers that dislike HEAD are asked with GET. An answer that is
 * larger than allowed has answered all the same. */
static CURLcode visit_once(CURL *c, struct visit *v, const char *url,
                           uint64_t until, struct probe *out)
{
    CURLcode rc = ask(c, url, true, until, out);
    if (v->refused || (rc == CURLE_OK && out->code < 400))
        return rc;
    v->bytes = 0;
    rc = ask(c, url, false, until, out);
    return rc == CURLE_WRITE_ERROR && out->code != 0 ? CURLE_OK : rc;
}

static void say(struct probe *out, const struct visit *v, CURLcode rc)
{
    if (v->refused)
        snprintf(out->reason, sizeof(out->reason), "%s",
                 _("This address is not a public one; it is not asked."));
    else if (rc != CURLE_OK)
        snprintf(out->reason, sizeof(out->reason),
                 _("The site does not answer: %s."), curl_easy_strerror(rc));
    else if (out->code >= 300)
        snprintf(out->reason, sizeof(out->reason),
                 _("The site answers with code %ld."), out->code);
    else
        out->reachable = true;
}

static void init_once(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void probe_url(const char *url, bool (*allowed)(const struct sockaddr *),
               struct probe *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct visit v = {.allowed = allowed};
    uint64_t until = clock_mono_ms() + PROBE_MS;
    pthread_once(&once, init_once);
    CURL *c = make(&v);
    CURLcode rc = c != NULL ? CURLE_OK : CURLE_OUT_OF_MEMORY;
    *out = (struct probe){0};
    snprintf(out->url, sizeof(out->url), "%s", url);
    for (int hop = 0; c != NULL && hop <= PROBE_REDIRECTS; hop++) {
        char *next = NULL;
        rc = visit_once(c, &v, out->url, until, out);
        if (rc == CURLE_OK)
            curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &next);
        if (next == NULL || strlen(next) >= sizeof(out->url))
            break;
        char target[sizeof(out->url)];
        snprintf(target, sizeof(target), "%s", next);
        memcpy(out->url, target, sizeof(target));
    }
    say(out, &v, rc);
    curl_easy_cleanup(c);
}
