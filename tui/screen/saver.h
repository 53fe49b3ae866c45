/* Saving what a form holds, with the version it was read at (EDIT-02): the
 * call, faults under their fields, the conflict dialog, the step back. Every
 * screen that edits a record saves by this. */
#ifndef TUI_SCREEN_SAVER_H
#define TUI_SCREEN_SAVER_H

#include "tui/widget/form.h"

struct saver;

struct saver_options {
    struct app *app;
    const struct entity *entity;
    struct form *form;
    /* The values are on their way. May be NULL. */
    void (*sent)(void *ctx, const cJSON *values);
    /* It did not work. False: the form can not be seen now, saver_tell will be
     * called when it can; NULL: it always can. */
    bool (*refused)(void *ctx, const struct err *err);
    /* As the daemon has it now; the saver may be freed here. */
    void (*saved)(void *ctx, const cJSON *record);
    /* There was nothing to save: nothing had been changed, or (`theirs`)
     * nothing of mine was left after a conflict. The saver may be freed. */
    void (*idle)(void *ctx, bool theirs);
    void *ctx;
};

struct saver *saver_new(const struct saver_options *o);
/* A call under way is dropped; it may have been done. */
void saver_free(struct saver **s);
/* Checks the form, and saves what was changed in it. */
void saver_save(struct saver *s);
bool saver_busy(const struct saver *s);
/* Stops the call under way, and says so; false where there is none. */
bool saver_stop(struct saver *s);
/* Shows what the daemon refused in the form. */
void saver_tell(struct saver *s, const struct err *err);

#endif
