// What the control plane asks of accounts' APIs before it changes something: each blocks the thread
// that asks, and is sent on a loop, as all sending is.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "io/runtime.h"
#include "upstream/account.h"

namespace patchbay::app {

class Inquiries {
 public:
  using Account = std::shared_ptr<const upstream::Account>;

  // Both outlive it.
  Inquiries(io::Runtime& runtime, upstream::Sender& sender) : runtime_(runtime), sender_(sender) {}

  // Errors: those of the same function of the sender; unavailable (the server is being stopped).
  Result<> probe(const Account& account);
  Result<upstream::Member> find_member(const Account& account, const std::string& named);
  Result<upstream::Tokens> redeem(const Account& account, upstream::AuthorizationCode code);

 private:
  io::Runtime& runtime_;
  upstream::Sender& sender_;
};

}  // namespace patchbay::app
