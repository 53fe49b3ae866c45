/* The migrated database against the tables: every field has its column, every
 * column its field, every sortable field its index, nothing beside. */
#include "common/mem.h"
#include "schema/type.h"
#include "server/db/db.h"
#include "server/domain/scope.h"
#include "tests/support/daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct daemon *daemon_;
static struct db_conn *conn;

static PGresult *query(const char *sql, const char *value)
{
    struct err e = {0};
    struct db_query q = {.sql = sql, .n = 1, .values = &value};
    PGresult *res = db_exec(conn, &q, &e);
    if (!res)
        fail_msg("%s", e.message);
    return res;
}

static int row_of(const PGresult *res, const char *name)
{
    for (int i = 0; i < PQntuples(res); i++)
        if (strcmp(db_text(res, i, 0), name) == 0)
            return i;
    return -1;
}

static PGresult *columns_of(const struct entity *e)
{
    return query("SELECT attname, format_type(atttypid, atttypmod), attnotnull,"
                 " attgenerated <> '', coalesce(collname, '') FROM"
                 " pg_attribute LEFT JOIN pg_collation k ON k.oid ="
                 " attcollation WHERE attrelid = $1::regclass AND attnum > 0"
                 " AND NOT attisdropped",
                 e->table);
}

/* PostgreSQL's own names of the types in schema/type.h. */
static bool same_type(const char *ours, const char *theirs)
{
    static const char *const twins[][2] = {
        {"timestamptz", "timestamp with time zone"},
        {"int", "integer"},
    };
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (strcmp(ours, twins[i][0]) == 0)
            return strcmp(theirs, twins[i][1]) == 0;
    /* '' is what only the daemon handles: no type to compare. */
    return ours[0] == '\0' || strcmp(ours, theirs) == 0;
}

static void check_column(const struct entity *e, const PGresult *res,
                         const char *name, const char *type, bool not_null)
{
    int at = row_of(res, name);
    if (at < 0)
        fail_msg("%s has no column %s", e->table, name);
    if (!same_type(type, db_text(res, at, 1)))
        fail_msg("%s.%s is %s, not %s", e->table, name, db_text(res, at, 1),
                 type);
    if (not_null && !db_bool(res, at, 2))
        fail_msg("%s.%s may be NULL", e->table, name);
}

static void check_fields(const struct entity *e, const PGresult *res)
{
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        char twin[64];
        check_column(e, res, f->id, f->type->sql,
                     f->type->empty && !(e->flags & E_INTERNAL));
        bool generated = db_bool(res, row_of(res, f->id), 3);
        if (generated != !!(f->flags & F_GENERATED))
            fail_msg("%s.%s: generated or not?", e->table, f->id);
        if (!(f->flags & F_SORT))
            continue;
        field_sort_column(f, twin);
        check_column(e, res, twin, field_sort_type(f), true);
        int at = row_of(res, twin);
        if (strcmp(field_sort_type(f), "text") == 0 &&
            strcmp(db_text(res, at, 4), "C") != 0)
            fail_msg("%s.%s sorts by %s", e->table, twin, db_text(res, at, 4));
    }
}

/* Is this column a field, one of its twins, or every record's? */
static bool is_declared(const struct entity *e, const char *column)
{
    static const char *const always[] = {"id", "version"};
    static const char *const twins[] = {"_pinyin", "_sort"};
    size_t len = strlen(column);
    for (size_t i = 0; i < 2; i++)
        if (strcmp(column, always[i]) == 0)
            return true;
    for (int i = 0; i < e->nfields; i++) {
        const char *id = e->fields[i].id;
        size_t n = strlen(id);
        if (strcmp(id, column) == 0)
            return true;
        for (int k = 0; k < 2; k++)
            if (len > n && strncmp(id, column, n) == 0 &&
                strcmp(column + n, twins[k]) == 0 &&
                e->fields[i].flags & (k ? F_SORT : F_PINYIN))
                return true;
    }
    return false;
}

static void test_columns(void **state)
{
    (void)state;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        PGresult *res = columns_of(e);
        check_fields(e, res);
        for (int k = 0; k < PQntuples(res); k++)
            if (!is_declared(e, db_text(res, k, 0)))
                fail_msg("%s.%s is no field", e->table, db_text(res, k, 0));
        assert_true((row_of(res, "version") < 0) == !!(e->flags & E_APPEND) ||
                    e == &entity_event);
        PQclear(res);
    }
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

/* An index on just these columns, over the rows that lists walk. */
static void check_index(const struct entity *e, const char *columns)
{
    const char *live = e->flags & E_TRASH ? " WHERE (deleted_at IS NULL)" : "";
    char wanted[256];
    snprintf(wanted, sizeof wanted, " (%s)", columns);
    PGresult *res = query("SELECT indexdef FROM pg_indexes WHERE schemaname ="
                          " current_schema AND tablename = $1",
                          e->table);
    bool found = false;
    for (int i = 0; i < PQntuples(res); i++) {
        const char *def = db_text(res, i, 0);
        found = found || (strstr(def, wanted) && ends_with(def, live));
    }
    PQclear(res);
    if (!found)
        fail_msg("%s has no index%s%s", e->table, wanted, live);
}

/* proves: LIST-18 */
static void test_indexes(void **state)
{
    (void)state;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        for (int k = 0; k < e->nfields; k++) {
            char columns[128], twin[64];
            if (!(e->fields[k].flags & F_SORT))
                continue;
            snprintf(columns, sizeof columns, "%s, id",
                     field_sort_column(&e->fields[k], twin));
            check_index(e, columns);
        }
    }
    const char *column, *field;
    for (size_t i = 0; scope_index(i, &column, &field); i++) {
        char columns[192], twin[64] = "";
        if (!field)
            continue;
        field_sort_column(field_find(&entity_customer, field), twin);
        snprintf(columns, sizeof columns, "%s, %s, id", column, twin);
        check_index(&entity_customer, columns);
    }
    check_index(&entity_customer, "viewers");
    check_index(&entity_customer, "search_grams");
}

/* Rights of the role that serves: no more than it needs. */
static void test_grants(void **state)
{
    (void)state;
    for (int i = 0; i < schema_entity_count; i++) {
        const struct entity *e = schema_entities[i];
        PGresult *res =
            query("SELECT has_table_privilege('kehu_app', $1, 'SELECT'),"
                  " has_table_privilege('kehu_app', $1, 'TRUNCATE'),"
                  " has_table_privilege('kehu_app', $1, 'UPDATE'),"
                  " has_table_privilege('kehu_app', $1, 'REFERENCES'),"
                  " has_schema_privilege('kehu_app', current_schema, 'CREATE')",
                  e->table);
        bool grows =
            e == &entity_audit || e == &entity_event || e == &entity_life_log;
        assert_true(db_bool(res, 0, 0));
        assert_false(db_bool(res, 0, 1));
        assert_int_equal(db_bool(res, 0, 2), !grows);
        assert_false(db_bool(res, 0, 3));
        assert_false(db_bool(res, 0, 4));
        PQclear(res);
    }
}

static int setup(void **state)
{
    (void)state;
    struct err e = {0};
    daemon_ = daemon_start(&(struct daemon_options){.not_started = true});
    conn = db_conn_open(daemon_->conninfo, &e);
    return conn ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    db_conn_close(&conn);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_grants),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
