/* Is a site there? One URL given by a user, fetched under guard: never from
 * an address that is not public, never for long, never much (DET-05). */
#ifndef SERVER_LINK_PROBE_H
#define SERVER_LINK_PROBE_H

#include <stdbool.h>

struct sockaddr;

enum {
    PROBE_MS = 5000,       /* for the whole chain of redirects */
    PROBE_BYTES = 1 << 20, /* of one answer */
    PROBE_REDIRECTS = 5
};

struct probe {
    bool reachable;   /* somebody answered with a code below 400 */
    long code;        /* of HTTP; 0: no answer */
    long ms;          /* the last answer took so long */
    char url[2048];   /* where the redirects ended */
    char reason[256]; /* translated; "" where reachable */
};

/* False for private, loopback, link-local, shared, multicast, documentation
 * and reserved ranges, IPv4, IPv6, and IPv4 inside IPv6 alike. */
bool probe_is_public(const struct sockaddr *address);

/* HEAD, then GET where HEAD is not liked. Blocking, for workers. `allowed`
 * decides on the address that is really connected to, at every hop. */
void probe_url(const char *url, bool (*allowed)(const struct sockaddr *),
               struct probe *out);

#endif
