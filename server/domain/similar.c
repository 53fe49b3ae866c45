/* customer.similar: who may be the same customer, asked while a new one is
 * typed (NEW-03). Candidates come by what two records of one company still
 * share: the pairs of characters of the name but for those around one letter,
 * the sound, a phone, the host of a site. All of it through indexes; then
 * they are compared one by one. */
#include "common/json.h"
#include "common/mem.h"
#include "common/pinyin.h"
#include "common/utf8.h"
#include "schema/search.h"
#include "schema/type.h"
#include "server/db/sql.h"
#include "server/domain/column.h"
#include "server/domain/directory.h"
#include "server/domain/likeness.h"
#include "server/domain/record.h"
#include "server/domain/scope.h"
#include "server/rpc/handlers.h"

#include <stdlib.h>
#include <string.h>

enum {
    HITS_MAX = 10,
    BRANCH_ROWS = 40, /* candidates of one way to be alike */
    PAIRS_MAX = 6,    /* of one name that are asked for */
    BEGINNING_MIN = 4,
    EDITS_MAX = 8, /* letters that may be the one that differs */
    GIVEN_MAX = 8  /* phones and sites that are looked at */
};

/* What has been typed so far. */
struct wanted {
    const char *name; /* or NULL */
    struct likeness_name like;
    const char *phone[GIVEN_MAX]; /* digits */
    const char *host[GIVEN_MAX];
    int nphone, nhost;
    int64_t id; /* of the record that is edited; 0 */
};

struct hit {
    int64_t id;
    const char *name, *owner;
    bool seen; /* in the scope of the person */
    int score;
    bool same_phone, same_site;
    enum likeness like;
};

struct similar {
    struct request *request;
    struct wanted wanted;
    struct sql sql;
    int branches;
    struct hit *hits;
    int n;
};

/* --- what is asked for --- */

static void take_name(struct similar *s, const cJSON *item)
{
    struct arena *a = s->request->arena;
    const char *text = cJSON_IsString(item) ? item->valuestring : NULL;
    if (!text || utf8_length(search_name_key(a, text)) < 2)
        return;
    s->wanted.name = text;
    likeness_name(a, text, &s->wanted.like);
}

/* Numbers that are not complete yet are no numbers. */
static void take_phone(struct similar *s, const cJSON *item)
{
    const struct field *f = &entity_customer.fields[CUSTOMER_contact_phone];
    struct arena *a = s->request->arena;
    struct search_needle n;
    const char *value = NULL;
    struct err bad = {0};
    if (cJSON_IsString(item) && s->wanted.nphone < GIVEN_MAX &&
        f->type->from_json(f, a, item, &value, &bad) && value &&
        f->type->check(f, value, &bad) && search_needle(a, value, &n) &&
        n.digits)
        s->wanted.phone[s->wanted.nphone++] = n.digits;
    err_clear(&bad);
}

static void take_site(struct similar *s, const cJSON *item)
{
    struct arena *a = s->request->arena;
    const char *host =
        cJSON_IsString(item) ? url_host(a, item->valuestring) : "";
    if (strchr(host, '.') && s->wanted.nhost < GIVEN_MAX)
        s->wanted.host[s->wanted.nhost++] = host;
}

static void read_wanted(struct similar *s)
{
    struct request *r = s->request;
    const cJSON *values = json_get(r->params, "values"), *item;
    const struct field *phone = &entity_customer.fields[CUSTOMER_contact_phone];
    const cJSON *sites = json_get(values, "website_urls");
    s->wanted.id = json_int(r->params, "id", 0);
    take_name(s, json_get(values, "customer_name"));
    cJSON_ArrayForEach(item, sites)
    {
        take_site(s, item);
    }
    take_site(s, sites);
    /* A hit by phone would tell what the mask hides. */
    if (!column_is_askable(r->rights, &entity_customer, phone))
        return;
    take_phone(s, json_get(values, phone->id));
    cJSON_ArrayForEach(item, json_get(r->params, "contacts"))
    {
        take_phone(s, json_get(item, "phone"));
    }
}

/* --- candidates --- */

static void branch_open(struct similar *s)
{
    sql_add(&s->sql, s->branches++ ? " UNION ALL (" : "(");
    sql_add(&s->sql, "SELECT id FROM customer WHERE deleted_at IS NULL AND ");
}

static void branch_close(struct similar *s)
{
    sql_addf(&s->sql, " LIMIT %d)", BRANCH_ROWS);
}

static void add_equal(struct similar *s, const char *column, const char *value)
{
    branch_open(s);
    sql_addf(&s->sql, "%s = ", column);
    sql_value(&s->sql, value, "text");
    branch_close(s);
}

