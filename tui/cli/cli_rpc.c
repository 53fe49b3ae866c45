/* kehu rpc METHOD [JSON]: one raw call, the result printed as JSON. */
#include "tui/cli/cli_impl.h"

#include "common/json.h"

#include <stdio.h>
#include <string.h>

#define PARAMS_MAX (1u << 20)

/* "-" reads standard input; nothing is no parameters. */
static bool read_text(const char *word, struct buf *out, struct err *e)
{
    char piece[4096];
    size_t n;
    if (!word || strcmp(word, "-") != 0) {
        buf_str(out, word ? word : "{}");
        return true;
    }
    while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0) {
        buf_add(out, piece, n);
        if (out->len > PARAMS_MAX)
            return err_set(e, ERR_too_large, NULL);
    }
    return true;
}

static bool read_params(const char *word, cJSON **out, struct err *e)
{
    struct buf text = BUF_INIT;
    bool ok = read_text(word, &text, e);
    if (ok && !json_parse(buf_text(&text), text.len, NULL, out, e))
        ok = err_set(e, ERR_invalid_params,
                     _("The parameters are no valid JSON: %s"),
                     word ? word : "");
    buf_free(&text);
    return ok;
}

bool cli_rpc(struct cli *c, struct err *e)
{
    cJSON *params = NULL, *result = NULL;
    if (read_params(c->args.words[1], &params, e))
        result = caller_call(c->caller, c->args.words[0], params, e);
    if (result)
        cli_print_json(c, result);
    cJSON_Delete(result);
    return result != NULL;
}
