#include "store/postgres/address.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include <libpq-fe.h>

namespace patchbay::store::postgres {
namespace {

// What counts where the URL does not say.
//
// A server that vanished without a word is found out by TCP: 10 + 3 x 5 = 25 s without an answer on
// an idle connection, 10 s for what was sent and not taken.
constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
    {"target_session_attrs", "read-write"},
    {"application_name", "patchbay"},
    {"client_encoding", "UTF8"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
};

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::invalid_argument, "The URL of the database cannot be read.",
              "Write it as postgresql://user:password@host:5432/database, with special characters "
              "percent-encoded.");
}

}  // namespace

Result<Address> Address::parse(const Secret& url, std::chrono::seconds connect_timeout) {
  const std::string text(url.reveal());
  if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) return unreadable();
  char* reason = nullptr;  // quotes parts of the URL: not told
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(text.c_str(), &reason), PQconninfoFree);
  PQfreemem(reason);
  if (!options) return unreadable();

  Address address;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    address.settings_.emplace_back(option->keyword, Secret(option->val));
    // Those that libpq does not show.
    if (*option->val != '\0' && std::string_view(option->dispchar) == "*") {
      address.secrets_.emplace_back(option->val);
    }
  }
  const auto add = [&](std::string_view keyword, std::string_view value) {
    const bool said = std::ranges::any_of(
        address.settings_, [&](const auto& setting) { return setting.first == keyword; });
    if (!said) address.settings_.emplace_back(keyword, Secret(std::string(value)));
  };
  for (const auto& [keyword, value] : kDefaults) add(keyword, value);
  add("connect_timeout", std::to_string(connect_timeout.count()));
  return address;
}

std::string Address::without_secrets(std::string text) const {
  for (const Secret& secret : secrets_) {
    const std::string_view bytes = secret.reveal();
    for (auto at = text.find(bytes); at != std::string::npos; at = text.find(bytes, at + 3)) {
      text.replace(at, bytes.size(), "***");
    }
  }
  return text;
}

}  // namespace patchbay::store::postgres
