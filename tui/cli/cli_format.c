/* Ways to print rows, one table row each: aligned for people, CSV, JSON, and
 * JSON one object a line. */
#include "tui/cli/cli_impl.h"

#include "common/json.h"
#include "common/utf8.h"
#include "schema/type.h"

#include <stdio.h>
#include <string.h>

#define GAP 2 /* cells between columns */

void cli_print_padded(const char *text, int width, bool right)
{
    int pad = width - utf8_width(text);
    pad = pad > 0 ? pad : 0;
    if (right)
        printf("%*s%s", pad, "", text);
    else
        printf("%s%*s", text, pad, "");
}

void cli_print_json(struct cli *c, const cJSON *item)
{
    bool line = c->args.format && strcmp(c->args.format, "ndjson") == 0;
    char *text = line ? cJSON_PrintUnformatted(item) : cJSON_Print(item);
    printf("%s\n", text ? text : "null");
    cJSON_free(text);
}

/* Column -1 is the id. */
static const char *cell(struct cli_table *t, const cJSON *row, int column)
{
    const cJSON *item = cJSON_GetArrayItem(row, column < 0 ? 0 : column + 2);
    return cli_text(t->cli, column < 0 ? NULL : t->fields[column], item);
}

static const char *heading(struct cli_table *t, int column)
{
    return column < 0 ? "id" : _(t->fields[column]->label);
}

/* --- table --- */

static bool is_right(struct cli_table *t, int column)
{
    return column < 0 || t->fields[column]->type->align == 1;
}

static void print_cell(struct cli_table *t, int column, const char *text)
{
    bool last = column == t->nfields - 1;
    bool right = is_right(t, column);
    cli_print_padded(text, last && !right ? 0 : t->widths[column + 1], right);
    printf("%*s", last ? 0 : GAP, "");
}

static void table_begin(struct cli_table *t, const cJSON *first_page)
{
    t->widths =
        arena_array(t->cli->arena, (size_t)t->nfields + 1, sizeof(*t->widths));
    for (int i = -1; i < t->nfields; i++) {
        const cJSON *row;
        int width = utf8_width(heading(t, i));
        cJSON_ArrayForEach(row, first_page)
        {
            int w = utf8_width(cell(t, row, i));
            width = w > width ? w : width;
        }
        t->widths[i + 1] = width;
    }
    for (int i = -1; i < t->nfields; i++)
        print_cell(t, i, heading(t, i));
    printf("\n");
}

static void table_row(struct cli_table *t, const cJSON *row, int64_t number)
{
    (void)number;
    for (int i = -1; i < t->nfields; i++)
        print_cell(t, i, cell(t, row, i));
    printf("\n");
}

static void no_end(struct cli_table *t)
{
    (void)t;
}

/* --- csv: RFC 4180 without a byte order mark; for scripts, so values are as
 * they are (what goes into a spreadsheet is exported) --- */

static void csv_cell(const char *text, bool first)
{
    if (!first)
        putchar(',');
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void csv_begin(struct cli_table *t, const cJSON *first_page)
{
    (void)first_page;
    csv_cell("id", true);
    for (int i = 0; i < t->nfields; i++)
        csv_cell(t->fields[i]->id, false);
    fputs("\r\n", stdout);
}

static void csv_row(struct cli_table *t, const cJSON *row, int64_t number)
{
    (void)number;
    for (int i = -1; i < t->nfields; i++)
        csv_cell(cell(t, row, i), i < 0);
    fputs("\r\n", stdout);
}

/* --- json: values as the wire has them --- */

static void print_object(struct cli_table *t, const cJSON *row)
{
    struct buf b = BUF_INIT;
    const cJSON *item = row->child;
    for (int i = -2; item; i++, item = item->next) {
        buf_char(&b, i == -2 ? '{' : ',');
        json_write_key(&b, i == -2   ? "id"
                           : i == -1 ? "version"
                                     : t->fields[i]->id);
        json_write_item(&b, item);
    }
    printf("%s}", buf_text(&b));
    buf_free(&b);
}

static void json_begin(struct cli_table *t, const cJSON *first_page)
{
    (void)t;
    (void)first_page;
    printf("[");
}

static void json_row(struct cli_table *t, const cJSON *row, int64_t number)
{
    printf(number ? ",\n" : "\n");
    print_object(t, row);
}

static void json_end(struct cli_table *t)
{
    (void)t;
    printf("\n]\n");
}

static void ndjson_begin(struct cli_table *t, const cJSON *first_page)
{
    (void)t;
    (void)first_page;
}

static void ndjson_row(struct cli_table *t, const cJSON *row, int64_t number)
{
    (void)number;
    print_object(t, row);
    printf("\n");
}

static const struct cli_format formats[] = {
    {"table", table_begin, table_row, no_end},
    {"csv", csv_begin, csv_row, no_end},
    {"json", json_begin, json_row, json_end},
    {"ndjson", ndjson_begin, ndjson_row, no_end},
};

const struct cli_format *cli_format(struct cli *c, struct err *e)
{
    const char *name = c->args.format ? c->args.format : formats[0].name;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    err_set(e, ERR_invalid_params,
            _("\"%s\" is no format. There are: table, csv, json, ndjson."),
            name);
    return NULL;
}

bool cli_wants_json(struct cli *c)
{
    return c->args.format && (strcmp(c->args.format, "json") == 0 ||
                              strcmp(c->args.format, "ndjson") == 0);
}
