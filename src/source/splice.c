/* SPDX-License-Identifier: MIT */
/* The list of edits of one unit. */
#include "source/source_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { TEXT_MAX = 16 << 20 };

void
splice_init(struct splice *splice)
{
	*splice = (struct splice){0};
	str_init(&splice->text, TEXT_MAX);
}

void
splice_release(struct splice *splice)
{
	free(splice->edits);
	str_release(&splice->text);
	splice_init(splice);
}

void
splice_reset(struct splice *splice)
{
	splice->count = 0;
	str_reset(&splice->text);
}

void
splice_encode(struct splice *splice, enum encoding encoding)
{
	struct str encoded;

	if (encoding == ENCODING_UTF8)
		return;
	str_init(&encoded, TEXT_MAX);
	for (size_t i = 0; i < splice->count; i++) {
		struct splice_edit *edit = &splice->edits[i];
		size_t text = encoded.len;

		encoding_add(encoding, &encoded, splice->text.data + edit->text,
		    edit->len);
		edit->text = text;
		edit->len = encoded.len - text;
	}
	str_release(&splice->text);
	splice->text = encoded;
}

void
splice_add(struct splice *splice, uint64_t start, uint64_t end,
    const char *text, size_t len)
{
	size_t at = splice->count;

	splice->edits = mem_grow(splice->edits, &splice->room,
	    splice->count + 1, sizeof(*splice->edits));
	while (at > 0 && splice->edits[at - 1].start > start)
		at--;
	memmove(splice->edits + at + 1, splice->edits + at,
	    (splice->count - at) * sizeof(*splice->edits));
	splice->edits[at] = (struct splice_edit){
	    start, end, splice->text.len, len};
	splice->count++;
	str_add_bytes(&splice->text, text, len);
}

void
splice_limit(
    struct splice *splice, struct splice_job *job, size_t len, size_t most)
{
	if (splice->text.len == 0 || len + splice->text.len <= most)
		return;
	splice_reset(splice);
	for (size_t i = 0; i < job->cell_count; i++)
		if (!job->cells[i].why[0])
			snprintf(job->cells[i].why, sizeof(job->cells[i].why),
			    "the contact would be longer than belay reads, "
			    "%zu MiB",
			    most >> 20);
}
