// How an account signs in to an API: what an operator enters, and what is made of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace patchbay::integration {

// How what people paste becomes what is meant. The first match is replaced (RE2; \\1 is the first
// group's).
struct Rewrite {
  std::string pattern;
  std::string replacement;
};

struct CredentialField {
  std::string name;  // "private_key"
  std::string label;
  std::string help;
  std::string type = "text";  // text, password, select
  bool secret = false;
  bool required = true;
  std::string pattern;  // RE2, whole match; empty: any
  std::string default_value;
  std::vector<std::string> options;
  std::vector<Rewrite> rewrites;  // made in this order, before the pattern is looked at
  // Of the member who signs in, and not of the account: an MCP server that is a person's may bring
  // its own, all of these together. None of them has a part in the address.
  bool personal = false;
};

enum class AuthStyle : std::uint8_t {
  none,
  basic,
  bearer,
  header,
  oauth2_client_credentials,  // tokens for the client itself (RFC 6749 section 4.4)
  oauth2_authorization_code,  // tokens that a person has said yes to (section 4.1, with PKCE)
};

// How a client shows an authorization server who it is (RFC 6749 section 2.3.1).
enum class ClientProof : std::uint8_t { header, body };

// How tokens are had. Templates as in Auth; what stands for nothing is not sent.
struct Oauth {
  std::string authorize_url;  // style oauth2_authorization_code: where people are sent
  std::map<std::string, std::string> authorize_query;  // beside what the RFC has there
  std::string token_url;
  std::map<std::string, std::string> token_query;
  std::map<std::string, std::string> token_form;
  std::string client_id;
  std::string client_secret;  // empty: a public client, which has none
  std::string scope;
  ClientProof proof = ClientProof::header;
};

// Templates hold "{name}" placeholders of credentials.
struct Auth {
  AuthStyle style = AuthStyle::none;
  std::string username;  // basic
  std::string password;  // basic
  std::string token;     // bearer, header: the value
  std::string header;    // header: its name
  Oauth oauth;           // both OAuth styles
};

}  // namespace patchbay::integration
