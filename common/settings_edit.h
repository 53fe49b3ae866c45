/* Changing one setting in the text of a YAML file, line by line: everything
 * else in it, comments and keys that nobody knows included, stays as it is. */
#ifndef COMMON_SETTINGS_EDIT_H
#define COMMON_SETTINGS_EDIT_H

#include "common/err.h"

#include <stddef.h>

/* The text with `key` ("server", "ui.theme": at most one dot) at `value`, or
 * without it (value NULL); the caller frees it. NULL with *e where the text is
 * no YAML, or written in a way that can not be changed line by line: what
 * comes out is read again, and nothing but that key may differ. `name` is the
 * file's, for the message. */
char *settings_edit(const char *name, const char *text, const char *key,
                    const char *value, struct err *e);

#endif
