// The part of the table of statements (statements.cpp) that sign_in_rows.h needs.
#pragma once

#include <array>

#include "store/statements.h"

namespace patchbay::store {

inline constexpr std::array kSignInStatements{
    both(Question::insert_dashboard_session,
         "INSERT INTO dashboard_session (api_token_id, hash, ends_at, expires_at, created_at, "
         "mac, id) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    both(Question::dashboard_session,
         "SELECT id, api_token_id, hash, ends_at, expires_at, created_at, mac "
         "FROM dashboard_session WHERE hash = $1"),
    both(Question::prolong_dashboard_session,
         "UPDATE dashboard_session SET ends_at = $1 WHERE id = $2"),
    both(Question::delete_dashboard_session, "DELETE FROM dashboard_session WHERE id = $1"),
    both(Question::delete_dashboard_sessions_of_token,
         "DELETE FROM dashboard_session WHERE api_token_id = $1"),
    // Those that end last stay.
    Statement{Question::trim_dashboard_sessions,
              "DELETE FROM dashboard_session WHERE id IN (SELECT id FROM dashboard_session "
              "WHERE api_token_id = $1 ORDER BY ends_at DESC LIMIT $2 OFFSET $3)",
              "DELETE FROM dashboard_session WHERE id = ANY (ARRAY(SELECT id "
              "FROM dashboard_session WHERE api_token_id = $1 ORDER BY ends_at DESC "
              "LIMIT $2 OFFSET $3))"},
    Statement{Question::delete_ended_dashboard_sessions,
              "DELETE FROM dashboard_session WHERE id IN (SELECT id FROM dashboard_session "
              "WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)",
              "DELETE FROM dashboard_session WHERE id = ANY (ARRAY(SELECT id "
              "FROM dashboard_session WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2))"},
    both(Question::insert_sign_in_link,
         "INSERT INTO sign_in_link (api_token_id, hash, expires_at, created_at, mac, id) "
         "VALUES ($1, $2, $3, $4, $5, $6)"),
    both(Question::sign_in_link,
         "SELECT id, api_token_id, hash, expires_at, created_at, mac FROM sign_in_link "
         "WHERE hash = $1"),
    both(Question::delete_sign_in_link, "DELETE FROM sign_in_link WHERE id = $1"),
    Statement{Question::trim_sign_in_links,
              "DELETE FROM sign_in_link WHERE id IN (SELECT id FROM sign_in_link "
              "WHERE api_token_id = $1 ORDER BY expires_at DESC LIMIT $2 OFFSET $3)",
              "DELETE FROM sign_in_link WHERE id = ANY (ARRAY(SELECT id FROM sign_in_link "
              "WHERE api_token_id = $1 ORDER BY expires_at DESC LIMIT $2 OFFSET $3))"},
    Statement{Question::delete_ended_sign_in_links,
              "DELETE FROM sign_in_link WHERE id IN (SELECT id FROM sign_in_link "
              "WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
              "DELETE FROM sign_in_link WHERE id = ANY (ARRAY(SELECT id FROM sign_in_link "
              "WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2))"},
};

}  // namespace patchbay::store
