/* SPDX-License-Identifier: MIT */
/*
 * One table of people as the CRM has them, and beside each what the service
 * has. What the service has is converted here by hand (digits only, ISO
 * dates), not by belay's own rules.
 */
#include "practice/sample.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "practice/practice.h"
#include "practice/store.h"
#include "practice/validate.h"

enum column {
	COLUMN_RECORD_ID,
	COLUMN_FIRST_NAME,
	COLUMN_LAST_NAME,
	COLUMN_EMAIL,
	COLUMN_PHONE,
	COLUMN_MOBILE,
	COLUMN_BIRTH,
	COLUMN_GENDER,
	COLUMN_STREET,
	COLUMN_CITY,
	COLUMN_STATE,
	COLUMN_ZIP,
	COLUMN_MBI,
	COLUMN_PART_A,
	COLUMN_PART_B,
	COLUMN_LEAD_STATUS,
	COLUMN_HEALTHSHERPA_ID,
	COLUMNS
};

static const char *const header[COLUMNS] = {
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Phone Number",
    "Mobile Phone Number",
    "Date of birth",
    "Gender",
    "Street Address",
    "City",
    "State/Region",
    "Postal Code",
    "MBI",
    "Part A Effective Date",
    "Part B Effective Date",
    "Lead Status",
    "HealthSherpa ID",
};

/* How the service knows a person. */
enum known {
	UNKNOWN,     /* not at all, or under an id that it no longer has */
	LINKED,      /* as the file says */
	UNLINKED,    /* under our record id, but the file does not know */
	BY_HAND,     /* typed in on the web: without a record id */
	UNDER_OTHER, /* under the record id of another CRM */
};

struct person {
	const char *cell[COLUMNS];
	enum known known;
	/* One value that the service has differently; NULL: none. */
	const char *field;
	const char *value;
};

