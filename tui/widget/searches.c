/* A short list: walked from its start, each time. */
#include "tui/widget/searches.h"

#include "common/mem.h"
#include "common/utf8.h"

#include <string.h>

const char *searches_at(const cJSON *all, int at)
{
    return at < 0 ? NULL : cJSON_GetStringValue(cJSON_GetArrayItem(all, at));
}

void searches_drop(cJSON *all, const char *text)
{
    for (int i = cJSON_GetArraySize(all) - 1; i >= 0; i--) {
        const char *old = searches_at(all, i);
        if (!old || strcmp(old, text) == 0)
            cJSON_DeleteItemFromArray(all, i);
    }
}

void searches_add(cJSON *all, const char *text)
{
    if (text[strspn(text, " ")] == '\0')
        return;
    searches_drop(all, text);
    cJSON_InsertItemInArray(all, 0, cJSON_CreateString(text));
    while (cJSON_GetArraySize(all) > SEARCHES_MAX)
        cJSON_DeleteItemFromArray(all, SEARCHES_MAX);
}

static int begins_with(const char *text, const char *start)
{
    struct arena *a = arena_new();
    const char *folded = utf8_fold(a, start);
    int same = strncmp(utf8_fold(a, text), folded, strlen(folded)) == 0;
    arena_free(&a);
    return same;
}

int searches_step(const cJSON *all, const char *start, int at, int by)
{
    int n = cJSON_GetArraySize(all);
    for (int i = at + by; i >= 0 && i < n; i += by) {
        const char *text = searches_at(all, i);
        if (text && begins_with(text, start))
            return i;
    }
    return -1;
}
