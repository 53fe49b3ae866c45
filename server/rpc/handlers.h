/* The handlers of all methods, declared from the table. */
#ifndef SERVER_RPC_HANDLERS_H
#define SERVER_RPC_HANDLERS_H

#include "server/rpc/request.h"

#define METHOD(name, auth, lane, way, fn, ...) request_##way##_fn fn;
#include "server/rpc/method.def"
#undef METHOD

#endif