static const struct person people[SAMPLE_WRITTEN] = {
    {{"101", "Ruth", "Abernathy", "ruth.abernathy@example.com",
	 "(916) 555-0123", "", "03/14/1961", "Female", "12 Elm Street",
	 "Sacramento", "CA", "95811", "1EG4-TE5-MK73", "03/01/2026",
	 "03/01/2026", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"102", "José María", "Ábalos", "jm.abalos@example.com", "(305) 555-0177",
	 "", "11/02/1958", "Male", "801 Coral Way", "Miami", "FL", "33101",
	 "2SG4-TE5-MK74", "11/01/2023", "11/01/2023", "Connected",
	 "0be1a900-0000-4000-8000-000000000102"},
	LINKED, NULL, NULL},
    {{"103", "Walter", "Adams", "walter.adams@example.com", "", "",
	 "07/30/1955", "Male", "4400 River Road", "Fresno", "California",
	 "9581", "3SG4-TE5-MK75", "", "", "New", ""},
	UNKNOWN, NULL, NULL},
    {{"104", "민준", "Ahn", "minjun.ahn@example.com", "(808) 555-0144", "",
	 "01/19/1957", "Male", "55 Palm Court", "Honolulu", "HI", "96815",
	 "4SG4-TE5-MK76", "01/01/2022", "01/01/2022", "Connected",
	 "0be1a900-0000-4000-8000-000000000104"},
	LINKED, "phone", "8085550143"},
    {{"105", "Luz", "", "luz@example.com", "(713) 555-0131", "", "05/05/1957",
	 "Female", "9 Bayou Lane", "Houston", "TX", "77002", "5SG4-TE5-MK77",
	 "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"106", "Anne-Marie", "Baker", "anne-marie.baker@example.com", "555-0109",
	 "", "12/12/1961", "Female", "300 Lenox Avenue", "New York", "NY",
	 "10001", "6SG4-TE5-MK78", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"107", "Joan", "Prescott", "", "(602) 555-0118", "", "08/09/1958",
	 "Female", "17 Cactus Drive", "Phoenix", "AZ", "85001", "", "", "",
	 "Attempted to contact", ""},
	UNKNOWN, NULL, NULL},
    {{"108", "Denise", "Cole", "denise.cole@example.com", "", "404-555-0162",
	 "1959-04-21", "Female", "2210 Peach Street", "Atlanta", "GA", "30301",
	 "7SG4-TE5-MK79", "04/01/2024", "04/01/2024", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"109", "Luis", "Díaz", "luis.diaz@example.com", "(512) 555-0190", "",
	 "09/17/1956", "Male", "78 Mesquite Trail", "Austin", "TX", "78701",
	 "987-65-4321", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"110", "Ellen", "Foster", "ellen.foster@example.com", "(206) 555-0151",
	 "", "02/28/1960", "Female", "640 Pine Street", "Seattle", "WA",
	 "98101", "8SG4-TE5-MK80", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"110", "Eleanor", "Frost", "eleanor.frost@example.com", "(206) 555-0152",
	 "", "10/03/1962", "Female", "12 Alder Street", "Seattle", "WA",
	 "98104", "9SG4-TE5-MK81", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"112", "Grace", "Kim", "kim.family@example.com", "(312) 555-0175", "", "",
	 "Female", "1500 Lake Shore", "Chicago", "IL", "60601", "", "", "",
	 "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"113", "花子", "田中", "hanako.tanaka@example.com", "(808) 555-0166", "",
	 "06/15/1959", "Female", "88 Ocean View", "Honolulu", "HI", "96815",
	 "1SG5-TE5-MK73", "06/01/2024", "06/01/2024", "Connected", ""},
	UNKNOWN, NULL, NULL},
    {{"114", "Zoë", "O'Brien", "zoe.obrien@example.com", "(617) 555-0187", "",
	 "04/04/1961", "Female", "4 \"The Gables\"; Rear House", "Boston", "MA",
	 "02108", "2SG5-TE5-MK74", "", "", "Open; VIP", ""},
	UNKNOWN, NULL, NULL},
    {{"115", "Mai", "Nguyễn Thị", "mai.nguyen@example.com", "(408) 555-0158",
	 "", "01/27/1960", "Female", "77 Harbor Way\nApt 5B", "San José", "CA",
	 "95113", "3SG5-TE5-MK75", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"116", "Harold", "Peters", "harold.peters@example.com", "(414) 555-0120",
	 "", "03/03/1955", "Male", "21 Mill Road", "Milwaukee", "WI", "53202",
	 "4SG5-TE5-MK76", "", "", "Connected", ""},
	UNDER_OTHER, NULL, NULL},
    {{"117", "Irma", "Quinn", "irma.quinn@example.com", "(505) 555-0139", "",
	 "10/10/1957", "Female", "6 Adobe Circle", "Santa Fe", "NM", "87501",
	 "5SG5-TE5-MK77", "", "", "Connected", ""},
	BY_HAND, NULL, NULL},
    {{"118", "Samuel", "Ortiz", "samuel.ortiz@example.com", "(787) 555-0114",
	 "", "12/24/1958", "Male", "31 Calle Luna", "San Juan", "PR", "00901",
	 "6SG5-TE5-MK78", "", "", "Connected", ""},
	UNLINKED, NULL, NULL},
    {{"119", "Tomás", "Rivera", "tomas.rivera@example.com", "(915) 555-0147",
	 "", "07/07/1959", "Male", "400 Mesa Street", "El Paso", "TX", "79901",
	 "7SG5-TE5-MK79", "07/01/2024", "07/01/2024", "Connected",
	 "0be1a900-0000-4000-8000-000000000119"},
	LINKED, "city", NULL},
    {{"120", "Vera", "Stone", "vera.stone@example.com", "(503) 555-0181", "",
	 "02/30/1959", "Female", "15 Rose Garden Way", "Portland", "OR",
	 "97201", "8SG5-TE5-MK80", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"121", "Omar", "Haddad", "omar.haddad@@example", "(313) 555-0129", "",
	 "08/18/1960", "Male", "72 Woodward Avenue", "Detroit", "Mich.",
	 "48201", "9SG5-TE5-MK81", "", "", "Open", ""},
	UNKNOWN, NULL, NULL},
    {{"122", "Pieter", "van der Berg", "pieter.vdb@example.com",
	 "(616) 555-0171", "", "05/25/1956", "Male", "9 Tulip Lane", "Holland",
	 "MI", "49423", "1SG6-TE5-MK73", "", "", "Connected",
	 "0be1a900-0000-4000-8000-000000000122"},
	UNKNOWN, NULL, NULL},
    {{"123", "Agnieszka", "Wójcik", "agnes.wojcik@example.com",
	 "(773) 555-0134", "", "11/30/1957", "Female", "2800 Milwaukee Avenue",
	 "Chicago", "IL", "60618", "2SG6-TE5-MK74", "11/01/2022", "11/01/2022",
	 "Connected", "0be1a900-0000-4000-8000-000000000123"},
	LINKED, NULL, NULL},
    {{"124", "George", "Whitfield", "george.whitfield@example.com",
	 "(804) 555-0196", "", "09/09/1961", "Male", "1 Monument Avenue",
	 "Richmond", "VA", "23220", "3SG6-TE5-MK75", "", "", "New", ""},
	UNKNOWN, NULL, NULL},
    {{"125", "Beatriz", "Fernández", "beatriz.fernandez@example.com", "",
	 "(210) 555-0188", "12/01/1960", "Female", "518 Mission Road",
	 "San Antonio", "TX", "78205", "4SG6-TE5-MK76", "12/01/2025",
	 "12/01/2025", "Open", ""},
	UNKNOWN, NULL, NULL},
};

