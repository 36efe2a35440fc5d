/* SPDX-License-Identifier: MIT */
#include "book/mapping.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "source/records.h"
#include "source/yaml_tree.h"
#include "unit/book/shelf.h"

static const char *
cell_of(void *context, uint32_t row, uint32_t column)
{
	return records_cell(context, row, column);
}

/* Columns "a|b|c" and one row of cells "1|2|3"; "~" stands for no cell. */
static struct records *
make_records(const char *columns, const char *cells)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t column;

	for (size_t len; *columns; columns += len + (columns[len] == '|')) {
		len = strcspn(columns, "|");
		REQUIRE(
		    records_add_column(records, columns, len, &column, &err));
	}
	REQUIRE(records_begin(records, 2, &err));
	column = 0;
	for (size_t len; *cells; cells += len + (cells[len] == '|'), column++) {
		len = strcspn(cells, "|");
		if (len != 1 || *cells != '~')
			REQUIRE(records_put(records, column, cells, len, &err));
	}
	return records;
}

static struct mapping *
parse(const char *yaml, struct str *problems)
{
	struct err err = ERR_INIT;
	struct yaml_node *tree = yaml_tree_parse(
	    "m.yaml", yaml, strlen(yaml), &err);
	struct mapping *mapping;

	if (!tree) {
		printf("# %s\n", err.text);
		check_that(false, __FILE__, __LINE__, yaml);
		check_abandon();
	}
	mapping = mapping_parse("m.yaml", tree, problems);
	yaml_tree_free(tree);
	return mapping;
}

