/* The words that demo data is made of. Nothing here is a real company or a
 * real person. */
#ifndef SERVER_DOMAIN_DEMO_WORDS_H
#define SERVER_DOMAIN_DEMO_WORDS_H

#include <stddef.h>

struct demo_city {
    const char *name;   /* as company names begin, without 市 */
    const char *region; /* code of the option list "region" */
    const char *area;   /* code of landlines */
};

/* A line of business: how companies of it are named and what they sell. */
struct demo_line {
    const char *industry; /* code of the option list "industry" */
    const char *word[3];
    const char *products;
};

struct demo_texts {
    const char *field; /* of customer */
    const char *text[4];
};

extern const struct demo_city demo_cities[];
extern const size_t demo_city_count;
extern const struct demo_line demo_lines[];
extern const size_t demo_line_count;
extern const struct demo_texts demo_texts[];
extern const size_t demo_text_count;

/* Brands are a character of the first row, one of the second and, where these
 * do not suffice, one of the third, which begins no word of demo_lines: so no
 * two brands make the same company name. Each is one UTF-8 text. */
extern const char *const demo_brand_first[];
extern const size_t demo_brand_first_count;
extern const char *const demo_brand_second[];
extern const size_t demo_brand_second_count;
extern const char *const demo_brand_third[];
extern const size_t demo_brand_third_count;

extern const char *const demo_surnames[]; /* commonest first */
extern const size_t demo_surname_count;
extern const char *const demo_given[];
extern const size_t demo_given_count;
extern const char *const demo_positions[]; /* of contacts; first: the boss */
extern const size_t demo_position_count;
extern const char *const demo_mobile_prefixes[];
extern const size_t demo_mobile_prefix_count;
extern const char *const demo_suffixes[]; /* legal forms, commonest first */
extern const size_t demo_suffix_count;
extern const char *const demo_tags[]; /* name, colour, name, colour … */
extern const size_t demo_tag_count;

#endif