static void add_grams(struct similar *s, const int32_t *grams, int n)
{
    struct buf list = BUF_INIT;
    for (int i = 0; i < n; i++) {
        buf_char(&list, i ? ',' : '{');
        buf_int(&list, grams[i]);
    }
    buf_char(&list, '}');
    branch_open(s);
    sql_add(&s->sql, "search_grams @> ");
    sql_value(&s->sql, buf_text(&list), "integer[]");
    branch_close(s);
    buf_free(&list);
}

/* In less than a hundredth of the customers. */
static bool is_rare(const struct similar *s, int32_t gram)
{
    return directory_rows_gram(s->request->names, gram) == 0;
}

/* The pairs that do not touch character `at`: the rare ones, and with a
 * single one the next rarest beside it; more of them cost more than they
 * narrow. Nothing where none is rare, since half of all customers would share
 * the others. */
static bool add_without(struct similar *s, const int32_t *pairs, int n, int at)
{
    int32_t kept[PAIRS_MAX];
    int64_t least = INT64_MAX;
    int rare = 0, next = -1;
    for (int i = 0; i < n && rare < PAIRS_MAX; i++) {
        int64_t rows = directory_rows_gram(s->request->names, pairs[i]);
        if (i == at || i == at - 1)
            continue;
        if (rows == 0)
            kept[rare++] = pairs[i];
        else if (rows < least) {
            least = rows;
            next = i;
        }
    }
    if (rare == 0)
        return false;
    if (rare == 1 && next >= 0)
        kept[rare++] = pairs[next];
    add_grams(s, kept, rare);
    return true;
}

/* All pairs, whatever place and legal form are; then all but those around one
 * character of the rare part. */
static void add_spelling(struct similar *s)
{
    const int32_t *pairs;
    int n = search_pairs(s->request->arena, s->wanted.name, &pairs);
    int edits = add_without(s, pairs, n, n + 1);
    for (int at = 0; edits > 0 && at <= n && edits < EDITS_MAX; at++) {
        bool touched = (at < n && is_rare(s, pairs[at])) ||
                       (at > 0 && is_rare(s, pairs[at - 1]));
        if (touched)
            edits += add_without(s, pairs, n, at);
    }
}

/* All pairs of a text that stands in search_text, where one is rare. */
static void add_part(struct similar *s, const char *text)
{
    const int32_t *pairs;
    int n = search_pairs(s->request->arena, text, &pairs);
    (void)add_without(s, pairs, n, n + 1);
}

/* Names that begin like this one: for those of Latin letters, whose pairs are
 * never rare. */
static void add_beginning(struct similar *s)
{
    const char *key = pinyin_sort_key(s->request->arena, s->wanted.name);
    size_t len = strcspn(key, " ");
    if (len < BEGINNING_MIN || key[len] == '\0')
        len = strlen(key);
    branch_open(s);
    sql_add(&s->sql, "customer_name_pinyin >= ");
    sql_value(&s->sql, arena_strndup(s->request->arena, key, len), "text");
    sql_add(&s->sql, " AND customer_name_pinyin < ");
    sql_value(&s->sql,
              arena_printf(s->request->arena, "%.*s\x7f", (int)len, key),
              "text");
    sql_add(&s->sql, " ORDER BY customer_name_pinyin, id");
    branch_close(s);
}

static void add_phone(struct similar *s, const char *digits)
{
    struct search_needle n;
    if (search_needle(s->request->arena, digits, &n))
        add_grams(s, n.phone_grams, n.nphone_grams);
}

static void add_candidates(struct similar *s)
{
    const struct wanted *w = &s->wanted;
    if (w->name) {
        add_equal(s, "name_key", w->like.key);
        add_beginning(s);
        add_spelling(s);
        add_part(s, w->like.core);
        add_part(s, w->like.pinyin);
    }
    for (int i = 0; i < w->nphone; i++)
        add_phone(s, w->phone[i]);
    for (int i = 0; i < w->nhost; i++) {
        int32_t gram = search_host_gram(w->host[i]);
        add_grams(s, &gram, 1);
    }
}

/* The statement is planned for its values, and never as a walk through the
 * whole table in the hope to meet them. */
static PGresult *find(struct similar *s, struct db_conn *c, struct err *e)
{
    PGresult *res = NULL;
    sql_init(&s->sql, s->request->arena);
    sql_add(&s->sql, "SELECT owner, project_manager, optimizer, service_team,"
                     " viewers, id, customer_name, website_urls, search_phones"
                     " FROM customer WHERE id = ANY(ARRAY(");
    add_candidates(s);
    sql_add(&s->sql, s->branches ? ")) AND id <> " : "SELECT 0)) AND id <> ");
    sql_int(&s->sql, s->wanted.id);
    struct db_query q = sql_query(&s->sql, false);
    if (db_begin(c, e) && db_run(c, "SET LOCAL enable_seqscan = off", e))
        res = db_exec(c, &q, e);
    db_rollback(c);
    sql_free(&s->sql);
    return res;
}

