// A message: what is told of one event, as the receiver reads it.
//
//   {"type": "mcp_server.created", "timestamp": "2026-11-29T21:40:00.250Z", "data": {…}}
//
// It is made, whole and for good, in the moment of what it tells of: a later attempt sends the same
// bytes. It waits sealed, in the place of its id and its environment, so that who can write the
// database and has no key can neither read it, nor have another one signed in its place, nor have
// it sent to another environment's webhook.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "json/value.h"
#include "store/webhook_rows.h"
#include "vault/vault.h"
#include "webhooks/event.h"

namespace patchbay::webhooks {

struct NewMessage {
  Event event{};
  std::string environment_id;
  json::Object data;
  // Each webhook is told once of what has this name; empty: in any case.
  std::string once = {};
};

store::Message make_message(const vault::Vault& vault, NewMessage message, WallTime at);

// To one webhook, whatever it wants to hear of; due at once.
store::DeliveryRow delivery_of(store::Message message, std::string_view webhook_id);

// What is sent. Error: not as it was written, or another environment's.
Result<Secret> open_payload(const vault::Vault& vault, const store::DeliveryRow& row,
                            std::string_view environment_id);

}  // namespace patchbay::webhooks
