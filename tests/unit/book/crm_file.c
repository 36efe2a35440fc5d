/* SPDX-License-Identifier: MIT */
/* What is written for each CRM, to the byte. */
#include "book/crm_file.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/canonical.h"
#include "book/contact.h"
#include "check.h"
#include "unit/book/shelf.h"

static const char mapping[] = "mapping:\n"
			      "  external_id: {column: Id, minted: true}\n"
			      "  first_name: First\n"
			      "  last_name: Last\n";
static const char mapping_salesforce[] =
    "mapping:\n"
    "  external_id: {column: Id, canonical: salesforce}\n"
    "  first_name: First\n"
    "  last_name: Last\n";
static const char mapping_zoho[] =
    "mapping:\n"
    "  external_id: {column: Id, canonical: zoho}\n"
    "  first_name: First\n"
    "  last_name: Last\n";

/* Header and one row, of a book of that one row. */
static void
written(
    struct str *out, const char *target_name, const char *yaml, const char *row)
{
	struct err err = ERR_INIT;
	const struct crm_target *target = crm_target_find(target_name, &err);
	struct crm_row values = {.row = 0,
	    .healthsherpa_id = "hs-1",
	    .status = "synced",
	    .error = "",
	    .synced_at = "2026-11-23T10:00:00Z",
	    .quote_url = "https://example.com/q"};
	struct config *config = shelf_config(yaml);
	struct contact contact;
	struct book *book;
	struct str text;

	REQUIRE(target != NULL);
	str_init(&text, 4096);
	str_addf(&text, "Id,First,Last,Odd\n%s\n", row);
	book = shelf_book(config, "c.csv", text.data);
	contact_init(&contact);
	book_contact(book, 0, &contact);
	str_reset(out);
	crm_file_header(target, book, out);
	if (!crm_file_row(target, book, &contact, &values, out))
		str_add(out, "(none)");
	contact_release(&contact);
	book_free(book);
	config_free(config);
	str_release(&text);
}

TEST(crm_files_are_to_the_byte_what_each_import_takes)
{
	static const struct {
		const char *target, *config, *row, *should;
	} cases[] = {
	    {"hubspot", mapping, "  51 ,Ruth,Abernathy,x",
		"\"Record ID\",\"HealthSherpa ID\"\r\n"
		"\"51\",\"hs-1\"\r\n"},
	    {"salesforce", mapping_salesforce,
		"0014000000Lmabc,Ruth,Abernathy,x",
		"\"Id\",\"HealthSherpa_ID__c\"\r\n"
		"\"0014000000LmabcAAB\",\"hs-1\"\r\n"},
	    /* a mapping that does not say so */
	    {"salesforce", mapping, "006x0000001YZ8Y,Ruth,Abernathy,x",
		"\"Id\",\"HealthSherpa_ID__c\"\r\n"
		"\"006x0000001YZ8YAAW\",\"hs-1\"\r\n"},
	    {"zoho", mapping_zoho, "zcrm_4876876000000333051,Ruth,Abernathy,x",
		"\"Record Id\",\"HealthSherpa ID\"\r\n"
		"\"zcrm_4876876000000333051\",\"hs-1\"\r\n"},
	    {"gohighlevel", mapping, "oCwk1x2y3z4A5b6C7d8E,\"R \"\"u\",A,x",
		"\"Contact Id\",\"First Name\",\"HealthSherpa ID\"\r\n"
		"\"oCwk1x2y3z4A5b6C7d8E\",\"R \"\"u\",\"hs-1\"\r\n"},
	    {"pipedrive", mapping, "7,Ruth,Abernathy,x",
		"\"Person - ID\",\"Person - Name\",\"HealthSherpa ID\"\r\n"
		"\"7\",\"Ruth Abernathy\",\"hs-1\"\r\n"},
	    {"agencybloc", mapping, "7,Ruth,Abernathy,x",
		"\"Id\",\"Individual: First Name\",\"Individual: Last "
		"Name\",\"HealthSherpa ID\"\r\n"
		"\"7\",\"Ruth\",\"Abernathy\",\"hs-1\"\r\n"},
	    {"any", mapping, "7,Ruth,\"=A,b\",",
		"\"Id\",\"First\",\"Last\",\"Odd\",\"HealthSherpa "
		"ID\",\"HealthSherpa Status\",\"HealthSherpa Error\","
		"\"HealthSherpa Synced At\",\"HealthSherpa Quote URL\"\r\n"
		"\"7\",\"Ruth\",\"=A,b\",\"\",\"hs-1\",\"synced\",\"\","
		"\"2026-11-23T10:00:00Z\",\"https://example.com/q\"\r\n"},
	    /* without an ID of the CRM an import would make a second one */
	    {"hubspot", mapping, ",Ruth,Abernathy,x",
		"\"Record ID\",\"HealthSherpa ID\"\r\n(none)"},
	};
	struct str out;

	str_init(&out, 4096);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		written(&out, cases[i].target, cases[i].config, cases[i].row);
		CHECK_TEXT(out.data, cases[i].should);
	}
	str_release(&out);
}

TEST(crm_targets_are_found_by_name_or_the_nearest_is_named)
{
	struct err err = ERR_INIT;

	CHECK(crm_target_find("HubSpot", &err) != NULL);
	/* as recognition calls its exports */
	REQUIRE(crm_target_find("salesforce-report", &err) != NULL);
	CHECK_TEXT(
	    crm_target_find("salesforce-report", &err)->name, "salesforce");
	CHECK(crm_target_find("hubspt", &err) == NULL);
	CHECK_INT(err.kind, ERR_USAGE);
	CHECK(strstr(err.text, "did you mean 'hubspot'?") != NULL);
	err = (struct err)ERR_INIT;
	CHECK(crm_target_find("excel", &err) == NULL);
	CHECK(strstr(err.text, "agencybloc, any") != NULL);
	/* a target has columns, or says why there is no file */
	for (size_t i = 0; i < crm_target_count; i++)
		CHECK((crm_targets[i].columns != NULL) !=
		      (crm_targets[i].refusal != NULL));
}

TEST(canonical_ids_are_those_that_the_crms_document)
{
	static const struct {
		void (*canonical)(struct str *out, size_t start);
		const char *is, *should;
	} cases[] = {
	    {canonical_salesforce, "0014000000Lmabc", "0014000000LmabcAAB"},
	    {canonical_salesforce, "006x0000001YZ8Y", "006x0000001YZ8YAAW"},
	    {canonical_salesforce, "001x0000002xLCV", "001x0000002xLCVAA2"},
	    {canonical_salesforce, "0014000000LmabcAAB", "0014000000LmabcAAB"},
	    {canonical_salesforce, "0014000000Lmab-", "0014000000Lmab-"},
	    {canonical_salesforce, "", ""},
	    {canonical_zoho, "zcrm_4876876000000333051", "4876876000000333051"},
	    {canonical_zoho, "4876876000000333051", "4876876000000333051"},
	    {canonical_zoho, "zcrm_", ""},
	};
	struct str out;

	str_init(&out, 100);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		str_reset(&out);
		str_addf(&out, "before %s", cases[i].is);
		cases[i].canonical(&out, 7);
		CHECK(strncmp(out.data, "before ", 7) == 0);
		CHECK_TEXT(out.data + 7, cases[i].should);
		CHECK_INT(strlen(out.data), out.len);
	}
	str_release(&out);
}
