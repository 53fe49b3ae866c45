/* Settings: any file is either taken, with every value within its bounds, or
 * refused with a message that is safe to show. */
#include "common/settings.h"
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

struct things {
    char *path;
    int64_t workers, wait, room;
    bool secure;
    int level;
    struct setting_pair *peers;
};

#define AT(member) offsetof(struct things, member)

static const struct setting rows[] = {
    {"listen.unix", SETTING_string, AT(path), "/run/k", 0, 0, NULL, false, "",
     NULL, NULL},
    {"listen.secure", SETTING_bool, AT(secure), "true", 0, 0, NULL, false, "",
     NULL, NULL},
    {"workers", SETTING_int, AT(workers), "4", 1, 64, NULL, true, "", NULL,
     NULL},
    {"limits.wait", SETTING_duration, AT(wait), "30s", 500, 86400000, NULL,
     true, "", NULL, NULL},
    {"limits.room", SETTING_bytes, AT(room), "1MiB", 512, 1 << 30, NULL, true,
     "", NULL, NULL},
    {"log.level", SETTING_choice, AT(level), "info", 0, 0,
     "debug info warn error", true, "", NULL, NULL},
    {"peers", SETTING_map, AT(peers), "", 0, 0, NULL, true, "", NULL, NULL},
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static void check_bounds(const struct things *t)
{
    fuzz_require(t->path != NULL);
    fuzz_require(t->workers >= 1 && t->workers <= 64);
    fuzz_require(t->wait >= 500 && t->wait <= 86400000);
    fuzz_require(t->room >= 512 && t->room <= 1 << 30);
    fuzz_require(t->level >= 0 && t->level < 4);
    for (const struct setting_pair *p = t->peers; p != NULL; p = p->next)
        fuzz_require(p->key[0] != '\0' && p->value != NULL && p->line > 0);
}

static void check_message(const struct err *e)
{
    fuzz_require(e->kind == ERR_invalid);
    fuzz_require(strncmp(e->message, "fuzz.yaml:", 10) == 0);
    fuzz_require(utf8_valid(e->message, strlen(e->message)));
    for (const char *p = e->message; *p != '\0'; p++)
        fuzz_require((unsigned char)*p >= ' ' && *p != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct things t;
    struct err e = {0};
    settings_defaults(rows, ROWS, &t);
    if (!settings_parse(rows, ROWS, "fuzz.yaml", (const char *)data, size, &t,
                        &e))
        check_message(&e);
    /* Also after a refusal, which may come half-way. */
    check_bounds(&t);
    err_clear(&e);
    settings_free(rows, ROWS, &t);
    return 0;
}
