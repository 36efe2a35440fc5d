/* SPDX-License-Identifier: MIT */
/*
 * Reading vCards. The files are as phones and address books write them, with
 * made-up people.
 */
#include "source/vcard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "source/input.h"
#include "source/records.h"

/* "COLUMN=value" for each cell that is there, a card's end as "--". */
static void
show(struct str *out, const struct records *records)
{
	for (uint32_t row = 0; row < records_count(records); row++) {
		for (uint32_t i = 0; i < records_column_count(records); i++)
			if (records_cell(records, row, i))
				str_addf(out, "%s=%s\n",
				    records_column_name(records, i),
				    records_cell(records, row, i));
		if (records_problem(records, row))
			str_addf(out, "!%u: %s\n", records_line(records, row),
			    records_problem(records, row));
		str_add(out, "--\n");
	}
}

static char *
read_cards(const char *text, size_t len, size_t chunk)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	struct input input;
	struct str out;
	enum source_unit unit;
	void *reader;

	input_init_memory(&input, text, len, chunk);
	reader = vcard_format.start(&input, records, "f.vcf");
	do
		unit = vcard_format.next(reader, &err);
	while (unit == SOURCE_UNIT_HEADER || unit == SOURCE_UNIT_RECORD);
	vcard_format.end(reader);
	input_release(&input);
	str_init(&out, (size_t)1 << 30);
	show(&out, records);
	if (unit == SOURCE_UNIT_FAILED)
		str_addf(&out, "%s\n", err.text);
	records_free(records);
	return str_take(&out);
}

/* The same with LF, CRLF and CR, read in pieces of any size. */
static void
check_cards(const char *text, const char *should)
{
	static const char *const breaks[] = {"\n", "\r\n", "\r"};

	for (size_t i = 0; i < 3; i++) {
		struct str written;
		size_t sizes;

		str_init(&written, 1 << 20);
		for (const char *at = text; *at; at++)
			if (*at == '\n')
				str_add(&written, breaks[i]);
			else
				str_add_char(&written, *at);
		sizes = written.len < 80 ? written.len : 80;
		for (size_t chunk = 0; chunk <= sizes; chunk++) {
			char *is = read_cards(written.data, written.len, chunk);
			bool same = CHECK_TEXT(is, should);

			free(is);
			if (!same) {
				printf("# chunk %zu, break %zu\n", chunk, i);
				break;
			}
		}
		str_release(&written);
	}
}

TEST(vcard_reads_what_iphones_write)
{
	check_cards(
	    "BEGIN:VCARD\n"
	    "VERSION:3.0\n"
	    "PRODID:-//Apple Inc.//iPhone OS 17.5//EN\n"
	    "N:Abernathy;Ruth;Ann;Dr.;\n"
	    "FN:Dr. Ruth Ann Abernathy\n"
	    "item1.ORG:Riverside Garden Club;\n"
	    "EMAIL;type=INTERNET;type=HOME;type=pref:ruth@example.com\n"
	    "TEL;type=WORK;type=VOICE:(916) 555-0100\n"
	    "TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:(916) 555-0101\n"
	    "item2.TEL:916-555-0102\n"
	    "item2.X-ABLabel:_$!<Mobile>!$_\n"
	    "item3.ADR;type=WORK;type=pref:;;1 Office Way\\nSuite 9;Davis;CA;"
	    "95616;United States\n"
	    "item3.X-ABADR:us\n"
	    "item4.ADR;type=HOME:;;12 Elm St\\nApt 4;Sacramento;CA;\n"
	    " 95811;United States\n"
	    "item4.X-ABADR:us\n"
	    "item5.X-ABRELATEDNAMES:Walter\n"
	    "item5.X-ABLabel:_$!<Spouse>!$_\n"
	    "BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-15\n"
	    "NOTE:Likes roses\\, tulips\\; and \\\\ signs.\\nCalls on Mondays, "
	    "u"
	    "sua\n lly.\n"
	    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAASABIAAD/4QBMRXhp\n"
	    " ZgAATU0AKgAAAAgAAgESAAMAAAABAAEAAIdpAAQAAAABAAAAJgAAAAAAAqACAAQA"
	    "\n"
	    "UID:5f0c6f9e-0000-4000-8000-000000000001\n"
	    "END:VCARD\n",
	    "N family=Abernathy\nN given=Ruth\nN additional=Ann\n"
	    "N prefix=Dr.\nFN=Dr. Ruth Ann Abernathy\n"
	    "ORG=Riverside Garden Club\n"
	    "EMAIL 1=ruth@example.com\nEMAIL 1 type=internet home pref\n"
	    "TEL 1=(916) 555-0101\nTEL 2=(916) 555-0100\n"
	    "TEL 1 type=iphone cell voice pref\nTEL 2 type=work voice\n"
	    "TEL 3=916-555-0102\nTEL 3 type=mobile\n"
	    "ADR 1 street=12 Elm St\nApt 4\nADR 2 street=1 Office Way\nSuite "
	    "9\n"
	    "ADR 1 city=Sacramento\nADR 2 city=Davis\n"
	    "ADR 1 region=CA\nADR 2 region=CA\n"
	    "ADR 1 postal code=95811\nADR 2 postal code=95616\n"
	    "ADR 1 country=United States\nADR 2 country=United States\n"
	    "ADR 1 type=home\nADR 2 type=work pref\n"
	    "X-ABADR=us\nX-ABADR #2=us\nX-ABRELATEDNAMES=Walter\n"
	    "X-ABLABEL=_$!<Spouse>!$_\nBDAY=--03-15\n"
	    "NOTE=Likes roses, tulips; and \\ signs.\nCalls on Mondays, "
	    "usually.\n"
	    "UID=5f0c6f9e-0000-4000-8000-000000000001\n--\n");
}

