/* The log of the life cycle: the database lets a customer move only where the
 * same transaction has written it down before (LIFE-05). */
#ifndef SERVER_DOMAIN_LIFE_LOG_H
#define SERVER_DOMAIN_LIFE_LOG_H

#include "server/domain/change.h"

/* Writes the row and the event of the move that the customer's change is
 * about to make, with its `reason`. */
bool life_log_write(struct change *customer, struct err *e) must_check;

#endif
