// The part of the table of statements (statements.cpp) that grant_rows.h needs.
#pragma once

#include <array>

#include "store/statement_words.h"
#include "store/statements.h"

namespace patchbay::store {

inline constexpr std::array kGrantStatements{
    both(Question::account_grant,
         "SELECT account_id, tokens, expires_at, connected_at, claimed_until, version "
         "FROM account_grant WHERE account_id = $1"),
    both(Question::put_account_grant,
         "INSERT INTO account_grant (tokens, expires_at, connected_at, claimed_until, version, "
         "account_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id) DO UPDATE SET "
         "tokens = excluded.tokens, expires_at = excluded.expires_at, "
         "connected_at = excluded.connected_at, claimed_until = 0, "
         "version = account_grant.version + 1"),
    both(Question::insert_account_grant,
         "INSERT INTO account_grant (tokens, expires_at, connected_at, claimed_until, version, "
         "account_id) VALUES ($1, $2, $3, $4, $5, $6)"),
    both(Question::claim_account_grant,
         "UPDATE account_grant SET claimed_until = $1, version = version + 1 "
         "WHERE account_id = $2 AND version = $3 AND claimed_until <= $4"),
    both(Question::keep_account_grant,
         "UPDATE account_grant SET tokens = $1, expires_at = $2, claimed_until = 0, "
         "version = version + 1 WHERE account_id = $3 AND version = $4"),
    both(Question::reseal_account_grant,
         "UPDATE account_grant SET tokens = $1, version = version + 1 "
         "WHERE account_id = $2 AND version = $3 AND claimed_until <= $4"),
    both(Question::delete_account_grant, "DELETE FROM account_grant WHERE account_id = $1"),
    both(Question::account_grants_after,
         "SELECT account_id, tokens, expires_at, connected_at, claimed_until, version "
         "FROM account_grant " READ_ON("account_id")),
    both(Question::account_grant_ids,
         "SELECT account_id FROM account_grant " READ_ON("account_id")),
};

}  // namespace patchbay::store
