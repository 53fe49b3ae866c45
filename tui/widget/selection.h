/* Which rows of a list are selected (LIST-17): some, by their ids, or all that
 * match a question but for a few. Pure data: it is told what the rows on the
 * screen answer and never asks anything itself. */
#ifndef TUI_WIDGET_SELECTION_H
#define TUI_WIDGET_SELECTION_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define SELECTION_MAX   10000 /* single rows, or exceptions */
#define SELECTION_DOUBT 500   /* ids of one question about them */

struct selection;

struct selection *selection_new(void);
void selection_free(struct selection **s);

/* What the rows shown answer from now on: {"filter","search"}. A selection of
 * all keeps the question it was made for. */
void selection_question(struct selection *s, const cJSON *question);
/* How many rows match the question shown; -1: not known (yet). */
void selection_total(struct selection *s, int64_t total);

/* UNKNOWN: all that match another question, and nobody has told whether this
 * row does. */
enum selected { SELECTED_no, SELECTED_yes, SELECTED_unknown };
enum selected selection_has(const struct selection *s, int64_t id);
/* What may come of taking a row in or out. */
enum selection_answer {
    SELECTION_done,
    SELECTION_full,   /* SELECTION_MAX is reached */
    SELECTION_outside /* not among the rows that all was taken of, or not known
                         to be */
};
enum selection_answer selection_set(struct selection *s, int64_t id, bool on);
void selection_all(struct selection *s); /* that match the question shown */
void selection_invert(struct selection *s);
void selection_none(struct selection *s);

bool selection_is_empty(const struct selection *s);
bool selection_is_all(const struct selection *s);
/* All that match the question shown, none left out. */
bool selection_is_whole(const struct selection *s);
/* Rows selected; -1: all that match, their number not known yet. */
int64_t selection_count(const struct selection *s);
/* Rows left out of all; 0 where the rows are selected one by one. */
int selection_exceptions(const struct selection *s);
/* {"ids":[…]}, or {"filter","search","except":[…],"expected_total"}, the
 * caller's; NULL where nothing is selected. */
cJSON *selection_params(const struct selection *s);

/* Rows of which has to be asked whether they match the question of the
 * selection: exceptions that were taken over from other questions. `n` at
 * most SELECTION_DOUBT; 0: none. */
int selection_doubts(const struct selection *s, int64_t out[SELECTION_DOUBT]);
/* The question to ask about these ids: that of the selection, narrowed to
 * them; the caller's. NULL where all are not selected. */
cJSON *selection_ask(const struct selection *s, const int64_t *ids, int n);
/* The answer: of `ids` those that are among the `rows` match. */
void selection_judge(struct selection *s, const int64_t *ids, int n,
                     const cJSON *rows);
/* This row matches the question of the selection, or it does not. */
void selection_know(struct selection *s, int64_t id, bool matches);

#endif
