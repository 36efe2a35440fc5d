/* SPDX-License-Identifier: MIT */
/*
 * Both sides as a form: a row a field, a word for how they stand to each other.
 *
 * Hazard: what an update would change is told from these values, so they are
 * compared as they would be sent: sync has cleaned HealthSherpa's by the rules
 * that ours went through.
 */
#include "desk/review_sides.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/review_case.h"
#include "desk/words.h"

enum { COLUMN_FIELD, COLUMN_OURS, COLUMN_THEIRS, COLUMN_IS, COLUMNS };
enum { GUTTER = 3, TOLD_MAX = 4 };

static const struct column compared[COLUMNS] = {
    [COLUMN_FIELD] = {"", 9, 17, 0, ALIGN_LEFT},
    [COLUMN_OURS] = {"YOUR FILE", 11, 40, 0, ALIGN_LEFT},
    [COLUMN_THEIRS] = {"HEALTHSHERPA", 14, 44, 0, ALIGN_LEFT},
    [COLUMN_IS] = {"", 10, 10, 1, ALIGN_LEFT},
};

/* Only the ID of whom the search found is known, so there is room for it. */
static const struct column alone[COLUMN_IS] = {
    [COLUMN_FIELD] = {"", 15, 17, 0, ALIGN_LEFT},
    [COLUMN_OURS] = {"YOUR FILE", 16, 40, 0, ALIGN_LEFT},
    [COLUMN_THEIRS] = {"HEALTHSHERPA, WHEN LOOKED UP", 36, 44, 0, ALIGN_LEFT},
};

static const struct column recognised[COLUMN_IS] = {
    [COLUMN_FIELD] = {"", 15, 17, 0, ALIGN_LEFT},
    [COLUMN_OURS] = {"YOUR FILE", 16, 40, 0, ALIGN_LEFT},
    [COLUMN_THEIRS] = {"SYNCED BEFORE", 36, 44, 0, ALIGN_LEFT},
};

static const struct {
	const char *word;
	enum style style;
} words[] = {
    [SIDE_UNKNOWN] = {"", STYLE_DIM},
    [SIDE_DIFFERS] = {"differs", STYLE_WARNING},
    [SIDE_ONLY_THERE] = {"only there", STYLE_CHANGED},
    [SIDE_ONLY_HERE] = {"only here", STYLE_CHANGED},
    [SIDE_SAME] = {"same", STYLE_DIM},
    [SIDE_NEITHER] = {"", STYLE_DIM},
};

static const struct form_ops ops;

void
review_sides_init(struct review_sides *sides, struct desk *desk, uint32_t row,
    const struct contact *contact, const struct row_status *asked)
{
	sides->desk = desk;
	sides->row = row;
	sides->contact = contact;
	sides->asked = asked;
	sides->shown = -1;
	form_init(&sides->form, &ops, sides, alone, COLUMN_IS, COLUMN_OURS);
}

void
review_sides_release(struct review_sides *sides)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (sides->before[i])
			explicit_bzero(
			    sides->before[i], strlen(sides->before[i]));
		free(sides->before[i]);
	}
	form_release(&sides->form);
}

/* ---- how both stand ------------------------------------------------------ */

const struct sync_remote *
review_sides_shown(const struct review_sides *sides)
{
	return sides->shown >= 0 ? &sides->there.contacts[sides->shown] : NULL;
}

/* Case says nothing about an address; it does about a name. */
static bool
same_value(enum field field, const char *a, const char *b)
{
	return field_table[field].kind == FIELD_KIND_EMAIL
		   ? str_equal_fold(a, b)
		   : strcmp(a, b) == 0;
}

enum side
review_side(const struct review_sides *sides, enum field field)
{
	const struct sync_remote *there = review_sides_shown(sides);
	const char *ours, *theirs;

	if (!there || field == FIELD_COUNT || field == FIELD_NOTES)
		return SIDE_UNKNOWN;
	ours = sides->contact->fields[field].value;
	theirs = there->values[field];
	if (!ours || !theirs)
		return ours     ? SIDE_ONLY_HERE
		       : theirs ? SIDE_ONLY_THERE
				: SIDE_NEITHER;
	return same_value(field, ours, theirs) ? SIDE_SAME : SIDE_DIFFERS;
}

/* There is something to see to. */
static bool
is_open(const struct review_sides *sides, enum field field)
{
	enum side side = review_side(sides, field);

	return side == SIDE_DIFFERS || side == SIDE_ONLY_HERE ||
	       side == SIDE_ONLY_THERE ||
	       (field < FIELD_COUNT && sides->before[field]);
}

