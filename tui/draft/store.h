/* Drafts on disk: a folder of one's own, a file a draft, written as a whole
 * or not at all, and never through anything that somebody put in its place
 * (NEW-04). */
#ifndef TUI_DRAFT_STORE_H
#define TUI_DRAFT_STORE_H

#include "tui/draft/draft.h"

#define STORE_DRAFTS 200 /* of a folder */
#define STORE_BROKEN 20  /* broken ones that are kept aside */

struct store;

/* $XDG_STATE_HOME/kehu/drafts, made where it is missing (0700). Where that is
 * a link, a file or somebody else's, the first of drafts-2 … drafts-9 that is
 * ours. NULL with words. */
struct store *store_open(struct err *e);
void store_close(struct store **s);
const char *store_path(const struct store *s);
/* Words (translated) about a folder that could not be used; NULL. */
const char *store_note(const struct store *s);

enum store_end {
    STORE_ok,
    STORE_moved, /* written, under another id: the place was taken by a link,
                    a pipe, a folder or somebody else's file */
    STORE_many,  /* there are STORE_DRAFTS already */
    STORE_large, /* more than DRAFT_BYTES */
    STORE_failed /* the system said no: `failed` is its errno */
};
struct store_result {
    enum store_end end;
    int failed;
};
/* Blocks until it is on the disk. May be called on any thread, one at a time
 * for a draft; words are made where they are told (store_words). */
struct store_result store_write(struct store *s, char id[DRAFT_ID_LEN],
                                const char *text, size_t len);
/* What happened and what to do; NULL where all is well. In the arena. */
const char *store_words(struct store_result r, struct arena *a);

/* Opens one. False with words; ERR_not_found where there is none. What can
 * not be read is set aside, and the words say so. */
bool store_read(struct store *s, const char *id, struct draft *d,
                struct err *e) must_check;
/* Forgets one; one that is not there is fine. */
bool store_remove(struct store *s, const char *id, struct err *e);

/* All drafts, last saved first; the caller frees them with
 * store_list_free. Broken ones are set aside and counted. */
struct store_list {
    struct draft *at;
    int n;
    int broken; /* set aside just now */
    int later;  /* written by a later kehu: left alone */
};
void store_list(struct store *s, struct store_list *out);
void store_list_free(struct store_list *l);

/* The last resort of a dying process: writes without allocating anything and
 * with nothing that a signal handler may not do. */
struct store_rescue {
    int folder;
    char temporary[64], file[64];
};
void store_prepare_rescue(const struct store *s, const char *id,
                          struct store_rescue *out);
void store_do_rescue(const struct store_rescue *r, const char *text,
                     size_t len);

#endif