/* The forms of belay.yaml(5), each with what it gives. */
static const struct evaluation {
	const char *yaml, *columns, *cells;
	const char *result; /* NULL: nothing */
	int column;         /* -1: no single one */
} evaluations[] = {
    {"city: Town", "Town", "Ames", "Ames", 0},
    {"city: town", "Town", "Ames", "Ames", 0},
    {"city: Town", "Town", "", NULL, 0},
    {"city: Town", "Town", "  ", NULL, 0},
    {"city: Town", "Town", "~", NULL, 0},
    {"city: Town", "Town", " Ames ", " Ames ", 0},
    {"city: [A, B]", "A|B", "1|2", "1", 0},
    {"city: [A, B]", "A|B", " |2", "2", 1},
    {"city: [A, B]", "A|B", "|", NULL, 0},
    {"city: [B, A]", "A|B", "~|~", NULL, 1},
    {"city: [A, {value: x}]", "A", "", "x", -1},
    {"city: [{column: A, when: {column: B, is: y}}, C]", "A|B|C", "1|n|3", "3",
	2},
    {"city: {column: A}", "A", "1", "1", 0},
    {"city: {column: [A, B]}", "A|B", "|2", "2", 1},
    {"city: {value: client}", "A", "1", "client", -1},
    {"city: {join: [A, B]}", "A|B", "1|2", "1 2", -1},
    {"city: {join: [A, B]}", "A|B", "|2", "2", -1},
    {"city: {join: [A, B]}", "A|B", "1|", "1", -1},
    {"city: {join: [A, B]}", "A|B", "|", NULL, -1},
    {"city: {join: [A, B, C], with: \", \"}", "A|B|C", "1||3", "1, 3", -1},
    {"city: {join: [A, {value: x}], with: \"\"}", "A", "1", "1x", -1},
    {"city: {join: [A, B]}", "A|B", " 1 |2 ", "1 2", -1},
    /* an entry for each number that has anything */
    {"drugs: {list: {name: \"Drug * Name\", dose: \"Drug * Dose\"}}",
	"Drug 1 Name|Drug 1 Dose|Drug 2 Name|Drug 2 Dose|Drug 3 Dose",
	" Aspirin |81 mg||~|\"x\"",
	"[{\"name\":\"Aspirin\",\"dose\":\"81 mg\"},"
	"{\"dose\":\"\\\"x\\\"\"}]",
	-1},
    {"drugs: {list: {name: \"Drug *\"}}", "Drug 1|Drug 2", "| ", NULL, -1},
    {"pharmacies: {list: {name: Pharmacy, zip: \"Zip *\"}}",
	"Pharmacy|Zip 1|Zip 2", "Main|1|2",
	"[{\"name\":\"Main\",\"zip\":\"1\"},{\"zip\":\"2\"}]", -1},
    {"providers: [Doctors, {list: {name: Doctor}}]", "Doctors|Doctor", "|Who",
	"[{\"name\":\"Who\"}]", -1},
    {"city: {template: \"{A} and {B}\"}", "A|B", "1|2", "1 and 2", -1},
    {"city: {template: \"{A} and {B}\"}", "A|B", "1|", "1 and ", -1},
    {"city: {template: \"{A} and {B}\"}", "A|B", "|", NULL, -1},
    {"city: {template: \"{{{A}}}\"}", "A", "1", "{1}", -1},
    {"city: {column: A, split: {on: \";\"}}", "A", "1; 2;3", "1", 0},
    {"city: {column: A, split: {on: \";\", take: 2}}", "A", "1; 2;3", "2", 0},
    {"city: {column: A, split: {on: \";\", take: -1}}", "A", "1; 2;3", "3", 0},
    {"city: {column: A, split: {on: \";\", take: -3}}", "A", "1; 2;3", "1", 0},
    {"city: {column: A, split: {on: \";\", take: 4}}", "A", "1; 2;3", NULL, 0},
    {"city: {column: A, split: {on: \";\", take: -4}}", "A", "1;2;3", NULL, 0},
    {"city: {column: A, split: {on: \" ::: \"}}", "A", "1 ::: 2", "1", 0},
    {"city: {column: A, split: {on: \",\", take: 2}}", "A", "1", NULL, 0},
    {"city: {column: A, line: 1}", "A", "x\ny\nz", "x", 0},
    {"city: {column: A, line: 2}", "A", "x\r\ny\r\nz", "y", 0},
    {"city: {column: A, line: 2..}", "A", "x\ny\nz", "y\nz", 0},
    {"city: {column: A, line: 2..3}", "A", "x\ny\nz\nw", "y\nz", 0},
    {"city: {column: A, line: 2..}", "A", "x", NULL, 0},
    {"city: {column: A, line: 4}", "A", "x\ny\nz", NULL, 0},
    {"sex: {column: A, values: {\"0\": female, \"1\": male}}", "A", "0",
	"female", 0},
    {"sex: {column: A, values: {\"0\": female, \"1\": male}}", "A", " 1 ",
	"male", 0},
    {"sex: {column: A, values: {YES: male}}", "A", "yes", "male", 0},
    {"sex: {column: A, values: {\"0\": female}}", "A", "2", "2", 0},
    {"sex: {column: A, values: {U: null}}", "A", "u", NULL, 0},
    {"sex: {column: A, values: {s\xC3\xAD: male}}", "A", "S\xC3\x8D\xC2\xA0",
	"male", 0},
    {"sex: {column: A, values: {s\xC3\xAD: male}}", "A", "si", "si", 0},
    /* the modifiers in their order, whatever order they are written in */
    {"city: {default: d, values: {b: c}, line: 2, split: {on: \";\", take: 2}, "
     "column: A}",
	"A", "x;a\nb;y", "c", 0},
    {"external_id: {default: d, canonical: zoho, values: {zcrm_1: zcrm_2}, "
     "column: A}",
	"A", "ZCRM_1", "2", 0},
    {"external_id: {default: d, canonical: zoho, column: A}", "A", " ", "d", 0},
    {"sex: {column: A, values: {U: null}, default: male}", "A", "u", "male", 0},
    {"sex: {column: A, default: female}", "A", "", "female", 0},
    {"sex: {column: A, default: female}", "A", "male", "male", 0},
    {"city: {column: A, when: {column: B, is: Yes}}", "A|B", "1|yes ", "1", 0},
    {"city: {column: A, when: {column: B, is: Yes}}", "A|B", "1|no", NULL, 0},
    {"city: {column: A, when: {column: B, not: Yes}}", "A|B", "1|no", "1", 0},
    {"city: {column: A, when: {column: B, not: Yes}}", "A|B", "1|yes", NULL, 0},
    {"city: {column: A, when: {column: B, filled: true}}", "A|B", "1|", NULL,
	0},
    {"city: {column: A, when: {column: B, filled: true}}", "A|B", "1|x", "1",
	0},
    {"city: {column: A, when: {column: B, filled: false}}", "A|B", "1|", "1",
	0},
    {"city: {column: A, when: {column: B, is: x}, default: d}", "A|B", "1|y",
	NULL, 0},
    /* Google's labels; the preferred one has a star */
    {"medicare_number: {pair: {label: \"F * - Label\", is: mbi, value: \"F * "
     "- Value\"}}",
	"F 1 - Label|F 1 - Value|F 2 - Label|F 2 - Value", "Fax|1|* MBI|2", "2",
	3},
    {"medicare_number: {pair: {label: \"F * - Label\", is: MBI, value: \"F * "
     "- Value\"}}",
	"F 1 - Label|F 1 - Value", "Fax|1", NULL, -1},
    /* a word of the label, or none such */
    {"phone: {pair: {label: T * type, has: cell, value: T *}}",
	"T 1|T 1 type|T 2|T 2 type", "1|work pref|2|voice  CELL", "2", 2},
    {"phone: {pair: {label: T * type, has: cell, value: T *}}",
	"T 1|T 1 type|T 2|T 2 type", "1|excellent|2|cells", NULL, -1},
    {"phone: {pair: {label: T * type, has: home, not: fax, value: T *}}",
	"T 1|T 1 type|T 2|T 2 type", "1|home fax|2|home", "2", 2},
    {"phone: {pair: {label: T * type, not: fax, value: T *}}",
	"T 1|T 1 type|T 2|T 2 type", "1|fax|2|~", "2", 2},
    /* where one would be put */
    {"phone: {pair: {label: T * type, not: fax, value: T *}}",
	"T 1|T 1 type|T 2|T 2 type", "1|fax|~|~", NULL, 2},
    /* Salesforce's conversion from 15 to 18 characters */
    {"external_id: {column: A, canonical: salesforce}", "A", "0014000000Lmabc",
	"0014000000LmabcAAB", 0},
    {"external_id: {column: A, canonical: salesforce}", "A", "006x0000001YZ8Y",
	"006x0000001YZ8YAAW", 0},
    {"external_id: {column: A, canonical: salesforce}", "A", "001x0000002xLCV",
	"001x0000002xLCVAA2", 0},
    {"external_id: {column: A, canonical: salesforce}", "A",
	"0014000000LmabcAAB", "0014000000LmabcAAB", 0},
    {"external_id: {column: A, canonical: salesforce}", "A", "12", "12", 0},
    {"external_id: {column: A, canonical: zoho}", "A",
	"zcrm_4150868000000624022", "4150868000000624022", 0},
    {"external_id: {column: A, canonical: zoho}", "A", "4150868000000624022",
	"4150868000000624022", 0},
    /* all modifiers in their order */
    {"city: {column: A, split: {on: \";\", take: 2}, line: 1, values: {x: y}, "
     "default: z}",
	"A", "1;x\nw", "y", 0},
};

