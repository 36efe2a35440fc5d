/* SPDX-License-Identifier: MIT */
#include "book/coverage.h"

#include "book/book.h"
#include "book/config.h"
#include "check.h"
#include "shelf.h"

static const char mapped[] = "mapping:\n"
			     "  external_id: ID\n"
			     "  first_name: First\n"
			     "  last_name: Last\n"
			     "  state: State\n"
			     "  zip: ZIP\n"
			     "  medicare_number: MBI\n";

static const char csv[] = "ID,First,Last,State,ZIP,MBI\n"
			  "1,Ruth,Adams,CA,95811,1EG4-TE5-MK73\n"
			  "2,Ann,Baker,MA,2139,\n"
			  "3,,Cole,XX,9581,1EG4\n"
			  "4,Bob,Diaz,CA,9581,\n"
			  "4,Eve,Eddy,CA,,900-00-0000\n";

TEST(coverage_counts_contacts_in_slices)
{
	struct config *config = shelf_config(mapped);
	struct book *book = shelf_book(config, "c.csv", csv);
	struct coverage coverage;
	struct contact contact;
	unsigned slices = 1;
	uint32_t count;

	contact_init(&contact);
	coverage_begin(&coverage);
	while (coverage_more(&coverage, book, &contact, 2))
		slices++;
	CHECK_INT(slices, 3);
	CHECK_INT(coverage.rows, 5);
	CHECK_INT(coverage.sendable, 2);
	CHECK_INT(coverage.blocked, 3);
	CHECK_INT(coverage.fields[FIELD_ZIP].filled, 4);
	CHECK_INT(coverage.fields[FIELD_ZIP].sent, 2);
	CHECK_INT(coverage.fields[FIELD_ZIP].left_out, 2);
	CHECK_INT(coverage.fields[FIELD_ZIP].blocked, 0);
	CHECK_INT(coverage.fields[FIELD_EXTERNAL_ID].blocked, 2);
	CHECK_INT(coverage.fields[FIELD_FIRST_NAME].filled, 4);
	CHECK_INT(coverage.fields[FIELD_FIRST_NAME].blocked, 1);
	CHECK_INT(coverage.fields[FIELD_PHONE].filled, 0);
	CHECK_INT(coverage_finding(&coverage, FIELD_ZIP, 0, &count),
	    FINDING_ZIP_LENGTH);
	CHECK_INT(count, 2);
	CHECK_INT(coverage_finding(&coverage, FIELD_ZIP, 1, &count),
	    FINDING_ZIP_ZEROS);
	CHECK_INT(count, 1);
	CHECK_INT(coverage_finding(&coverage, FIELD_ZIP, 2, &count),
	    FINDING_CODE_COUNT);
	/* what blocks comes first, however rare */
	CHECK_INT(coverage_finding(&coverage, FIELD_MEDICARE_NUMBER, 0, &count),
	    FINDING_MBI_SSN);
	CHECK_INT(coverage_finding(&coverage, FIELD_PHONE, 0, &count),
	    FINDING_CODE_COUNT);
	contact_release(&contact);
	book_free(book);
	config_free(config);
}

/* Twice the same in one field is one contact. */
TEST(coverage_counts_a_contact_once)
{
	struct coverage coverage;
	struct contact contact;

	contact_init(&contact);
	coverage_begin(&coverage);
	contact_add(&contact, FINDING_ROW_SHAPE, FIELD_COUNT, "one");
	contact_add(&contact, FINDING_ROW_SHAPE, FIELD_COUNT, "two");
	coverage_add(&coverage, &contact);
	CHECK_INT(coverage.found[FIELD_COUNT][FINDING_ROW_SHAPE], 1);
	CHECK_INT(coverage.blocked, 1);
	contact_release(&contact);
}
