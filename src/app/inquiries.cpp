#include "app/inquiries.h"

#include <utility>

namespace patchbay::app {
namespace {

std::unexpected<Error> stopping() {
  return fail(ErrorCode::unavailable, "This server is being stopped.");
}

}  // namespace

Result<> Inquiries::probe(const Account& account) {
  Result<> outcome = stopping();
  runtime_.run(runtime_.loop(0),
               [&]() -> io::Task<> { outcome = co_await sender_.probe(*account); });
  return outcome;
}

Result<upstream::Member> Inquiries::find_member(const Account& account, const std::string& named) {
  Result<upstream::Member> found = stopping();
  runtime_.run(runtime_.loop(0),
               [&]() -> io::Task<> { found = co_await sender_.find_member(*account, named); });
  return found;
}

Result<upstream::Tokens> Inquiries::redeem(const Account& account,
                                           upstream::AuthorizationCode code) {
  Result<upstream::Tokens> tokens = stopping();
  runtime_.run(runtime_.loop(0), [&]() -> io::Task<> {
    tokens = co_await sender_.redeem(*account, std::move(code));
  });
  return tokens;
}

}  // namespace patchbay::app