TEST(vcard_reads_what_android_writes)
{
	check_cards(
	    "BEGIN:VCARD\n"
	    "VERSION:2.1\n"
	    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=81balos;Jos=C3=A9;;;"
	    "\n"
	    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4A=6F=73=C3=A9=20=C3="
	    "\n"
	    "=81=62=61=6C=6F=73\n"
	    "TEL;CELL:9165550103\n"
	    "TEL;WORK;FAX:9165550109\n"
	    "TEL;HOME;PREF:916-555-0104\n"
	    "EMAIL;HOME:jose@example.com\n"
	    "ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;=31=32=20=45=\n"
	    "=6C=6D=20=53=74=0D=0A=41=70=74=20=34;Davis;CA;95616;\n"
	    "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=41=5C=3B b\\; c=\n"
	    "\n"
	    "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAASABIAAD/4QBM\n"
	    " RXhpZgAATU0AKgAAAAgAAgESAAMAAAABAAEAAIdpAAQAAAABAAAAJgAAAAAA\n"
	    "\n"
	    "\n"
	    "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Pepe;1;;;;\n"
	    "BDAY:1951-02-03\n"
	    "END:VCARD\n"
	    "BEGIN:VCARD\n"
	    "VERSION:2.1\n"
	    "N:Adams;Walter;;;\n"
	    "FN:Walter Adams\n"
	    "NOTE:folded where\n"
	    " there is a blank, C:\\new\n"
	    "END:VCARD\n",
	    "N family=\xC3\x81"
	    "balos\nN given=Jos\xC3\xA9\nFN=Jos\xC3\xA9 \xC3\x81"
	    "balos\n"
	    "TEL 1=916-555-0104\nTEL 2=9165550103\nTEL 1 type=home pref\n"
	    "TEL 2 type=cell\nTEL 3=9165550109\nTEL 3 type=work fax\n"
	    "EMAIL 1=jose@example.com\nEMAIL 1 type=home\n"
	    "ADR 1 street=12 Elm St\nApt 4\nADR 1 city=Davis\n"
	    "ADR 1 region=CA\nADR 1 postal code=95616\nADR 1 type=home\n"
	    "NOTE=A; b; c\n"
	    "X-ANDROID-CUSTOM=vnd.android.cursor.item/nickname;Pepe;1;;;;\n"
	    "BDAY=1951-02-03\n--\n"
	    "N family=Adams\nN given=Walter\nFN=Walter Adams\n"
	    "NOTE=folded where there is a blank, C:\\new\n--\n");
}

