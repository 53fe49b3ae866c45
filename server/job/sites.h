/* Looks now and then whether the sites of competitors answer (DET-06). */
#ifndef SERVER_JOB_SITES_H
#define SERVER_JOB_SITES_H

struct server;
struct sites;

struct sites *sites_new(struct server *s);
void sites_stop(struct sites *s);
void sites_free(struct sites **s);

#endif
