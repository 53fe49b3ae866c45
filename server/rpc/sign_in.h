/* Sign-in is dear (a password's hash) and inviting (to guess): how many run
 * at once, and who has to wait after failures. */
#ifndef SERVER_RPC_SIGN_IN_H
#define SERVER_RPC_SIGN_IN_H

struct server;
struct sign_in;

struct sign_in *sign_in_new(struct server *s);
void sign_in_free(struct sign_in **s);

#endif
