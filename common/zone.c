/* The system's tables of time zones (RFC 8536), read once a zone. libc knows
 * one zone a process only. */
#include "common/zone.h"

#include "common/clock.h"
#include "common/date.h"
#include "common/mem.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "/usr/share/zoneinfo/"

enum {
    FILE_MAX = 65536,
    HEADER = 44,
    COUNTS = 20, /* of the header: six numbers of four bytes */
    TYPE = 6,    /* bytes of one kind of local time */
    ZONES_MAX = 32,
    SECOND = 1000000,
    DAY_SECONDS = 86400,
};

struct zone {
    char name[ZONE_LEN];
    int n;           /* changes; -1: the system does not know it */
    int64_t *from;   /* seconds, ascending */
    int32_t *offset; /* from then on */
    int32_t first;   /* before the first change */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone zones[ZONES_MAX];
static int nzones, oldest;

/* --- the file --- */

enum { UTC_MARKS, STD_MARKS, LEAPS, TIMES, TYPES, LETTERS, COUNT };

struct table {
    const unsigned char *at; /* behind the header */
    uint32_t count[COUNT];
};

static uint64_t number(const unsigned char *s, int bytes)
{
    uint64_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | s[i];
    return n;
}

/* Bytes of the data of a block whose times have so many bytes. */
static size_t block_size(const struct table *t, size_t time_bytes)
{
    const uint32_t *n = t->count;
    return n[TIMES] * (time_bytes + 1) + (size_t)n[TYPES] * TYPE + n[LETTERS] +
           n[LEAPS] * (time_bytes + 4) + n[STD_MARKS] + n[UTC_MARKS];
}

static bool read_header(const unsigned char *s, size_t len, struct table *t)
{
    if (len < HEADER || memcmp(s, "TZif", 4) != 0 || s[4] < '2')
        return false;
    for (int i = 0; i < COUNT; i++) {
        t->count[i] = (uint32_t)number(s + COUNTS + i * 4, 4);
        if (t->count[i] > FILE_MAX)
            return false;
    }
    t->at = s + HEADER;
    return true;
}

/* The second block has times of eight bytes; the first is for old readers. */
static bool find_table(const unsigned char *s, size_t len, struct table *t)
{
    if (!read_header(s, len, t))
        return false;
    size_t skip = HEADER + block_size(t, 4);
    return skip < len && read_header(s + skip, len - skip, t) &&
           skip + HEADER + block_size(t, 8) <= len && t->count[TYPES] > 0;
}

static void take_table(struct zone *z, const struct table *t)
{
    uint32_t n = t->count[TIMES];
    const unsigned char *kinds = t->at + (size_t)n * 8;
    const unsigned char *types = kinds + n;
    z->from = x_calloc((size_t)n + 1, sizeof(*z->from));
    z->offset = x_calloc((size_t)n + 1, sizeof(*z->offset));
    z->first = (int32_t)number(types, 4);
    z->n = (int)n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t kind = kinds[i] < t->count[TYPES] ? kinds[i] : 0;
        z->from[i] = (int64_t)number(t->at + (size_t)i * 8, 8);
        z->offset[i] = (int32_t)number(types + kind * TYPE, 4);
    }
}

static void read_zone(struct zone *z)
{
    char path[sizeof(FOLDER) + ZONE_LEN];
    unsigned char *data = x_calloc(1, FILE_MAX);
    struct table t;
    z->n = -1;
    snprintf(path, sizeof(path), FOLDER "%s", z->name);
    FILE *f = strstr(z->name, "..") ? NULL : fopen(path, "re");
    if (f) {
        size_t len = fread(data, 1, FILE_MAX, f);
        fclose(f);
        if (find_table(data, len, &t))
            take_table(z, &t);
    }
    x_free(&data);
}

/* Under the lock. */
static const struct zone *find_zone(const char *name)
{
    for (int i = 0; i < nzones; i++)
        if (strcmp(zones[i].name, name) == 0)
            return &zones[i];
    struct zone *z = &zones[oldest];
    oldest = (oldest + 1) % ZONES_MAX;
    if (nzones < ZONES_MAX)
        nzones++;
    x_free(&z->from);
    x_free(&z->offset);
    snprintf(z->name, sizeof(z->name), "%s", name);
    read_zone(z);
    return z;
}

/* --- looking --- */

static int32_t own_offset(time_t at)
{
    struct tm t;
    localtime_r(&at, &t);
    return (int32_t)t.tm_gmtoff;
}

static int32_t offset_at(const struct zone *z, int64_t seconds)
{
    int low = 0, high = z->n; /* the first change after `seconds` */
    while (low < high) {
        int middle = (low + high) / 2;
        if (z->from[middle] > seconds)
            high = middle;
        else
            low = middle + 1;
    }
    return low == 0 ? z->first : z->offset[low - 1];
}

int32_t zone_offset(const char *zone, int64_t us)
{
    int64_t seconds = us / SECOND - (us % SECOND < 0);
    int32_t offset = 0;
    bool known = false;
    if (zone && *zone && strlen(zone) < ZONE_LEN) {
        pthread_mutex_lock(&lock);
        const struct zone *z = find_zone(zone);
        known = z->n >= 0;
        if (known)
            offset = offset_at(z, seconds);
        pthread_mutex_unlock(&lock);
    }
    return known ? offset : own_offset((time_t)seconds);
}

int32_t zone_today(const char *zone)
{
    int64_t now = clock_now_us();
    int64_t local = now / SECOND + zone_offset(zone, now);
    return (int32_t)(local / DAY_SECONDS - (local % DAY_SECONDS < 0));
}

int64_t zone_day_start(const char *zone, int32_t days)
{
    int64_t local = (int64_t)days * DAY_SECONDS;
    int64_t guess = local - zone_offset(zone, local * SECOND);
    /* Nearer to it the clock may have been changed meanwhile. */
    return (local - zone_offset(zone, guess * SECOND)) * SECOND;
}

const char *zone_own_name(char out[ZONE_LEN])
{
    const char *tz = getenv("TZ");
    char path[256];
    ssize_t n = -1;
    out[0] = '\0';
    if (tz && *tz) {
        tz += *tz == ':';
    } else {
        n = readlink("/etc/localtime", path, sizeof(path) - 1);
        path[n < 0 ? 0 : n] = '\0';
        tz = strstr(path, "zoneinfo/");
        tz = tz ? tz + strlen("zoneinfo/") : "";
    }
    /* A rule ("CST-8") or a path is no name. */
    bool name = *tz != '/' && strlen(tz) < ZONE_LEN &&
                (strchr(tz, '/') != NULL || strcmp(tz, "UTC") == 0);
    if (name)
        snprintf(out, ZONE_LEN, "%s", tz);
    return out;
}