/* What a person tells people apart by, which is seen also where empty. */
static const enum field telling[] = {FIELD_EXTERNAL_ID, FIELD_COUNT,
    FIELD_FIRST_NAME, FIELD_LAST_NAME, FIELD_MEDICARE_NUMBER, FIELD_BIRTH_DATE,
    FIELD_PHONE, FIELD_EMAIL, FIELD_ADDRESS_1, FIELD_CITY, FIELD_STATE,
    FIELD_ZIP};
static const enum field others[] = {FIELD_ADDRESS_2, FIELD_SEX, FIELD_TYPE,
    FIELD_PART_A_DATE, FIELD_PART_B_DATE, FIELD_MEDICAID_NUMBER,
    FIELD_MEDICAID_ELIGIBLE, FIELD_EXTRA_HELP};

static void
add_fields(struct review_sides *sides, const enum field *fields, size_t count,
    bool open, bool empty)
{
	for (size_t i = 0; i < count; i++)
		if (is_open(sides, fields[i]) == open &&
		    (open || empty || sides->contact->fields[fields[i]].value))
			sides->fields[sides->count++] = fields[i];
}

/* The IDs say whom it is about, so they stay on top. */
static void
put_in_order(struct review_sides *sides)
{
	enum { TELLING = sizeof(telling) / sizeof(telling[0]) };
	enum { OTHERS = sizeof(others) / sizeof(others[0]) };

	sides->fields[0] = FIELD_EXTERNAL_ID;
	sides->fields[1] = FIELD_COUNT;
	sides->count = 2;
	add_fields(sides, telling + 2, TELLING - 2, true, true);
	add_fields(sides, others, OTHERS, true, false);
	add_fields(sides, telling + 2, TELLING - 2, false, true);
	add_fields(sides, others, OTHERS, false, false);
}

/* The one that was chosen, else the one that sync found; where it found
 * nobody, the first. */
static int
find_shown(const struct review_sides *sides)
{
	const char *candidate = review_candidate(sides->asked);
	const char *wanted = *sides->shown_id ? sides->shown_id : candidate;

	for (unsigned i = 0; i < sides->there.count; i++)
		if (!wanted || strcmp(sides->there.contacts[i].healthsherpa_id,
				   wanted) == 0)
			return (int)i;
	return -1;
}

void
review_sides_look(struct review_sides *sides, bool again)
{
	bool known = sides->shown >= 0;
	enum field field = review_sides_field(sides);

	review_settle(sides);
	memset(&sides->there, 0, sizeof(sides->there));
	sides->shown = -1;
	if (sides->desk->sync)
		sync_remotes(sides->desk->sync, &sides->there);
	if (sides->there.row != sides->row ||
	    sides->there.known != LOOK_KNOWN) {
		sides->there.count = 0;
		if (sides->there.row != sides->row)
			sides->there.known = LOOK_NOT_ASKED;
	}
	sides->shown = find_shown(sides);
	if (!again && known == (sides->shown >= 0) && sides->count > 0)
		return; /* no row may move away from under the cursor */
	put_in_order(sides);
	for (size_t i = 0; i < sides->count && known; i++)
		if (sides->fields[i] == field)
			form_select(&sides->form, i);
	if (known != (sides->shown >= 0))
		form_select(&sides->form, sides->shown >= 0 ? 2 : 0);
}

void
review_sides_turn(struct review_sides *sides, bool back)
{
	int count = (int)sides->there.count;
	int next = sides->shown < 0 ? back ? count - 1 : 0
				    : sides->shown + (back ? count - 1 : 1);

	if (count == 0)
		return;
	str_copy(sides->shown_id, sizeof(sides->shown_id),
	    sides->there.contacts[next % count].healthsherpa_id);
	review_sides_look(sides, true);
	form_select(&sides->form, 2);
}

enum field
review_sides_field(const struct review_sides *sides)
{
	return sides->form.cursor < sides->count
		   ? sides->fields[sides->form.cursor]
		   : FIELD_COUNT;
}

/* ---- in sentences -------------------------------------------------------- */

