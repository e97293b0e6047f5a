// What an account says to an authorization server (OAuth 2.0: RFC 6749), and what the server says
// back. Knows no network: requests are made, answers are read.
#pragma once

#include <chrono>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "http/client.h"
#include "http/url.h"
#include "integration/model.h"

namespace patchbay::upstream {

struct Tokens {
  Secret access;
  std::chrono::seconds
      lifetime{};  // of `access`, as the server says it, or a guess on the low side
};

// Why there are no tokens.
struct TokenRefusal {
  ErrorCode code = ErrorCode::upstream;  // unauthenticated: the client is refused
  std::string words;                     // the server's own, not cleaned; may be empty
};

// Constant after open(); shared by all threads.
class OauthClient {
 public:
  static bool is_used_by(const integration::Integration& integration);
  // Error invalid_argument: an address that the credentials make is not allowed.
  static Result<std::shared_ptr<const OauthClient>> open(
      const integration::Integration& integration, const std::map<std::string, Secret>& values);

  const http::Url& token_url() const { return token_url_; }

  // The request for a token. Its timeout is set; which addresses it may reach is the caller's.
  http::ClientRequest request() const;
  static std::expected<Tokens, TokenRefusal> read(const http::ClientResponse& answer);

 private:
  OauthClient() = default;
  http::Url token_url_;
  std::string token_form_;  // what the request says beside what the RFC has there: "audience=x"
  std::string scope_;
  std::string client_id_;
  Secret client_secret_;
  integration::ClientProof proof_ = integration::ClientProof::header;
};

}  // namespace patchbay::upstream
