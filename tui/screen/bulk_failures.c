/* What could not be changed, one row a record: opened with Enter, kept as a
 * file, tried again. */
#include "tui/screen/bulk_impl.h"

#include "common/buf.h"
#include "common/json.h"
#include "tui/screen/record_screen.h"
#include "tui/widget/cell.h"
#include "tui/widget/chooser.h"
#include "tui/widget/dialog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROW_export = -1, ROW_retry = -2, WIDE = 80, PATH_LEN = 1024 };

struct failures {
    struct app *app;
    const struct entity *entity;
    cJSON *list;
    int64_t total;
    void (*retry)(struct app *a);
};

/* --- the file --- */

/* RFC 4180, and no cell that a spreadsheet would take for a formula. */
static void put_cell(struct buf *out, const char *text, const char *end)
{
    bool formula = strchr("=+-@\t\r", text[0]) != NULL && text[0] != '\0';
    buf_str(out, formula ? "\"'" : "\"");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            buf_char(out, '"');
        buf_char(out, *p);
    }
    buf_str(out, "\"");
    buf_str(out, end);
}

static void write_csv(const struct failures *f, struct buf *out)
{
    const cJSON *one;
    buf_str(out, "\xef\xbb\xbf"); /* spreadsheets see UTF-8 by it */
    put_cell(out, _("Number"), ",");
    put_cell(out, _(f->entity->label), ",");
    put_cell(out, _("Why"), "\r\n");
    cJSON_ArrayForEach(one, f->list)
    {
        buf_printf(out, "%lld,", (long long)json_int(one, "id", 0));
        put_cell(out, json_str(one, "name", ""), ",");
        put_cell(out, json_str(one, "message", ""), "\r\n");
    }
}

/* What was typed, with ~/ as the shell has it. */
static bool full_path(const char *text, char out[PATH_LEN])
{
    const char *home = getenv("HOME");
    bool at_home = strncmp(text, "~/", 2) == 0 && home;
    int n = at_home ? snprintf(out, PATH_LEN, "%s%s", home, text + 1)
                    : snprintf(out, PATH_LEN, "%s", text);
    return n > 0 && n < PATH_LEN;
}

static bool write_all(int fd, const struct buf *b)
{
    size_t done = 0;
    while (done < b->len) {
        ssize_t n = write(fd, b->data + done, b->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/* Never over a file that is there. The prompt stays where it fails. */
static bool write_file(void *ctx, const char *text, struct err *e)
{
    const struct failures *f = ctx;
    struct buf out = BUF_INIT;
    char path[PATH_LEN];
    if (!full_path(text, path))
        return err_set(e, ERR_invalid, _("Type the name of a file."));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return err_set(e, ERR_invalid,
                       _("There is such a file already; type another name."));
    if (fd < 0)
        return err_set(e, ERR_invalid, _("It can not be written: %s."),
                       strerror(errno));
    write_csv(f, &out);
    bool good = write_all(fd, &out);
    int failed = errno;
    if (close(fd) != 0 && good) {
        good = false;
        failed = errno;
    }
    buf_free(&out);
    return good || err_set(e, ERR_invalid, _("It can not be written: %s."),
                           strerror(failed));
}

static void on_written(void *ctx, const char *text)
{
    const struct failures *f = ctx;
    app_message(f->app, MESSAGE_good, _("Written: %s"), text);
}

static void ask_file(struct failures *f)
{
    char name[64] = "";
    time_t now = time(NULL);
    struct tm tm;
    if (localtime_r(&now, &tm))
        strftime(name, sizeof(name), "kehu-failed-%Y%m%d-%H%M%S.csv", &tm);
    struct dialog_prompt p = {.title = _("Export to a CSV file"),
                              .label = _("File"),
                              .value = name,
                              .max = 255,
                              .check = write_file};
    dialog_ask(f->app, &p, on_written, f);
}

/* --- the list --- */

static bool on_holds(void *ctx, struct chooser *c, const struct menu_item *item)
{
    struct failures *f = ctx;
    (void)c;
    if (item->id == ROW_retry)
        return false;
    if (item->id == ROW_export) {
        ask_file(f);
        return true;
    }
    struct record_options o = {.entity = f->entity,
                               .id = strtoll(item->value, NULL, 10)};
    record_screen_open(f->app, &o);
    return true;
}

static void on_choose(void *ctx, struct chooser *c,
                      const struct menu_item *item)
{
    struct failures *f = ctx;
    (void)c;
    if (item->id == ROW_retry)
        f->retry(f->app);
}

static void on_freed(void *ctx)
{
    struct failures *f = ctx;
    cJSON_Delete(f->list);
    x_free(&f);
}

static bool is_wide(struct app *a)
{
    int rows, cols;
    term_size(app_term(a), &rows, &cols);
    return cols >= WIDE;
}

static int add_rows(struct failures *f, struct arena *a,
                    struct menu_item *items)
{
    bool wide = is_wide(f->app);
    const cJSON *one;
    int n = 0;
    items[n++] = (struct menu_item){.label = _("Export to a CSV file"),
                                    .value = "export",
                                    .id = ROW_export};
    if (f->retry)
        items[n++] = (struct menu_item){
            .label = _("Try these again"), .value = "retry", .id = ROW_retry};
    cJSON_ArrayForEach(one, f->list)
    {
        const char *id =
            arena_printf(a, "%lld", (long long)json_int(one, "id", 0));
        const char *name = json_str(one, "name", id);
        const char *why = json_str(one, "message", "");
        items[n++] = (struct menu_item){
            .label = wide ? name : arena_printf(a, "%s: %s", name, why),
            .help = wide ? why : NULL,
            .value = id};
    }
    return n;
}

void bulk_failures_open(struct app *app, const struct bulk_failures *b)
{
    struct failures *f = x_calloc(1, sizeof(*f));
    struct arena *a = arena_new();
    *f = (struct failures){.app = app,
                           .entity = b->entity,
                           .list = cJSON_Duplicate(b->list, true),
                           .total = b->total,
                           .retry = b->retry};
    int listed = cJSON_GetArraySize(f->list);
    struct menu_item *items =
        arena_array(a, (size_t)listed + 3, sizeof(*items));
    const char *title =
        listed < f->total
            ? arena_printf(a, _("Not changed: %s, the first %s of them"),
                           cell_count(a, f->total), cell_count(a, listed))
            : arena_printf(a, _("Not changed: %s"), cell_count(a, f->total));
    struct chooser_options c = {.title = title,
                                .tall = true,
                                .holds = on_holds,
                                .choose = on_choose,
                                .freed = on_freed,
                                .ctx = f};
    int n = add_rows(f, a, items);
    struct menu *m = chooser_menu(chooser_open(app, &c));
    menu_set(m, items, n);
    if (listed > 0)
        menu_select(m, items[n - listed].value);
    arena_free(&a);
}