static void
evaluate(const struct evaluation *test)
{
	struct str problems, out;
	struct records *records = make_records(test->columns, test->cells);
	struct mapping *mapping;
	enum field field = FIELD_COUNT;
	uint32_t column;
	const char *form;
	bool found;

	str_init(&problems, 10000);
	str_init(&out, 10000);
	mapping = parse(test->yaml, &problems);
	CHECK_TEXT(problems.data, "");
	REQUIRE(mapping != NULL);
	CHECK(mapping_bind(mapping, records, true, &problems));
	CHECK_TEXT(problems.data, "");
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (mapping_has(mapping, (enum field)i))
			field = (enum field)i;
	REQUIRE(field < FIELD_COUNT);
	found = mapping_evaluate(
	    mapping, field, 0, cell_of, records, &out, &column, &form);
	if (found != (test->result != NULL) ||
	    strcmp(out.data, test->result ? test->result : "") != 0)
		printf("# %s with %s\n", test->yaml, test->cells);
	CHECK_INT(found, test->result != NULL);
	CHECK_TEXT(out.data, test->result ? test->result : "");
	CHECK_INT((int32_t)column, test->column);
	CHECK(form == NULL);
	mapping_free(mapping);
	records_free(records);
	str_release(&problems);
	str_release(&out);
}

TEST(mapping_evaluates_every_form)
{
	for (unsigned i = 0; i < sizeof(evaluations) / sizeof(*evaluations);
	     i++)
		evaluate(&evaluations[i]);
}

TEST(mapping_hands_over_the_date_form)
{
	static const char yaml[] = "birth_date: {column: A, date: [d/m/y, "
				   "excel]}\n"
				   "medicare_part_a_effective_date: [{column: "
				   "B, date: y-m-d}, A]\n";
	struct str problems, out;
	struct records *records = make_records("A|B", "1/2/55|");
	struct mapping *mapping;
	uint32_t column;
	const char *form;

	str_init(&problems, 10000);
	str_init(&out, 10000);
	mapping = parse(yaml, &problems);
	REQUIRE(mapping && mapping_bind(mapping, records, true, &problems));
	CHECK(mapping_evaluate(mapping, FIELD_BIRTH_DATE, 0, cell_of, records,
	    &out, &column, &form));
	CHECK_TEXT(form, "d/m/y,excel");
	CHECK(mapping_evaluate(mapping, FIELD_PART_A_DATE, 0, cell_of, records,
	    &out, &column, &form));
	CHECK_TEXT(form, NULL);
	CHECK_INT(column, 0);
	mapping_free(mapping);
	records_free(records);
	str_release(&problems);
	str_release(&out);
}

