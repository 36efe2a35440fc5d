/* SPDX-License-Identifier: MIT */
/*
 * The JSON lines of the commands: one object a line, absent values null,
 * sensitive values masked unless asked. The shapes are promises to users;
 * belay(1) lists them.
 */
#ifndef COMMAND_OUTPUT_H
#define COMMAND_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "book/field.h"

struct contact;
struct json;
struct session;

/* Prints and frees. */
void output_json(struct json *json);

/* What --id takes for a contact: its ID, "row:17" when it has none. */
#define OUTPUT_ID_SIZE 512
const char *output_id(const struct contact *contact, char id[OUTPUT_ID_SIZE]);
/* Starts an object with external_id and row. */
struct json *output_numbers(struct session *session, uint32_t row);
/* The same, and fills session->contact. */
struct json *output_row(struct session *session, uint32_t row);
/* status and show. */
struct json *output_status(struct session *session, uint32_t row);
/* After a change of a row: where it stands now, in a line or as status does. */
void output_standing(struct session *session, uint32_t row);
/* Adds {"fields": {...}, "changed": [...]}: values, and which would go. */
void output_fields(const struct contact *contact, bool reveal,
    struct json *object, const bool fields[FIELD_COUNT],
    const bool changed[FIELD_COUNT]);

/* Adds "agent_email": whose contact it is, its own agent or that of all; null
 * for v2, where the login says it. */
void output_agent(const struct session *session, const struct contact *contact,
    struct json *object);

/* For people: "phone, ZIP". */
struct str;
void output_changed_words(struct str *out, const bool changed[FIELD_COUNT]);

/* What was odd about the file as a whole, on standard error. */
struct source;
void output_notes(const struct source *source);
struct book;
void output_book_notes(struct book *book); /* book_notes() */

/* An added text that is null when empty. */
void output_add_text(struct json *object, const char *key, const char *text);

#endif
