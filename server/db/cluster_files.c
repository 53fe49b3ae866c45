/* The private cluster's places and files. As root PostgreSQL refuses to run,
 * so it runs as `postgres` then, and only its own folders belong to it. */
#include "server/db/cluster_impl.h"

#include "common/buf.h"
#include "common/i18n.h"
#include "common/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PROGRAMS  "/usr/lib/postgresql"
#define SOCKET    "/.s.PGSQL.5432.lock"
#define SQL_MAJOR 15 /* the oldest that has what the tables need */

/* What does not depend on the machine. A pause of the processor or a killed
 * daemon must not lose what was told as committed: fsync stays on. */
static const char *const fixed_settings[][2] = {
    {"listen_addresses", "''"},
    {"unix_socket_permissions", "0700"},
    {"max_connections", "100"},
    {"jit", "off"},
    {"random_page_cost", "1.1"},
    {"work_mem", "'16MB'"},
    {"maintenance_work_mem", "'256MB'"},
    {"max_wal_size", "'4GB'"},
    {"checkpoint_timeout", "'15min'"},
    {"timezone", "'UTC'"},
    {"lc_messages", "'C'"},
    {"log_timezone", "'UTC'"},
    {"logging_collector", "on"},
    {"log_filename", "'postgres-%a.log'"},
    {"log_truncate_on_rotation", "on"},
    {"log_rotation_age", "1440"},
    {"log_rotation_size", "0"},
    {"log_min_duration_statement", "-1"},
    {"log_parameter_max_length", "0"},
    {"log_parameter_max_length_on_error", "0"},
};

bool cluster_make_dir(const char *path, mode_t mode, uid_t uid, gid_t gid,
                      struct err *e)
{
    char part[PATH_MAX];
    snprintf(part, sizeof(part), "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return err_set(e, ERR_unavailable,
                           _("Can not make the folder %s: %s"), part,
                           strerror(errno));
        *slash = '/';
    }
    if (mkdir(path, mode) != 0 && errno != EEXIST)
        return err_set(e, ERR_unavailable, _("Can not make the folder %s: %s"),
                       path, strerror(errno));
    if (chmod(path, mode) != 0 || (geteuid() == 0 && chown(path, uid, gid)))
        return err_set(e, ERR_unavailable,
                       _("Can not take over the folder %s: %s"), path,
                       strerror(errno));
    return true;
}

static int remove_one(const char *path, const struct stat *st, int flag,
                      struct FTW *at)
{
    (void)st, (void)flag, (void)at;
    return remove(path);
}

void cluster_remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool find_users(struct cluster *c, struct err *e)
{
    bool root = geteuid() == 0;
    struct passwd *self = getpwuid(geteuid());
    c->self = self != NULL ? x_strdup(self->pw_name)
                           : x_asprintf("%u", (unsigned)geteuid());
    struct passwd *who = root ? getpwnam("postgres") : self;
    if (who == NULL)
        return err_set(e, ERR_unavailable,
                       root ? _("PostgreSQL does not run as root, and there "
                                "is no user \"postgres\" to run it as.")
                            : _("The user who runs this has no name."));
    c->user = x_strdup(who->pw_name);
    c->uid = who->pw_uid;
    c->gid = who->pw_gid;
    c->ngroups = sizeof(c->groups) / sizeof(*c->groups);
    if (getgrouplist(c->user, c->gid, c->groups, &c->ngroups) < 0)
        c->ngroups = sizeof(c->groups) / sizeof(*c->groups);
    return true;
}

/* The major version of the data there is; 0 where there is none. */
static int data_version(const struct cluster *c)
{
    char path[PATH_MAX];
    int major = 0;
    snprintf(path, sizeof(path), "%s/PG_VERSION", c->data);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return 0;
    if (fscanf(f, "%d", &major) != 1)
        major = 0;
    fclose(f);
    return major;
}

static bool has_programs(const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/initdb", folder);
    if (access(path, X_OK) != 0)
        return false;
    snprintf(path, sizeof(path), "%s/postgres", folder);
    return access(path, X_OK) == 0;
}

static int newest_installed(void)
{
    int newest = 0;
    DIR *d = opendir(PROGRAMS);
    for (struct dirent *f; d != NULL && (f = readdir(d)) != NULL;) {
        char folder[PATH_MAX];
        int major = (int)strtol(f->d_name, NULL, 10);
        snprintf(folder, sizeof(folder), PROGRAMS "/%d/bin", major);
        if (major > newest && has_programs(folder))
            newest = major;
    }
    if (d != NULL)
        closedir(d);
    return newest;
}

static bool find_programs(struct cluster *c, const char *given, struct err *e)
{
    int data = data_version(c), newest = newest_installed();
    if (given[0] != '\0') {
        c->programs = x_strdup(given);
        return has_programs(given) ||
               err_set(e, ERR_unavailable,
                       _("%s holds no PostgreSQL server programs."), given);
    }
    c->programs = x_asprintf(PROGRAMS "/%d/bin", data != 0 ? data : newest);
    if (has_programs(c->programs) && (data != 0 || newest >= SQL_MAJOR))
        return true;
    if (data != 0)
        return err_set(
            e, ERR_unavailable,
            _("The data in %s was made by PostgreSQL %d, which is not "
              "installed (the newest here is %d). Install postgresql-%d, or "
              "move the data with pg_upgrade."),
            c->data, data, newest, data);
    return err_set(e, ERR_unavailable,
                   _("No PostgreSQL server of version %d or newer is "
                     "installed (package postgresql)."),
                   SQL_MAJOR);
}

