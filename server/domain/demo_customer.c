/* One customer of the demo data with its contacts, so that every rule of a
 * record holds (LIST-02) and the life cycle, the dates and the people fit
 * together. */
#include "server/domain/demo_make.h"
#include "server/domain/demo_words.h"
#include "server/domain/derived.h"

#include "common/date.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/pinyin.h"
#include "schema/option.h"
#include "schema/type.h"

#include <string.h>

#define STREAM_CUSTOMER 2
#define STREAM_CONTACT  3
#define DAY_US          86400000000LL

/* A customer while it is made. */
struct making {
    struct arena *arena;
    const struct demo_world *world;
    struct demo_random random;
    int64_t index;
    const char **values;
    const struct demo_city *city;
    const struct demo_line *line;
    const char *brand;       /* "艾维" */
    const char *brand_latin; /* "aiwei" */
    int32_t created, start;  /* days; start 0: no contract */
};

static uint64_t below(struct making *m, uint64_t n)
{
    return demo_below(&m->random, n);
}

static bool chance(struct making *m, unsigned percent)
{
    return demo_chance(&m->random, percent);
}

static void set(struct making *m, enum customer_field field, const char *value)
{
    m->values[field] = value;
}

static void set_id(struct making *m, enum customer_field field, int64_t id)
{
    set(m, field, arena_printf(m->arena, "%lld", (long long)id));
}

static void set_date(struct making *m, enum customer_field field, int32_t days)
{
    char text[DATE_LEN];
    date_format(days, text);
    set(m, field, arena_strdup(m->arena, text));
}

static const char *time_text(struct arena *a, int64_t us)
{
    char text[TIME_LEN];
    time_format(us, text);
    return arena_strdup(a, text);
}

/* --- name, place, line of business --- */

/* The names are a walk through all of city × first × second character, then
 * with a third one, in steps that share no factor with their number: so no
 * two customers have the same name, whatever their line of business. */
static void make_name(struct making *m)
{
    static const uint64_t step = 7368787; /* a prime, larger than any factor */
    uint64_t n1 = demo_brand_first_count, n2 = demo_brand_second_count;
    uint64_t round = demo_city_count * n1 * n2;
    uint64_t i = (uint64_t)m->index % round * step % round;
    uint64_t turn = (uint64_t)m->index / round;
    const char *third =
        turn ? demo_brand_third[(turn - 1) % demo_brand_third_count] : "";
    const char *shi = m->index % 5 >= 2 ? "市" : "";
    uint64_t word = below(m, 3);
    uint64_t suffix = chance(m, 85) ? 0 : below(m, demo_suffix_count);
    m->city = &demo_cities[i % demo_city_count];
    i /= demo_city_count;
    m->line = &demo_lines[below(m, demo_line_count)];
    m->brand = arena_printf(m->arena, "%s%s%s", demo_brand_first[i % n1],
                            demo_brand_second[i / n1], third);
    m->brand_latin = pinyin_full(m->arena, m->brand);
    set(m, CUSTOMER_customer_name,
        arena_printf(m->arena, "%s%s%s%s%s", m->city->name, shi, m->brand,
                     m->line->word[word], demo_suffixes[suffix]));
}

static void make_place(struct making *m)
{
    static const char *const abroad[] = {"北美", "欧洲", "东南亚", "日韩"};
    const char *regions[3] = {m->city->region};
    size_t n = 1;
    if (chance(m, 12))
        regions[n++] = abroad[below(m, 4)];
    if (chance(m, 6) && strcmp(regions[0], "香港") != 0)
        regions[n++] = "香港";
    set(m, CUSTOMER_regions, list_join(m->arena, regions, n));
    set(m, CUSTOMER_industry, m->line->industry);
}

/* --- life cycle and contract --- */

/* How many of a hundred customers are in a state, and where the end of their
 * contract lies from today, in days; `months` 0: none has a contract. */
struct stage {
    enum life life;
    unsigned weight;
    int end_from, end_days;
    int months;
    const char *grades; /* drawn from */
};