/* Each message exactly: file, line, column, key, what to do. */
static const struct mistake {
	const char *yaml, *message;
} mistakes[] = {
    {"frist_name: A",
	"m.yaml:1:1: mapping.frist_name: not known here; did you mean "
	"first_name?\n"},
    {"[]", "m.yaml:1:1: mapping: must be a map of HealthSherpa's fields to "
	   "columns\n"},
    {"city: []", "m.yaml:1:7: mapping.city: the list of columns is empty\n"},
    {"city: {}",
	"m.yaml:1:7: mapping.city: needs one of column, join, template, "
	"value, pair or list\n"},
    {"city: {default: x}",
	"m.yaml:1:7: mapping.city: needs one of column, join, template, "
	"value, pair or list\n"},
    {"city: {colum: A, column: B}",
	"m.yaml:1:8: mapping.city.colum: not known here; did you mean "
	"column?\n"},
    {"city: {column: A, value: B}",
	"m.yaml:1:19: mapping.city: has both column and value; only one can "
	"be\n"},
    {"city: {column: {a: b}}",
	"m.yaml:1:16: mapping.city.column: must be a column's name or a list "
	"of them\n"},
    {"city: {join: A}",
	"m.yaml:1:14: mapping.city.join: must be a list of columns\n"},
    {"city: {column: A, with: x}",
	"m.yaml:1:19: mapping.city.with: only with join\n"},
    {"city: {template: \"{A\"}",
	"m.yaml:1:18: mapping.city.template: a { is not closed; write {{ for "
	"a brace of the text\n"},
    {"city: {template: \"A}\"}",
	"m.yaml:1:18: mapping.city.template: a brace stands alone; write {{ "
	"or }} for a brace of the text\n"},
    {"city: {template: \"{}\"}",
	"m.yaml:1:18: mapping.city.template: a brace stands alone; write {{ "
	"or }} for a brace of the text\n"},
    {"city: {template: plain}",
	"m.yaml:1:18: mapping.city.template: no {Column} in it; for a "
	"constant use value:\n"},
    {"city: {column: A, split: \";\"}",
	"m.yaml:1:26: mapping.city.split: must be {on: \";\", take: 1}: the "
	"text to cut at, and which piece\n"},
    {"city: {column: A, split: {on: \";\", take: 0}}",
	"m.yaml:1:42: mapping.city.split.take: must be a number: 1 is the "
	"first piece, -1 the last\n"},
    {"city: {column: A, split: {on: \"\"}}",
	"m.yaml:1:26: mapping.city.split: must be {on: \";\", take: 1}: the "
	"text to cut at, and which piece\n"},
    {"city: {column: A, split: {on: \";\", tak: 2}}",
	"m.yaml:1:36: mapping.city.split.tak: not known here; did you mean "
	"take?\n"},
    {"city: {column: A, line: 0}",
	"m.yaml:1:25: mapping.city.line: must be a number from 1, or 2.. or "
	"1..3\n"},
    {"city: {column: A, line: 3..2}",
	"m.yaml:1:25: mapping.city.line: must be a number from 1, or 2.. or "
	"1..3\n"},
    {"city: {column: A, values: [x]}",
	"m.yaml:1:27: mapping.city.values: must be a map: {\"what stands "
	"there\": what to send}\n"},
    {"city: {column: A, values: {Yes: a, \"no\": b, \"yes \": c}}",
	"m.yaml:1:45: mapping.city.values: this word is here twice, as case "
	"and outer blanks do not count; remove one\n"},
    {"city: {column: A, values: {S\xC3\x8D: a, s\xC3\xAD: b}}",
	"m.yaml:1:35: mapping.city.values: this word is here twice, as case "
	"and outer blanks do not count; remove one\n"},
    {"city: {column: A, date: m/d/y}",
	"m.yaml:1:25: mapping.city.date: this field is not a date\n"},
    {"birth_date: {column: A, date: m-d-y}",
	"m.yaml:1:31: mapping.birth_date.date: must be m/d/y, d/m/y, y-m-d, "
	"excel or excel1904, not \"m-d-y\"\n"},
    {"birth_date: {column: A, date: []}",
	"m.yaml:1:31: mapping.birth_date.date: the list of forms is empty\n"},
    {"birth_date: {column: A, date: [excel, m/d/y, d/m/y]}",
	"m.yaml:1:46: mapping.birth_date.date: m/d/y and d/m/y cannot both be, "
	"as one text would be two dates; keep the one that the column has\n"},
    {"birth_date: {column: A, date: [excel, y-m-d, excel]}",
	"m.yaml:1:46: mapping.birth_date.date: this form is here twice\n"},
    {"birth_date: {column: A, date: {m: d}}",
	"m.yaml:1:31: mapping.birth_date.date: must be m/d/y, d/m/y, y-m-d, "
	"excel or excel1904\n"},
    {"birth_date: {column: A, date: [excel1904, excel]}",
	"m.yaml:1:43: mapping.birth_date.date: excel1904 and excel cannot both "
	"be, as one text would be two dates; keep the one that the column "
	"has\n"},
    {"city: {column: A, canonical: zoho}",
	"m.yaml:1:30: mapping.city.canonical: only for external_id\n"},
    {"external_id: {column: A, canonical: hubspot}",
	"m.yaml:1:37: mapping.external_id.canonical: must be salesforce or "
	"zoho, not \"hubspot\"\n"},
    {"city: {column: A, when: {column: B}}",
	"m.yaml:1:25: mapping.city.when: must be {column: ..., is: ...}, or "
	"not: ... or filled: true in place of is\n"},
    {"city: {column: A, when: {column: B, is: x, not: y}}",
	"m.yaml:1:25: mapping.city.when: must be {column: ..., is: ...}, or "
	"not: ... or filled: true in place of is\n"},
    {"city: {column: A, when: {colum: B, is: x}}",
	"m.yaml:1:26: mapping.city.when.colum: not known here; did you mean "
	"column?\n"},
    {"city: {list: {name: A}}",
	"m.yaml:1:14: mapping.city.list: this field is not a list\n"},
    {"drugs: {list: [A]}",
	"m.yaml:1:15: mapping.drugs.list: must be {name: \"Drug * Name\", "
	"...}: keys of an entry, and the columns that have them\n"},
    {"drugs: {list: {name: [A]}}",
	"m.yaml:1:22: mapping.drugs.list: must be the name of a column, with "
	"* for the number\n"},
    {"city: {column: A, invalid: drop}",
	"m.yaml:1:28: mapping.city.invalid: must be leave_out, send or block, "
	"not \"drop\"\n"},
    {"city: [{column: A, invalid: send}]",
	"m.yaml:1:20: mapping.city.invalid: only for the whole field\n"},
    {"city: {column: A, direction: pull}",
	"m.yaml:1:30: mapping.city.direction: must be push or never, not "
	"\"pull\"\n"},
    {"last_name: {column: A, direction: never}",
	"m.yaml:1:35: mapping.last_name.direction: HealthSherpa takes no "
	"contact without this field\n"},
    {"city: {column: A, minted: true}",
	"m.yaml:1:27: mapping.city.minted: only for external_id\n"},
    {"external_id: {column: A, minted: maybe}",
	"m.yaml:1:34: mapping.external_id.minted: must be false or true, not "
	"\"maybe\"\n"},
    {"external_id: {minted: false}",
	"m.yaml:1:14: mapping.external_id: needs one of column, join, "
	"template, value, pair or list\n"},
    {"external_id: [A, {minted: true}]",
	"m.yaml:1:19: mapping.external_id.minted: only for the whole field\n"
	"m.yaml:1:18: mapping.external_id: needs one of column, join, "
	"template, value, pair or list\n"},
    {"city: {pair: {label: A, is: B}}",
	"m.yaml:1:14: mapping.city.pair: must be {label: \"... * ...\", is: "
	"..., value: \"... * ...\"}; in place of is also has: or not: a "
	"word\n"},
    {"city: {pair: {label: A *, value: B *}}",
	"m.yaml:1:14: mapping.city.pair: must be {label: \"... * ...\", is: "
	"..., value: \"... * ...\"}; in place of is also has: or not: a "
	"word\n"},
    {"city: {pair: {label: A *, has: [x], value: B *}}",
	"m.yaml:1:14: mapping.city.pair: must be {label: \"... * ...\", is: "
	"..., value: \"... * ...\"}; in place of is also has: or not: a "
	"word\n"},
    {"city: {pair: {label: A *, iz: B, value: B *}}",
	"m.yaml:1:27: mapping.city.pair.iz: not known here; did you mean "
	"is?\n"},
    {"city: {pair: {label: A, is: B, value: C}}",
	"m.yaml:1:14: mapping.city.pair: label and value need a * where the "
	"number stands\n"},
    /* all of them at once */
    {"zpi: A\ncity: {line: x}\nstate: {value: {}}\n",
	"m.yaml:1:1: mapping.zpi: not known here; did you mean zip?\n"
	"m.yaml:2:14: mapping.city.line: must be a number from 1, or 2.. or "
	"1..3\n"
	"m.yaml:2:7: mapping.city: needs one of column, join, template, "
	"value, pair or list\n"
	"m.yaml:3:16: mapping.state.value: must be text\n"},
};

