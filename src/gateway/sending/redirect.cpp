#include "gateway/sending/redirect.h"

#include <string_view>
#include <utility>

#include "base/text.h"
#include "gateway/sending/asked_for.h"
#include "http/url.h"

namespace patchbay::gateway {

namespace {

struct Address {
  std::string path;  // from the root, encoded
  std::string query;
};

// A path that a server might read as another one than it looks like.
bool is_plain(std::string_view path) {
  return path.starts_with('/') && !path.contains("/.") && !path.contains('\\') &&
         !contains_ignoring_case(path, "%2e") && !contains_ignoring_case(path, "%2f") &&
         !contains_ignoring_case(path, "%5c");
}

// http in place of https is taken, and a port that goes without saying: proxies before an API often
// know neither. The request is sent to the account's origin as it is.
bool is_same_host(const http::Origin& ours, const http::Origin& theirs) {
  const bool unsaid = theirs.port == (theirs.secure ? 443 : 80);
  return equal_ignoring_case(ours.host, theirs.host) && (theirs.port == ours.port || unsaid);
}

std::optional<Address> address_of(const Call& call, const upstream::Answer& answer) {
  const auto location = answer.headers.find("Location");
  if (!location) return std::nullopt;
  std::string_view text = trim(*location);
  text = text.substr(0, text.find('#'));
  Address address;
  if (text.starts_with('/') && !text.starts_with("//")) {
    const auto question = text.find('?');
    address.path = std::string(text.substr(0, question));
    if (question != std::string_view::npos) address.query = std::string(text.substr(question + 1));
  } else {
    auto url = http::parse_url(text);
    if (!url || !is_same_host(call.context.account->base_url().origin, url->origin)) {
      return std::nullopt;
    }
    address.path = std::move(url->path);
    address.query = std::move(url->query);
  }
  if (!is_plain(address.path)) return std::nullopt;
  return address;
}

bool is_below(std::string_view path, std::string_view base) {
  return path.starts_with(base) && path.size() > base.size() && path[base.size()] == '/';
}

}  // namespace

std::string path_of(const Call& call, const upstream::Request& request) {
  return request.from_root ? request.path : call.context.account->base_url().path + request.path;
}

std::optional<upstream::Request> follow(const Call& call, const upstream::Request& sent,
                                        std::string_view sent_to, const upstream::Answer& answer) {
  using integration::Verb;
  const int status = answer.status;
  const bool same_again = status == 307 || status == 308;
  const bool elsewhere = status == 301 || status == 302 || status == 303;
  if (!same_again && !elsewhere) return std::nullopt;
  const bool may_hold_record =
      (status == 303 && sent.verb != Verb::delete_) || (status == 302 && sent.verb == Verb::post);
  if (elsewhere && sent.verb != Verb::get && !may_hold_record) return std::nullopt;
  auto address = address_of(call, answer);
  if (!address) return std::nullopt;
  if (elsewhere && !is_below(address->path, call.context.account->base_url().path)) {
    return std::nullopt;
  }
  const bool tells_place = elsewhere && sent.verb != Verb::get;
  // A file may lie anywhere.
  if (!tells_place && !sent.any_media_type && !ends_alike(sent_to, address->path)) {
    return std::nullopt;
  }
  upstream::Request next;
  next.verb = same_again ? sent.verb : Verb::get;
  next.path = std::move(address->path);
  next.query = std::move(address->query);
  next.from_root = true;
  next.any_media_type = sent.any_media_type;
  next.timeout = sent.timeout;
  next.cancel = sent.cancel;
  next.headers = sent.headers;
  if (same_again) {
    next.body = sent.body;
  } else {
    next.headers.erase("Content-Type");
  }
  return next;
}

}  // namespace patchbay::gateway
