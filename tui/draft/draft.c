/* Drafts as text and back. What is read may be anything: it is a file that
 * lies about. */
#include "tui/draft/draft.h"

#include "common/clock.h"
#include "common/i18n.h"
#include "common/json.h"
#include "common/utf8.h"
#include "schema/field.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { SERVER_MAX = 512, US = 1000000, MINUTE = 60, HOUR = 3600, DAY = 86400 };

static void random_hex(char *out, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[32];
    /* Up to 256 bytes never fail and are never cut. */
    ssize_t got = getrandom(bytes, sizeof(bytes), 0);
    (void)got;
    for (size_t i = 0; i < digits; i++)
        out[i] = hex[bytes[i] & 15];
    out[digits] = '\0';
}

void draft_new_id(char id[DRAFT_ID_LEN])
{
    random_hex(id, DRAFT_ID_LEN - 1);
}

bool draft_id_ok(const char *id)
{
    return strlen(id) == DRAFT_ID_LEN - 1 &&
           strspn(id, "0123456789abcdef") == DRAFT_ID_LEN - 1;
}

static void clear(struct draft *d)
{
    memset(d, 0, sizeof(*d));
    d->arena = arena_new();
    d->server = d->schema = d->entity = d->name = d->key = "";
}

void draft_init(struct draft *d)
{
    char key[DRAFT_KEY_LEN];
    clear(d);
    draft_new_id(d->id);
    random_hex(key, sizeof(key) - 1);
    draft_text(d, &d->key, key);
    draft_text(d, &d->schema, schema_hash());
    d->created_us = d->saved_us = clock_now_us();
}

void draft_free(struct draft *d)
{
    cJSON_Delete(d->form);
    cJSON_Delete(d->children);
    cJSON_Delete(d->sent);
    arena_free(&d->arena);
    memset(d, 0, sizeof(*d));
}

void draft_text(struct draft *d, const char **at, const char *text)
{
    if (*at == NULL || strcmp(*at, text) != 0)
        *at = arena_strdup(d->arena, text);
}

/* --- out --- */

static void add_tree(cJSON *out, const char *name, const cJSON *tree)
{
    if (tree != NULL)
        cJSON_AddItemToObject(out, name, cJSON_Duplicate(tree, true));
}

static void add_int(cJSON *out, const char *name, int64_t n)
{
    if (n != 0)
        cJSON_AddNumberToObject(out, name, (double)n);
}

char *draft_print(const struct draft *d)
{
    cJSON *out = cJSON_CreateObject();
    add_int(out, "kehu_draft", DRAFT_FORMAT);
    cJSON_AddStringToObject(out, "schema", d->schema);
    cJSON_AddStringToObject(out, "server", d->server);
    add_int(out, "user", d->user);
    cJSON_AddStringToObject(out, "entity", d->entity);
    add_int(out, "record", d->record);
    add_int(out, "version", d->version);
    add_int(out, "parent", d->parent);
    cJSON_AddStringToObject(out, "name", d->name);
    cJSON_AddBoolToObject(out, "named", d->named);
    add_int(out, "step", d->step);
    add_int(out, "steps", d->steps);
    cJSON_AddStringToObject(out, "key", d->key);
    add_int(out, "created_us", d->created_us);
    add_int(out, "saved_us", d->saved_us);
    add_int(out, "pid", d->pid);
    add_int(out, "pid_started", d->pid_started);
    add_tree(out, "form", d->form);
    add_tree(out, "children", d->children);
    add_tree(out, "sent", d->sent);
    char *printed = cJSON_PrintUnformatted(out);
    char *text = x_strdup(printed);
    cJSON_free(printed);
    cJSON_Delete(out);
    return text;
}

/* --- in --- */

/* Cleaned: a name is shown, and a file may hold anything. */
static const char *read_text(struct draft *d, const cJSON *in, const char *name,
                             size_t max)
{
    const char *text = json_str(in, name, "");
    const char *clean = utf8_clean(d->arena, text, strlen(text), false);
    return clean != NULL && utf8_length(clean) <= max ? clean : "";
}

static cJSON *take_tree(cJSON *in, const char *name)
{
    const cJSON *tree = json_get(in, name);
    if (!cJSON_IsObject(tree))
        return NULL;
    return cJSON_DetachItemViaPointer(
        in, cJSON_GetObjectItemCaseSensitive(in, name));
}

static int read_step(const cJSON *in, const char *name)
{
    int64_t n = json_int(in, name, 0);
    return n > 0 && n < 100 ? (int)n : 0;
}