/* --- how alike they are --- */

static bool has_line(const char *lines, const char *line)
{
    size_t n = strlen(line);
    for (const char *at = lines; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, line, n) == 0 && (at[n] == '\n' || at[n] == '\0'))
            return true;
    }
    return false;
}

static bool same_phone(const struct wanted *w, const char *lines)
{
    for (int i = 0; i < w->nphone; i++)
        if (has_line(lines, w->phone[i]))
            return true;
    return false;
}

static bool same_site(struct similar *s, const char *urls)
{
    const struct wanted *w = &s->wanted;
    struct arena *a = s->request->arena;
    const char **url;
    size_t n = 0;
    if (w->nhost == 0 || !list_split(a, urls, &url, &n))
        return false;
    for (size_t k = 0; k < n; k++)
        for (int i = 0; i < w->nhost; i++)
            if (strcmp(url_host(a, url[k]), w->host[i]) == 0)
                return true;
    return false;
}

static void judge(struct similar *s, PGresult *res, int row)
{
    static const int at[SCOPE_COLUMNS] = {0, 1, 2, 3, 4};
    struct request *r = s->request;
    struct scope_keys keys;
    struct likeness_name like;
    struct hit h = {.id = db_int(res, row, 5)};
    h.name = arena_strdup(r->arena, db_text(res, row, 6));
    if (s->wanted.name) {
        likeness_name(r->arena, h.name, &like);
        h.like = likeness_of(&s->wanted.like, &like, &h.score);
    }
    h.score = h.like == LIKENESS_none ? 0 : h.score;
    h.same_site = same_site(s, db_text(res, row, 7));
    h.same_phone = same_phone(&s->wanted, db_text(res, row, 8));
    if (h.same_site && h.score < 85)
        h.score = 85;
    if (h.same_phone && h.score < 90)
        h.score = 90;
    if (h.score == 0)
        return;
    scope_read_keys(r->arena, res, row, at, &keys);
    const struct directory_user *owner = directory_user(r->names, keys.owner);
    h.owner = owner ? owner->name : "";
    h.seen = access_in_scope(r->rights, ACTION_customer_view, &keys);
    s->hits[s->n++] = h;
}

static int by_score(const void *x, const void *y)
{
    const struct hit *a = x, *b = y;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

/* --- the answer --- */

static void write_reasons(const struct hit *h, struct buf *out)
{
    static const char *const names[] = {[LIKENESS_name] = "name",
                                        [LIKENESS_core] = "core",
                                        [LIKENESS_pinyin] = "pinyin",
                                        [LIKENESS_part] = "part",
                                        [LIKENESS_spelling] = "spelling"};
    const char *reasons[] = {h->like ? names[h->like] : NULL,
                             h->same_phone ? "phone" : NULL,
                             h->same_site ? "site" : NULL};
    bool first = true;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (!reasons[i])
            continue;
        buf_str(out, first ? "" : ",");
        json_write_str(out, reasons[i]);
        first = false;
    }
}

/* Of what is out of sight the name and the owner alone. */
static void write_hit(const struct hit *h, struct buf *out)
{
    buf_str(out, "{\"id\":");
    if (h->seen)
        buf_int(out, h->id);
    else
        buf_str(out, "null");
    buf_str(out, ",\"customer_name\":");
    json_write_str(out, h->name);
    buf_str(out, ",\"owner_name\":");
    json_write_str(out, h->owner);
    buf_str(out, ",\"reasons\":[");
    write_reasons(h, out);
    buf_printf(out, "],\"score\":%d}", h->score);
}

bool customer_similar(struct request *r, struct db_conn *c, struct err *e)
{
    struct similar s = {.request = r};
    if (!rights_may(r->rights, entity_customer.create) &&
        !rights_may(r->rights, entity_customer.edit))
        return record_forbidden(entity_customer.create, e);
    read_wanted(&s);
    PGresult *res = find(&s, c, e);
    if (!res)
        return false;
    int rows = PQntuples(res);
    s.hits = arena_array(r->arena, (size_t)rows + 1, sizeof *s.hits);
    for (int i = 0; i < rows; i++)
        judge(&s, res, i);
    PQclear(res);
    if (s.n > 1)
        qsort(s.hits, (size_t)s.n, sizeof *s.hits, by_score);
    buf_str(&r->reply, "{\"similar\":[");
    for (int i = 0; i < s.n && i < HITS_MAX; i++) {
        buf_str(&r->reply, i ? "," : "");
        write_hit(&s.hits[i], &r->reply);
    }
    buf_str(&r->reply, "]}");
    return true;
}