TEST(mapping_names_every_mistake)
{
	for (unsigned i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct str problems;

		str_init(&problems, 10000);
		CHECK(parse(mistakes[i].yaml, &problems) == NULL);
		CHECK_TEXT(problems.data, mistakes[i].message);
		str_release(&problems);
	}
}

TEST(mapping_names_missing_columns)
{
	static const char yaml[] = "phone: [Mobile, Phone Nubmer]\n"
				   "city: {column: City, when: {column: "
				   "Contry, is: US}}\n"
				   "notes: {template: \"{Leed Source}\"}\n";
	struct str problems;
	struct records *records = make_records(
	    "Phone Number|City|Country|Lead Source", "1|2|3|4");
	struct records *none = records_new();
	struct mapping *mapping;

	str_init(&problems, 10000);
	mapping = parse(yaml, &problems);
	REQUIRE(mapping != NULL);
	CHECK(mapping_bind(mapping, records, false, &problems));
	CHECK_TEXT(problems.data, "");
	CHECK(mapping_bind(mapping, none, true, &problems));
	CHECK(!mapping_bind(mapping, records, true, &problems));
	CHECK_TEXT(problems.data,
	    "m.yaml:1:9: mapping.phone: there is no column \"Mobile\"\n"
	    "m.yaml:1:17: mapping.phone: there is no column \"Phone Nubmer\"; "
	    "did "
	    "you mean \"Phone Number\"?\n"
	    "m.yaml:2:37: mapping.city.when: there is no column \"Contry\"; "
	    "did "
	    "you mean \"Country\"?\n"
	    "m.yaml:3:19: mapping.notes: there is no column \"Leed Source\"; "
	    "did you mean \"Lead Source\"?\n");
	mapping_free(mapping);
	records_free(records);
	records_free(none);
	str_release(&problems);
}

/* The mapping of vCards, copied into a config: not every card has everything.
 */
