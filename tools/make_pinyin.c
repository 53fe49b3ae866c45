/* make_pinyin DICTIONARY OUTPUT: reads the dictionary of
 * rime-data-pinyin-simp (lines of text, syllables and weight, parted by tabs)
 * and writes the C table that common/pinyin_table.h describes. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST = 0x4e00,
    LAST = 0x9fff,
    LENGTH_MAX = 8,
    SYLLABLE_BITS = 10,
    SYLLABLES_MAX = 1 << SYLLABLE_BITS,
    LINE_BYTES = 1024
};

struct phrase {
    int length;
    long weight;
    uint16_t characters[LENGTH_MAX], syllables[LENGTH_MAX];
};

struct dictionary {
    struct phrase *phrases; /* single characters among them */
    size_t n, cap;
    char *syllables[SYLLABLES_MAX]; /* [0] stands for none */
    int nsyllables;
    uint16_t best[0x10000];
    int longest[0x10000];
};

static _Noreturn void die(const char *what, const char *name)
{
    fprintf(stderr, "make_pinyin: %s: %s\n", what, name);
    exit(EXIT_FAILURE);
}

static uint16_t syllable_index(struct dictionary *d, const char *text)
{
    for (int i = 1; i < d->nsyllables; i++)
        if (strcmp(d->syllables[i], text) == 0)
            return (uint16_t)i;
    if (d->nsyllables == SYLLABLES_MAX)
        die("too many syllables", text);
    d->syllables[d->nsyllables] = strdup(text);
    return (uint16_t)d->nsyllables++;
}

/* Characters of three bytes, which is all that the dictionary has; 0 where
 * another one or too many of them come. */
static int read_characters(const char *s, uint16_t out[LENGTH_MAX])
{
    int n = 0;
    for (; *s != '\0'; s += 3) {
        const unsigned char *c = (const unsigned char *)s;
        if (n == LENGTH_MAX || c[0] < 0xe0 || c[0] > 0xef || c[1] == 0 ||
            c[2] == 0)
            return 0;
        out[n++] =
            (uint16_t)((c[0] & 15) << 12 | (c[1] & 63) << 6 | (c[2] & 63));
    }
    return n;
}

static int read_syllables(struct dictionary *d, char *s,
                          uint16_t out[LENGTH_MAX])
{
    int n = 0;
    char *rest = NULL;
    for (char *t = strtok_r(s, " ", &rest); t != NULL;
         t = strtok_r(NULL, " ", &rest)) {
        if (n == LENGTH_MAX)
            return 0;
        out[n++] = syllable_index(d, t);
    }
    return n;
}

static void read_line(struct dictionary *d, char *line)
{
    struct phrase p = {0};
    char *rest = NULL;
    char *text = strtok_r(line, "\t\r\n", &rest);
    char *reading = strtok_r(NULL, "\t\r\n", &rest);
    char *weight = strtok_r(NULL, "\t\r\n", &rest);
    if (text == NULL || reading == NULL || *text == '#')
        return;
    p.weight = weight != NULL ? strtol(weight, NULL, 10) : 0;
    p.length = read_characters(text, p.characters);
    if (p.length == 0 || read_syllables(d, reading, p.syllables) != p.length)
        return;
    if (d->n == d->cap) {
        d->cap = d->cap > 0 ? d->cap * 2 : 1 << 16;
        d->phrases = realloc(d->phrases, d->cap * sizeof(*d->phrases));
        if (d->phrases == NULL)
            die("no memory", text);
    }
    d->phrases[d->n++] = p;
}

static void read_dictionary(struct dictionary *d, const char *name)
{
    char line[LINE_BYTES];
    bool in_head = true;
    FILE *f = fopen(name, "r");
    if (f == NULL)
        die("can not be read", name);
    d->nsyllables = 1;
    while (fgets(line, sizeof(line), f) != NULL) {
        if (!in_head)
            read_line(d, line);
        else if (strcmp(line, "...\n") == 0)
            in_head = false;
    }
    fclose(f);
    if (d->n == 0)
        die("holds no entries", name);
}

/* By length, characters, then the heaviest reading first. */
static int phrase_order(const void *a, const void *b)
{
    const struct phrase *x = a, *y = b;
    if (x->length != y->length)
        return x->length - y->length;
    for (int i = 0; i < x->length; i++)
        if (x->characters[i] != y->characters[i])
            return x->characters[i] - y->characters[i];
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return memcmp(x->syllables, y->syllables, sizeof(x->syllables));
}

