#include "dialect/conventions.h"

#include "dialect/connectwise.h"

namespace patchbay::dialect {

Advice advise_by_status(const UpstreamRefusal& refusal, const integration::Resource& resource) {
  Advice advice;
  advice.message = refusal.message;
  const auto say = [&](ErrorCode code, std::string_view fallback, std::string hint) {
    advice.code = code;
    if (advice.message.empty()) advice.message = fallback;
    advice.hint = std::move(hint);
    return advice;
  };
  switch (refusal.status) {
    case 400:
    case 422:
      return say(ErrorCode::invalid_argument, "The API refused the request as invalid.",
                 "Correct the named fields and call again.");
    case 401:
      return say(ErrorCode::unauthenticated, "The API refused the account's credentials.",
                 "Whoever runs this server must renew the account's credentials; retrying will not "
                 "help.");
    case 403:
      return say(ErrorCode::permission_denied, "The account is not allowed to do this.",
                 "An administrator of the API can grant the account's role access to " +
                     resource.label + ".");
    case 404:
      return say(ErrorCode::not_found, "No such record.",
                 "Check the id, or list " + resource.label + " to find the right one.");
    case 409:
      return say(ErrorCode::conflict, "The record exists already or has changed meanwhile.",
                 "Read the record again before changing it.");
    case 429:
      return say(ErrorCode::rate_limited, "The API's rate limit is reached.",
                 "Wait before calling again, and ask for less at once.");
    default:
      if (refusal.status >= 500) {
        // The text of a 5xx is about the other side's inside; it helps no caller.
        advice.message.clear();
        return say(ErrorCode::unavailable,
                   "The API failed to answer (HTTP " + std::to_string(refusal.status) + ").",
                   "This is usually temporary: try again once, in a few seconds.");
      }
      return say(ErrorCode::upstream,
                 "The API answered with HTTP " + std::to_string(refusal.status) + ".",
                 "Try again once; if it stays so, whoever runs this server must look into it.");
  }
}

namespace {

class PlainHttp final : public Conventions {
 public:
  Advice advise(const UpstreamRefusal& refusal,
                const integration::Resource& resource) const override {
    return advise_by_status(refusal, resource);
  }
};

}  // namespace

std::vector<std::string> error_conventions() {
  return {std::string(kConnectwiseErrors)};
}

const Conventions& find_conventions(std::string_view name) {
  static const PlainHttp plain;
  if (name == kConnectwiseErrors) return connectwise_conventions();
  return plain;
}

}  // namespace patchbay::dialect
