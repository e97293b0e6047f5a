// Rows for the tests of a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "store/repository.h"

namespace patchbay::store {

inline WallTime at(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

inline vault::TokenHash hash_of(std::uint32_t number) {
  vault::TokenHash hash;
  for (std::size_t i = 0; i < 4; ++i) {
    hash.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return hash;
}

inline EnvironmentRow environment(std::string id) {
  return {.id = id, .name = "Name of " + id, .created_at = at(1), .updated_at = at(2)};
}

inline ApiTokenRow api_token(std::string id, std::string environment_id, std::uint32_t hash) {
  return {.id = id,
          .environment_id = environment_id,
          .name = "token",
          .scope = "mcp",
          .limits = json::Object{{"mcp_server_ids", json::Array{"mcp_1"}}},
          .hash = hash_of(hash),
          .expires_at = at(99),
          .created_by = "somebody",
          .created_at = at(3),
          .updated_at = at(4),
          .mac = std::string("\0mac", 4)};
}

inline AccountRow account(std::string id, std::string environment_id) {
  AccountRow row{.id = id,
                 .environment_id = environment_id,
                 .integration = "connectwise_psa",
                 .tenant_id = "customer-7",
                 .name = "Müller & Söhne \"MSP\"; DROP TABLE environment; --",
                 .status = "needs_reauth",
                 .last_error = "refused"};
  row.credentials.bytes = std::string("\0\x01\xff sealed", 10);
  row.settings["time_zone"] = "Europe/London";
  row.created_by = "tok_1";
  row.created_at = at(5);
  row.updated_at = at(6);
  row.mac = "mac of an account";
  return row;
}

inline McpServerRow server(std::string id, std::string account_id, std::uint32_t hash) {
  McpServerRow row{.id = id, .account_id = account_id, .environment_id = "env_1", .name = "server"};
  row.config["methods"].push_back("read");
  row.config["max_result_bytes"] = 5000;
  row.hash = hash_of(hash);
  row.created_by = "tok_1";
  row.created_at = at(7);
  row.updated_at = at(8);
  row.mac = "mac of a server";
  row.member = json::Object{{"id", 153}, {"login", "jdoe"}};
  row.credentials.bytes = std::string("\0\x02\xfe sealed", 10);
  row.status = "needs_reauth";
  row.last_error = "refused";
  return row;
}

inline EventRow event(std::string id, std::string account_id, std::string key,
                      std::int64_t number = 1) {
  return {.id = std::move(id),
          .chain = "env_1",
          .number = number,
          .at = at(100),
          .kind = "write",
          .account_id = std::move(account_id),
          .server_id = "mcp_1",
          .tool = "create_a_thing",
          .outcome = "started",
          .begun = R"({"client":"c"})",
          .link = "link " + std::to_string(number),
          .key = std::move(key),
          .digest = "d1",
          .state = "started"};
}

inline CallsRow calls(std::string id, std::int64_t number, std::int64_t count = 1) {
  return {.id = std::move(id),
          .chain = "env_1",
          .number = number,
          .count = count,
          .first_at = at(100),
          .last_at = at(100 + count),
          .link = "link " + std::to_string(number),
          .events = std::string("\0calls\xff", 7)};
}

inline ApprovalRow approval(std::string id, std::string account_id, std::string digest) {
  return {.id = std::move(id),
          .environment_id = "env_1",
          .account_id = std::move(account_id),
          .server_id = "mcp_1",
          .tool = "delete_a_ticket",
          .digest = std::move(digest),
          .content = {std::string("\0asked", 6)},
          .outcome = {},
          .expires_at = at(200),
          .created_at = at(100),
          .updated_at = at(101),
          .mac = "mac of an approval"};
}

inline WebhookRow webhook(std::string id, std::string environment_id) {
  return {.id = std::move(id),
          .environment_id = std::move(environment_id),
          .url = "https://receiver.example/hooks?to=7",
          .description = "Told \"here\"",
          .events = 2,
          .disabled_because = {},
          .secret = {std::string("\0sealed", 7)},
          .previous = {},
          .previous_until = {},
          .created_by = "tok_1",
          .created_at = at(10),
          .updated_at = at(11),
          .mac = "mac of a webhook"};
}

inline Message message(std::string id) {
  return {.id = std::move(id),
          .environment_id = "env_1",
          .event = 2,
          .name = "thing.happened",
          .payload = {std::string("\0told", 5)},
          .once = {},
          .at = at(500)};
}

inline DeliveryRow delivery(const std::string& webhook_id, const std::string& message_id,
                            std::int64_t made_at) {
  return {.id = delivery_id(webhook_id, message_id),
          .webhook_id = webhook_id,
          .message_id = message_id,
          .event = "thing.happened",
          .payload = {std::string("\0told", 5)},
          .once = {},
          .due_at = at(made_at),
          .claim = {},
          .created_at = at(made_at),
          .updated_at = at(made_at)};
}

inline DefinitionRow definition(std::string integration, std::int64_t revision) {
  return {.id = definition_id(integration, revision),
          .integration = std::move(integration),
          .revision = revision,
          .origin = "uploaded",
          .uploaded = revision,
          .imported = 0,
          .files = std::string("\0packed", 7),
          .tools = 12,
          .created_by = "tok_1",
          .created_at = at(10),
          .mac = std::string("\0code", 5)};
}

template <class T>
ErrorCode code_of(const Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

// What must be there.
template <class T>
T given(Result<T> result) {
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return std::move(*result);
}

inline void add(Repository& repository, const EventRow& row) {
  REQUIRE(repository.change_events([&](EventSession& session) { return session.insert(row); }));
}

// What the key of an account finds.
inline std::optional<EventRow> found_by_key(Repository& repository, std::string_view account_id,
                                            std::string_view key) {
  std::optional<EventRow> found;
  REQUIRE(repository.change_events([&](EventSession& session) -> Result<> {
    found = given(session.event_of_key(account_id, key));
    return {};
  }));
  return found;
}

}  // namespace patchbay::store
