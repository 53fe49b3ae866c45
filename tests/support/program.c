/* Programs run by tests: spawned with a clean environment, killed with the
 * test program, their output read through pipes. */
#include "tests/support/program.h"

#include "common/buf.h"
#include "common/clock.h"
#include "common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define RUN_MS 60000

extern char **environ;

/* Folders to remove at exit, by the process that made them alone: a forked
 * child that ends through exit() must not take them away. */
static char tempdirs[64][64];
static size_t ntempdirs;
static pid_t tempdirs_of;

static void remove_tempdirs(void)
{
    if (getpid() != tempdirs_of)
        return;
    while (ntempdirs > 0) {
        const char *argv[] = {"rm", "-rf", tempdirs[--ntempdirs], NULL};
        pid_t pid = fork();
        if (pid == 0) {
            execvp(argv[0], (char *const *)argv);
            _exit(127);
        }
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
}

void program_tempdir(char out[64])
{
    if (tempdirs_of != getpid()) {
        tempdirs_of = getpid();
        ntempdirs = 0;
        atexit(remove_tempdirs);
    }
    assert_true(ntempdirs < sizeof(tempdirs) / sizeof(tempdirs[0]));
    snprintf(out, 64, "/tmp/kehu-d.XXXXXX");
    if (!mkdtemp(out))
        fail_msg("mkdtemp %s: %s", out, strerror(errno));
    memcpy(tempdirs[ntempdirs++], out, 64);
}

/* One home for all programs of this test program. */
static const char *home(void)
{
    static char dir[64];
    char run[80];
    if (!dir[0]) {
        program_tempdir(dir);
        snprintf(run, sizeof(run), "%s/run", dir);
        mkdir(run, 0700);
    }
    return dir;
}

static void clean_environment(void)
{
    const char *dir = home();
    char path[128];
    for (char **p = environ; *p;) {
        const char *end = strchr(*p, '=');
        char name[128];
        snprintf(name, sizeof(name), "%.*s", end ? (int)(end - *p) : 0, *p);
        if (strncmp(name, "KEHU_", 5) == 0 || strncmp(name, "XDG_", 4) == 0) {
            unsetenv(name);
            p = environ;
        } else {
            p++;
        }
    }
    setenv("HOME", dir, 1);
    snprintf(path, sizeof(path), "%s/run", dir);
    setenv("XDG_RUNTIME_DIR", path, 1);
    setenv("LANG", "C.UTF-8", 1);
    unsetenv("LC_ALL");
    unsetenv("LANGUAGE");
}

static void child(const struct program *p, const char *file)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    clean_environment();
    for (const char *const *e = p->env; e && *e; e++)
        putenv((char *)(uintptr_t)*e);
    execvp(file, (char *const *)(uintptr_t)p->argv);
    fprintf(stderr, "%s: %s\n", file, strerror(errno));
    _exit(127);
}

static pid_t spawn(const struct program *p, int in, int out, int errors)
{
    char built[512];
    const char *file = p->argv[0];
    home();
    snprintf(built, sizeof(built), "%s/bin/%s", KEHU_BUILD, file);
    if (!strchr(file, '/') && access(built, X_OK) == 0)
        file = built;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        fail_msg("fork: %s", strerror(errno));
    if (pid == 0) {
        dup2(in, 0);
        dup2(out, 1);
        dup2(errors, 2);
        child(p, file);
    }
    return pid;
}

pid_t program_spawn(const struct program *p)
{
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int out = open(p->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (in < 0 || out < 0)
        fail_msg("%s: %s", p->log, strerror(errno));
    pid_t pid = spawn(p, in, out, out);
    close(in);
    close(out);
    return pid;
}

bool program_ended(pid_t pid, int timeout_ms, int *status)
{
    uint64_t end = clock_mono_ms() + (uint64_t)timeout_ms;
    do {
        pid_t got = waitpid(pid, status, WNOHANG);
        if (got == pid || (got < 0 && errno == ECHILD))
            return true;
        usleep(2000);
    } while (clock_mono_ms() < end);
    return false;
}

/* A program that reads nothing must not make this one die of SIGPIPE. */
static void feed(int fd, const char *input)
{
    size_t len = input ? strlen(input) : 0;
    void (*old)(int) = signal(SIGPIPE, SIG_IGN);
    while (len > 0) {
        ssize_t n = write(fd, input, len);
        if (n <= 0)
            break;
        input += n;
        len -= (size_t)n;
    }
    close(fd);
    signal(SIGPIPE, old);
}

/* Reads both until both are closed; false at the time-out. */
static bool drain(int fds[2], struct buf bufs[2], int timeout_ms)
{
    uint64_t end = clock_mono_ms() + (uint64_t)timeout_ms;
    struct pollfd p[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
    while (p[0].fd >= 0 || p[1].fd >= 0) {
        uint64_t now = clock_mono_ms();
        if (now >= end || poll(p, 2, (int)(end - now)) == 0)
            return false;
        for (int i = 0; i < 2; i++) {
            char piece[4096];
            if (p[i].fd < 0 || !p[i].revents)
                continue;
            ssize_t n = read(p[i].fd, piece, sizeof(piece));
            if (n > 0)
                buf_add(&bufs[i], piece, (size_t)n);
            else if (n == 0 || errno != EINTR)
                p[i].fd = -1;
        }
    }
    return true;
}

static void hand_over(struct buf *b, char **out)
{
    if (out)
        *out = x_strdup(buf_text(b));
    buf_free(b);
}

int program_run(const struct program *p, char **out, char **errors)
{
    int in[2], o[2], e[2], status = 0;
    struct buf bufs[2] = {BUF_INIT, BUF_INIT};
    if (pipe2(in, O_CLOEXEC) || pipe2(o, O_CLOEXEC) || pipe2(e, O_CLOEXEC))
        fail_msg("pipe: %s", strerror(errno));
    pid_t pid = spawn(p, in[0], o[1], e[1]);
    close(in[0]);
    close(o[1]);
    close(e[1]);
    feed(in[1], p->input);
    int ms = p->timeout_ms ? p->timeout_ms : RUN_MS;
    bool done = drain((int[2]){o[0], e[0]}, bufs, ms) &&
                program_ended(pid, ms, &status);
    if (!done) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    close(o[0]);
    close(e[0]);
    hand_over(&bufs[0], out);
    hand_over(&bufs[1], errors);
    if (!done)
        return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

char *program_read_file(const char *path)
{
    struct buf b = BUF_INIT;
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "re");
    if (!f)
        return NULL;
    while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
        buf_add(&b, piece, n);
    fclose(f);
    char *text = x_strdup(buf_text(&b));
    buf_free(&b);
    return text;
}

void program_write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        fail_msg("%s: %s", path, strerror(errno));
}
