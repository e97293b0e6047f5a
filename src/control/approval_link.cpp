#include "control/approval_link.h"

#include "base/encoding.h"
#include "base/text.h"
#include "control/authority.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kApprovalPrefix = "apl_";

std::string signed_text(std::string_view id, std::string_view seconds, std::string_view token_id) {
  return bind_together({"approval_link", id, seconds, token_id});
}

}  // namespace

std::string write_approval_link(const vault::Vault& vault, const ApprovalLink& link) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(link.until);
  const std::string until = std::to_string(seconds.time_since_epoch().count());
  const std::string code = vault.code(signed_text(link.approval_id, until, link.token_id));
  return std::string(kApprovalPrefix) + link.approval_id + '.' + until + '.' + link.token_id + '.' +
         to_base64url(code);
}

std::optional<ApprovalLink> read_approval_link(const vault::Vault& vault, std::string_view text) {
  constexpr std::size_t kLongest = 400;
  if (text.size() > kLongest || !text.starts_with(kApprovalPrefix)) return std::nullopt;
  const auto parts = split(text.substr(kApprovalPrefix.size()), '.');
  if (parts.size() != 4) return std::nullopt;
  const auto seconds = parse_int64(parts[1]);
  const auto code = from_base64url(parts[3]);
  if (!seconds || !code || !vault.is_code(*code, signed_text(parts[0], parts[1], parts[2]))) {
    return std::nullopt;
  }
  return ApprovalLink{.approval_id = std::string(parts[0]),
                      .token_id = std::string(parts[2]),
                      .until = WallTime(std::chrono::seconds(*seconds))};
}

}  // namespace patchbay::control