TEST(mapping_may_name_what_the_format_could_have)
{
	static const char yaml[] =
	    "email: [EMAIL 1, EMAIL 2, EMAIL 14]\n"
	    "phone: {pair: {label: TEL * type, has: cell, value: TEL *}}\n"
	    "last_name: {column: FN, when: {column: N given, filled: true}}\n"
	    "medicare_number: [X-MBI, X-MEDICARE-NO, EMAIL]\n";
	struct records *records = make_records("UID|FN", "1|Ruth");
	struct mapping *mapping, *clone;
	struct str problems;

	str_init(&problems, 10000);
	mapping = parse(yaml, &problems);
	REQUIRE(mapping != NULL);
	mapping_set_format(mapping, "vCard");
	clone = mapping_clone(mapping);
	CHECK(!mapping_bind(clone, records, true, &problems));
	CHECK_TEXT(problems.data,
	    "m.yaml:4:26: mapping.medicare_number: there is no column "
	    "\"X-MEDICARE-NO\"\n"
	    "m.yaml:4:41: mapping.medicare_number: there is no column "
	    "\"EMAIL\"\n");
	CHECK(!mapping_builtin_names("CSV", "EMAIL 1"));
	mapping_free(mapping);
	mapping_free(clone);
	records_free(records);
	str_release(&problems);
}

TEST(mapping_identity_knows_the_fields)
{
	struct mapping *mapping = mapping_identity(false);
	struct records *records = make_records(
	    "External ID|First-Name|lastname|Address 1|MEDICARE_NUMBER|Foo",
	    "1|Ruth|Adams|12 Main St|1EG4-TE5-MK73|x");
	struct records *other = make_records("Foo|Bar", "1|2");
	struct str problems, out;
	uint32_t column;
	const char *form;

	str_init(&problems, 1000);
	str_init(&out, 1000);
	CHECK(mapping_bind(mapping, records, true, &problems));
	CHECK(mapping_has(mapping, FIELD_EXTERNAL_ID));
	CHECK(mapping_has(mapping, FIELD_ADDRESS_1));
	CHECK(!mapping_has(mapping, FIELD_ZIP));
	CHECK(mapping_evaluate(mapping, FIELD_LAST_NAME, 0, cell_of, records,
	    &out, &column, &form));
	CHECK_TEXT(out.data, "Adams");
	CHECK_INT(column, 2);
	CHECK(!mapping_evaluate(
	    mapping, FIELD_ZIP, 0, cell_of, records, &out, &column, &form));
	CHECK(!mapping_mints(mapping));
	/* no column that is ours: nothing is mapped, which is no problem yet */
	CHECK(mapping_bind(mapping, other, true, &problems));
	CHECK_TEXT(problems.data, "");
	CHECK(!mapping_has(mapping, FIELD_EXTERNAL_ID));
	CHECK(!mapping_has(mapping, FIELD_LAST_NAME));
	mapping_free(mapping);
	records_free(records);
	records_free(other);
	str_release(&problems);
	str_release(&out);
}

TEST(mapping_describes_itself)
{
	static const struct {
		const char *yaml, *words;
	} tests[] = {
	    {"city: A", "A"},
	    {"city: [A, B]", "A, then B"},
	    {"city: {join: [A, B]}", "A + B"},
	    {"city: {value: x}", "always \"x\""},
	    {"city: {template: \"Lead: {A}\"}", "Lead: {A}"},
	    {"city: {column: A, line: 1, default: x}", "A, line 1, else \"x\""},
	    {"city: {column: A, line: 2..}", "A, from line 2"},
	};
	struct str problems, out;

	str_init(&problems, 1000);
	str_init(&out, 1000);
	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct mapping *mapping = parse(tests[i].yaml, &problems);
		struct mapping *copy;

		REQUIRE(mapping != NULL);
		copy = mapping_clone(mapping);
		mapping_free(mapping);
		str_reset(&out);
		mapping_describe(copy, FIELD_CITY, &out);
		CHECK_TEXT(out.data, tests[i].words);
		mapping_free(copy);
	}
	str_release(&problems);
	str_release(&out);
}