void
review_sides_tell_found(const struct review_sides *sides, struct str *out)
{
	const struct sync_remote *shown = review_sides_shown(sides);
	const char *candidate = review_candidate(sides->asked);
	char key[WORDS_KEY_MAX];
	unsigned ways = 0;

	if (!shown) {
		str_addf(out,
		    "HealthSherpa's search does not bring that contact by what "
		    "the file has; %u other%s found: %s shows %s.",
		    sides->there.count, sides->there.count == 1 ? "" : "s",
		    words_key(
			sides->desk, SCOPE_REVIEW, DESK_NEXT_CONTACT, key),
		    sides->there.count == 1 ? "it" : "them");
		return;
	}
	if (sides->there.count > 1)
		str_addf(out, "Contact %d of %u (%s: the next). ",
		    sides->shown + 1, sides->there.count,
		    words_key(
			sides->desk, SCOPE_REVIEW, DESK_NEXT_CONTACT, key));
	for (unsigned i = 0; i < SYNC_REMOTES_MAX; i++)
		if (shown->found_by[i] && ways++ == 0)
			str_addf(out, "Found by %s", shown->found_by[i]);
	if (ways > 1)
		str_addf(
		    out, " and %u more way%s", ways - 1, ways == 2 ? "" : "s");
	str_add(out, ": ");
	text_clean(out, shown->healthsherpa_id, strlen(shown->healthsherpa_id));
	str_add(out, candidate && strcmp(candidate, shown->healthsherpa_id) != 0
			 ? ", not the one in question."
			 : ".");
}

/* "phone, ZIP and 2 more"; nothing and false where there is none. */
static bool
name_fields(const struct review_sides *sides, enum side side,
    const char *before, struct str *out)
{
	unsigned count = 0;

	for (size_t i = 0; i < sides->count; i++) {
		enum field field = sides->fields[i];

		if (review_side(sides, field) != side ||
		    (field_table[field].flags & FIELD_CREATE_ONLY))
			continue;
		if (count < TOLD_MAX)
			str_addf(out, "%s%s", count == 0 ? before : ", ",
			    field_table[field].label);
		count++;
	}
	if (count > TOLD_MAX)
		str_addf(out, " and %u more", count - TOLD_MAX);
	return count > 0;
}

void
review_sides_tell_update(const struct review_sides *sides, struct str *out)
{
	bool changes, adds;

	if (!review_sides_shown(sides))
		return;
	str_add(out, "The update after linking ");
	changes = name_fields(sides, SIDE_DIFFERS, "changes ", out);
	adds = name_fields(
	    sides, SIDE_ONLY_HERE, changes ? "; adds " : "adds ", out);
	if (!changes && !adds)
		str_add(out, "changes nothing there");
	name_fields(sides, SIDE_ONLY_THERE, "; leaves as it is there: ", out);
	str_add_char(out, '.');
}

/* ---- drawing ------------------------------------------------------------- */

static size_t
row_count(void *context)
{
	return ((const struct review_sides *)context)->count;
}

/* The file's ID when there are two; the one it is linked to by now. */
static void
our_id(const struct review_sides *sides, struct str *out)
{
	struct row_status now;
	const char *candidate = review_candidate(sides->asked), *id;

	words_row(sides->desk, sides->row, &now);
	id = now.status != STATUS_REVIEW ? now.healthsherpa_id
	     : review_case(sides->asked)->link_only && candidate
		 ? candidate
		 : sides->asked->healthsherpa_id;
	text_clean(out, id, strlen(id));
}

static void
their_id(const struct review_sides *sides, struct str *out)
{
	const struct review_case *why = review_case(sides->asked);
	const struct sync_remote *shown = review_sides_shown(sides);
	const char *id = review_candidate(sides->asked);

	if (shown)
		id = shown->healthsherpa_id;
	else if (why->link_only)
		id = sides->asked->healthsherpa_id;
	else if (!why->nobody && sides->asked->status == STATUS_REVIEW)
		id = sides->asked->candidate_id;
	if (id)
		text_clean(out, id, strlen(id));
	else if (why->nobody)
		str_add(out, why->nobody);
}

/* What the reason alone proves, while HealthSherpa was not asked. */
static const char *
proven(const struct review_sides *sides, enum field field)
{
	const struct review_case *why = review_case(sides->asked);

	return field == FIELD_EXTERNAL_ID       ? why->their_crm_id
	       : field == FIELD_MEDICARE_NUMBER ? why->their_number
						: NULL;
}

static void
ours_cell(const struct review_sides *sides, enum field field, struct str *out,
    enum style *style)
{
	const struct contact_field *value;

	if (field == FIELD_COUNT) {
		our_id(sides, out);
	} else {
		value = &sides->contact->fields[field];
		if (value->column != CONTACT_NO_COLUMN &&
		    book_edited(sides->desk->book, sides->row, value->column)) {
			*style = STYLE_CHANGED;
			str_addf(out, "%s ",
			    sides->desk->ascii ? glyph_bullet.ascii
					       : glyph_bullet.sign);
		}
		if (value->value)
			words_value(
			    out, sides->desk, sides->row, field, value->value);
	}
	if (out->len == 0)
		str_add(out, "(nothing)");
}

static void
theirs_cell(const struct review_sides *sides, enum field field, struct str *out,
    enum style *style)
{
	const struct sync_remote *shown = review_sides_shown(sides);
	enum side side = review_side(sides, field);