/* People whom only the service has: a twin, a husband, one more. */
static const struct person others[] = {
    {{"9001", "June", "Prescott", "", "(602) 555-0119", "", "08/09/1958",
	 "Female", "17 Cactus Drive", "Phoenix", "AZ", "85001", "5SG6-TE5-MK77",
	 "", "", "", ""},
	UNLINKED, NULL, NULL},
    {{"9002", "Daniel", "Kim", "kim.family@example.com", "(312) 555-0175", "",
	 "02/14/1955", "Male", "1500 Lake Shore", "Chicago", "IL", "60601",
	 "6SG6-TE5-MK78", "", "", "", ""},
	UNLINKED, NULL, NULL},
    {{"9003", "Mabel", "Thornton", "", "(207) 555-0103", "", "01/01/1950",
	 "Female", "3 Harbor Street", "Portland", "ME", "04101",
	 "7SG6-TE5-MK79", "", "", "", ""},
	BY_HAND, NULL, NULL},
};

/* ---- the export ---------------------------------------------------------- */

static void
add_cell(struct str *out, const char *text, bool last)
{
	if (strpbrk(text, ",;\"\r\n")) {
		str_add_char(out, '"');
		for (; *text; text++) {
			if (*text == '"')
				str_add_char(out, '"');
			str_add_char(out, *text);
		}
		str_add_char(out, '"');
	} else {
		str_add(out, text);
	}
	str_add_char(out, last ? '\n' : ',');
}

static const struct {
	const char *city, *state, *zip;
	unsigned area;
} places[] = {
    {"Sacramento", "CA", "95811", 916},
    {"Miami", "FL", "33101", 305},
    {"Houston", "TX", "77002", 713},
    {"Chicago", "IL", "60601", 312},
    {"Phoenix", "AZ", "85001", 602},
    {"Seattle", "WA", "98101", 206},
    {"Boston", "MA", "02108", 617},
    {"Atlanta", "GA", "30301", 404},
    {"Denver", "CO", "80202", 303},
    {"Newark", "NJ", "07102", 973},
};

static const char *const first_names[] = {
    "Alice",
    "Benjamin",
    "Carmen",
    "Dorothy",
    "Edward",
    "Frances",
    "Gloria",
    "Henry",
    "Isabel",
    "James",
    "Katherine",
    "Leonard",
    "Margaret",
    "Norman",
    "Olivia",
    "Patricia",
};

static const char *const last_names[] = {
    "Anderson",
    "Brooks",
    "Castillo",
    "Dawson",
    "Ellis",
    "Fischer",
    "Garcia",
    "Hughes",
    "Ingram",
    "Jackson",
    "Keller",
    "Lambert",
    "Morales",
    "Novak",
    "Owens",
    "Parker",
    "Ramirez",
    "Sullivan",
    "Turner",
    "Vargas",
    "Wallace",
    "Young",
    "Zimmerman",
};

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