TEST(vcard_reads_what_outlook_writes)
{
	check_cards(
	    "BEGIN:VCARD\n"
	    "VERSION:2.1\n"
	    "X-MS-SIGNATURE:YES\n"
	    "N;LANGUAGE=en-us;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:O="
	    "92Neil;Denis=\n"
	    "=E9\n"
	    "FN:Denise O'Neil\n"
	    "ORG:Example Bakery;Ovens\n"
	    "TITLE:Owner\n"
	    "NOTE;ENCODING=QUOTED-PRINTABLE:First line=0D=0A=\n"
	    "=0D=0A=\n"
	    "third line, 100=25 sure=3D\n"
	    "TEL;WORK;VOICE:(916) 555-0105\n"
	    "TEL;CELL;VOICE:(916) 555-0106\n"
	    "ADR;WORK;PREF:;;3 Main St;Davis;CA;95616;United States of "
	    "America\n"
	    "LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:3 Main St=0D=0A=\n"
	    "Davis, CA  95616\n"
	    "X-MS-OL-DEFAULT-POSTAL-ADDRESS:2\n"
	    "URL;WORK:http://bakery.example.com/?a=1;b=2\n"
	    "BDAY:19550704\n"
	    "EMAIL;PREF;INTERNET:denise@example.com\n"
	    "X-MS-CARDPICTURE;TYPE=JPEG;ENCODING=BASE64:\n"
	    " /9j/4AAQSkZJRgABAQEAYABgAAD/"
	    "2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQO\n"
	    "\n"
	    "REV:20260101T000000Z\n"
	    "END:VCARD\n",
	    "X-MS-SIGNATURE=YES\nN family=O\xE2\x80\x99Neil\n"
	    "N given=Denis\xC3\xA9\nFN=Denise O'Neil\n"
	    "ORG=Example Bakery\nORG unit=Ovens\nTITLE=Owner\n"
	    "NOTE=First line\n\nthird line, 100% sure=\n"
	    "TEL 1=(916) 555-0105\nTEL 1 type=work voice\n"
	    "TEL 2=(916) 555-0106\nTEL 2 type=cell voice\n"
	    "ADR 1 street=3 Main St\nADR 1 city=Davis\nADR 1 region=CA\n"
	    "ADR 1 postal code=95616\nADR 1 country=United States of America\n"
	    "ADR 1 type=work pref\nX-MS-OL-DEFAULT-POSTAL-ADDRESS=2\n"
	    "URL=http://bakery.example.com/?a=1;b=2\nBDAY=19550704\n"
	    "EMAIL 1=denise@example.com\nEMAIL 1 type=pref internet\n--\n");
}

TEST(vcard_reads_what_google_writes)
{
	check_cards(
	    "BEGIN:VCARD\n"
	    "VERSION:3.0\n"
	    "FN:Luis van der Berg\n"
	    "N:van der Berg;Luis;;;\n"
	    "item1.EMAIL;TYPE=INTERNET:luis@example.com\n"
	    "item1.X-ABLabel:\n"
	    "TEL;TYPE=CELL:+1 916-555-0110\n"
	    "item2.ADR:;;7 Oak Ave;Davis;CA;95616;US;7 Oak Ave\\nDavis\n"
	    "item2.X-ABLabel:Summer\n"
	    "item3.URL:https\\://www.google.com/profiles/1\n"
	    "item3.X-ABLabel:PROFILE\n"
	    "BDAY;VALUE=text:circa 1950\n"
	    "CATEGORIES:myContacts,Turning 65\n"
	    "NICKNAME:Lou,Big\\, Lou\n"
	    "END:VCARD\n"
	    "BEGIN:VCARD\n"
	    "VERSION:3.0\n"
	    "N:;;;;\n"
	    "FN:\n"
	    "BDAY;value=date:1980-04-12\n"
	    "END:VCARD\n",
	    "FN=Luis van der Berg\nN family=van der Berg\nN given=Luis\n"
	    "EMAIL 1=luis@example.com\nEMAIL 1 type=internet\n"
	    "TEL 1=+1 916-555-0110\nTEL 1 type=cell\n"
	    "ADR 1 street=7 Oak Ave\nADR 1 city=Davis\nADR 1 region=CA\n"
	    "ADR 1 postal code=95616\nADR 1 country=US\nADR 1 type=summer\n"
	    "URL=https://www.google.com/profiles/1\nX-ABLABEL=PROFILE\n"
	    "BDAY=circa 1950\nCATEGORIES=myContacts,Turning 65\n"
	    "NICKNAME=Lou,Big, Lou\n--\n"
	    "FN=\nBDAY=1980-04-12\n--\n");
}

