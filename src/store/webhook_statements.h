// The part of the table of statements (statements.cpp) that webhook_rows.h needs.
#pragma once

#include <array>

#include "store/statement_words.h"
#include "store/statements.h"

namespace patchbay::store {

#define SELECT_WEBHOOK                                                                       \
  "SELECT id, environment_id, url, description, events, enabled, disabled_because, secret, " \
  "previous, previous_until, created_by, created_at, updated_at, mac, version FROM webhook "
#define SELECT_DELIVERY                                                                    \
  "SELECT id, webhook_id, message_id, event, payload, once, state, tries, due_at, claim, " \
  "attempts, created_at, updated_at FROM webhook_delivery "

inline constexpr std::array kWebhookStatements{
    both(Question::insert_webhook,
         "INSERT INTO webhook (environment_id, url, description, events, enabled, "
         "disabled_because, secret, previous, previous_until, created_by, created_at, updated_at, "
         "mac, version, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
         "$15)"),
    both(Question::update_webhook,
         "UPDATE webhook SET environment_id = $1, url = $2, description = $3, events = $4, "
         "enabled = $5, disabled_because = $6, secret = $7, previous = $8, previous_until = $9, "
         "created_by = $10, created_at = $11, updated_at = $12, mac = $13, version = $14 "
         "WHERE id = $15 AND version = $16"),
    both(Question::delete_webhook, "DELETE FROM webhook WHERE id = $1"),
    both(Question::delete_webhooks_of_environment, "DELETE FROM webhook WHERE environment_id = $1"),
    both(Question::webhook, SELECT_WEBHOOK "WHERE id = $1"),
    both(Question::webhooks, SELECT_WEBHOOK "WHERE (created_at, id) < ($1, $2) " NEWEST_FIRST "$3"),
    both(Question::webhooks_of_environment, SELECT_WEBHOOK
         "WHERE environment_id = $1 AND (created_at, id) < ($2, $3) " NEWEST_FIRST "$4"),
    both(Question::count_webhooks_of_environment,
         "SELECT count(*) FROM webhook WHERE environment_id = $1"),
    both(Question::webhook_that_hears_of_expiry,
         "SELECT id FROM webhook WHERE enabled = 1 AND (events & 2) <> 0 AND id > '' "
         "ORDER BY id LIMIT 1"),
    both(Question::webhooks_after, SELECT_WEBHOOK READ_ON("id")),
    both(Question::webhook_ids, "SELECT id FROM webhook " READ_ON("id")),

    // Whoever was told of it already keeps what it has.
    Statement{Question::tell_webhooks,
              "INSERT INTO webhook_delivery (id, webhook_id, message_id, event, payload, once, "
              "state, tries, due_at, claim, attempts, created_at, updated_at) "
              "SELECT id || '.' || $1, id, $1, $2, $3, $4, 'pending', 0, $5, '', '[]', $5, $5 "
              "FROM webhook WHERE environment_id = $6 AND enabled = 1 AND (events & $7) <> 0 "
              "ON CONFLICT DO NOTHING",
              "INSERT INTO webhook_delivery (id, webhook_id, message_id, event, payload, once, "
              "state, tries, due_at, claim, attempts, created_at, updated_at) "
              "SELECT id || '.' || CAST($1 AS text), id, CAST($1 AS text), CAST($2 AS text), "
              "CAST($3 AS bytea), CAST($4 AS text), 'pending', 0, CAST($5 AS bigint), '', '[]', "
              "CAST($5 AS bigint), CAST($5 AS bigint) "
              "FROM webhook WHERE environment_id = $6 AND enabled = 1 AND (events & $7) <> 0 "
              "ON CONFLICT DO NOTHING"},
    both(Question::insert_webhook_delivery,
         "INSERT INTO webhook_delivery (webhook_id, message_id, event, payload, once, state, "
         "tries, due_at, claim, attempts, created_at, updated_at, id) VALUES ($1, $2, $3, $4, $5, "
         "$6, $7, $8, $9, $10, $11, $12, $13)"),
    both(Question::webhook_delivery, SELECT_DELIVERY "WHERE id = $1"),
    both(Question::deliveries_of_webhook, SELECT_DELIVERY
         "WHERE webhook_id = $1 AND (created_at, id) < ($2, $3) AND ($4 = '' OR state = $4) "  //
         NEWEST_FIRST "$5"),
    both(Question::send_delivery_again,
         "UPDATE webhook_delivery SET state = 'pending', tries = 0, due_at = $1, claim = '', "
         "updated_at = $1 WHERE id = $2 AND state <> 'pending'"),
    both(Question::next_waiting_webhook,
         "SELECT webhook_id, due_at FROM webhook_delivery "
         "WHERE state = 'pending' AND webhook_id > $1 ORDER BY webhook_id, due_at LIMIT 1"),
    both(Question::deliveries_due, SELECT_DELIVERY
         "WHERE state = 'pending' AND webhook_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3"),
    both(Question::claim_delivery,
         "UPDATE webhook_delivery SET due_at = $1, claim = $2 "
         "WHERE id = $3 AND state = 'pending' AND due_at = $4 AND claim = $5"),
    both(Question::finish_delivery,
         "UPDATE webhook_delivery SET state = $1, tries = $2, due_at = $3, attempts = $4, "
         "updated_at = $5, claim = '' WHERE id = $6 AND claim = $7 AND state = 'pending'"),
    both(Question::release_claims,
         "UPDATE webhook_delivery SET due_at = $1, claim = '' "
         "WHERE state = 'pending' AND claim <> '' AND due_at > $1"),
    Statement{Question::delete_old_deliveries,
              "DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery "
              "WHERE state <> 'pending' AND created_at <= $1 ORDER BY created_at LIMIT $2)",
              "DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(SELECT id FROM "
              "webhook_delivery WHERE state <> 'pending' AND created_at <= $1 "
              "ORDER BY created_at LIMIT $2))"},
    both(Question::webhook_deliveries_after, SELECT_DELIVERY READ_ON("id")),
    both(Question::webhook_delivery_ids, "SELECT id FROM webhook_delivery " READ_ON("id")),
    both(Question::delete_webhook_delivery, "DELETE FROM webhook_delivery WHERE id = $1"),
};

#undef SELECT_WEBHOOK
#undef SELECT_DELIVERY

}  // namespace patchbay::store
