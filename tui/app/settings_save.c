/* Keeping a setting: the user's file with one line changed, in place of the
 * old one all at once, readable by nobody else. */
#include "tui/app/settings.h"

#include "common/mem.h"
#include "common/settings_edit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20, FILE_MODE = 0600, FOLDER_MODE = 0700 };

static bool failed(const char *file, struct err *e)
{
    return err_set(e, ERR_unavailable, _("%s can not be written: %s"), file,
                   strerror(errno));
}

/* The folders of the file, as far as they are missing. */
static bool make_folders(const char *file, struct err *e)
{
    char *path = x_strdup(file);
    bool ok = true;
    for (char *p = strchr(path + 1, '/'); ok && p != NULL;
         p = strchr(p + 1, '/')) {
        *p = '\0';
        ok = mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST;
        *p = '/';
    }
    x_free(&path);
    return ok || failed(file, e);
}

/* The text of the file, "" where there is none; x_free it. NULL with *e. */
static char *read_all(const char *file, struct err *e)
{
    FILE *f = fopen(file, "re");
    if (f == NULL && errno == ENOENT)
        return x_strdup("");
    if (f == NULL) {
        failed(file, e);
        return NULL;
    }
    char *text = x_calloc(1, FILE_MAX + 2);
    size_t len = fread(text, 1, FILE_MAX + 1, f);
    bool ok = ferror(f) == 0 && len <= FILE_MAX && strlen(text) == len;
    fclose(f);
    if (ok)
        return text;
    x_free(&text);
    err_set(e, ERR_invalid, _("%s is no file of settings."), file);
    return NULL;
}

static bool write_all(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return false;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

/* A file of its own beside the old one, then renamed over it. */
static bool replace(const char *file, const char *text, struct err *e)
{
    char *fresh = x_asprintf("%s.XXXXXX", file);
    int fd = mkostemp(fresh, O_CLOEXEC);
    bool ok = fd >= 0 && fchmod(fd, FILE_MODE) == 0 && write_all(fd, text);
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    ok = ok && rename(fresh, file) == 0;
    if (!ok) {
        failed(file, e);
        if (fd >= 0)
            unlink(fresh);
    }
    x_free(&fresh);
    return ok;
}

bool client_settings_save(const char *file, const char *key, const char *value,
                          struct err *e)
{
    char *usual = file == NULL ? client_settings_file() : NULL;
    const char *name = file != NULL ? file : usual;
    /* People keep such files elsewhere and leave a link here. */
    char *real = realpath(name, NULL);
    const char *target = real != NULL ? real : name;
    char *old = read_all(target, e);
    char *text = old != NULL ? settings_edit(name, old, key, value, e) : NULL;
    bool ok = text != NULL;
    if (ok && strcmp(text, old) != 0)
        ok = make_folders(target, e) && replace(target, text, e);
    x_free(&old);
    x_free(&text);
    x_free(&usual);
    free(real);
    return ok;
}
