/* SPDX-License-Identifier: MIT */
/* Search of the API: by Medicare number, or a name and one thing more. */
#ifndef PRACTICE_API_SEARCH_H
#define PRACTICE_API_SEARCH_H

#include "practice/validate.h"

struct answer;
struct api;
struct api_quirks;
struct json;

/*
 * `params` are those of the body, NULL when it has none. Version 2 says
 * "nobody" in its own way and shows the lists of who is found.
 */
void api_search(struct api *api, const char *agent, const struct json *params,
    enum service_api version, const struct api_quirks *quirks,
    struct answer *answer);

#endif
