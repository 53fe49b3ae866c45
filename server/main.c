/* kehud: the daemon behind the client, and the commands that tend it. */
#include "server/command/command.h"

int main(int argc, char **argv)
{
    return command_main(argc, argv);
}