	*style = words[side].style;
	if (side == SIDE_DIFFERS || side == SIDE_ONLY_HERE ||
	    side == SIDE_ONLY_THERE)
		str_addf(out, "%s ", desk_glyph(sides->desk, STATUS_CHANGED));
	if (field == FIELD_COUNT)
		their_id(sides, out);
	else if (shown && shown->values[field])
		words_value(
		    out, sides->desk, sides->row, field, shown->values[field]);
	else if (shown)
		str_add(out, field == FIELD_NOTES ? "?" : "(nothing)");
	else if (proven(sides, field))
		str_add(out, proven(sides, field));
	if (out->len > 0 && !shown)
		*style = STYLE_WARNING;
	else if (out->len == 0 && !sides->desk->linear)
		str_add(out, "?"); /* read out, it would be in each row */
}

static void
side_cell(const struct review_sides *sides, size_t row, int column,
    struct str *out, enum style *style)
{
	enum field field = sides->fields[row];
	enum side side = review_side(sides, field);

	switch (column) {
	case COLUMN_FIELD:
		str_add(out, field == FIELD_COUNT ? "HealthSherpa ID"
						  : field_table[field].label);
		break;
	case COLUMN_OURS: ours_cell(sides, field, out, style); break;
	case COLUMN_THEIRS: theirs_cell(sides, field, out, style); break;
	default: *style = words[side].style; str_add(out, words[side].word);
	}
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	side_cell(context, row, column, out, style);
}

void
review_sides_advise(const struct review_sides *sides, struct str *out)
{
	enum field field = review_sides_field(sides);
	enum side side = review_side(sides, field);
	char take[WORDS_KEY_MAX], keep[WORDS_KEY_MAX];

	if (!is_open(sides, field))
		return;
	words_key(sides->desk, SCOPE_REVIEW, DESK_TAKE_THEIRS, take);
	words_key(sides->desk, SCOPE_REVIEW, DESK_KEEP_OURS, keep);
	if (field_table[field].flags & FIELD_CREATE_ONLY)
		str_add(out, "Differs, and stays so: an update never "
			     "changes it.");
	else if (sides->before[field])
		str_addf(out,
		    "HealthSherpa's, not in the file yet: %s goes back to "
		    "yours.",
		    keep);
	else if (side == SIDE_ONLY_HERE)
		str_add(out, "Only your file has it: linking adds it there.");
	else if (side == SIDE_ONLY_THERE)
		str_addf(out, "Only HealthSherpa has it: %s takes it.", take);
	else
		str_addf(out,
		    "Differs: %s takes HealthSherpa's; else yours goes there.",
		    take);
}

/* The value of a side that its column cuts. */
static bool
cut_value(const struct review_sides *sides, size_t row, size_t number,
    struct str *out)
{
	static const char *const whose[2] = {"Yours: ", "HealthSherpa's: "};
	enum style ignored = STYLE_NORMAL;
	struct str text;
	bool found = false;

	str_init(&text, 4096);
	for (int i = 0; !found && i < 2; i++) {
		str_reset(&text);
		side_cell(sides, row, COLUMN_OURS + i, &text, &ignored);
		found = text_width(text.data) > sides->widths[i] &&
			number-- == 0;
		if (found)
			str_addf(out, "%s%s", whose[i], text.data);
	}
	str_release(&text);
	return found;
}

/* Under the cursor: what to do, and a value that its column cuts. */
static bool
note(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	const struct review_sides *sides = context;
	bool open = is_open(sides, sides->fields[row]);

	*style = STYLE_DIM;
	if (!here || sides->low || sides->shown < 0)
		return false;
	if (open && number == 0) {
		review_sides_advise(sides, out);
		return true;
	}
	return cut_value(sides, row, number - (open ? 1 : 0), out);
}

static const struct form_ops ops = {
    .count = row_count,
    .cell = cell,
    .note = note,
};

void
review_sides_draw(struct review_sides *sides, struct canvas *canvas,
    const struct area *area, bool low)
{
	struct form *form = &sides->form;
	struct layout layout;

	form->column_count = sides->shown >= 0 ? COLUMNS : COLUMN_IS;
	form->columns = sides->shown >= 0                       ? compared
			: review_case(sides->asked)->recognised ? recognised
								: alone;
	sides->low = low;
	form->titles = !low;
	columns_layout(
	    form->columns, form->column_count, area->columns - GUTTER, &layout);
	sides->widths[0] = layout.width[COLUMN_OURS];
	sides->widths[1] = layout.width[COLUMN_THEIRS];
	form_draw(form, canvas, area);
}
