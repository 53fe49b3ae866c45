/* One record as a screen: header, tabs, its form for reading and for editing
 * in place, the records that belong to it (DET-01, DET-04, DET-10, DET-11,
 * EDIT-02). */
#ifndef TUI_SCREEN_RECORD_SCREEN_H
#define TUI_SCREEN_RECORD_SCREEN_H

#include "tui/widget/list.h"

struct record_options {
    const struct entity *entity;
    int64_t id;
    struct list *from; /* the list below this screen: its neighbours, and
                          asked anew after a change; or NULL */
    bool edit;         /* starts editing as soon as it is here */
    bool draft;        /* goes on with its draft without asking */
    const char *as_of; /* a time: the record as it was then, to be read */
    int tab;           /* the one to open; 0: the first */
    bool restored;     /* of the last session: goes where it is gone */
};

void record_screen_open(struct app *a, const struct record_options *o);

#endif