TEST(mapping_mints_when_it_says_so)
{
	static const struct {
		const char *yaml, *words, *gives;
		bool mints;
	} tests[] = {
	    {"external_id: A", "A", "7", false},
	    {"external_id: {column: A, minted: false}", "A", "7", false},
	    {"external_id: {column: A, minted: true}",
		"A, else an ID of belay's own", "7", true},
	    {"external_id: {minted: true, column: [B, A]}",
		"B, then A, else an ID of belay's own", "7", true},
	    {"external_id: {column: B, minted: true}",
		"B, else an ID of belay's own", NULL, true},
	    {"external_id: {minted: true}", "an ID of belay's own", NULL, true},
	    {"city: A", "", NULL, false},
	};
	struct records *records = make_records("A|B", "7|");
	struct str problems, out;

	str_init(&problems, 1000);
	str_init(&out, 1000);
	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct mapping *mapping = parse(tests[i].yaml, &problems);
		struct mapping *copy;
		const char *form;
		uint32_t column;

		REQUIRE(mapping != NULL);
		copy = mapping_clone(mapping);
		mapping_free(mapping);
		CHECK(mapping_bind(copy, records, true, &problems));
		CHECK_TEXT(problems.data, "");
		CHECK(mapping_mints(copy) == tests[i].mints);
		str_reset(&out);
		mapping_describe(copy, FIELD_EXTERNAL_ID, &out);
		CHECK_TEXT(out.data, tests[i].words);
		CHECK(mapping_evaluate(copy, FIELD_EXTERNAL_ID, 0, cell_of,
			  records, &out, &column,
			  &form) == (tests[i].gives != NULL));
		CHECK_TEXT(out.data, tests[i].gives ? tests[i].gives : "");
		mapping_free(copy);
	}
	records_free(records);
	str_release(&problems);
	str_release(&out);
}

TEST(mapping_knows_the_column_to_type_into)
{
	static const char yaml[] = "phone: [X, Mobile, Phone]\n"
				   "city: {column: City, line: 1}\n"
				   "notes: {value: \"\", default: x}\n"
				   "zip: {join: [City, Phone]}\n"
				   "email: {column: City, direction: never}\n"
				   "state: {column: City, invalid: block}\n";
	static const struct {
		enum field field;
		int column;
	} tests[] = {{FIELD_PHONE, 2}, {FIELD_CITY, 0}, {FIELD_NOTES, -1},
	    {FIELD_ZIP, -1}, {FIELD_SEX, -1}};
	struct str problems, out;
	struct records *records = make_records("City|Phone|Mobile", "||");
	struct mapping *mapping;

	str_init(&problems, 1000);
	str_init(&out, 1000);
	mapping = parse(yaml, &problems);
	CHECK_TEXT(problems.data, "");
	REQUIRE(mapping && mapping_bind(mapping, records, false, &problems));
	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		uint32_t column;
		const char *form;

		mapping_evaluate(mapping, tests[i].field, 0, cell_of, records,
		    &out, &column, &form);
		CHECK_INT((int32_t)column, tests[i].column);
	}
	CHECK(mapping_never_sent(mapping, FIELD_EMAIL));
	CHECK(!mapping_never_sent(mapping, FIELD_CITY));
	CHECK_INT(mapping_invalid(mapping, FIELD_STATE), INVALID_BLOCK);
	CHECK_INT(mapping_invalid(mapping, FIELD_CITY), INVALID_LEAVE_OUT);
	mapping_free(mapping);
	records_free(records);
	str_release(&problems);
	str_release(&out);
}

/* Any pieces of the grammar in any order end in a mapping or in problems. */
TEST(mapping_survives_any_rules)
{
	static const char *const pieces[] = {"{", "}", "[", "]", ", ",
	    "column: ", "join: ", "template: ", "value: ", "pair: ", "when: ",
	    "split: ", "line: ", "values: ", "date: ", "canonical: ",
	    "default: ", "minted: ", "invalid: ", "with: ", "on: ", "take: ",
	    "is: ", "label: ", "A", "\"{A}\"", "\"{\"", "2..", "-1", "\"\"",
	    "~"};
	struct records *records = make_records("A|B", "1|2");
	struct str text, problems, out;
	unsigned made = 0, bad = 0;
	uint32_t seed = 11;

	str_init(&text, 1000);
	str_init(&problems, 100000);
	str_init(&out, 10000);
	for (unsigned round = 0; round < 20000; round++) {
		struct err err = ERR_INIT;
		struct yaml_node *tree;
		struct mapping *mapping;

		str_reset(&text);
		str_reset(&problems);
		str_add(&text, round & 1 ? "birth_date: {" : "external_id: {");
		for (unsigned i = 0; i < 1 + round % 9; i++) {
			seed = seed * 1664525u + 1013904223u;
			str_add(
			    &text, pieces[(seed >> 16) %
					  (sizeof(pieces) / sizeof(*pieces))]);
		}
		str_add(&text, "}");
		tree = yaml_tree_parse("m", text.data, text.len, &err);
		if (!tree)
			continue;
		mapping = mapping_parse("m", tree, &problems);
		yaml_tree_free(tree);
		made += mapping != NULL;
		bad += mapping == NULL;
		CHECK_INT(mapping == NULL, problems.len > 0);
		for (unsigned f = 0; mapping && f < FIELD_COUNT; f++) {
			uint32_t column;
			const char *form;

			mapping_bind(mapping, records, false, &problems);
			mapping_evaluate(mapping, (enum field)f, 0, cell_of,
			    records, &out, &column, &form);
			mapping_describe(mapping, (enum field)f, &out);
		}
		mapping_free(mapping);
	}
	CHECK(made > 20 && bad > 200);
	records_free(records);
	str_release(&text);
	str_release(&problems);
	str_release(&out);
}

