// What an account says to an authorization server (OAuth 2.0: RFC 6749, with PKCE by RFC 7636), and
// what the server says back. Knows no network: requests are made, answers are read.
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
  Secret refresh;  // empty: none was given
  // Of `access`, as the server says it, or a guess on the low side.
  std::chrono::seconds lifetime{};
  // Had just now. Of one that was kept for a while, the API may have tired in the meantime.
  bool is_fresh = true;
};

// Why there are no tokens.
struct TokenRefusal {
  ErrorCode code = ErrorCode::upstream;  // unauthenticated: the client or its grant is refused
  bool grant_is_over = false;            // invalid_grant: no try with the same one will do
  std::string words;                     // the server's own, not cleaned; may be empty
};

// What comes back from the authorization server's pages.
struct AuthorizationCode {
  Secret code;
  Secret verifier;           // of PKCE, whose challenge went with the request
  std::string redirect_uri;  // the same that the request named
};

// Constant after open(); shared by all threads.
class OauthClient {
 public:
  static bool is_used_by(const integration::Integration& integration);
  // Error invalid_argument: an address that the credentials make is not allowed.
  static Result<std::shared_ptr<const OauthClient>> open(
      const integration::Integration& integration, const std::map<std::string, Secret>& values);

  const http::Url& token_url() const { return token_url_; }
  const http::Url& authorize_url() const { return authorize_url_; }  // no host: nobody is asked
  bool asks_people() const { return !authorize_url_.origin.host.empty(); }

  // Where a person is sent to say yes. `challenge`: of PKCE, by S256.
  std::string authorize_at(std::string_view state, std::string_view challenge,
                           std::string_view redirect_uri) const;
  // Requests for tokens. Their timeout is set; which addresses they may reach is the caller's.
  http::ClientRequest ask_as_client() const;
  http::ClientRequest ask_by_code(const AuthorizationCode& code) const;
  http::ClientRequest ask_by_refresh(const Secret& refresh) const;
  static std::expected<Tokens, TokenRefusal> read(const http::ClientResponse& answer);

 private:
  OauthClient() = default;
  http::ClientRequest request(std::string form) const;

  http::Url token_url_;
  http::Url authorize_url_;
  std::string authorize_query_;
  std::string token_form_;  // what each request for tokens says: "&audience=x"
  std::string scope_;
  std::string client_id_;
  Secret client_secret_;
  integration::ClientProof proof_ = integration::ClientProof::header;
};

}  // namespace patchbay::upstream
