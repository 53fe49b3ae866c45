/* The session token on disk, kept from everybody but its owner. */
#include "tui/remote/token.h"

#include "common/i18n.h"
#include "common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* FNV-1a: tells the servers of one person apart, nothing more. */
static uint64_t hash_text(const char *s)
{
    uint64_t hash = 1469598103934665603u;
    for (; *s; s++)
        hash = (hash ^ (unsigned char)*s) * 1099511628211u;
    return hash;
}

char *token_path(struct arena *a, const char *server)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    unsigned long long hash = hash_text(server);
    if (state && *state == '/')
        return arena_printf(a, "%s/kehu/token-%016llx", state, hash);
    if (home && *home == '/')
        return arena_printf(a, "%s/.local/state/kehu/token-%016llx", home,
                            hash);
    return NULL;
}

static bool is_private(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

bool token_load(const char *file, char out[TOKEN_MAX])
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    ssize_t n = is_private(fd) ? read(fd, out, TOKEN_MAX - 1) : -1;
    close(fd);
    if (n <= 0)
        return false;
    out[n] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return out[0] != '\0';
}

/* Makes every folder above the file. */
static bool make_folders(const char *file)
{
    char *path = x_strdup(file);
    bool ok = true;
    for (char *p = strchr(path + 1, '/'); p && ok; p = strchr(p + 1, '/')) {
        *p = '\0';
        ok = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = '/';
    }
    x_free(&path);
    return ok;
}

static bool write_private(const char *file, const char *token)
{
    size_t len = strlen(token);
    int fd =
        open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool ok = fchmod(fd, 0600) == 0 && write(fd, token, len) == (ssize_t)len &&
              fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

bool token_save(const char *file, const char *token, struct err *e)
{
    char *fresh = x_asprintf("%s.%ld", file, (long)getpid());
    bool ok = make_folders(file) && write_private(fresh, token) &&
              rename(fresh, file) == 0;
    if (!ok) {
        err_set(e, ERR_internal, _("The session could not be kept in %s: %s"),
                file, strerror(errno));
        unlink(fresh);
    }
    x_free(&fresh);
    return ok;
}

void token_forget(const char *file)
{
    unlink(file);
}
