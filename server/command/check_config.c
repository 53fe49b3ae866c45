/* kehud check-config FILE: reads settings and says what is wrong. */
#include "server/command/command.h"

#include "common/i18n.h"

#include <stdio.h>

bool command_check_config(struct command_call *c, struct err *e)
{
    if (!server_settings_read(&c->settings, c->args[0], e))
        return false;
    printf(_("%s is fine.\n"), c->args[0]);
    return true;
}
