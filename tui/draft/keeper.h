/* Keeps the draft of one screen on the disk while it is typed: at most two
 * seconds of typing behind, in the thread pool so that a slow disk stops no
 * key, one writer at a time, the newest state last; at once where the screen
 * or the program goes (NEW-04). */
#ifndef TUI_DRAFT_KEEPER_H
#define TUI_DRAFT_KEEPER_H

#include "tui/app/app.h"
#include "tui/draft/store.h"

struct keeper;

/* Brings *d up to what the screen shows now; false where there is nothing
 * worth keeping. */
typedef bool keeper_fill(void *ctx, struct draft *d);

/* The store of this process, opened at the first use; NULL with words. */
struct store *keeper_store(struct err *e);
/* Waits for what is being written just now: before a draft is read or changed
 * by its file. */
void keeper_settle(void);

/* Takes what *d holds. Nothing is written before the first touch. Without a
 * store it works all the same and keeps nothing: that has been told then. */
struct keeper *keeper_new(struct app *a, struct draft *d, keeper_fill *fill,
                          void *ctx);
/* Writes what is not on the disk yet, and lets the draft go: others may open
 * it. */
void keeper_free(struct keeper **k);

/* Something was typed. */
void keeper_touch(struct keeper *k);
/* Now; `then` (may be NULL) once it is on the disk, or could not be put
 * there. A save that is still to come takes the place of its `then`. */
void keeper_save(struct keeper *k, void (*then)(void *ctx));
/* Deletes it; a later touch keeps it anew. */
void keeper_drop(struct keeper *k);
struct draft *keeper_draft(struct keeper *k);
/* "14:32:05" of the last save for the title line, "" where there was none,
 * words where it fails; in the arena. */
const char *keeper_state(const struct keeper *k, struct arena *a);
/* There is a file of it now (or is just being written). */
bool keeper_is_kept(const struct keeper *k);

#endif
