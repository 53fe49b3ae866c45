/* What is done with the last breath: a fatal signal, no memory left. */
#ifndef TUI_TERM_RESCUE_H
#define TUI_TERM_RESCUE_H

/* `save` is called once before the process dies of a fatal signal or for want
 * of memory. It may do only what a signal handler may. */
void rescue_on_death(void (*save)(void));
/* For the handlers. */
void rescue_now(void);

#endif
