// The part of the table of statements (statements.cpp) that definition_rows.h needs.
#pragma once

#include <array>

#include "store/statement_words.h"
#include "store/statements.h"

namespace patchbay::store {

#define SELECT_DEFINITION                                                                    \
  "SELECT id, integration, revision, origin, uploaded, imported, files, tools, created_by, " \
  "created_at, mac FROM integration_revision "

inline constexpr std::array kDefinitionStatements{
    both(Question::insert_definition,
         "INSERT INTO integration_revision (integration, revision, origin, uploaded, imported, "
         "files, tools, created_by, created_at, mac, id) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
    both(Question::delete_definition, "DELETE FROM integration_revision WHERE id = $1"),
    both(Question::definition, SELECT_DEFINITION "WHERE id = $1"),
    both(Question::latest_definition,
         SELECT_DEFINITION "WHERE integration = $1 ORDER BY revision DESC LIMIT 1"),
    both(Question::definitions_of,
         "SELECT id, integration, revision, origin, uploaded, imported, tools, created_by, "
         "created_at FROM integration_revision WHERE integration = $1 AND revision < $2 "
         "ORDER BY revision DESC LIMIT $3"),
    both(Question::next_defined_integration,
         "SELECT integration FROM integration_revision WHERE integration > $1 "
         "ORDER BY integration LIMIT 1"),
    both(Question::definitions_after, SELECT_DEFINITION READ_ON("id")),
    both(Question::definition_ids, "SELECT id FROM integration_revision " READ_ON("id")),
};

#undef SELECT_DEFINITION

}  // namespace patchbay::store
