/* The private cluster's processes: programs run as its user, the postmaster
 * found, started and stopped. */
#include "server/db/cluster_impl.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A fast shutdown that takes longer than STOP_MS is made an immediate one. */
enum { MOST_ARGS = 16, STOP_MS = 20000, STEP_NS = 10 * 1000 * 1000 };

static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = STEP_NS}, NULL);
}

/* In the child, where other threads of the parent may have held any lock:
 * system calls only. Nothing of ours stays but the log, and no rights but the
 * user's. */
static void become_user(const struct cluster *c, const char *log)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&none);
    if (geteuid() == 0 && (setgroups((size_t)c->ngroups, c->groups) != 0 ||
                           setgid(c->gid) != 0 || setuid(c->uid) != 0))
        _exit(126);
    int null = open("/dev/null", O_RDONLY);
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (null < 0 || out < 0 || chdir("/") != 0)
        _exit(126);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setsid();
    umask(077);
    for (int sig = 1; sig < 32; sig++)
        sigaction(sig, &usual, NULL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* PostgreSQL's programs find each other by the path they are called with. */
static pid_t start(const struct cluster *c, const char *name,
                   const char *const *argv)
{
    char program[PATH_MAX], log[PATH_MAX], *args[MOST_ARGS + 1] = {program};
    char *env[] = {(char[]){"LC_ALL=C"}, (char[]){"PATH=/usr/bin:/bin"}, NULL};
    snprintf(program, sizeof(program), "%s/%s", c->programs, argv[0]);
    snprintf(log, sizeof(log), "%s/%s.log", c->log, name);
    for (int i = 1; i < MOST_ARGS && argv[i] != NULL; i++)
        args[i] = (char *)(uintptr_t)argv[i];
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    become_user(c, log);
    execve(program, args, env);
    _exit(127);
}

int cluster_run(const struct cluster *c, const char *name,
                const char *const *argv)
{
    int status = -1;
    pid_t pid = start(c, name, argv);
    if (pid < 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool cluster_spawn(struct cluster *c, struct err *e)
{
    const char *argv[] = {"postgres", "-D", c->data, NULL};
    pid_t pid = start(c, "start", argv);
    if (pid < 0)
        return err_set(e, ERR_unavailable,
                       _("PostgreSQL could not be started: %s"),
                       strerror(errno));
    c->child = pid;
    log_line(LOG_info, "cluster_start", "pid=%d dir=%s", (int)pid,
             log_quote(c->dir));
    return true;
}

/* Where a link of /proc leads; false where it can not be read. */
static bool proc_link(long pid, const char *name, char out[PATH_MAX])
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
    ssize_t n = readlink(path, out, PATH_MAX - 1);
    out[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* Every process of a cluster stands in its data folder. */
static bool lives_here(const struct cluster *c, long pid)
{
    char cwd[PATH_MAX], data[PATH_MAX];
    return realpath(c->data, data) != NULL && proc_link(pid, "cwd", cwd) &&
           strcmp(cwd, data) == 0;
}

static bool anyone_lives_here(const struct cluster *c)
{
    bool found = false;
    DIR *proc = opendir("/proc");
    for (struct dirent *f; proc && !found && (f = readdir(proc)) != NULL;) {
        long pid = strtol(f->d_name, NULL, 10);
        found = pid > 1 && lives_here(c, pid);
    }
    if (proc != NULL)
        closedir(proc);
    return found;
}

/* A dead process's pid file is PostgreSQL's own to clear: it looks first
 * whether backends have outlived their postmaster. Only where the number has
 * passed to a stranger, which PostgreSQL can not tell from a postmaster, and
 * nobody is left in the data folder, the file is in the way. */
static void clear_stale(const struct cluster *c, const char *path, long pid)
{
    if (kill((pid_t)pid, 0) != 0 || anyone_lives_here(c))
        return;
    log_line(LOG_warn, "cluster_stale_pid", "pid=%ld", pid);
    unlink(path);
}

pid_t cluster_postmaster(const struct cluster *c)
{
    char path[PATH_MAX];
    long pid = 0;
    snprintf(path, sizeof(path), "%s/postmaster.pid", c->data);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return 0;
    bool ok = fscanf(f, "%ld", &pid) == 1 && pid > 1;
    fclose(f);
    if (!ok)
        return 0;
    if (lives_here(c, pid))
        return (pid_t)pid;
    clear_stale(c, path, pid);
    return 0;
}

bool cluster_is_outdated(pid_t pid)
{
    char exe[PATH_MAX];
    static const char gone[] = " (deleted)";
    if (!proc_link(pid, "exe", exe) || strlen(exe) < sizeof(gone))
        return false;
    return strcmp(exe + strlen(exe) - (sizeof(gone) - 1), gone) == 0;
}

bool cluster_has_ended(struct cluster *c, pid_t pid)
{
    if (pid != c->child)
        return kill(pid, 0) != 0;
    if (waitpid(pid, NULL, WNOHANG) == 0)
        return false;
    c->child = 0;
    return true;
}

void cluster_stop(struct cluster *c, pid_t pid)
{
    uint64_t start_ms = clock_mono_ms();
    int sig = SIGINT;
    kill(pid, sig);
    while (!cluster_has_ended(c, pid)) {
        if (sig == SIGINT && clock_mono_ms() - start_ms > STOP_MS) {
            log_line(LOG_warn, "cluster_slow_stop", "pid=%d", (int)pid);
            sig = SIGQUIT;
            kill(pid, sig);
        }
        pause_briefly();
    }
    log_line(LOG_info, "cluster_stop", "pid=%d", (int)pid);
}
