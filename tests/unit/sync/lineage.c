/* SPDX-License-Identifier: MIT */
#include "sync/lineage.h"

#include "check.h"

/* ---- names --------------------------------------------------------------- */

static const struct {
	const char *one, *other;
	bool alike;
} names[] = {
    {"contacts.csv", "contacts (1).csv", true},
    {"/a/Contacts_2026_11_01.csv", "/b/Contacts_2026_11_24.csv", true},
    {"hubspot-crm-exports-all-contacts-2026-11-01.csv",
	"hubspot-crm-exports-all-contacts-2026-11-24-1.csv", true},
    {"Contacts_001.csv", "contacts_002.CSV", true},
    {"contacts - Copy.csv", "contacts.csv", true},
    {"clients Nov 2026.csv", "clients-december.csv", true},
    {"book.vcf", "book (2).vcf", true},
    {"Kunden_Müller.csv", "Kunden_Müller 2.csv", true},
    {".contacts", ".contacts2", true},
    {"contacts.csv", "leads.csv", false},
    {"contacts.csv", "contacts-lost.csv", false},
    {"marchetti.csv", "etti.csv", false},
    {"2026-11-01.csv", "2026-11-24.csv", false},
    {"", "", false},
};

TEST(lineage_of_names)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		CHECK(lineage_alike(names[i].one, names[i].other) ==
		      names[i].alike);
		CHECK(lineage_alike(names[i].other, names[i].one) ==
		      names[i].alike);
	}
}

/* ---- choosing --------------------------------------------------------------
 */

#define SAME .same_format = true, .contacts = 900
#define COLUMNS(both, all) .shared = (both), .columns = (all)
#define IDS(part, all) .known = (part), .sampled = (all)

static const struct {
	const char *what;
	struct lineage_sight sights[3];
	size_t count, chosen;
} choices[] = {
    {"no book", {{0}}, 0, LINEAGE_NONE},
    {"the same columns, most IDs", {{SAME, COLUMNS(20, 20), IDS(480, 500)}}, 1,
	0},
    {"a column more and one less", {{SAME, COLUMNS(18, 20), IDS(480, 500)}}, 1,
	0},
    {"other columns", {{SAME, COLUMNS(15, 20), IDS(500, 500)}}, 1,
	LINEAGE_NONE},
    {"another format", {{.contacts = 900, COLUMNS(20, 20), IDS(500, 500)}}, 1,
	LINEAGE_NONE},
    {"half of the IDs are no proof", {{SAME, COLUMNS(20, 20), IDS(250, 500)}},
	1, LINEAGE_NONE},
    {"one more than half is", {{SAME, COLUMNS(20, 20), IDS(251, 500)}}, 1, 0},
    {"a name does not help against IDs",
	{{SAME, COLUMNS(20, 20), IDS(0, 500), .named_alike = true}}, 1,
	LINEAGE_NONE},
    {"no IDs, named alike",
	{{SAME, COLUMNS(20, 20), IDS(0, 0), .named_alike = true}}, 1, 0},
    {"no IDs, named otherwise", {{SAME, COLUMNS(20, 20), IDS(0, 0)}}, 1,
	LINEAGE_NONE},
    {"no IDs, and nothing was ever synced there",
	{{.same_format = true, COLUMNS(20, 20), .named_alike = true}}, 1,
	LINEAGE_NONE},
    {"no columns at all",
	{{SAME, COLUMNS(0, 0), IDS(0, 0), .named_alike = true}}, 1,
	LINEAGE_NONE},
    {"the one that knows clearly more",
	{{SAME, COLUMNS(20, 20), IDS(300, 500), .named_alike = true},
	    {SAME, COLUMNS(20, 20), IDS(480, 500)}},
	2, 1},
    {"a tie",
	{{SAME, COLUMNS(20, 20), IDS(480, 500)},
	    {SAME, COLUMNS(20, 20), IDS(480, 500)}},
	2, LINEAGE_NONE},
    {"nearly a tie",
	{{SAME, COLUMNS(20, 20), IDS(480, 500)},
	    {SAME, COLUMNS(20, 20), IDS(470, 500)}},
	2, LINEAGE_NONE},
    {"a tie, and one is named alike",
	{{SAME, COLUMNS(20, 20), IDS(500, 500)},
	    {SAME, COLUMNS(20, 20), IDS(495, 500), .named_alike = true}},
	2, 1},
    {"a tie, and both are",
	{{SAME, COLUMNS(20, 20), IDS(500, 500), .named_alike = true},
	    {SAME, COLUMNS(20, 20), IDS(495, 500), .named_alike = true}},
	2, LINEAGE_NONE},
    {"no IDs, two named alike",
	{{SAME, COLUMNS(20, 20), .named_alike = true},
	    {SAME, COLUMNS(20, 20), .named_alike = true}},
	2, LINEAGE_NONE},
    {"what cannot be it makes no doubt",
	{{.contacts = 900, COLUMNS(20, 20), IDS(500, 500)},
	    {SAME, COLUMNS(20, 20), IDS(480, 500)},
	    {SAME, COLUMNS(3, 40), IDS(500, 500)}},
	3, 1},
};

TEST(lineage_is_chosen)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		size_t chosen = lineage_choose(
		    choices[i].sights, choices[i].count);

		check_integer((int64_t)chosen, (int64_t)choices[i].chosen,
		    __FILE__, __LINE__, choices[i].what);
	}
}
