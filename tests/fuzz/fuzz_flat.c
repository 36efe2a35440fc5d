/* SPDX-License-Identifier: MIT */
/* YAML: see flat_check.h. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "flat_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *what;

	if (size < 2 || size > 1 << 16)
		return 0;
	/* the last byte chooses, the corpus is documents otherwise */
	size--;
	what = flat_check((const char *)data, size,
	    data[size] % 2 ? 1 + data[size] % 31 : 0, NULL);
	if (what) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
	return 0;
}