static void read_all(struct draft *d, cJSON *in)
{
    d->schema = read_text(d, in, "schema", 64);
    d->server = read_text(d, in, "server", SERVER_MAX);
    d->entity = read_text(d, in, "entity", 64);
    d->name = read_text(d, in, "name", DRAFT_NAME_MAX);
    d->key = read_text(d, in, "key", DRAFT_KEY_LEN - 1);
    d->named = json_bool(in, "named", false);
    d->user = json_int(in, "user", 0);
    d->record = json_int(in, "record", 0);
    d->version = json_int(in, "version", 0);
    d->parent = json_int(in, "parent", 0);
    d->step = read_step(in, "step");
    d->steps = read_step(in, "steps");
    d->created_us = json_int(in, "created_us", 0);
    d->saved_us = json_int(in, "saved_us", 0);
    d->pid = json_int(in, "pid", 0);
    d->pid_started = json_int(in, "pid_started", 0);
    d->form = take_tree(in, "form");
    d->children = take_tree(in, "children");
    d->sent = take_tree(in, "sent");
}

/* What nothing can be done without. */
static bool is_usable(const struct draft *d)
{
    size_t key = strlen(d->key);
    return entity_find(d->entity) != NULL && key >= 8 &&
           strspn(d->key, "0123456789abcdef") == key;
}

bool draft_parse(const char *text, size_t len, struct draft *d, struct err *e)
{
    static const struct json_limits limits = {.bytes = DRAFT_BYTES};
    struct err bad = {0};
    cJSON *in = NULL;
    clear(d);
    if (!json_parse(text, len, &limits, &in, &bad)) {
        err_set(e, ERR_invalid, "%s", bad.message);
        err_clear(&bad);
        return false;
    }
    int64_t format = json_int(in, "kehu_draft", 0);
    if (format == DRAFT_FORMAT)
        read_all(d, in);
    cJSON_Delete(in);
    if (format > DRAFT_FORMAT)
        return err_set(e, ERR_unavailable,
                       _("A later version of kehu wrote this draft; open it "
                         "with that one."));
    return (format == DRAFT_FORMAT && is_usable(d)) ||
           err_set(e, ERR_invalid, _("This is no draft of kehu."));
}

/* --- who has it open --- */

/* When a process began, in ticks since the machine did: with its number it is
 * that process and no later one. 0: it does not run. */
static int64_t started(int64_t pid)
{
    char path[64], line[1024];
    snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return 0;
    size_t n = fread(line, 1, sizeof(line) - 1, f);
    fclose(f);
    line[n] = '\0';
    /* The name in brackets may hold anything; the 20th number behind it is
     * the time. */
    char *at = strrchr(line, ')');
    for (int i = 0; at != NULL && i < 20; i++)
        at = strchr(at + 1, ' ');
    return at != NULL ? strtoll(at, NULL, 10) : 0;
}

void draft_hold(struct draft *d)
{
    d->pid = getpid();
    d->pid_started = started(d->pid);
}

void draft_release(struct draft *d)
{
    d->pid = d->pid_started = 0;
}

bool draft_is_held(const struct draft *d)
{
    return d->pid > 0 && d->pid != getpid() &&
           started(d->pid) == d->pid_started;
}

/* --- for people --- */

const char *draft_title(const struct draft *d, struct arena *a)
{
    const struct entity *e = entity_find(d->entity);
    if (d->name[0] != '\0')
        return arena_strdup(a, d->name);
    return e != NULL && d->record != 0
               ? arena_printf(a, "%s %lld", _(e->label), (long long)d->record)
               : arena_strdup(a, _("without a name"));
}

const char *draft_progress(const struct draft *d, struct arena *a)
{
    if (d->steps == 0)
        return "";
    if (d->step > d->steps)
        return arena_strdup(a, _("review"));
    return arena_printf(a, _("step %d of %d"), d->step, d->steps);
}

const char *draft_age(const struct draft *d, struct arena *a)
{
    int64_t s = (clock_now_us() - d->saved_us) / US;
    if (s < MINUTE)
        return arena_strdup(a, _("just now"));
    if (s < HOUR)
        return arena_printf(a, _("%d min ago"), (int)(s / MINUTE));
    if (s < DAY)
        return arena_printf(a, _("%d h ago"), (int)(s / HOUR));
    return arena_printf(a, _("%d d ago"), (int)(s / DAY));
}
