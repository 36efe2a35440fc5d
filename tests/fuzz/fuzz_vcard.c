/* SPDX-License-Identifier: MIT */
/* vCard: see splice_check.h. */
#include "splice_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return splice_check(&vcard_format, data, size);
}