/* Different for each number below 9 * 30 * 10 * 20 * 10^2. */
static void
make_mbi(char out[14], unsigned number)
{
	static const char letters[] = "ACDEFGHJKMNPQRTUVWXY";
	static const char mixed[] = "0123456789ACDEFGHJKMNPQRTUVWXY";
	unsigned a = number % 100, b, c, d, e;

	number /= 100;
	b = number % 20;
	number /= 20;
	c = number % 10;
	number /= 10;
	d = number % 30;
	number /= 30;
	e = number % 9 + 1;
	snprintf(
	    out, 14, "%uS%c%u-%cN%u-PX%02u", e, mixed[d], c, letters[b], c, a);
}

static void
add_generated(struct str *out, unsigned number)
{
	size_t place = number % COUNT_OF(places);
	size_t last = number / COUNT_OF(first_names) % COUNT_OF(last_names);
	const char *first_name = first_names[number % COUNT_OF(first_names)];
	const char *last_name = last_names[last];
	unsigned year = 1936 + number / 336 % 26;
	unsigned month = 1 + number / 28 % 12, day = 1 + number % 28;
	char mbi[14];

	make_mbi(mbi, number);
	str_addf(out, "%u,%s,%s,", 1000 + number, first_name, last_name);
	str_addf(out, "%c%s.%u@example.com,", first_name[0] + ('a' - 'A'),
	    last_name, 1000 + number);
	str_addf(
	    out, "(%u) 555-01%02u,,", places[place].area, number / 10 % 100);
	str_addf(out, "%02u/%02u/%u,%s,", month, day, year,
	    number % 2 ? "Male" : "Female");
	str_addf(out, "%u Main Street,%s,%s,%s,%s,", 100 + number,
	    places[place].city, places[place].state, places[place].zip, mbi);
	str_addf(out, "%02u/01/%u,%02u/01/%u,%s,\n", month, year + 65, month,
	    year + 65, number % 3 ? "Open" : "New");
}

void
sample_csv(struct str *out, unsigned count)
{
	for (int column = 0; column < COLUMNS; column++)
		add_cell(out, header[column], column == COLUMNS - 1);
	for (unsigned i = 0; i < count && i < SAMPLE_WRITTEN; i++)
		for (int column = 0; column < COLUMNS; column++)
			add_cell(
			    out, people[i].cell[column], column == COLUMNS - 1);
	for (unsigned i = SAMPLE_WRITTEN; i < count; i++)
		add_generated(out, i);
}

/* ---- the config ---------------------------------------------------------- */

/* A single-quoted YAML scalar. */
static void
add_scalar(struct str *out, const char *text)
{
	str_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add_char(out, '\'');
		str_add_char(out, *text);
	}
	str_add_char(out, '\'');
}

void
sample_config(struct str *out, const char *url, const char *contacts_path)
{
	str_add(out, "# The demo: made-up people and a practice server in "
		     "HealthSherpa's place.\ncontacts: ");
	add_scalar(out, contacts_path);
	str_add(out, "\nservice:\n"
		     "  version: v1\n"
		     "  environment: practice\n"
		     "  agent_email: " SAMPLE_AGENT "\n"
		     "  # The practice server takes this word as a key.\n"
		     "  api_key: {command: [echo, " SAMPLE_API_KEY "]}\n"
		     "  urls:\n"
		     "    api: ");
	str_addf(out, "%s/v1\n    login: %s/sessions/new\n", url, url);
	str_add(out,
	    "mapping:                # field of HealthSherpa: column of the "
	    "export\n"
	    "  external_id: Record ID\n"
	    "  first_name: First Name\n"
	    "  last_name: Last Name\n"
	    "  email: Email\n"
	    "  phone: [Mobile Phone Number, Phone Number]   # the first that "
	    "has a value\n"
	    "  birth_date: {column: Date of birth, date: [m/d/y, y-m-d]}\n"
	    "  sex: {column: Gender, values: {Female: female, Male: male}}\n"
	    "  address_1: {column: Street Address, line: 1}\n"
	    "  address_2: {column: Street Address, line: 2..}\n"
	    "  city: City\n"
	    "  state: State/Region\n"
	    "  zip: Postal Code\n"
	    "  medicare_number: MBI\n"
	    "  medicare_part_a_effective_date: {column: Part A Effective "
	    "Date, date: m/d/y}\n"
	    "  medicare_part_b_effective_date: {column: Part B Effective "
	    "Date, date: m/d/y}\n"
	    "  type:\n"
	    "    column: Lead Status\n"
	    "    values: {Connected: client, Open: lead, New: lead,\n"
	    "             Attempted to contact: lead, \"Open; VIP\": lead}\n"
	    "result_columns:\n"
	    "  healthsherpa_id: HealthSherpa ID\n"
	    "sync:\n"
	    "  settle: 2s            # how long a lost answer may still take "
	    "effect;\n"
	    "                        # HealthSherpa may need two minutes\n"
	    "desk:\n"
	    "  filters:              # F in the list shows them\n"
	    "    turning-65: \"t65<90\"                  # in the next 90 "
	    "days\n"
	    "    needs-a-fix: \"finding:error|warning\"\n"
	    "    no-part-b: \"age>=65 -parts:B\"\n");
}