/* A socket's path is short; a data folder's need not be. */
static void place_socket(struct cluster *c)
{
    const size_t room = sizeof(((struct sockaddr_un *)0)->sun_path);
    const char *user_run = getenv("XDG_RUNTIME_DIR");
    unsigned hash = 2166136261u;
    for (const char *p = c->dir; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    c->run = x_asprintf("%s/run", c->dir);
    if (strlen(c->run) + strlen(SOCKET) < room)
        return;
    x_free(&c->run);
    if (geteuid() == 0)
        c->run = x_asprintf("/run/kehu/%08x", hash);
    else if (user_run != NULL && strlen(user_run) < 60)
        c->run = x_asprintf("%s/kehu/%08x", user_run, hash);
    else
        c->run = x_asprintf("/tmp/kehu-%u/%08x", (unsigned)geteuid(), hash);
}

static char *conninfo(const struct cluster *c, const char *user,
                      const char *database)
{
    struct buf b = BUF_INIT;
    buf_str(&b, "host='");
    for (const char *p = c->run; *p != '\0'; p++) {
        if (*p == '\'' || *p == '\\')
            buf_char(&b, '\\');
        buf_char(&b, *p);
    }
    buf_printf(&b, "' port=5432 user=%s dbname=%s", user, database);
    return b.data;
}

bool cluster_places(struct cluster *c, const struct cluster_options *o,
                    struct err *e)
{
    c->dir = x_strdup(o->dir);
    c->data = x_asprintf("%s/pg", o->dir);
    c->log = x_asprintf("%s/log", o->dir);
    place_socket(c);
    c->app = conninfo(c, "kehu_app", "kehu");
    c->owner = conninfo(c, "kehu_owner", "kehu");
    c->super = conninfo(c, "postgres", "postgres");
    /* A folder that is there already may be anything: it stays as it is. */
    return find_users(c, e) && find_programs(c, o->programs, e) &&
           (access(c->dir, F_OK) == 0 ||
            cluster_make_dir(c->dir, 0711, geteuid(), getegid(), e)) &&
           cluster_make_dir(c->log, 0700, c->uid, c->gid, e) &&
           cluster_make_dir(c->run, 0700, c->uid, c->gid, e);
}

static bool write_file(const struct cluster *c, const char *name,
                       const struct buf *text, struct err *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", c->data, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 &&
              write(fd, text->data, text->len) == (ssize_t)text->len &&
              (geteuid() != 0 || fchown(fd, c->uid, c->gid) == 0);
    if (!ok)
        err_set(e, ERR_unavailable, _("Can not write %s: %s"), path,
                strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static long long memory_bytes(void)
{
    return (long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
}

/* A path may hold quotes. */
static void write_path(struct buf *b, const char *name, const char *folder,
                       const char *file)
{
    buf_printf(b, "%s = '", name);
    for (const char *p = folder; *p != '\0'; p++) {
        if (*p == '\'')
            buf_char(b, '\'');
        buf_char(b, *p);
    }
    buf_printf(b, "%s'\n", file);
}

/* A quarter of the memory, between 128 MiB and 4 GiB: what PostgreSQL's
 * manual gives as reasonable; the rest is the system's cache. */
static void write_settings(const struct cluster *c, struct buf *b)
{
    const long long memory = memory_bytes() / (1LL << 20);
    long long shared = memory / 4;
    shared = shared < 128 ? 128 : shared > 4096 ? 4096 : shared;
    buf_str(b, "# Written by kehud at every start; ALTER SYSTEM goes over "
               "it.\n");
    for (size_t i = 0; i < sizeof(fixed_settings) / sizeof(*fixed_settings);
         i++)
        buf_printf(b, "%s = %s\n", fixed_settings[i][0], fixed_settings[i][1]);
    buf_printf(b, "shared_buffers = '%lldMB'\n", shared);
    buf_printf(b, "effective_cache_size = '%lldMB'\n", memory / 2 + 1);
    write_path(b, "unix_socket_directories", c->run, "");
    write_path(b, "log_directory", c->log, "");
    write_path(b, "hba_file", c->data, "/kehu_hba.conf");
    write_path(b, "ident_file", c->data, "/kehu_ident.conf");
}

/* The operating system says who connects: only the daemon's user and the
 * cluster's own reach the database, each as any of three roles. */
static void write_ident(const struct cluster *c, struct buf *b)
{
    static const char *const roles[] = {"kehu_app", "kehu_owner", "postgres"};
    const char *const people[] = {c->self, c->user};
    size_t n = strcmp(c->self, c->user) == 0 ? 1 : 2;
    for (size_t p = 0; p < n; p++)
        for (size_t r = 0; r < sizeof(roles) / sizeof(*roles); r++)
            buf_printf(b, "kehu \"%s\" %s\n", people[p], roles[r]);
}

bool cluster_write_files(const struct cluster *c, struct err *e)
{
    struct buf conf = BUF_INIT, hba = BUF_INIT, ident = BUF_INIT;
    write_settings(c, &conf);
    buf_str(&hba, "local all all peer map=kehu\n");
    write_ident(c, &ident);
    bool ok = write_file(c, "kehu.conf", &conf, e) &&
              write_file(c, "kehu_hba.conf", &hba, e) &&
              write_file(c, "kehu_ident.conf", &ident, e);
    buf_free(&conf);
    buf_free(&hba);
    buf_free(&ident);
    return ok;
}
