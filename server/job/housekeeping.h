/* What has to be cleared away or made ready from time to time. */
#ifndef SERVER_JOB_HOUSEKEEPING_H
#define SERVER_JOB_HOUSEKEEPING_H

struct housekeeping;
struct server;

struct housekeeping *housekeeping_new(struct server *s);
void housekeeping_stop(struct housekeeping *h);
void housekeeping_free(struct housekeeping **h);

#endif