static void keep_best_readings(struct dictionary *d)
{
    size_t kept = 0;
    qsort(d->phrases, d->n, sizeof(*d->phrases), phrase_order);
    for (size_t i = 0; i < d->n; i++) {
        struct phrase *p = &d->phrases[i];
        if (kept > 0 && d->phrases[kept - 1].length == p->length &&
            memcmp(d->phrases[kept - 1].characters, p->characters,
                   sizeof(p->characters)) == 0)
            continue;
        uint16_t first = p->characters[0];
        if (p->length == 1)
            d->best[first] = p->syllables[0];
        if (p->length > d->longest[first])
            d->longest[first] = p->length;
        d->phrases[kept++] = *p;
    }
    d->n = kept;
}

static bool is_special(const struct dictionary *d, const struct phrase *p)
{
    for (int i = 0; i < p->length; i++)
        if (d->best[p->characters[i]] != p->syllables[i])
            return true;
    return false;
}

static int entry_of(const struct dictionary *d, int character)
{
    int length = d->longest[character] > 1 ? d->longest[character] : 0;
    return length << SYLLABLE_BITS | d->best[character];
}

static void write_characters(const struct dictionary *d, FILE *f)
{
    size_t others = 0;
    fprintf(f, "const char *const pinyin_syllables[] = {\"\",\n");
    for (int i = 1; i < d->nsyllables; i++)
        fprintf(f, "\"%s\",%c", d->syllables[i], i % 10 == 0 ? '\n' : ' ');
    fprintf(f, "};\nconst uint16_t pinyin_characters[] = {\n");
    for (int c = FIRST; c <= LAST; c++)
        fprintf(f, "%d,%c", entry_of(d, c), c % 16 == 15 ? '\n' : ' ');
    /* The empty last row keeps the array from being empty. */
    fprintf(f, "};\nconst struct pinyin_other pinyin_others[] = {\n");
    for (int c = 0; c < 0x10000; c++) {
        if ((c >= FIRST && c <= LAST) || d->best[c] == 0)
            continue;
        fprintf(f, "{%d, %d},\n", c, entry_of(d, c));
        others++;
    }
    fprintf(f, "{0, 0}};\nconst size_t pinyin_other_count = %zu;\n", others);
}

static void write_numbers(FILE *f, const uint16_t *numbers, int n)
{
    for (int i = 0; i < n; i++)
        fprintf(f, "%d,%c", numbers[i], i + 1 < n ? ' ' : '\n');
}

/* One array of one length and kind; the number of its phrases. */
static size_t write_phrases(const struct dictionary *d, FILE *f, int length,
                            bool special)
{
    size_t n = 0;
    fprintf(f, "static const uint16_t %s_%d[] = {\n",
            special ? "special" : "plain", length);
    for (size_t i = 0; i < d->n; i++) {
        const struct phrase *p = &d->phrases[i];
        if (p->length != length || is_special(d, p) != special)
            continue;
        write_numbers(f, p->characters, length);
        if (special)
            write_numbers(f, p->syllables, length);
        n++;
    }
    fprintf(f, "0};\n");
    return n;
}

static void write_table(const struct dictionary *d, FILE *f)
{
    size_t plain[LENGTH_MAX + 1] = {0}, special[LENGTH_MAX + 1] = {0};
    fprintf(f, "/* Made by tools/make_pinyin.c; see common/pinyin_table.h. */\n"
               "#include \"common/pinyin_table.h\"\n\n");
    write_characters(d, f);
    for (int length = 2; length <= LENGTH_MAX; length++) {
        plain[length] = write_phrases(d, f, length, false);
        special[length] = write_phrases(d, f, length, true);
    }
    fprintf(f, "const struct pinyin_phrases pinyin_phrases[] = {\n"
               "{0, 0, 0, 0}, {0, 0, 0, 0},\n");
    for (int length = 2; length <= LENGTH_MAX; length++)
        fprintf(f, "{%zu, %zu, plain_%d, special_%d},\n", plain[length],
                special[length], length, length);
    fprintf(f, "};\n");
}

int main(int argc, char **argv)
{
    static struct dictionary d;
    if (argc != 3)
        die("usage", "make_pinyin DICTIONARY OUTPUT");
    read_dictionary(&d, argv[1]);
    keep_best_readings(&d);
    FILE *f = fopen(argv[2], "w");
    if (f == NULL)
        die("can not be written", argv[2]);
    write_table(&d, f);
    bool written = ferror(f) == 0;
    if (fclose(f) != 0 || !written)
        die("can not be written", argv[2]);
    for (int i = 1; i < d.nsyllables; i++)
        free(d.syllables[i]);
    free(d.phrases);
    return EXIT_SUCCESS;
}