static const struct stage stages[] = {
    {LIFE_active, 38, 32, 320, 12, "ABBBCCCC"},
    {LIFE_potential, 22, 0, 0, 0, ""},
    {LIFE_negotiating, 12, 0, 0, 0, ""},
    {LIFE_churned, 9, -1000, 960, 12, "BCCC"},
    {LIFE_renewal, 8, -20, 50, 12, "AABBBCC"},
    {LIFE_contracted, 5, 320, 40, 12, "ABBC"},
    {LIFE_suspended, 4, 10, 200, 12, "BCC"},
    {LIFE_reactivated, 2, 280, 80, 12, "BBC"},
};

static const struct stage *draw_stage(struct making *m)
{
    const struct stage *s = stages;
    for (uint64_t n = below(m, 100); n >= s->weight; s++)
        n -= s->weight;
    return s;
}

/* Years that the customer has been with us before this contract. */
static int earlier_years(struct making *m, const struct stage *s)
{
    bool fresh = s->life == LIFE_contracted || s->life == LIFE_reactivated;
    return fresh ? 0 : (int)demo_low(&m->random, 4);
}

static void make_contract(struct making *m, const struct stage *s)
{
    int32_t today = m->world->today;
    int32_t end =
        today + s->end_from + (int32_t)below(m, (uint64_t)s->end_days);
    int32_t start =
        date_add_months(end, -s->months * (1 + earlier_years(m, s)));
    int32_t begins = start + (int32_t)below(m, 30);
    /* Who has signed but is not served yet begins in the future; all others
     * have begun. */
    if (s->life == LIFE_contracted)
        begins = today + 1 + (int32_t)below(m, 30);
    else if (begins > today)
        begins = today;
    m->start = start;
    set_date(m, CUSTOMER_cooperation_start_date, start);
    set_date(m, CUSTOMER_service_start_date, begins);
    set_date(m, CUSTOMER_cooperation_end_date, end);
    size_t grade = (size_t)below(m, strlen(s->grades));
    set(m, CUSTOMER_grade, arena_strndup(m->arena, s->grades + grade, 1));
}

static void make_people(struct making *m, bool contract)
{
    const struct demo_agency *g = m->world->agency;
    int64_t owner = g->sellers[below(m, (uint64_t)g->nsellers)];
    int64_t signer = owner;
    if (chance(m, 10))
        signer = g->sellers[below(m, (uint64_t)g->nsellers)];
    set_id(m, CUSTOMER_owner, owner);
    set_id(m, CUSTOMER_sales_person, signer);
    set_id(m, CUSTOMER_created_by, signer);
    set_id(m, CUSTOMER_updated_by, owner);
    if (!contract)
        return;
    const struct demo_group *group = &g->groups[below(m, (uint64_t)g->ngroups)];
    set_id(m, CUSTOMER_service_team, group->unit);
    set_id(m, CUSTOMER_project_manager, group->project_manager);
    set_id(m, CUSTOMER_optimizer,
           group->optimizer[below(m, (uint64_t)group->noptimizers)]);
}

static void make_life(struct making *m)
{
    const struct stage *s = draw_stage(m);
    /* Some have left before they ever signed. */
    bool contract = s->months && !(s->life == LIFE_churned && chance(m, 20));
    set(m, CUSTOMER_lifecycle, life_code(s->life));
    if (contract || chance(m, 40))
        set(m, CUSTOMER_cooperation_type,
            demo_option(&m->random, "cooperation_type"));
    if (contract)
        make_contract(m, s);
    make_people(m, contract);
}

/* Created some time before the contract, changed last at some time since;
 * lately more often than long ago, and most of all those who are served. */