/* ---- what the service has ------------------------------------------------ */

/* A cell as the service keeps it, by the kind of its field. */
static void
convert(struct str *out, const char *cell, enum service_kind kind)
{
	char iso[11];

	str_reset(out);
	if (kind == SERVICE_KIND_DATE && validate_date(cell, iso)) {
		str_add(out, iso);
		return;
	}
	for (; *cell && *cell != '\n'; cell++) {
		char c = *cell;

		if (kind == SERVICE_KIND_PHONE && !isdigit((unsigned char)c))
			continue;
		if (kind == SERVICE_KIND_MBI && c == '-')
			continue;
		if (kind == SERVICE_KIND_SEX && c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		str_add_char(out, c);
	}
}

static const struct {
	enum column column;
	enum service_field field;
} converted[] = {
    {COLUMN_RECORD_ID, SERVICE_EXTERNAL_ID},
    {COLUMN_FIRST_NAME, SERVICE_FIRST_NAME},
    {COLUMN_LAST_NAME, SERVICE_LAST_NAME},
    {COLUMN_EMAIL, SERVICE_EMAIL},
    {COLUMN_PHONE, SERVICE_PHONE},
    {COLUMN_MOBILE, SERVICE_PHONE},
    {COLUMN_BIRTH, SERVICE_BIRTH_DATE},
    {COLUMN_GENDER, SERVICE_SEX},
    {COLUMN_STREET, SERVICE_ADDRESS_1},
    {COLUMN_CITY, SERVICE_CITY},
    {COLUMN_STATE, SERVICE_STATE},
    {COLUMN_ZIP, SERVICE_ZIP},
    {COLUMN_MBI, SERVICE_MEDICARE_NUMBER},
    {COLUMN_PART_A, SERVICE_PART_A_DATE},
    {COLUMN_PART_B, SERVICE_PART_B_DATE},
};

static bool
seed_person(struct store *store, const struct person *person, struct err *err)
{
	const char *id = person->cell[COLUMN_HEALTHSHERPA_ID];
	struct store_contact *contact = store_new(
	    store, SAMPLE_AGENT, *id ? id : NULL);
	struct str value;

	str_init(&value, 1024);
	for (size_t i = 0; i < COUNT_OF(converted); i++) {
		enum service_field field = converted[i].field;

		convert(&value, person->cell[converted[i].column],
		    validate_fields[field].kind);
		if (value.len)
			store_set(contact, field, value.data, false);
	}
	str_release(&value);
	if (person->field)
		store_set(contact,
		    (enum service_field)validate_field(person->field),
		    person->value, false);
	if (person->known == BY_HAND)
		store_set(contact, SERVICE_EXTERNAL_ID, NULL, false);
	if (person->known == UNDER_OTHER)
		store_set(contact, SERVICE_EXTERNAL_ID, "old-crm-77", false);
	contact->app = person->known != BY_HAND;
	if (store_save(store, contact, err))
		return true;
	store_discard(contact);
	return false;
}

bool
sample_seed(struct practice *practice, struct err *err)
{
	struct store *store = practice_store(practice);

	for (size_t i = 0; i < COUNT_OF(people); i++)
		if (people[i].known != UNKNOWN &&
		    !seed_person(store, &people[i], err))
			return false;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (!seed_person(store, &others[i], err))
			return false;
	return true;
}
