/* Computed columns. */
#include "server/domain/derived.h"

#include "common/mem.h"
#include "schema/search.h"
#include "schema/type.h"

#include <string.h>

#define SITES_MAX 20

static void add_gram(struct buf *grams, int32_t gram)
{
    buf_char(grams, grams->len ? ',' : '{');
    buf_int(grams, gram);
}

/* The hosts of a list of addresses, by which the same site is found. */
static void add_hosts(struct arena *a, const char *urls, struct buf *grams)
{
    const char **url;
    size_t n = 0;
    int32_t seen[SITES_MAX];
    int nseen = 0;
    if (!urls || !list_split(a, urls, &url, &n))
        return;
    for (size_t i = 0; i < n && nseen < SITES_MAX; i++) {
        int32_t gram = search_host_gram(url_host(a, url[i]));
        bool again = false;
        for (int k = 0; k < nseen; k++)
            again = again || seen[k] == gram;
        if (again)
            continue;
        seen[nseen++] = gram;
        add_gram(grams, gram);
    }
}

static const char *grams_text(struct arena *a, const struct search_doc *doc,
                              const char *urls)
{
    struct buf grams = BUF_INIT;
    add_hosts(a, urls, &grams);
    for (int i = 0; i < doc->ngrams; i++)
        add_gram(&grams, doc->grams[i]);
    buf_str(&grams, grams.len ? "}" : "{}");
    const char *text = arena_strdup(a, buf_text(&grams));
    buf_free(&grams);
    return text;
}

static void set_search(struct arena *a, const char **customer,
                       const char *const *const *contacts, int n)
{
    const char **names = arena_array(a, (size_t)n + 1, sizeof(*names));
    const char **phones = arena_array(a, (size_t)n + 1, sizeof(*phones));
    int nnames = 0, nphones = 0;
    struct search_doc doc;
    names[nnames++] = customer[CUSTOMER_customer_name];
    for (int i = 0; i < n; i++) {
        const char *phone = contacts[i][CONTACT_phone];
        names[nnames++] = contacts[i][CONTACT_name];
        if (phone && *phone)
            phones[nphones++] = phone;
    }
    search_doc(a, names, nnames, phones, nphones, &doc);
    customer[CUSTOMER_search_text] = doc.text;
    customer[CUSTOMER_search_phones] = doc.phones;
    customer[CUSTOMER_search_grams] =
        grams_text(a, &doc, customer[CUSTOMER_website_urls]);
}

void derived_search(struct arena *a, const struct entity *e,
                    const char **values)
{
    size_t n = (size_t)e->nfields;
    const char **names = arena_array(a, n, sizeof *names);
    const char **texts = arena_array(a, n, sizeof *texts);
    int nnames = 0, ntexts = 0;
    struct search_doc doc;
    const struct field *text = field_find(e, "search_text");
    for (int i = 0; i < e->nfields; i++) {
        const struct field *f = &e->fields[i];
        if (!(f->flags & F_SEARCH) || f->ref || !values[i])
            continue;
        if (strcmp(f->id, e->title) == 0)
            names[nnames++] = values[i];
        else
            texts[ntexts++] = values[i];
    }
    search_doc_texts(a, names, nnames, texts, ntexts, &doc);
    values[field_index(e, text)] = doc.text;
    values[field_index(e, field_find(e, "search_grams"))] =
        grams_text(a, &doc, NULL);
}

int derived_set(struct arena *a, const char **customer,
                const char *const *const *contacts, int n)
{
    int primary = -1;
    for (int i = 0; i < n && primary < 0; i++)
        if (contacts[i][CONTACT_is_primary] &&
            strcmp(contacts[i][CONTACT_is_primary], "t") == 0)
            primary = i;
    if (primary >= 0) {
        const char *const *c = contacts[primary];
        customer[CUSTOMER_contact_person] = c[CONTACT_name];
        customer[CUSTOMER_contact_position] = c[CONTACT_position];
        customer[CUSTOMER_contact_phone] = c[CONTACT_phone];
    }
    customer[CUSTOMER_name_key] =
        search_name_key(a, customer[CUSTOMER_customer_name]);
    set_search(a, customer, contacts, n);
    return primary;
}
