/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "vectors.h"

/* The numbering plan's own examples of good and bad numbers, and the forms
 * of CRM exports; 555-01XX is reserved for fiction. */
TEST(rules_phone)
{
	static const struct vector vectors[] = {
	    {"9165550123", "9165550123", ""},
	    {"(916) 555-0123", "9165550123", ""},
	    {"916-555-0123", "9165550123", ""},
	    {"916.555.0123", "9165550123", ""},
	    {"916 555 0123", "9165550123", ""},
	    {"916/555-0123", "9165550123", ""},
	    {"+1 916 555 0123", "9165550123", ""},
	    {"+19165550123", "9165550123", ""},
	    {"1-916-555-0123", "9165550123", ""},
	    {"1 (916) 555-0123", "9165550123", ""},
	    {"001 916 555 0123", "9165550123", ""},
	    {"011 1 916 555 0123", "9165550123", ""},
	    {"tel: 916-555-0123", "9165550123", ""},
	    {"9165550123.0", "9165550123", ""},
	    {"=\"9165550123\"", "9165550123", ""},
	    {"'9165550123", "9165550123", ""},
	    {"\xc2\xa0"
	     "916\xe2\x80\x93"
	     "555\xe2\x80\x93"
	     "0123",
		"9165550123", ""},
	    /* extensions */
	    {"916-555-0123 x12", "9165550123", ""},
	    {"916-555-0123x12", "9165550123", ""},
	    {"916-555-0123 ext. 12", "9165550123", ""},
	    {"916-555-0123 Ext 12", "9165550123", ""},
	    {"916-555-0123 #12", "9165550123", ""},
	    {"+19165550123;ext=12", "9165550123", ""},
	    {"916-555-0123,,12", "9165550123", ""},
	    {"916-555-0123 (cell)", "9165550123", ""},
	    /* several in a cell: the first good one */
	    {"916-555-0123; 916-555-0124", "9165550123", ""},
	    {"916-555-0123 ::: 916-555-0124", "9165550123", ""},
	    {"916-555-0123 / 916-555-0124", "9165550123", ""},
	    {"916-555-0123 or 916-555-0124", "9165550123", ""},
	    {"916-555-0123\n916-555-0124", "9165550123", ""},
	    {"555-0123; 916-555-0124", "9165550124", ""},
	    {"none; 916-555-0124", "9165550124", ""},
	    /* valid 234-235-5678; invalid: exchange 911, area 123, 291 */
	    {"234-235-5678", "2342355678", ""},
	    {"234-911-5678", "", "PHONE-SHAPE"},
	    {"123-234-5678", "", "PHONE-SHAPE"},
	    {"291-234-5678", "", "PHONE-SHAPE"},
	    {"911-555-0123", "", "PHONE-SHAPE"},
	    {"211-555-0123", "", "PHONE-SHAPE"},
	    {"016-555-0123", "", "PHONE-SHAPE"},
	    {"916-155-0123", "", "PHONE-SHAPE"},
	    {"916-055-0123", "", "PHONE-SHAPE"},
	    {"999-999-9999", "", "PHONE-SHAPE"},
	    {"000-000-0000", "", "PHONE-SHAPE"},
	    /* territories */
	    {"787-555-0123", "7875550123", ""},
	    {"671-555-0123", "6715550123", ""},
	    {"340-555-0123", "3405550123", ""},
	    /* too few, too many, letters */
	    {"555-0123", "", "PHONE-SHAPE"},
	    {"916-555-012", "", "PHONE-SHAPE"},
	    {"916-555-01234", "", "PHONE-SHAPE"},
	    {"2-916-555-0123", "", "PHONE-SHAPE"},
	    {"1-800-FLOWERS", "", "PHONE-SHAPE"},
	    {"call her son", "", "PHONE-SHAPE"},
	    {"916555012391655501239165550123", "", "PHONE-SHAPE"},
	    /* spreadsheets, other countries, toll-free */
	    {"1.42556E+10", "", "PHONE-DAMAGED"},
	    {"9.16555E+09", "", "PHONE-DAMAGED"},
	    {"+44 20 7946 0123", "", "PHONE-FOREIGN"},
	    {"+52 55 5550 0123", "", "PHONE-FOREIGN"},
	    {"011 44 20 7946 0123", "", "PHONE-FOREIGN"},
	    {"800-555-0123", "8005550123", "PHONE-TOLL-FREE"},
	    {"1-888-555-0123", "8885550123", "PHONE-TOLL-FREE"},
	    {"833-555-0123", "8335550123", "PHONE-TOLL-FREE"},
	    /* nothing */
	    {"", "", ""},
	    {"-", "", ""},
	    {"n/a", "", ""},
	};

	VECTORS_CHECK(FIELD_PHONE, vectors);
}

TEST(rules_email)
{
	static const struct vector vectors[] = {
	    {"ruth@example.com", "ruth@example.com", ""},
	    {" Ruth@Example.COM ", "Ruth@example.com", ""},
	    {"ruth.a+b@mail.example.co", "ruth.a+b@mail.example.co", ""},
	    {"o'hara@example.com", "o'hara@example.com", ""},
	    {"mailto:ruth@example.com", "ruth@example.com", ""},
	    {"Ruth Adams <ruth@example.com>", "ruth@example.com", ""},
	    {"ruth@example.com; r@example.org", "ruth@example.com", ""},
	    {"ruth@example.com, r@example.org", "ruth@example.com", ""},
	    {"ruth@example.com ::: r@example.org", "ruth@example.com", ""},
	    {"ruth@example.com\nr@example.org", "ruth@example.com", ""},
	    {"jos\xc3\xa9@example.com", "jos\xc3\xa9@example.com", ""},
	    {"ruth@xn--bcher-kva.example", "ruth@xn--bcher-kva.example", ""},
	    {"ruth", "", "EMAIL-SHAPE"},
	    {"ruth@", "", "EMAIL-SHAPE"},
	    {"@example.com", "", "EMAIL-SHAPE"},
	    {"ruth@example", "", "EMAIL-SHAPE"},
	    {"ruth@@example.com", "", "EMAIL-SHAPE"},
	    {"ruth@example..com", "", "EMAIL-SHAPE"},
	    {"ruth@.example.com", "", "EMAIL-SHAPE"},
	    {"ruth@example.com.", "", "EMAIL-SHAPE"},
	    {"ruth@-example.com", "", "EMAIL-SHAPE"},
	    {"ruth@example.c", "", "EMAIL-SHAPE"},
	    {"ruth@example.123", "", "EMAIL-SHAPE"},
	    {"ruth@exam ple.com", "", "EMAIL-SHAPE"},
	    {"ru th@example.com", "", "EMAIL-SHAPE"},
	    {".ruth@example.com", "", "EMAIL-SHAPE"},
	    {"ruth.@example.com", "", "EMAIL-SHAPE"},
	    {"ru..th@example.com", "", "EMAIL-SHAPE"},
	    {"\"ruth a\"@example.com", "", "EMAIL-SHAPE"},
	    {"ruth@[127.0.0.1]", "", "EMAIL-SHAPE"},
	    /* Outlook, when the type is not SMTP */
	    {"/o=ExchangeLabs/ou=Exchange/cn=Recipients/cn=ruth", "",
		"EMAIL-SHAPE"},
	    {"none@none.com", "none@none.com", "EMAIL-PLACEHOLDER"},
	    {"noemail@example.com", "noemail@example.com", "EMAIL-PLACEHOLDER"},
	    {"n/a", "", ""},
	    {"none", "", ""},
	    {"", "", ""},
	};

	VECTORS_CHECK(FIELD_EMAIL, vectors);
}
