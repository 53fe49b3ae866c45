/* Writes the SQL files of schema/migrations as one C table with checksums:
 * make_migrations OUT.c 0001_x.sql 0002_y.sql …  A number that does not rise or
 * a wrong name stops the build; a gap does not, since numbers are taken before
 * their work is done. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LEN 60

struct text {
    unsigned char *data;
    size_t len;
};

/* --- SHA-256 (FIPS 180-4) --- */

static const uint32_t sha_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void sha_expand(const unsigned char *p, uint32_t w[64])
{
    for (int i = 0; i < 16; i++, p += 4)
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
               (uint32_t)p[2] << 8 | p[3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

static void sha_block(uint32_t h[8], const unsigned char *p)
{
    uint32_t w[64], v[8];
    sha_expand(p, w);
    memcpy(v, h, sizeof(v));
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t x = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                     ((e & v[5]) ^ (~e & v[6])) + sha_k[i] + w[i];
        uint32_t y = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                     ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[4] += x;
        v[0] = x + y;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

static void sha_hex(const struct text *t, char out[65])
{
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    size_t whole = t->len / 64 * 64, rest = t->len - whole;
    for (size_t i = 0; i < whole; i += 64)
        sha_block(h, t->data + i);
    unsigned char tail[128] = {0};
    size_t size = rest < 56 ? 64 : 128;
    memcpy(tail, t->data + whole, rest);
    tail[rest] = 0x80;
    for (int i = 0; i < 8; i++)
        tail[size - 1 - (size_t)i] =
            (unsigned char)((uint64_t)t->len * 8 >> 8 * i);
    for (size_t i = 0; i < size; i += 64)
        sha_block(h, tail + i);
    for (int i = 0; i < 8; i++)
        snprintf(out + 8 * i, 9, "%08" PRIx32, h[i]);
}

/* --- reading and writing --- */

static void stop(const char *what, const char *file)
{
    fprintf(stderr, "make_migrations: %s: %s\n", file, what);
    exit(1);
}

static struct text read_all(const char *file)
{
    FILE *f = fopen(file, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        stop("can not be read", file);
    long len = ftell(f);
    struct text t = {NULL, len < 0 ? 0 : (size_t)len};
    t.data = malloc(t.len + 1);
    if (len < 0 || t.data == NULL || fseek(f, 0, SEEK_SET) != 0 ||
        fread(t.data, 1, t.len, f) != t.len)
        stop("can not be read", file);
    fclose(f);
    if (memchr(t.data, '\0', t.len) != NULL)
        stop("holds a NUL", file);
    return t;
}

/* "…/0001_base.sql" → "0001_base" and its number, which must lie above
 * `before`. */
static int name_of(const char *file, int before, char out[NAME_MAX_LEN])
{
    const char *base = strrchr(file, '/');
    base = base == NULL ? file : base + 1;
    const char *end = strrchr(base, '.');
    size_t len = end == NULL ? 0 : (size_t)(end - base);
    if (len < 6 || len >= NAME_MAX_LEN || strcmp(end, ".sql") != 0 ||
        strspn(base, "0123456789") != 4 || base[4] != '_' ||
        strspn(base, "abcdefghijklmnopqrstuvwxyz0123456789_") != len)
        stop("is not named NNNN_what_it_does.sql", file);
    int number = atoi(base);
    if (number <= before)
        stop("has a number that does not rise", file);
    memcpy(out, base, len);
    out[len] = '\0';
    return number;
}

/* Bytes instead of a string literal: a standard compiler need not take one of
 * more than 4,095 characters. */
static void write_bytes(FILE *out, int number, const struct text *t)
{
    fprintf(out, "static const char sql_%d[] = {", number);
    for (size_t i = 0; i < t->len; i++)
        fprintf(out, "%s%d,", i % 20 == 0 ? "\n    " : "",
                (int)(signed char)t->data[i]);
    fputs("\n    0};\n\n", out);
}

static void write_table(FILE *out, char **files, int n)
{
    fputs("/* Made from schema/migrations/ by make_migrations. */\n"
          "#include \"schema/migration.h\"\n\n",
          out);
    char(*sums)[65] = calloc((size_t)n, sizeof(*sums));
    if (sums == NULL)
        stop("too many files", files[0]);
    for (int i = 0; i < n; i++) {
        struct text t = read_all(files[i]);
        sha_hex(&t, sums[i]);
        write_bytes(out, i + 1, &t);
        free(t.data);
    }
    fputs("const struct migration migration_rows[] = {\n", out);
    for (int i = 0, number = 0; i < n; i++) {
        char name[NAME_MAX_LEN];
        number = name_of(files[i], number, name);
        fprintf(out, "    {%d, \"%s\", sql_%d,\n     \"%s\"},\n", number, name,
                i + 1, sums[i]);
    }
    fprintf(out, "};\nconst int migration_count = %d;\n", n);
    free(sums);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: make_migrations OUT.c FILE.sql …\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (out == NULL)
        stop("can not be written", argv[1]);
    write_table(out, argv + 2, argc - 2);
    bool good = !ferror(out);
    if (fclose(out) != 0 || !good)
        stop("can not be written", argv[1]);
    return 0;
}
