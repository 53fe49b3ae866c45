/* One row a move, and an event of its own: who wants to know of moves alone
 * follows the log (LIFE-05, LIFE-06). */
#include "server/domain/life_log.h"

#include "common/mem.h"
#include "server/db/sql.h"

static bool insert(struct change *log, const struct change *customer,
                   struct err *e)
{
    struct sql s;
    sql_init(&s, log->arena);
    sql_add(&s, "INSERT INTO life_log (id, customer_id, from_state, to_state,"
                " reason, undone, by_user, since) VALUES (");
    sql_int(&s, log->id);
    sql_add(&s, ", ");
    sql_int(&s, customer->id);
    sql_add(&s, ", ");
    sql_value(&s, customer->before[CUSTOMER_lifecycle], "text");
    sql_add(&s, ", ");
    sql_value(&s, customer->after[CUSTOMER_lifecycle], "text");
    sql_add(&s, ", ");
    sql_value(&s, customer->reason ? customer->reason : "", "text");
    sql_add(&s, customer->undoes ? ", true, " : ", false, ");
    sql_int(&s, customer->rights->user_id);
    sql_add(&s, ", (SELECT max(at) FROM life_log WHERE customer_id = ");
    sql_int(&s, customer->id);
    sql_add(&s, "))");
    struct db_query q = sql_query(&s, true);
    PGresult *res = db_exec(log->conn, &q, e);
    sql_free(&s);
    PQclear(res);
    return res != NULL;
}

bool life_log_write(struct change *customer, struct err *e)
{
    struct change log;
    change_beside(&log, customer, &entity_life_log, CHANGE_create);
    return change_take_id(&log, e) && insert(&log, customer, e) &&
           change_tell(&log, e);
}
