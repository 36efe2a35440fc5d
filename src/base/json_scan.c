/* SPDX-License-Identifier: MIT */
/* The tokens of a whole text, of which only places are kept. */
#include "base/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_pull.h"
#include "base/mem.h"
#include "base/text.h"

static void
add_span(struct json_spans *spans, const struct json_pull *pull)
{
	spans->items = mem_grow(spans->items, &spans->capacity,
	    spans->count + 1, sizeof(*spans->items));
	spans->items[spans->count++] = (struct json_span){
	    .start = pull->start, .len = pull->end - pull->start};
}

static bool
scan_tokens(struct json_pull *pull, struct json_places *places, struct err *err)
{
	for (;;) {
		switch (json_pull_next(pull)) {
		case JSON_TOKEN_KEY: add_span(&places->keys, pull); break;
		case JSON_TOKEN_NUMBER: add_span(&places->numbers, pull); break;
		case JSON_TOKEN_END:
			if (pull->state == JSON_WANTS_COMMA)
				return true;
			return err_set(
			    err, ERR_DATA, "expected a value, found nothing");
		case JSON_TOKEN_SHORT:
		case JSON_TOKEN_WRONG:
		case JSON_TOKEN_CUT:
			return err_set(err, ERR_DATA, "%s", pull->wrong);
		default: break;
		}
	}
}

bool
json_scan(const char *text, size_t len, struct json_places *places, size_t *bad,
    struct err *err)
{
	struct json_pull pull;

	*places = (struct json_places){0};
	if (!text_valid(text, len, bad))
		return err_set(
		    err, ERR_DATA, "not valid UTF-8: save the file as UTF-8");
	json_pull_init(&pull, text, len);
	pull.whole = true;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		pull.at = 3;
	if (scan_tokens(&pull, places, err))
		return true;
	*bad = pull.start;
	return false;
}

void
json_places_release(struct json_places *places)
{
	free(places->numbers.items);
	free(places->keys.items);
	*places = (struct json_places){0};
}
