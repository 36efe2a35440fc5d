/* SPDX-License-Identifier: MIT */
/* Search of the API: by Medicare number, or a name and one thing more. */
#ifndef PRACTICE_API_SEARCH_H
#define PRACTICE_API_SEARCH_H

struct answer;
struct api;
struct api_quirks;
struct json;

/* `params` are those of the body, NULL when it has none. */
void api_search(struct api *api, const char *agent, const struct json *params,
    const struct api_quirks *quirks, struct answer *answer);

#endif
