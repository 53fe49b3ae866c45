/* The session token on disk: one file a server, readable by its owner alone
 * (ACC-01). It is never logged or shown. */
#ifndef TUI_REMOTE_TOKEN_H
#define TUI_REMOTE_TOKEN_H

#include "common/err.h"

struct arena;

#define TOKEN_MAX 256

/* $XDG_STATE_HOME/kehu/token-<hash of the server>, else under
 * ~/.local/state; NULL where neither is known. */
char *token_path(struct arena *a, const char *server);
/* False where there is none, or where others could have read or written it:
 * such a file is not trusted. */
bool token_load(const char *file, char out[TOKEN_MAX]);
/* Makes the folders (0700) and replaces the file in one step (0600). */
bool token_save(const char *file, const char *token, struct err *e);
void token_forget(const char *file);

#endif
