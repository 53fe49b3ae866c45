/* What the daemon keeps of the user, as the tests of it wait for. */
#ifndef TESTS_SCREEN_KEPT_H
#define TESTS_SCREEN_KEPT_H

#include "tests/screen/steps.h"

/* The preference holds this text, by now. */
static inline bool kept_has(const struct daemon *d, const char *key,
                            const char *part)
{
    return daemon_sql_int(d,
                          "SELECT count(*) FROM preference WHERE key = '%s'"
                          " AND strpos(value::text, '%s') > 0",
                          key, part) > 0;
}

/* A client writes two seconds after the last change. */
static inline void kept_expect(const struct daemon *d, struct vt *v,
                               const char *key, const char *part)
{
    bool has = kept_has(d, key, part);
    for (int i = 0; i < 150 && !has; i++) {
        vt_settle(v, 200);
        has = kept_has(d, key, part);
    }
    if (!has)
        check_fail("%s is not kept with %s:\n%s", key, part, vt_dump(v));
}

/* Esc and a key at once would be Alt and that key. */
static inline void kept_escape(struct vt *v)
{
    vt_settle(v, 100);
    vt_keys(v, "<Esc>");
    vt_settle(v, 150);
}

/* Leaves with q and starts again, from a home that knows nothing. */
static inline void kept_restart(const struct daemon *d, struct vt **v,
                                const struct vt_options *o)
{
    vt_keys(*v, "q");
    assert_int_equal(vt_wait_exit(*v, VT_PATIENCE), 0);
    vt_stop(v);
    *v = desk_client_again(d, o);
}

#endif
