/* SPDX-License-Identifier: MIT */
/* Hazard: Salesforce's IDs differ by case alone; nothing here folds it. */
#include "book/canonical.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

void
canonical_salesforce(struct str *out, size_t start)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
	const char *id = out->data + start;
	char check[4] = "";

	if (out->len - start != 15)
		return;
	for (unsigned chunk = 0; chunk < 3; chunk++) {
		unsigned bits = 0;

		for (unsigned i = 0; i < 5; i++) {
			char c = id[5 * chunk + i];

			if (!isalnum((unsigned char)c))
				return;
			if (c >= 'A' && c <= 'Z')
				bits |= 1u << i;
		}
		check[chunk] = digits[bits];
	}
	str_add_bytes(out, check, 3);
}

void
canonical_zoho(struct str *out, size_t start)
{
	static const char mark[] = "zcrm_";
	size_t len = sizeof(mark) - 1;

	if (!str_starts(out->data + start, mark))
		return;
	memmove(out->data + start, out->data + start + len,
	    out->len - start - len + 1);
	out->len -= len;
}
