/* SPDX-License-Identifier: MIT */
/* CSV: see splice_check.h. */
#include "splice_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return splice_check(&csv_format, data, size);
}