TEST(vcard_reads_version_4)
{
	check_cards(
	    "BEGIN:VCARD\n"
	    "VERSION:4.0\n"
	    "PRODID:-//Sabre//Sabre VObject 4.5.4//EN\n"
	    "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\n"
	    "FN;PID=1.1:Min-jun Ahn\n"
	    "N:Ahn;\xEB\xAF\xBC\xEC\xA4\x80;;;\n"
	    "GENDER:M;he\\, him\n"
	    "BDAY:19490705\n"
	    "ANNIVERSARY:--0412\n"
	    "EMAIL;PREF=2;TYPE=work:office@example.com\n"
	    "EMAIL;PREF=1;TYPE=home:minjun@example.com\n"
	    "TEL;VALUE=uri;TYPE=\"voice,work\":tel:+1-916-555-0111;ext=5\n"
	    "TEL;VALUE=uri;PREF=1;TYPE=\"cell,voice\":TEL:+1-916-555-0112\n"
	    "ADR;TYPE=work:;;1 Office Way;Davis;CA;95616;\n"
	    "ADR;TYPE=home;LABEL=\"12 Elm St: rear^n^'Gate^'\":;Unit 5,rear;12 "
	    "Elm St;Davi\n"
	    " s;CA;95616;USA\n"
	    "TEL;TYPE=\"a^nb^^c^'d\":916-555-0113\n"
	    "NOTE:one\n"
	    "NOTE;LANGUAGE=fr:deux\n"
	    "x-mbi:1EG4-TE5-MK73\n"
	    "X-MBI:1S00E00HA26\n"
	    "KIND:individual\n"
	    "END:VCARD\n"
	    "BEGIN:VCARD\n"
	    "VERSION:4.0\n"
	    "KIND:group\n"
	    "FN:Clients\n"
	    "MEMBER:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\n"
	    "END:VCARD\n",
	    "UID=urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\n"
	    "FN=Min-jun Ahn\nN family=Ahn\nN given=\xEB\xAF\xBC\xEC\xA4\x80\n"
	    "GENDER=M\nGENDER text=he, him\nBDAY=19490705\nANNIVERSARY=--0412\n"
	    "EMAIL 1=minjun@example.com\nEMAIL 2=office@example.com\n"
	    "EMAIL 1 type=home\nEMAIL 2 type=work\n"
	    "TEL 1=+1-916-555-0112\nTEL 2=+1-916-555-0111;ext=5\n"
	    "TEL 1 type=cell voice\nTEL 2 type=voice work\n"
	    "ADR 1 street=12 Elm St\nADR 2 street=1 Office Way\n"
	    "ADR 1 city=Davis\nADR 2 city=Davis\nADR 1 region=CA\n"
	    "ADR 2 region=CA\nADR 1 postal code=95616\n"
	    "ADR 2 postal code=95616\nADR 1 type=home\nADR 2 type=work\n"
	    "ADR 1 extended=Unit 5,rear\nADR 1 country=USA\n"
	    "TEL 3=916-555-0113\nTEL 3 type=a b^c\"d\n"
	    "NOTE=one\nNOTE #2=deux\n"
	    "X-MBI=1EG4-TE5-MK73\nX-MBI #2=1S00E00HA26\n--\n");
}

