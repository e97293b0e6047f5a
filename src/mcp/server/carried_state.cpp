#include "mcp/server/carried_state.h"

#include <cassert>
#include <utility>

#include "base/encoding.h"
#include "base/secret.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::mcp {
namespace {

std::int64_t milliseconds(WallTime time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::string CarriedState::seal(const json::Value& value, std::string_view place,
                               std::chrono::milliseconds lifetime) const {
  assert(available());
  json::Value content;
  content["v"] = value;
  content["e"] = json::Value(milliseconds(clock_.now() + lifetime));
  return to_base64url(vault_->seal(Secret(json::to_string(content)), place).bytes);
}

std::optional<json::Value> CarriedState::open(std::string_view text, std::string_view place) const {
  if (!available()) return std::nullopt;
  std::optional<std::string> bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  const Result<Secret> plain = vault_->unseal({std::move(*bytes)}, place);
  if (!plain) return std::nullopt;
  Result<json::Value> content = json::parse(plain->reveal());
  if (!content || content->int64_or("e", 0) <= milliseconds(clock_.now())) return std::nullopt;
  return std::move((*content)["v"]);
}

std::int64_t CarriedState::period() const {
  return milliseconds(clock_.now()) / std::chrono::milliseconds(std::chrono::minutes(10)).count();
}

std::string CarriedState::code(std::string_view place, std::int64_t period) const {
  if (!available()) return {};
  const Secret key =
      vault_->derive("mcp confirmation|" + std::to_string(period) + '|' + std::string(place));
  // 8 of 16 symbols that nobody confuses: 32 bits, enough where guessing costs a call each.
  std::string out;
  for (const char byte : key.reveal().substr(0, 8)) {
    out += "23456789CFGHJMPX"[static_cast<unsigned char>(byte) % 16];
  }
  return out;
}

std::string CarriedState::code(std::string_view place) const {
  return code(place, period());
}

bool CarriedState::confirms(std::string_view code_given, std::string_view place) const {
  if (code_given.empty()) return false;
  return equal_in_constant_time(code_given, code(place, period())) ||
         equal_in_constant_time(code_given, code(place, period() - 1));
}

std::string request_state_place(std::string_view server_id, std::string_view method,
                                const json::Value& params) {
  std::string place = "mcp request state|" + std::string(server_id) + '|' + std::string(method);
  for (const std::string_view member : {"name", "uri", "arguments"}) {
    place += '|';
    if (const json::Value* value = params.find(member)) json::append(place, *value);
  }
  return place;
}

std::string session_place(std::string_view server_id) {
  return "mcp session|" + std::string(server_id);
}

}  // namespace patchbay::mcp
