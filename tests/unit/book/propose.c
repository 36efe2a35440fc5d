/* SPDX-License-Identifier: MIT */
#include "book/propose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "book/mapping.h"
#include "check.h"
#include "source/records.h"
#include "source/source.h"

static struct source *
open_source(const char *path)
{
	struct err err = ERR_INIT;
	struct source *source = source_open(path, &err);
	enum source_progress progress = SOURCE_FAILED;

	if (source)
		do
			progress = source_load(source, RECORDS_ROWS_MAX, &err);
		while (progress == SOURCE_MORE);
	if (progress != SOURCE_DONE) {
		printf("# %s: %s\n", path, err.text);
		check_that(false, __FILE__, __LINE__, path);
		check_abandon();
	}
	return source;
}

static struct source *
write_source(const char *name, const char *text)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", check_directory(), name);
	check_write(path, text);
	return open_source(path);
}

static struct proposal *
propose(const struct source *source, const char *format, const char *crm)
{
	struct err err = ERR_INIT;
	struct proposal *proposal = proposal_make(
	    source_records(source), format, crm, &err);

	if (!proposal) {
		printf("# %s\n", err.text);
		check_that(false, __FILE__, __LINE__, "proposal");
		check_abandon();
	}
	return proposal;
}

TEST(hubspot)
{
	struct source *source = write_source("h.csv",
	    "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,"
	    "Create Date,Associated Company,Country/Region,Contact owner,MBI,"
	    "Portal Password,Spouse DOB\n"
	    "51,Walter,Ames,w@example.com,916-555-0101,Open,2024-03-12 09:14,,"
	    "US,Ann Agent,1EG4-TE5-MK73,swordfish,1/2/1950\n"
	    "52,Ruth,Bell,r@example.com,(916) 555-0102,New,2024-03-12 09:14,,"
	    "US,Ann Agent,1S00E00HA26,swordfish,1/2/1950\n");
	struct proposal *proposal = propose(source, "CSV", NULL);
	struct str text;

	CHECK_TEXT(proposal_preset(proposal)->name, "hubspot");
	CHECK_TEXT(
	    proposal_field(proposal, FIELD_EXTERNAL_ID)->rule, "Record ID");
	CHECK_TEXT(
	    proposal_field(proposal, FIELD_MEDICARE_NUMBER)->rule, "MBI");
	CHECK_INT(proposal_totals(proposal)->sendable, 2);
	str_init(&text, 1 << 20);
	proposal_config_text(proposal, "/tmp/h.csv", &text);
	fputs(text.data, stdout);
	CHECK(!strstr(text.data, "swordfish"));
	str_release(&text);
	proposal_free(proposal);
	source_free(source);
}
