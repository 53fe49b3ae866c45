/* Programs run by tests: those of the build with an environment of their own,
 * and temporary folders. Nothing outlives the test program. */
#ifndef TESTS_SUPPORT_PROGRAM_H
#define TESTS_SUPPORT_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

struct program {
    /* argv[0]: "kehu" and "kehud" are those of the build; or a path, or what
     * PATH has. */
    const char *const *argv; /* NULL-terminated */
    /* Over the usual environment, which has HOME and the XDG folders in a
     * temporary one and no KEHU_…; "NAME=value", NULL-terminated; or NULL. */
    const char *const *env;
    const char *input; /* for program_run; NULL: none */
    const char *log;   /* for program_spawn: a file for all output */
    int timeout_ms;    /* for program_run; 0: 60 s */
};

/* Starts it and goes on; it dies with this process. */
pid_t program_spawn(const struct program *p);
/* Runs it to its end; its exit status, 128 + signal where one ended it, -1
 * where it had to be killed at the time-out. Output goes to *out and *errors
 * (NULL: not wanted), which the caller frees. */
int program_run(const struct program *p, char **out, char **errors);
/* True once it has ended, within the time; *status as of waitpid. */
bool program_ended(pid_t pid, int timeout_ms, int *status);

/* A temporary folder with a short path, removed at exit. */
void program_tempdir(char out[64]);
/* The whole of a file, NULL where it can not be read; the caller frees it. */
char *program_read_file(const char *path);
void program_write_file(const char *path, const char *text);

#endif
