/* SPDX-License-Identifier: MIT */
/* Search of the API: by Medicare number, or a name and one thing more. */
#ifndef PRACTICE_API_SEARCH_H
#define PRACTICE_API_SEARCH_H

#include <stdbool.h>

struct answer;
struct api;
struct api_quirks;
struct json;

/*
 * `params` are those of the body, NULL when it has none. `token`: the call is
 * of version 2, which says "nobody" in its own way.
 */
void api_search(struct api *api, const char *agent, const struct json *params,
    bool token, const struct api_quirks *quirks, struct answer *answer);

#endif
