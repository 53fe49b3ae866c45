/* The client before a daemon with very many rows: time to the first screen,
 * memory, bytes and time for a key. Prints NAME VALUE lines.
 *
 *   bench_client SERVER ROWS NEEDLE */
#include "common/clock.h"
#include "common/mem.h"
#include "tests/support/check.h"
#include "tests/support/vt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE 20000
#define ROW      4 /* a row of the list */

static bool rows_drawn(struct vt *v, void *ctx)
{
    (void)ctx;
    return strlen(vt_row(v, ROW)) > 40 && !vt_has(v, "·····");
}

/* What a row showed before a key; the answer to the key changes it. */
static bool rows_changed(struct vt *v, void *ctx)
{
    return rows_drawn(v, NULL) && strcmp(vt_row(v, ROW), ctx) != 0;
}

/* Milliseconds from the last key to other rows on the screen. */
static void time_of(struct vt *v, const char *name, const char *prepare,
                    const char *key)
{
    vt_keys(v, prepare);
    vt_settle(v, 300);
    char *before = x_strdup(vt_row(v, ROW));
    uint64_t start = clock_mono_ms();
    vt_keys(v, key);
    if (!vt_wait(v, rows_changed, before, PATIENCE))
        fprintf(stderr, "%s: nothing changed\n%s", name, vt_dump(v));
    printf("client.%s.ms %" PRIu64 "\n", name, clock_mono_ms() - start);
    vt_settle(v, 300);
    x_free(&before);
}

static void memory_of(const struct vt *v, const char *name)
{
    printf("client.memory.%s.mib %.1f\n", name,
           (double)check_memory(vt_pid(v), "Rss") / (1 << 20));
}

static void bytes_of(struct vt *v, const char *name, const char *keys)
{
    printf("client.%s.bytes %zu\n", name, vt_cost(v, keys));
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_client SERVER ROWS NEEDLE\n");
        return 2;
    }
    char *server = x_asprintf("KEHU_SERVER=%s", argv[1]);
    char *middle = x_asprintf(":%lld<Enter>", atoll(argv[2]) / 2);
    char *needle = x_asprintf("/%s", argv[3]);
    const char *const env[] = {server, NULL};
    uint64_t start = clock_mono_ms();
    struct vt *v = vt_start(&(struct vt_options){.env = env});
    if (!vt_wait(v, rows_drawn, NULL, PATIENCE)) {
        fprintf(stderr, "no rows\n%s", vt_dump(v));
        return 1;
    }
    printf("client.start.ms %" PRIu64 "\n", clock_mono_ms() - start);
    vt_settle(v, 500);
    printf("client.start.bytes %zu\n", vt_bytes(v));
    memory_of(v, "start");
    bytes_of(v, "down", "j");
    bytes_of(v, "page_down", "<PgDn>");
    bytes_of(v, "right", "l");
    vt_settle(v, 5000); /* the exact count comes when it comes */
    bytes_of(v, "idle", "");
    time_of(v, "last", "g", "G");
    time_of(v, "first", "", "g");
    time_of(v, "middle", "", middle);
    time_of(v, "search", needle, "<Enter>");
    memory_of(v, "end");
    vt_stop(&v);
    x_free(&server);
    x_free(&middle);
    x_free(&needle);
    return 0;
}