TEST(vcard_keeps_one_broken_card_from_the_others)
{
	static const char outside[] =
	    ": this stands outside of a card; a card begins with BEGIN:VCARD "
	    "and ends with END:VCARD\n--\n";
	static const char open[] = "; write it, or export the contacts again"
				   "\n--\n";
	char should[1024];

	/* an END is missing, in the middle and at the end */
	snprintf(should, sizeof(should),
	    "FN=A\n!1: the card has no END:VCARD before line 3%sFN=B\n--\n"
	    "FN=C\n!6: the card has no END:VCARD before line 8%s",
	    open, open);
	check_cards("BEGIN:VCARD\nFN:A\n"
		    "BEGIN:VCARD\nFN:B\nEND:VCARD\n"
		    "BEGIN:VCARD\nFN:C\n",
	    should);
	/* a BEGIN is missing; text before, between and behind */
	snprintf(should, sizeof(should), "!1%sFN=A\n--\n!6%sFN=C\n--\n!14%s",
	    outside, outside, outside);
	check_cards("From: someone\n\n"
		    "begin:vcard\nFN:A\nend:vcard  \n"
		    "BEGIN VCARD\nFN:B\n\nEND:VCARD\n\n"
		    "BEGIN:VCARD\nFN:C\nEND:VCARD\n"
		    "bye\n",
	    should);
	/* what is not understood is passed over */
	check_cards("\n\nBEGIN:VCARD\n"
		    " a line that goes on from nothing\n"
		    "no colon\n"
		    ":no name\n"
		    ";TYPE=x:no name\n"
		    "\xC3\xA9t\xC3\xA9:no name\n"
		    "FN;X=\"open:Ann\n"
		    "ORG\n"
		    "UNKNOWN:x\n"
		    "NOTE;ENCODING=QUOTED-PRINTABLE:cut off=\n"
		    "END:VCARD\n",
	    "FN=Ann\nNOTE=cut off=\n--\n");
	check_cards("BEGIN:VCARD\nEND:VCARD\n", "--\n");
	check_cards("BEGIN:VCARD\nFN:A\nEND:VCARD", "FN=A\n--\n");
	check_cards("\xEF\xBB\xBF"
		    "BEGIN:VCARD\nFN:A\nEND:VCARD\n",
	    "FN=A\n--\n");
}

TEST(vcard_passes_over_cards_in_cards)
{
	check_cards("BEGIN:VCARD\nVERSION:2.1\nFN:A\nAGENT:\n\n"
		    "BEGIN:VCARD\nFN:inner\nAGENT:\n"
		    "BEGIN:VCARD\nFN:innermost\nEND:VCARD\nEND:VCARD\n"
		    "TEL:916-555-0100\nEND:VCARD\n"
		    "BEGIN:VCARD\nFN:B\nAGENT:BEGIN:VCARD\\nFN:x\\nEND:VCARD\n"
		    "END:VCARD\n",
	    "FN=A\nTEL 1=916-555-0100\nTEL 1 type=\n--\nFN=B\n--\n");
	/* the inner one does not end: the next card is another's all the same
	 */
	check_cards("BEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:inner\n"
		    "END:VCARD\n"
		    "BEGIN:VCARD\nFN:B\nEND:VCARD\n",
	    "FN=A\n!1: the card has no END:VCARD before line 7; write it, or "
	    "export the contacts again\n--\nFN=B\n--\n");
}

static void
check_one(const char *lines, const char *should)
{
	char text[4096], whole[4096];

	snprintf(text, sizeof(text), "BEGIN:VCARD\n%sEND:VCARD\n", lines);
	snprintf(whole, sizeof(whole), "%s--\n", should);
	check_cards(text, whole);
}

TEST(vcard_reads_character_sets)
{
	check_one("VERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-"
		  "1:Jos=E9\n",
	    "FN=Jos\xC3\xA9\n");
	/* nothing is said of it */
	check_one(
	    "VERSION:2.1\nFN;QUOTED-PRINTABLE:Jos=C3=A9\n", "FN=Jos\xC3\xA9\n");
	check_one("VERSION:2.1\nFN;QUOTED-PRINTABLE:Jos=E9 =80\n",
	    "FN=Jos\xC3\xA9 \xE2\x82\xAC\n");
	check_one("VERSION:2.1\nFN;CHARSET=SHIFT_JIS:Jose\n", "FN=Jose\n");
	check_one("VERSION:2.1\nFN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE"
		  ":=82=A0\nUID:1\n",
	    "UID=1\n!1: FN is in a character set that belay does not know; "
	    "export the contacts as UTF-8\n");
	check_one("VERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:A;=E9"
		  "\n",
	    "N family=A\n!1: N given is not the UTF-8 that it says to be; "
	    "export the contacts again\n");
	check_one("VERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:a=00b\n",
	    "!1: FN holds a NUL, which no text does\n");
	/* raw, beside what is coded */
	check_one("VERSION:2.1\nFN:Jos\xC3\xA9\nN;ENCODING=QUOTED-PRINTABLE:"
		  "\xC3\xA9=E9=;=4;==3B;=5C;x\n",
	    "FN=Jos\xC3\xA9\nN family=\xC3\x83\xC2\xA9\xC3\xA9=\n"
	    "N given==4\nN additional==;\nN prefix=;x\n");
}