/* Whether two mappings say the same, wherever their rules stand. */
TEST(mapping_same_looks_at_what_rules_say)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
	    {"zip: Zip\ncity: City\n",
		"\n# other places\ncity: City\nzip: Zip\n", true},
	    {"zip: Zip\n", "zip: {column: Zip}\n", true},
	    {"zip: Zip\n", "zip: ZIP\n", false},
	    {"zip: Zip\n", "city: Zip\n", false},
	    {"phone: [A, B]\n", "phone: [B, A]\n", false},
	    {"phone: [A, B]\n", "phone: {join: [A, B]}\n", false},
	    {"sex: {column: A, values: {x: male}}\n",
		"sex: {column: A, values: {x: female}}\n", false},
	    {"sex: {column: A, values: {x: male}}\n",
		"sex: {column: A, values: {x: null}}\n", false},
	    {"birth_date: {column: A, date: m/d/y}\n",
		"birth_date: {column: A, date: d/m/y}\n", false},
	    {"zip: {column: A, when: {column: B, is: x}}\n",
		"zip: {column: A, when: {column: B, not: x}}\n", false},
	    {"zip: {column: A, invalid: send}\n", "zip: A\n", false},
	    {"zip: {column: A, direction: never}\n", "zip: A\n", false},
	    {"external_id: {column: A, minted: true}\n", "external_id: A\n",
		false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str problems;
		struct mapping *a, *b;

		str_init(&problems, 1000);
		a = mapping_parse_file(
		    "a", cases[i].a, strlen(cases[i].a), &problems);
		b = mapping_parse_file(
		    "b", cases[i].b, strlen(cases[i].b), &problems);
		REQUIRE(a && b);
		if (mapping_same(a, b) != cases[i].same)
			check_text(
			    cases[i].a, cases[i].b, __FILE__, __LINE__, "same");
		mapping_free(a);
		mapping_free(b);
		str_release(&problems);
	}
}

/* Keys of an entry are not looked at: the service does not publish them. */
TEST(mapping_passes_lists_through)
{
	static const char config_text[] =
	    "service: {version: v2}\n"
	    "mapping:\n  external_id: id\n  first_name: f\n  last_name: l\n"
	    "  drugs: meds\n  pharmacies: {column: [other]}\n"
	    "  providers: {column: doctors, when: {column: f, is: a}}\n";
	static const struct {
		const char *name, *text;
	} sources[] = {
	    {"b.yaml", "- id: 1\n  f: a\n  l: b\n  meds:\n"
		       "    - name: Aspirin  # the small one\n      ndc: 007\n"
		       "      taken: {times: 2}\n    - {name: \"X\"}\n"
		       "  other: [{id: 5}]\n  doctors: []\n"},
	    {"b.json", "[{\"id\": 1, \"f\": \"a\", \"l\": \"b\", \"meds\": "
		       "[{\"name\": \"Aspirin\", \"ndc\": \"007\", \"taken\": "
		       "{\"times\": 2}}, {\"name\": \"X\"}], "
		       "\"other\": [{\"id\": 5}], \"doctors\": []}]"},
	};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct config *config = shelf_config(config_text);
		struct book *book = shelf_book(
		    config, sources[i].name, sources[i].text);

		CHECK_TEXT(shelf_value(book, 0, FIELD_DRUGS),
		    "[{\"name\":\"Aspirin\",\"ndc\":\"007\",\"taken\":"
		    "{\"times\":2}},{\"name\":\"X\"}]");
		CHECK_TEXT(
		    shelf_value(book, 0, FIELD_PHARMACIES), "[{\"id\":5}]");
		CHECK_TEXT(shelf_findings(book, 0), "");
		book_free(book);
		config_free(config);
	}
}

TEST(mapping_makes_lists_of_numbered_columns)
{
	struct config *config = shelf_config(
	    "service: {version: v2}\n"
	    "mapping:\n  external_id: id\n  first_name: f\n"
	    "  last_name: l\n  drugs: {list: {name: \"Drug *\", "
	    "dose: \"Drug * dose\"}}\n");
	struct book *book = shelf_book(config, "b.csv",
	    "id,f,l,Drug 1,Drug 1 dose,Drug 2,Drug 2 dose,Drug 12\n"
	    "1,a,b,Aspirin,81 mg,Zocor,,\n2,c,d,,,,,\n3,e,f,,,,,Plavix\n");
	struct str words;

	str_init(&words, 1000);
	CHECK_TEXT(shelf_value(book, 0, FIELD_DRUGS),
	    "[{\"name\":\"Aspirin\",\"dose\":\"81 mg\"},"
	    "{\"name\":\"Zocor\"}]");
	CHECK(shelf_value(book, 1, FIELD_DRUGS) == NULL);
	CHECK_TEXT(
	    shelf_value(book, 2, FIELD_DRUGS), "[{\"name\":\"Plavix\"}]");
	CHECK_TEXT(shelf_findings(book, 0), "");
	mapping_describe(config->mapping, FIELD_DRUGS, &words);
	CHECK_TEXT(words.data, "a list of Drug *, Drug * dose");
	str_release(&words);
	book_free(book);
	config_free(config);
}
