#include "gateway/call/witness.h"

#include "base/text.h"
#include "gateway/call/call.h"
#include "http/method.h"
#include "http/url.h"
#include "json/parse.h"
#include "upstream/account.h"

namespace patchbay::gateway {
namespace {

std::string url_of(const upstream::Account& account, const upstream::Request& request) {
  const http::Url& base = account.base_url();
  const http::Origin& origin = base.origin;
  const bool is_ipv6 = origin.host.contains(':');
  std::string url = origin.secure ? "https://" : "http://";
  url += is_ipv6 ? '[' + origin.host + ']' : origin.host;
  if (origin.port != (origin.secure ? 443 : 80)) url += ':' + std::to_string(origin.port);
  url += request.from_root ? request.path : base.path + request.path;
  if (!request.query.empty()) url += '?' + request.query;
  return account.without_secrets(std::move(url));
}

json::Value body_of(const upstream::Account& account, const std::string& body) {
  if (body.empty()) return {};
  if (body.size() <= Witness::kMostBytes && is_valid_utf8(body)) {
    const std::string shown = account.without_secrets(body);
    if (auto parsed = json::parse(shown)) return std::move(*parsed);
    return shown;
  }
  return std::to_string(body.size()) + " bytes";
}

}  // namespace

Witness* Witness::of(const Call& call) {
  const Tap* const tap = call.context.on_progress.target<Tap>();
  return tap != nullptr ? tap->to : nullptr;
}

bool Witness::sees(const Call& call, const upstream::Request& request) {
  if (looks_up || sent) return false;
  if (call.is_write() && request.verb == integration::Verb::get) return false;
  const upstream::Account& account = *call.context.account;
  sent = Sent{.method = std::string(http::to_string(upstream::method_of(request.verb))),
              .url = url_of(account, request),
              .body = body_of(account, request.body)};
  return true;
}

void Witness::sees(const Call& call, const upstream::Answer& answer) {
  status = answer.status;
  raw_bytes = answer.body.size();
  // Cut after what is masked, so that no half of a secret is left at the end.
  const std::string_view begins = cut_utf8(answer.body, 2 * kMostBytes);
  if (!is_valid_utf8(begins)) return;
  const std::string shown = call.context.account->without_secrets(std::string(begins));
  raw = cut_utf8(shown, kMostBytes);
}

}  // namespace patchbay::gateway
