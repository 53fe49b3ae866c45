/* The one source of time; tests move it. */
#include "common/clock.h"

#include "common/date.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Atomic int64_t shift_us;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int64_t real_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A start by KEHU_CLOCK is for tests: what can not be read is left alone. */
static void read_environment(void)
{
    const char *text = getenv("KEHU_CLOCK");
    int64_t start;
    if (text == NULL || *text == '\0')
        return;
    char *end;
    long long seconds = strtoll(text, &end, 10);
    if (*end == '\0' && seconds > -1000000000000 && seconds < 1000000000000)
        shift_us += seconds * 1000000;
    else if (time_parse(text, strlen(text), &start))
        shift_us += start - real_us();
}

int64_t clock_now_us(void)
{
    pthread_once(&once, read_environment);
    return real_us() + shift_us;
}

uint64_t clock_mono_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void clock_shift(int64_t us)
{
    shift_us += us;
}
