/* Option lists: the built-in ones as tables. An administrator may change them
 * at run time; they live in the table `option`, seeded from here. */
#ifndef SCHEMA_OPTION_H
#define SCHEMA_OPTION_H

#include "common/i18n.h"
#include "schema/field.h"

struct option_row {
    const char *list; /* "industry" */
    const char *code; /* "electronics" */
    const char *zh, *en;
    const char *parent; /* code, for trees; or NULL */
};

extern const struct option_row option_rows[];
extern const int option_row_count;

struct option_list {
    const char *id;
    const char *label; /* msgid */
    const char *help;  /* msgid */
    bool fixed;        /* belongs to the code: no administrator changes it */
    bool free_text; /* values outside the list are allowed ("其他国家") */
};
extern const struct option_list option_lists[];
extern const int option_list_count;

const struct option_list *option_list_find(const char *id);
const struct option_row *option_find(const char *list, const char *code);
const char *option_label(const struct option_row *row, enum lang lang);

/* The life cycle (LIFE-01, LIFE-02). */
enum life life_find(const char *code); /* LIFE_NONE: unknown */
const char *life_code(enum life l);
const char *life_label(enum life l); /* msgid */
const char *life_sign(enum life l);
bool life_is_active(enum life l);
bool life_may(enum life from, enum life to);
/* True where `now` has reached `from` for required_from, by the last column
 * of life.def (contracted and what follows it: active, suspended, renewal,
 * reactivated; churned keeps only the rules of potential). */
bool life_reached(enum life now, enum life from);

#endif
