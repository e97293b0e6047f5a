#include "sandbox/followers/callbacks.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <sodium.h>

#include "base/encoding.h"
#include "base/random.h"
#include "base/text.h"
#include "http/client.h"
#include "http/url.h"
#include "json/write.h"
#include "sandbox/operations/render.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

struct Followed {
  std::string_view type;   // of the callback
  std::string_view table;  // whose records it follows
  std::string_view owner;  // the field of the member that level "owner" means; empty: none
};

constexpr Followed kFollowed[] = {
    {"ticket", "tickets", "owner"},
    {"ticket", "projectTickets", "owner"},
    {"project", "projects", "manager"},
    {"company", "companies", "territoryManager"},
    {"contact", "contacts", ""},
    {"opportunity", "opportunities", "primarySalesRep"},
    {"activity", "activities", "assignTo"},
    {"agreement", "agreements", ""},
    {"schedule", "scheduleEntries", "member"},
    {"time", "timeEntries", "member"},
    {"expense", "expenseEntries", "member"},
    {"invoice", "invoices", ""},
    {"configuration", "configurations", ""},
    {"purchaseorder", "purchaseOrders", ""},
    {"productcatalog", "catalogItems", ""},
    {"site", "companySites", ""},
    {"member", "members", ""},
};

std::string_view to_text(RecordChange::Action action) {
  switch (action) {
    case RecordChange::Action::added:
      return "added";
    case RecordChange::Action::updated:
      return "updated";
    case RecordChange::Action::deleted:
      return "deleted";
  }
  return "";
}

// Whether the level and its object name this record: everything, the record itself, or what it
// refers to by the level's name.
bool is_within(const Table& callbacks, const Record& callback, const Followed& followed,
               const Table& table, const Record& record) {
  const std::string level = text_or(callbacks.at(callback, "level"), "");
  const std::int64_t object = int_or(callbacks.at(callback, "objectId"), 0);
  if (equal_ignoring_case(level, "owner")) {
    if (object == 1) return true;
    return !followed.owner.empty() && id_in(table, record, followed.owner) == object;
  }
  if (equal_ignoring_case(level, followed.type)) return record.id == object;
  const auto column = table.find_column(level);
  if (!column) return false;
  if (const auto* several = std::get_if<Ids>(&record.cells[*column])) {
    return std::ranges::find(*several, object) != several->end();
  }
  return reference_or(record.cells[*column], 0) == object;
}

std::string with_query(std::string_view url, std::int64_t id, std::string_view action) {
  const char joint = url.find('?') == url.npos ? '?' : '&';
  return fmt::format("{}{}id={}&action={}", url, joint, id, action);
}

std::string to_body(const RecordChange& change, const Followed& followed,
                    const CallbackContext& context) {
  json::Value entity;
  if (change.after) {
    std::string text;
    Renderer(context.db, context.base_url).append(text, *change.table, *change.after, Projection());
    entity = std::move(text);
  }
  return json::to_string(json::Object{{"Action", to_text(change.action)},
                                      {"CompanyId", context.company_id},
                                      {"Entity", std::move(entity)},
                                      {"FromUrl", context.from},
                                      {"ID", change.id},
                                      {"MemberId", member_identifier(context.db, context.member)},
                                      {"Metadata", json::Object{{"key_url", context.key_url}}},
                                      {"Type", followed.type}});
}

// A note is a change of its ticket. Nothing for other tables below a record.
std::optional<RecordChange> as_change_of_ticket(const RecordChange& change, const Database& db) {
  const bool service = change.table == &db.table("ticketNotes");
  if (!service && change.table != &db.table("projectTicketNotes")) return std::nullopt;
  const Record& note = change.after ? *change.after : *change.before;
  const Table& tickets = db.table(service ? "tickets" : "projectTickets");
  const Record* ticket = tickets.find(change.table->parent_of(note).value_or(0));
  if (ticket == nullptr) return std::nullopt;
  return RecordChange{RecordChange::Action::updated, &tickets, ticket->id, *ticket, *ticket,
                      change.skip_callback};
}

}  // namespace

SigningKey SigningKey::make() {
  return {random_id("key"), random_id("sign")};
}

std::string SigningKey::sign(std::string_view body) const {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  std::array<unsigned char, crypto_hash_sha256_BYTES> key{};
  crypto_hash_sha256(key.data(), bytes(secret), secret.size());
  static_assert(crypto_auth_hmacsha256_KEYBYTES == crypto_hash_sha256_BYTES);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(mac.data(), bytes(body), body.size(), key.data());
  return to_base64(std::string_view(reinterpret_cast<const char*>(mac.data()), mac.size()));
}

std::vector<Delivery> deliveries_for(const RecordChange& change, const CallbackContext& context,
                                     const SigningKey& key) {
  if (change.skip_callback) return {};
  if (const auto ticket = as_change_of_ticket(change, context.db)) {
    return deliveries_for(*ticket, context, key);
  }
  std::vector<Delivery> deliveries;
  const Table& callbacks = context.db.table("callbacks");
  for (const Followed& followed : kFollowed) {
    if (change.table->resource().name != followed.table) continue;
    std::string body;  // the same for all who follow
    for (const auto& [id, callback] : callbacks.records()) {
      const auto flag = [&](std::string_view name) {
        return bool_or(callbacks.at(callback, name), false);
      };
      const std::string url = text_or(callbacks.at(callback, "url"), "");
      if (flag("inactiveFlag") || !is_loopback_url(url)) continue;
      if (!equal_ignoring_case(text_or(callbacks.at(callback, "type"), ""), followed.type)) {
        continue;
      }
      const bool own = int_or(callbacks.at(callback, "memberId"), 0) == context.member;
      if (flag("isSelfSuppressedFlag") && own) continue;
      // What leaves a status is of interest there, as is what comes to it.
      const auto concerns = [&](const std::optional<Record>& record) {
        return record && is_within(callbacks, callback, followed, *change.table, *record);
      };
      if (!concerns(change.after) && !concerns(change.before)) continue;
      if (body.empty()) body = to_body(change, followed, context);
      deliveries.push_back(
          {id, with_query(url, change.id, to_text(change.action)), body, key.sign(body)});
    }
  }
  return deliveries;
}

bool is_loopback_url(std::string_view url) {
  const auto parsed = http::parse_url(url);
  if (!parsed) return false;
  std::string_view host = parsed->origin.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "::1" || equal_ignoring_case(host, "localhost")) return true;
  const auto parts = split(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  for (const std::string_view part : parts) {
    const auto number = parse_int64(part);
    if (!number || *number < 0 || *number > 255 || part.size() > 3) return false;
  }
  return true;
}

}  // namespace patchbay::sandbox
