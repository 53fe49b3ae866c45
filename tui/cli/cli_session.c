/* kehu login, logout, whoami. */
#include "tui/cli/cli_impl.h"

#include "common/json.h"
#include "common/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024

static void print_user(struct cli *c, const cJSON *answer)
{
    const cJSON *user = json_get(answer, "user");
    if (cli_wants_json(c)) {
        cli_print_json(c, user);
        return;
    }
    known_set_user(c->known, user);
    const char *title = known_user_title(c->known);
    printf("%s (%s)\n", utf8_safe(c->scratch, title, strlen(title)),
           json_str(user, "name", ""));
}

/* A line without its end; false at the end of input or where it is too long
 * for a password. */
static bool read_line(FILE *f, char out[PASSWORD_MAX])
{
    if (!fgets(out, PASSWORD_MAX, f))
        return false;
    size_t len = strcspn(out, "\r\n");
    bool whole = out[len] != '\0' || feof(f);
    out[len] = '\0';
    return whole && len > 0;
}

/* Without an echo, from the terminal even where standard input is a file. */
static bool ask_password(char out[PASSWORD_MAX])
{
    struct termios old, quiet;
    FILE *tty = fopen("/dev/tty", "r+e");
    if (!tty || tcgetattr(fileno(tty), &old) != 0) {
        if (tty)
            fclose(tty);
        return false;
    }
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fputs(_("Password: "), tty);
    fflush(tty);
    tcsetattr(fileno(tty), TCSAFLUSH, &quiet);
    bool ok = read_line(tty, out);
    tcsetattr(fileno(tty), TCSAFLUSH, &old);
    fputs("\n", tty);
    fclose(tty);
    return ok;
}

static cJSON *login_as(struct cli *c, const char *user, struct err *e)
{
    char password[PASSWORD_MAX];
    cJSON *answer = NULL;
    bool given = c->args.password_stdin ? read_line(stdin, password)
                                        : ask_password(password);
    if (given)
        answer = caller_login(c->caller, user, password, e);
    else
        err_set(e, ERR_unauthenticated,
                _("There is no password. Type it, or give it to standard "
                  "input with --password-stdin."));
    explicit_bzero(password, sizeof(password));
    return answer;
}

/* Without a name the kept session or the operating system's user will do. */
bool cli_login(struct cli *c, struct err *e)
{
    const char *user = c->args.user;
    cJSON *answer = NULL;
    if (!user && !c->args.password_stdin)
        answer = caller_resume(c->caller, NULL);
    if (!user)
        user = getenv("USER");
    if (!answer && user)
        answer = login_as(c, user, e);
    else if (!answer)
        err_set(e, ERR_invalid_params, _("Say who signs in: --user NAME"));
    if (answer)
        print_user(c, answer);
    cJSON_Delete(answer);
    return answer != NULL;
}

bool cli_logout(struct cli *c, struct err *e)
{
    cJSON_Delete(caller_resume(c->caller, NULL));
    return caller_logout(c->caller, e);
}

bool cli_whoami(struct cli *c, struct err *e)
{
    cJSON *answer = caller_call(c->caller, "session.whoami", NULL, e);
    if (answer)
        print_user(c, answer);
    cJSON_Delete(answer);
    return answer != NULL;
}
