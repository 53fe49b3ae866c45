/* Texts in the language of the thread. gettext itself is told once that the
 * language is Chinese; English is the message id, so it needs no catalogue
 * and changing the language takes no lock. */
#include "common/i18n.h"

#include <langinfo.h>
#include <libgen.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "kehu"

static _Thread_local enum lang current = LANG_zh;

static const char *const codes[LANGS] = {[LANG_zh] = "zh", [LANG_en] = "en"};

/* Character classes and widths must be those of UTF-8 whatever the user's
 * locale is; numbers are written for machines, so their form stays "C". */
static void set_locale(void)
{
    if (setlocale(LC_ALL, "") == NULL ||
        strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
    /* gettext translates nothing while LC_MESSAGES is plain "C". */
    const char *messages = setlocale(LC_MESSAGES, NULL);
    if (messages == NULL || strcmp(messages, "C") == 0 ||
        strcmp(messages, "POSIX") == 0)
        setlocale(LC_MESSAGES, "C.UTF-8");
}

static bool bind_catalogue(const char *dir, const char *below)
{
    char file[PATH_MAX], root[PATH_MAX];
    int n = snprintf(root, sizeof(root), "%s/%s", dir, below);
    if (n < 0 || (size_t)n >= sizeof(root))
        return false;
    n = snprintf(file, sizeof(file), "%s/zh_CN/LC_MESSAGES/" DOMAIN ".mo",
                 root);
    if (n < 0 || (size_t)n >= sizeof(file) || access(file, R_OK) != 0)
        return false;
    bindtextdomain(DOMAIN, root);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    return true;
}

/* The folder of the running program; argv0 serves where /proc is away. */
static void program_folder(const char *argv0, char out[PATH_MAX])
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (n > 0)
        path[n] = '\0';
    else
        snprintf(path, sizeof(path), "%s", argv0 != NULL ? argv0 : ".");
    snprintf(out, PATH_MAX, "%s", dirname(path));
}

void i18n_init(const char *argv0)
{
    static const char *const places[] = {"../locale", "../share/locale"};
    char folder[PATH_MAX];
    set_locale();
    setenv("LANGUAGE", "zh_CN", 1);
    program_folder(argv0, folder);
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
        if (bind_catalogue(folder, places[i]))
            return;
}

void i18n_use(enum lang lang)
{
    current = lang;
}

enum lang i18n_lang(void)
{
    return current;
}

enum lang i18n_parse(const char *name, enum lang other)
{
    if (name == NULL)
        return other;
    for (int l = 0; l < LANGS; l++) {
        size_t n = strlen(codes[l]);
        if (strncmp(name, codes[l], n) == 0 && strchr("_-.@", name[n]) != NULL)
            return (enum lang)l;
    }
    return other;
}

const char *i18n_code(enum lang lang)
{
    return codes[lang];
}

/* gettext answers the empty id with the head of the catalogue. */
const char *i18n_in(enum lang lang, const char *msgid)
{
    if (lang == LANG_en || msgid[0] == '\0')
        return msgid;
    return dgettext(DOMAIN, msgid);
}

const char *i18n(const char *msgid)
{
    return i18n_in(current, msgid);
}
