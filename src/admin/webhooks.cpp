// Webhooks: who wants to hear of what, and what became of it.
#include "control/webhooks.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "base/text.h"
#include "json/parse.h"
#include "webhooks/event.h"

namespace patchbay::admin {
namespace {

constexpr std::array<std::string_view, 3> kDeliveryStates{"pending", "delivered", "given_up"};

json::Array names_of(std::int64_t events) {
  json::Array names;
  for (const webhooks::EventName& one : webhooks::kEvents) {
    if ((events & webhooks::bit_of(one.event)) != 0) names.emplace_back(one.name);
  }
  return names;
}

std::string all_names() {
  std::vector<std::string> names;
  for (const webhooks::EventName& one : webhooks::kEvents) names.emplace_back(one.name);
  return join(names);
}

// The schema says that they are names; which there are is said here.
std::int64_t bits_of(BodyReader& read, const json::Value& names) {
  std::int64_t bits = 0;
  const json::Array* const list = names.if_array();
  if (list == nullptr || list->empty()) {
    read.refuse("'events' must be a list of one event at least.",
                "There are: " + all_names() + ".");
    return 0;
  }
  for (const json::Value& name : *list) {
    const std::string* const text = name.if_string();
    const auto event = text == nullptr ? std::nullopt : webhooks::event_of(*text);
    if (!event) {
      read.refuse("'events' names an event that there is not.", "There are: " + all_names() + ".");
      return 0;
    }
    bits |= webhooks::bit_of(*event);
  }
  return bits;
}

std::optional<std::int64_t> changed_events(BodyReader& read, const json::Object& body) {
  const json::Value* const given = body.find("events");
  return given == nullptr ? std::nullopt : std::optional(bits_of(read, *given));
}

std::optional<bool> changed_switch(BodyReader& read, const json::Object& body,
                                   std::string_view member) {
  const json::Value* const given = body.find(member);
  if (given == nullptr) return std::nullopt;
  if (given->is_bool()) return *given->if_bool();
  read.refuse("'" + std::string(member) + "' must be true or false.");
  return std::nullopt;
}

json::Value shown(const store::WebhookRow& row) {
  json::Object out;
  out.append("id", row.id);
  out.append("environment_id", row.environment_id);
  out.append("url", row.url);
  out.append("description", row.description);
  out.append("events", names_of(row.events));
  out.append("enabled", row.enabled);
  out.append("disabled_because",
             row.disabled_because.empty() ? json::Value() : json::Value(row.disabled_because));
  out.append("previous_secret_until", view(row.previous_until));
  out.append("created_by", row.created_by);
  out.append("created_at", view(std::optional(row.created_at)));
  out.append("updated_at", view(std::optional(row.updated_at)));
  return out;
}

json::Value shown(const store::DeliveryRow& row) {
  const bool is_pending = row.state == "pending";
  json::Object out;
  out.append("id", row.message_id);
  out.append("webhook_id", row.webhook_id);
  out.append("event", row.event);
  out.append("state", row.state);
  out.append("next_attempt_at", is_pending ? view(std::optional(row.due_at)) : json::Value());
  out.append("attempts", json::parse(row.attempts).value_or(json::Value(json::Array{})));
  out.append("created_at", view(std::optional(row.created_at)));
  out.append("updated_at", view(std::optional(row.updated_at)));
  return out;
}

json::Value minted_view(const control::MintedWebhook& made) {
  json::Value out = shown(made.row);
  out["secret"] = std::string(made.secret.reveal());
  return out;
}

}  // namespace

Result<json::Value> list_webhooks(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.webhooks().list(request.principal, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_view(*rows, *page, [](const store::WebhookRow& row) { return shown(row); });
}

Result<json::Value> create_webhook(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  const auto events = changed_events(read, request.body);
  auto wanted = read.give(
      control::NewWebhook{.environment_id = read.chosen_text("environment_id"),
                          .url = read.required_text("url"),
                          .description = read.text("description"),
                          .events = events.value_or(0),
                          .enabled = changed_switch(read, request.body, "enabled").value_or(true)});
  if (!wanted) return std::unexpected(wanted.error());
  const auto made = context.control.webhooks().create(request.principal, std::move(*wanted));
  if (!made) return std::unexpected(made.error());
  return minted_view(*made);
}

Result<json::Value> get_webhook(Context& context, const ApiRequest& request) {
  const auto row = context.control.webhooks().webhook(request.principal, request.parameter("id"));
  if (!row) return std::unexpected(row.error());
  return shown(*row);
}

Result<json::Value> update_webhook(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  auto change =
      read.give(control::WebhookChange{.url = read.changed_text("url"),
                                       .description = read.clearable_text("description"),
                                       .events = changed_events(read, request.body),
                                       .enabled = changed_switch(read, request.body, "enabled")});
  if (!change) return std::unexpected(change.error());
  const auto row = context.control.webhooks().update(request.principal, request.parameter("id"),
                                                     std::move(*change));
  if (!row) return std::unexpected(row.error());
  return shown(*row);
}

Result<json::Value> delete_webhook(Context& context, const ApiRequest& request) {
  const auto gone = context.control.webhooks().remove(request.principal, request.parameter("id"));
  if (!gone) return std::unexpected(gone.error());
  return view_of_deleted(request.parameter("id"), true);
}

Result<json::Value> rotate_webhook(Context& context, const ApiRequest& request) {
  using control::Webhooks;
  BodyReader read(request.body);
  const bool is_given = request.body.contains("overlap_seconds");
  const auto given = read.give(read.seconds("overlap_seconds", Webhooks::kMostOverlap));
  if (!given) return std::unexpected(given.error());
  const std::chrono::seconds overlap = is_given ? *given : Webhooks::kUsualOverlap;
  const auto made =
      context.control.webhooks().rotate(request.principal, request.parameter("id"), overlap);
  if (!made) return std::unexpected(made.error());
  return minted_view(*made);
}

Result<json::Value> test_webhook(Context& context, const ApiRequest& request) {
  const auto row = context.control.webhooks().test(request.principal, request.parameter("id"));
  if (!row) return std::unexpected(row.error());
  return shown(*row);
}

Result<json::Value> list_deliveries(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const std::string_view state = request.query_or("state", "");
  if (!state.empty() && std::ranges::find(kDeliveryStates, state) == kDeliveryStates.end()) {
    return fail(ErrorCode::invalid_argument, "'state' is none that a delivery may have.",
                "It may be: pending, delivered, given_up.");
  }
  const auto rows = context.control.webhooks().deliveries(request.principal,
                                                          request.parameter("id"), state, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_view(*rows, *page, [](const store::DeliveryRow& row) { return shown(row); });
}

Result<json::Value> replay_delivery(Context& context, const ApiRequest& request) {
  const auto row = context.control.webhooks().send_again(request.principal, request.parameter("id"),
                                                         request.parameter("delivery_id"));
  if (!row) return std::unexpected(row.error());
  return shown(*row);
}

}  // namespace patchbay::admin