TEST(vcard_reads_escapes)
{
	check_one("NOTE:a\\nb\\Nc\\,d\\;e\\\\n\\:f\\q\\\n",
	    "NOTE=a\nb\nc,d;e\\n:f\\q\\\n");
	check_one("N:a\\;b;c\\\\;d\\\n", "N family=a;b\nN given=c\\\n"
					 "N additional=d\\\n");
	check_one("VERSION:2.1\nNOTE:a\\nb\\Nc\\,d\\;e\\\\n\\:f\\q\\\n",
	    "NOTE=a\\nb\\Nc,d;e\\n:f\\q\\\n");
	check_one("N;X=1:1;2;3;4;5;6;7;8;9\n",
	    "N family=1\nN given=2\nN additional=3\nN prefix=4\nN suffix=5\n");
}

TEST(vcard_reads_dates_without_a_year)
{
	check_one("BDAY:--0512\n", "BDAY=--0512\n");
	check_one("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12\n", "BDAY=--05-12\n");
	check_one("BDAY;X-APPLE-OMIT-YEAR=1604:16040512\n", "BDAY=--0512\n");
	check_one(
	    "BDAY;X-APPLE-OMIT-YEAR=1604:1950-05-12\n", "BDAY=1950-05-12\n");
	check_one("BDAY;X-APPLE-OMIT-YEAR=1604:1604\n", "BDAY=--\n");
}

TEST(vcard_counts_up_to_twenty)
{
	struct str text, should;

	str_init(&text, 1 << 16);
	str_init(&should, 1 << 16);
	for (unsigned i = 1; i <= 25; i++) {
		str_addf(&text, "X-A:%u\n", i);
		if (i > 20)
			continue;
		str_addf(&should, i > 1 ? "X-A #%u=%u\n" : "X-A=1\n", i, i);
	}
	check_one(text.data, should.data);
	str_release(&text);
	str_release(&should);
}

/* Photos and the like cost no cell, however long they are. */
TEST(vcard_passes_over_photos)
{
	struct str text;
	char *is;

	str_init(&text, (size_t)32 << 20);
	for (unsigned card = 0; card < 2; card++) {
		str_addf(&text,
		    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:%u\r\nPHOTO;ENCODING=b;"
		    "TYPE=JPEG:",
		    card);
		for (unsigned i = 0; i < 5000; i++)
			str_add(&text,
			    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			    "AAAAAAAAAAAAAAAAAAAAAAAA\r\n ");
		str_add(&text, "==\r\nX-PICTURE:");
		for (unsigned i = 0; i < 70000; i++)
			str_add(&text, "AAAAAAAAAAAAAAAA");
		str_add(&text, "\r\nUID:a\r\nEND:VCARD\r\n");
	}
	is = read_cards(text.data, text.len, 0);
	CHECK_TEXT(is, "FN=0\nUID=a\n--\nFN=1\nUID=a\n--\n");
	free(is);
	str_release(&text);
}

TEST(vcard_cuts_what_is_too_long)
{
	struct str text;
	char *is;

	str_init(&text, 1 << 20);
	str_add(&text, "BEGIN:VCARD\nNOTE:");
	for (unsigned i = 0; i < 40000; i++)
		str_add(&text, "\xC3\xA9");
	str_add(&text, "x\nEND:VCARD\n");
	is = read_cards(text.data, text.len, 0);
	CHECK(strstr(is, "\xC3\xA9\n!1: NOTE is longer than 64 KiB, cut\n"));
	CHECK_INT(strcspn(is, "\n"), strlen("NOTE=") + RECORDS_CELL_MAX);
	free(is);
	str_release(&text);
}

TEST(vcard_refuses_what_is_none)
{
	struct str text;
	char *is;

	check_cards("", "f.vcf: no card is in it; a card begins with a line "
			"BEGIN:VCARD\n");
	is = read_cards(
	    "BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nFN:\0", 43, 0);
	CHECK(str_starts(is, "FN=a\n--\nf.vcf:5: there is a NUL at byte 43"));
	free(is);
	str_init(&text, (size_t)32 << 20);
	str_add(&text, "\nBEGIN:VCARD\nFN:");
	for (unsigned i = 0; i < 1100000; i++)
		str_add(&text, "aaaaaaaaaaaaaaaa");
	is = read_cards(text.data, text.len, 0);
	CHECK_TEXT(is, "f.vcf:2: the card is larger than 16 MiB; is this a "
		       "vCard file?\n");
	free(is);
	str_release(&text);
}
