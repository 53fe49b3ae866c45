/* Texts in the reader's language. Message ids are English; Chinese comes from
 * po/zh_CN.po through gettext. The language is a property of the thread, so
 * that one daemon answers each session in its own. */
#ifndef COMMON_I18N_H
#define COMMON_I18N_H

enum lang { LANG_zh, LANG_en, LANGS };

/* Marks a text in a table; it is translated where it is shown. */
#define N_(s) s
#define _(s)  i18n(s)

/* Call once at the start, before any thread: sets the locale (C.UTF-8 where
 * none is installed) and finds the catalogues beside the program or in
 * $prefix/share/locale. */
void i18n_init(const char *argv0);
/* The language of this thread from now on. Starts as zh. */
void i18n_use(enum lang lang);
enum lang i18n_lang(void);
/* "zh", "zh_CN", "zh_CN.UTF-8", "en" …; anything else gives `other`. */
enum lang i18n_parse(const char *name, enum lang other);
const char *i18n_code(enum lang lang); /* "zh", "en" */
const char *i18n(const char *msgid) __attribute__((format_arg(1)));
/* In a language other than the thread's (labels in both languages). */
const char *i18n_in(enum lang lang, const char *msgid)
    __attribute__((format_arg(2)));

#endif
