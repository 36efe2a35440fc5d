/* SPDX-License-Identifier: MIT */
/*
 * The two versions of the Partner API side by side. What an answer shows by
 * itself (status, envelope, nulls) is read in every form by reply.c and does
 * not stand here.
 */
#include "partner/dialect.h"

#include "book/field.h"

static const struct dialect dialects[] = {
    {
	.version = SERVICE_V1,
	.create_path = "/contacts",
	.update_path = "/contacts/",
	.search_path = "/contacts/search",
	.key_header = "X-API-Key: ",
	.agent_email_in_body = true,
	.contact_key = "contact",
	.search_key = "params",
	.field_flag = FIELD_V1,
    },
    {
	.version = SERVICE_V2,
	.create_path = "/contacts",
	.update_path = "/contacts/",
	.search_path = "/contacts/search",
	.key_header = "Authorization: Bearer ",
	.agent_email_in_body = false,
	.contact_key = "contact",
	.search_key = "params",
	.field_flag = FIELD_V2,
    },
};

const struct dialect *
dialect_for(enum service_version version)
{
	return version == SERVICE_V2 ? &dialects[1] : &dialects[0];
}
