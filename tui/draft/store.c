/* Files of drafts. The folder is opened once and everything goes by its
 * descriptor, so that no name on the way to it can be exchanged. */
#include "tui/draft/store.h"

#include "common/buf.h"
#include "common/i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FOLDERS = 9, NAMES = 8 /* tries for one that is free */ };

struct store {
    int fd;
    char *path;
    char *note;
};

/* --- the folder --- */

static char *base_path(void)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && *state == '/')
        return x_asprintf("%s/kehu", state);
    if (home != NULL && *home == '/')
        return x_asprintf("%s/.local/state/kehu", home);
    return NULL;
}

static bool make_folders(char *path)
{
    bool ok = true;
    for (char *p = strchr(path + 1, '/'); p != NULL && ok;
         p = strchr(p + 1, '/')) {
        *p = '\0';
        ok = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = '/';
    }
    return ok && (mkdir(path, 0700) == 0 || errno == EEXIST);
}

/* The descriptor of a folder that is ours alone, or -1 with errno (ENOTDIR: a
 * link or a file is in its place, EPERM: somebody else's). */
static int open_folder(const char *path)
{
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return -1;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    bool ours = fstat(fd, &st) == 0 && st.st_uid == geteuid();
    if (ours && ((st.st_mode & 077) == 0 || fchmod(fd, 0700) == 0))
        return fd;
    close(fd);
    errno = EPERM;
    return -1;
}

/* Left by a process that died while it wrote. */
static void sweep(struct store *s);

static bool try_folder(struct store *s, const char *base, int n)
{
    char *path = n == 1 ? x_asprintf("%s/drafts", base)
                        : x_asprintf("%s/drafts-%d", base, n);
    s->fd = open_folder(path);
    if (s->fd >= 0) {
        s->path = path;
        return true;
    }
    if (s->note == NULL)
        s->note = x_asprintf(_("%s is not a folder of yours alone (%s)."), path,
                             strerror(errno));
    x_free(&path);
    return false;
}

struct store *store_open(struct err *e)
{
    struct store *s = x_calloc(1, sizeof(*s));
    char *base = base_path();
    bool ok = base != NULL && make_folders(base);
    bool open = false;
    if (!ok)
        err_set(e, ERR_unavailable,
                _("There is no folder for drafts: %s. Set HOME or "
                  "XDG_STATE_HOME to a folder of yours."),
                base != NULL ? strerror(errno) : "HOME");
    for (int n = 1; ok && n <= FOLDERS && !open; n++)
        open = try_folder(s, base, n);
    if (ok && !open)
        err_set(e, ERR_unavailable, _("Drafts can not be kept: %s"), s->note);
    x_free(&base);
    if (!open) {
        s->fd = -1;
        store_close(&s);
        return NULL;
    }
    sweep(s);
    return s;
}