static void make_stamps(struct making *m)
{
    int64_t now = m->world->today * DAY_US;
    int32_t before = (int32_t)below(m, 90);
    m->created = m->start ? m->start - 7 - before
                          : m->world->today - 3 - (int32_t)below(m, 540);
    int64_t from = m->start ? m->start : m->created + 1;
    int64_t span = now - from * DAY_US;
    int64_t ago = span ? (int64_t)demo_low(&m->random, (uint64_t)span) : 0;
    if (life_is_active(life_find(m->values[CUSTOMER_lifecycle])))
        ago /= 8;
    int64_t hour = (int64_t)below(m, 36000) * 1000000;
    set(m, CUSTOMER_created_at,
        time_text(m->arena, m->created * DAY_US + hour));
    set(m, CUSTOMER_updated_at,
        time_text(m->arena, (now - ago) / 1000000 * 1000000));
}

/* --- what else is known --- */

static void set_money(struct making *m, enum customer_field field, int64_t yuan)
{
    char text[MONEY_LEN];
    money_format(yuan * 100, text);
    set(m, field, arena_strdup(m->arena, text));
}

/* Every choice that has nothing to do with others, by its own list. */
static void make_choices(struct making *m)
{
    static const enum customer_field fields[] = {
        CUSTOMER_business_model,       CUSTOMER_overseas_sales_scale,
        CUSTOMER_target_sales_scale,   CUSTOMER_main_sales_channel,
        CUSTOMER_cooperation_transfer, CUSTOMER_new_product_frequency,
        CUSTOMER_pricing_strategy,
    };
    static const enum customer_field flags[] = {
        CUSTOMER_has_tech_team, CUSTOMER_has_operation_team,
        CUSTOMER_has_brand_team, CUSTOMER_inventory_status};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (chance(m, 80))
            set(m, fields[i],
                demo_option(&m->random,
                            entity_customer.fields[fields[i]].options));
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        set(m, flags[i], chance(m, 45) ? "t" : "f");
}

static void make_site(struct making *m)
{
    static const char *const markets[] = {"us", "eu", "ca", "au", "jp"};
    const char *url =
        arena_printf(m->arena, "https://www.%s.example.com", m->brand_latin);
    size_t first = (size_t)below(m, 4);
    set(m, CUSTOMER_website_urls, list_join(m->arena, &url, 1));
    set_date(m, CUSTOMER_website_launch_time,
             m->created - 30 - (int32_t)below(m, 2000));
    set(m, CUSTOMER_target_markets,
        list_join(m->arena, markets + first, 1 + (size_t)below(m, 5 - first)));
    set(m, CUSTOMER_main_products, m->line->products);
}

static void make_figures(struct making *m)
{
    static const char *const currencies[] = {"CNY", "CNY", "USD", "USD", "EUR"};
    int64_t sales = (int64_t)(1 + demo_low(&m->random, 3000)) * 10000;
    int64_t target = sales * (int64_t)(105 + below(m, 90)) / 100;
    int64_t cost = target * (int64_t)(12 + below(m, 25)) / 100;
    set(m, CUSTOMER_currency, currencies[below(m, 5)]);
    set(m, CUSTOMER_overseas_sales_ratio,
        arena_printf(m->arena, "%u.00", (unsigned)below(m, 101)));
    set_money(m, CUSTOMER_last_year_sales, sales);
    set_money(m, CUSTOMER_annual_sales_target, target);
    set_money(m, CUSTOMER_annual_cost_target, cost);
}

/* Most customers have few notes, and many none. */
static void make_texts(struct making *m)
{
    uint64_t n = chance(m, 40) ? 1 + below(m, 4) : 0;
    for (; n > 0; n--) {
        const struct demo_texts *t = &demo_texts[below(m, demo_text_count)];
        const struct field *f = field_find(&entity_customer, t->field);
        m->values[field_index(&entity_customer, f)] = t->text[below(m, 4)];
    }
}

static void make_tags(struct making *m)
{
    const char *ids[2];
    size_t n = 0, most = chance(m, 25) ? 1 + (size_t)below(m, 2) : 0;
    uint64_t tags = (uint64_t)m->world->agency->ntags;
    uint64_t tag = below(m, tags);
    for (; n < most; n++, tag = (tag + 1) % tags)
        ids[n] = arena_printf(m->arena, "%d", (int)tag + 1);
    set(m, CUSTOMER_tags, list_join(m->arena, ids, n));
}

