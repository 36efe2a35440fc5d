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

struct dialect
dialect_of(const struct config *config)
{
	struct dialect dialect = dialects[config->version == SERVICE_V2];

	/* v1's wrapped form is documented and seen */
	if (config->version == SERVICE_V2 && config->flat_body)
		dialect.contact_key = NULL;
	if (config->flat_search)
		dialect.search_key = NULL;
	return dialect;
}