void store_close(struct store **sp)
{
    struct store *s = *sp;
    if (s == NULL)
        return;
    if (s->fd >= 0)
        close(s->fd);
    x_free(&s->path);
    x_free(&s->note);
    x_free(sp);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

const char *store_note(const struct store *s)
{
    return s->note;
}

/* --- names in it --- */

static void file_name(const char *id, char out[64])
{
    snprintf(out, 64, "%s.json", id);
}

/* The id of a draft's file; false for all else. */
static bool file_id(const char *name, char id[DRAFT_ID_LEN])
{
    if (strlen(name) != DRAFT_ID_LEN - 1 + strlen(".json") ||
        strcmp(name + DRAFT_ID_LEN - 1, ".json") != 0)
        return false;
    memcpy(id, name, DRAFT_ID_LEN - 1);
    id[DRAFT_ID_LEN - 1] = '\0';
    return draft_id_ok(id);
}

static DIR *look_inside(const struct store *s)
{
    int fd = openat(s->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL && fd >= 0)
        close(fd);
    return dir;
}

/* A plain file of ours under one name only. */
static bool is_ours(const struct stat *st)
{
    return S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink == 1;
}

static bool is_temporary(const char *name)
{
    size_t n = strlen(name);
    return name[0] == '.' && n > 4 && strcmp(name + n - 4, ".tmp") == 0;
}

static void sweep(struct store *s)
{
    struct dirent *d;
    struct stat st;
    DIR *dir = look_inside(s);
    while (dir != NULL && (d = readdir(dir)) != NULL) {
        bool old = is_temporary(d->d_name) &&
                   fstatat(s->fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                   is_ours(&st) && st.st_mtime + 3600 < time(NULL);
        if (old)
            unlinkat(s->fd, d->d_name, 0);
    }
    if (dir != NULL)
        closedir(dir);
}

static int count_drafts(const struct store *s)
{
    char id[DRAFT_ID_LEN];
    struct dirent *d;
    int n = 0;
    DIR *dir = look_inside(s);
    while (dir != NULL && (d = readdir(dir)) != NULL)
        n += file_id(d->d_name, id) ? 1 : 0;
    if (dir != NULL)
        closedir(dir);
    return n;
}

/* --- writing --- */

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

static void temporary_name(const char *id, char out[64])
{
    char suffix[DRAFT_ID_LEN];
    draft_new_id(suffix);
    snprintf(out, 64, ".%s.%s.tmp", id, suffix);
}

/* 0, or the errno. The folder is made anew where it was taken away. */
static int open_temporary(struct store *s, const char *name, int *fd)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    *fd = openat(s->fd, name, flags, 0600);
    if (*fd < 0 && errno == ENOENT) {
        int again = make_folders(s->path) ? open_folder(s->path) : -1;
        if (again < 0)
            return errno;
        dup3(again, s->fd, O_CLOEXEC);
        close(again);
        *fd = openat(s->fd, name, flags, 0600);
    }
    return *fd < 0 ? errno : 0;
}

static int write_file(struct store *s, const char *id, const char *text,
                      size_t len)
{
    char temporary[64], file[64];
    int fd;
    temporary_name(id, temporary);
    file_name(id, file);
    int failed = open_temporary(s, temporary, &fd);
    if (failed != 0)
        return failed;
    if (!write_all(fd, text, len) || fsync(fd) != 0)
        failed = errno;
    if (close(fd) != 0 && failed == 0)
        failed = errno;
    if (failed == 0 && renameat(s->fd, temporary, s->fd, file) != 0)
        failed = errno;
    if (failed != 0)
        unlinkat(s->fd, temporary, 0);
    else if (fsync(s->fd) != 0)
        failed = errno;
    return failed;
}

enum spot { SPOT_free, SPOT_ours, SPOT_taken };

static enum spot look_at_spot(const struct store *s, const char *id)
{
    char file[64];
    struct stat st;
    file_name(id, file);
    if (fstatat(s->fd, file, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return SPOT_free;
    return is_ours(&st) ? SPOT_ours : SPOT_taken;
}

struct store_result store_write(struct store *s, char id[DRAFT_ID_LEN],
                                const char *text, size_t len)
{
    struct store_result r = {STORE_ok, 0};
    if (len > DRAFT_BYTES)
        return (struct store_result){STORE_large, 0};
    enum spot spot = look_at_spot(s, id);
    for (int i = 0; spot == SPOT_taken && i < NAMES; i++) {
        r.end = STORE_moved;
        draft_new_id(id);
        spot = look_at_spot(s, id);
    }
    if (spot == SPOT_free && count_drafts(s) >= STORE_DRAFTS)
        return (struct store_result){STORE_many, 0};
    r.failed = spot == SPOT_taken ? EEXIST : write_file(s, id, text, len);
    if (r.failed != 0)
        r.end = STORE_failed;
    return r;
}

const char *store_words(struct store_result r, struct arena *a)
{
    switch (r.end) {
    case STORE_moved:
        return arena_strdup(
            a, _("Something else lies where the draft was kept; it has got "
                 "another name."));
    case STORE_many:
        return arena_printf(a,
                            _("There are %d drafts already. Delete some that "
                              "are not needed; until then this one is not "
                              "kept."),
                            STORE_DRAFTS);
    case STORE_large:
        return arena_strdup(
            a, _("The draft is larger than 1 MiB and is not kept. Send it, "
                 "or make its texts shorter."));
    case STORE_failed:
        return arena_printf(a,
                            _("The draft can not be kept (%s). Trying again; "
                              "make room on the disk."),
                            strerror(r.failed));
    default:
        return NULL;
    }
}

/* --- reading --- */

/* The whole of a plain file of ours; NULL with errno. */
static char *read_file(const struct store *s, const char *file, size_t *len)
{
    struct stat st;
    int fd =
        openat(s->fd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bool ok =
        fstat(fd, &st) == 0 && is_ours(&st) && st.st_size <= (off_t)DRAFT_BYTES;
    char *text = ok ? x_malloc(DRAFT_BYTES + 1) : NULL;
    ssize_t n = 1;
    *len = 0;
    while (text != NULL && n > 0 && *len <= DRAFT_BYTES) {
        n = read(fd, text + *len, DRAFT_BYTES + 1 - *len);
        *len += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    if (text == NULL)
        errno = EPERM;
    return text;
}

/* The slot for a broken one: a free one, else the oldest. */
static void choose_slot(const struct store *s, char out[64])
{
    time_t oldest = 0;
    for (int i = 0; i < STORE_BROKEN; i++) {
        char name[64];
        struct stat st;
        snprintf(name, sizeof(name), "broken-%d", i);
        bool there = fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
        if (i > 0 && there && st.st_mtime >= oldest)
            continue;
        snprintf(out, 64, "%s", name);
        if (!there)
            return;
        oldest = st.st_mtime;
    }
}

static void set_aside(const struct store *s, const char *file, struct err *e)
{
    char slot[64], why[sizeof(e->message)];
    choose_slot(s, slot);
    snprintf(why, sizeof(why), "%s", e->message);
    if (renameat(s->fd, file, s->fd, slot) == 0)
        err_set(e, ERR_invalid,
                _("A draft can not be read (%s). It was set aside as %s/%s."),
                why, s->path, slot);
}

bool store_read(struct store *s, const char *id, struct draft *d, struct err *e)
{
    char file[64];
    size_t len = 0;
    struct err bad = {0};
    file_name(id, file);
    memset(d, 0, sizeof(*d));
    char *text = read_file(s, file, &len);
    if (text == NULL)
        return errno == ENOENT
                   ? err_set(e, ERR_not_found, _("There is no such draft."))
                   : err_set(e, ERR_forbidden,
                             _("%s/%s is not a plain file of yours; it is "
                               "left alone."),
                             s->path, file);
    bool ok = draft_parse(text, len, d, &bad);
    x_free(&text);
    if (ok) {
        snprintf(d->id, sizeof(d->id), "%s", id);
        return true;
    }
    if (bad.kind == ERR_invalid)
        set_aside(s, file, &bad);
    draft_free(d);
    if (e != NULL)
        err_move(e, &bad);
    err_clear(&bad);
    return false;
}

bool store_remove(struct store *s, const char *id, struct err *e)
{
    char file[64];
    file_name(id, file);
    if (look_at_spot(s, id) == SPOT_taken)
        return err_set(e, ERR_forbidden,
                       _("%s/%s is not a plain file of yours; it is left "
                         "alone."),
                       s->path, file);
    if (unlinkat(s->fd, file, 0) != 0 && errno != ENOENT)
        return err_set(e, ERR_unavailable,
                       _("The draft can not be deleted: %s"), strerror(errno));
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct draft *x = a, *y = b;
    return x->saved_us < y->saved_us ? 1 : x->saved_us > y->saved_us ? -1 : 0;
}

void store_list(struct store *s, struct store_list *out)
{
    char(*ids)[DRAFT_ID_LEN] = x_calloc(STORE_DRAFTS, sizeof(*ids));
    struct dirent *d;
    int n = 0;
    DIR *dir = look_inside(s);
    *out = (struct store_list){0};
    /* Setting aside changes the folder: its names first. */
    while (dir != NULL && n < STORE_DRAFTS && (d = readdir(dir)) != NULL)
        n += file_id(d->d_name, ids[n]) ? 1 : 0;
    if (dir != NULL)
        closedir(dir);
    out->at = x_calloc((size_t)n + 1, sizeof(*out->at));
    for (int i = 0; i < n; i++) {
        struct err e = {0};
        if (store_read(s, ids[i], &out->at[out->n], &e))
            out->n++;
        else if (e.kind == ERR_invalid)
            out->broken++;
        else if (e.kind == ERR_unavailable)
            out->later++;
        err_clear(&e);
    }
    qsort(out->at, (size_t)out->n, sizeof(*out->at), by_time);
    x_free(&ids);
}

void store_list_free(struct store_list *l)
{
    for (int i = 0; i < l->n; i++)
        draft_free(&l->at[i]);
    x_free(&l->at);
    l->n = 0;
}

/* --- the last resort --- */

void store_prepare_rescue(const struct store *s, const char *id,
                          struct store_rescue *out)
{
    out->folder = s->fd;
    temporary_name(id, out->temporary);
    file_name(id, out->file);
}

void store_do_rescue(const struct store_rescue *r, const char *text, size_t len)
{
    int fd = openat(r->folder, r->temporary,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    bool ok = write_all(fd, text, len) && fsync(fd) == 0;
    close(fd);
    if (!ok || renameat(r->folder, r->temporary, r->folder, r->file) != 0)
        unlinkat(r->folder, r->temporary, 0);
    fsync(r->folder);
}