/* --- contacts --- */

static const char *contact_phone(struct making *m, bool primary)
{
    if (chance(m, primary ? 92 : 80))
        return demo_mobile(&m->random, m->arena);
    return arena_printf(m->arena, "%s-%08u", m->city->area,
                        20000000u + (unsigned)below(m, 69999999));
}

static void make_contact(struct making *m, int i, const char **c)
{
    struct arena *a = m->arena;
    const char *latin;
    bool primary = i == 0;
    c[CONTACT_customer_id] = arena_printf(a, "%lld", (long long)m->index + 1);
    c[CONTACT_name] = demo_person_name(&m->random, a, &latin);
    c[CONTACT_position] =
        demo_positions[demo_low(&m->random, demo_position_count)];
    c[CONTACT_phone] = contact_phone(m, primary);
    if (chance(m, 70))
        c[CONTACT_email] =
            arena_printf(a, "%s@%s.example.com", latin, m->brand_latin);
    if (chance(m, 60))
        c[CONTACT_wechat] =
            arena_printf(a, "%s%04u", latin, (unsigned)below(m, 10000));
    c[CONTACT_is_primary] = primary ? "t" : "f";
    c[CONTACT_rank] = arena_printf(a, "%d", i);
    c[CONTACT_created_at] = m->values[CUSTOMER_created_at];
    c[CONTACT_updated_at] = m->values[CUSTOMER_updated_at];
    c[CONTACT_created_by] = m->values[CUSTOMER_created_by];
    c[CONTACT_updated_by] = m->values[CUSTOMER_updated_by];
}

/* The ids leave room for all a customer could have, so that they depend on
 * nothing but the customer's number. */
static void make_contacts(struct making *m, struct demo_contacts *out)
{
    memset(out, 0, sizeof(*out));
    m->random = demo_random(m->world->seed, STREAM_CONTACT, (uint64_t)m->index);
    out->n = 1 + (int)demo_low(&m->random, DEMO_CONTACTS);
    for (int i = 0; i < out->n; i++) {
        out->id[i] = m->index * DEMO_CONTACTS + i + 1;
        make_contact(m, i, out->value[i]);
    }
}

/* What contacts need to know of their customer, and all of it comes from. */
static void make_base(struct making *m)
{
    memset(m->values, 0, CUSTOMER_FIELDS * sizeof(*m->values));
    m->random =
        demo_random(m->world->seed, STREAM_CUSTOMER, (uint64_t)m->index);
    make_name(m);
    make_place(m);
    make_life(m);
    make_stamps(m);
}

void demo_base(struct arena *a, const struct demo_world *w, int64_t index,
               const char *values[CUSTOMER_FIELDS])
{
    struct making m = {
        .arena = a, .world = w, .index = index, .values = values};
    make_base(&m);
}

void demo_contacts(struct arena *a, const struct demo_world *w, int64_t index,
                   struct demo_contacts *out)
{
    const char *values[CUSTOMER_FIELDS];
    struct making m = {
        .arena = a, .world = w, .index = index, .values = values};
    make_base(&m);
    make_contacts(&m, out);
}

void demo_customer(struct arena *a, const struct demo_world *w, int64_t index,
                   const char *values[CUSTOMER_FIELDS],
                   struct demo_contacts *contacts)
{
    struct making m = {
        .arena = a, .world = w, .index = index, .values = values};
    const char *const *rows[DEMO_CONTACTS];
    make_base(&m);
    make_choices(&m);
    make_site(&m);
    make_figures(&m);
    make_texts(&m);
    make_tags(&m);
    make_contacts(&m, contacts);
    for (int i = 0; i < contacts->n; i++)
        rows[i] = contacts->value[i];
    set_id(&m, CUSTOMER_primary_contact_id, contacts->id[0]);
    derived_set(a, values, rows, contacts->n);
}
