/* The drafts of a client under test, seen from outside: the files in its
 * home. */
#ifndef TESTS_SCREEN_DRAFT_STEPS_H
#define TESTS_SCREEN_DRAFT_STEPS_H

#include "tests/screen/wizard_steps.h"
#include "tests/support/program.h"

#include <dirent.h>
#include <signal.h>

/* The files of drafts; the path of one of them in `out`. */
static inline int drafts_count(const char *home, char out[512])
{
    char folder[256];
    int n = 0;
    snprintf(folder, sizeof(folder), "%s/state/kehu/drafts", home);
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
        size_t len = strlen(e->d_name);
        if (len < 6 || strcmp(e->d_name + len - 5, ".json") != 0)
            continue;
        snprintf(out, 512, "%s/%s", folder, e->d_name);
        n++;
    }
    if (dir)
        closedir(dir);
    return n;
}

/* The text of the only draft, NULL where there is none; the caller frees it.
 */
static inline char *drafts_text_of(const char *home)
{
    char path[512];
    return drafts_count(home, path) == 1 ? program_read_file(path) : NULL;
}

struct drafts_wait {
    const char *home, *text;
};

static inline bool drafts_hold(struct vt *v, void *ctx)
{
    const struct drafts_wait *w = ctx;
    char *text = drafts_text_of(w->home);
    bool found = text && strstr(text, w->text) != NULL;
    (void)v;
    x_free(&text);
    return found;
}

/* Waits until the draft on the disk holds this. */
static inline void drafts_expect(struct vt *v, const char *text)
{
    struct drafts_wait w = {vt_home(v), text};
    if (!vt_wait(v, drafts_hold, &w, VT_PATIENCE))
        check_fail("the draft does not hold \"%s\":\n%s", text, vt_dump(v));
}

static inline bool drafts_gone(struct vt *v, void *ctx)
{
    char path[512];
    (void)ctx;
    return drafts_count(vt_home(v), path) == 0;
}

static inline void drafts_expect_none(struct vt *v)
{
    if (!vt_wait(v, drafts_gone, NULL, VT_PATIENCE))
        check_fail("a draft stays:\n%s", vt_dump(v));
}

/* Ends the client without a word. */
static inline void drafts_kill(struct vt *v)
{
    kill(vt_pid(v), SIGKILL);
    vt_wait_exit(v, VT_PATIENCE);
}

#endif
