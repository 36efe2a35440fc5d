/* SPDX-License-Identifier: MIT */
/*
 * Another mapping for a book that is open. Nothing is read again: what is
 * known of all rows together is found out anew, in slices, as while loading.
 */
#include <stdlib.h>

#include "base/err.h"
#include "book/book_private.h"
#include "source/source.h"

bool
book_is_mapped(const struct book *book)
{
	bool known = mapping_has(book->mapping, FIELD_EXTERNAL_ID) ||
		     mapping_mints(book->mapping);
	bool named = mapping_has(book->mapping, FIELD_FIRST_NAME) ||
		     mapping_has(book->mapping, FIELD_LAST_NAME);

	return book->config->mapping || book->given || (known && named);
}

static void
forget_index(struct book *book)
{
	struct repeats *indexes[] = {
	    &book->ids, &book->numbers, &book->persons, &book->keys};

	for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++) {
		repeats_release(indexes[i]);
		repeats_init(indexes[i]);
	}
	alike_release(&book->folded_ids);
	alike_init(&book->folded_ids);
	alike_release(&book->couples);
	alike_init(&book->couples);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		book->orders[i] = (enum date_order)0;
	book_forget_signs(book);
	book->doubtful_serials = false;
	book->long_ids = book->rounded_ids = 0;
	book->indexed = 0;
	book->loaded = false;
}

/* Whether a column that is not known now will not come. */
static bool
is_complete(const struct book *book)
{
	return book->loaded || book->unfit || source_has_header(book->source);
}

bool
book_fits(
    const struct book *book, const struct config *config, struct str *problems)
{
	/* bound beside the book, which goes on with what it has */
	struct book look = *book;
	bool good;

	look.config = config;
	look.mapping = book_mapping_for(config, book->source);
	for (unsigned i = 0; i < RESULT_COUNT; i++)
		look.result_names[i] = NULL;
	good = book_bind_all(&look, is_complete(book), problems);
	for (unsigned i = 0; i < RESULT_COUNT; i++)
		free(look.result_names[i]);
	mapping_free(look.mapping);
	return good;
}

void
book_forget_results(struct book *book)
{
	overlay_release(&book->results);
	overlay_init(&book->results);
	book->revision++;
}

bool
book_remap(struct book *book, const struct mapping *mapping, struct err *err)
{
	struct mapping *old = book->mapping;
	struct err ignored = ERR_INIT;
	bool complete = is_complete(book);

	if (book->save)
		return err_set(
		    err, ERR_USAGE, "the file is being saved: one moment");
	book->mapping = mapping ? mapping_clone(mapping)
				: book_mapping_for(book->config, book->source);
	if (!book_bind(book, complete, err)) {
		mapping_free(book->mapping);
		book->mapping = old;
		book_bind(book, false, &ignored);
		return false;
	}
	mapping_free(old);
	book->remapped = true;
	book->given = mapping != NULL;
	if (book->unfit)
		book->broken = book->unfit = false;
	forget_index(book);
	book->revision++;
	return true;
}
