#include "pack/read_oauth.h"

#include <algorithm>
#include <map>
#include <string>

#include "pack/credential_template.h"
#include "pack/words.h"

namespace patchbay::pack {
namespace {

using integration::Oauth;
using Texts = std::map<std::string, std::string>;

struct TextKey {
  const char* key;
  std::string Oauth::* value;
  bool of_code_only;   // says nothing to client credentials
  const char* needed;  // what it might be; null: it may be left out
};

constexpr TextKey kTextKeys[] = {
    {"authorize_url", &Oauth::authorize_url, true, "\"{site}/oauth/authorize\""},
    {"token_url", &Oauth::token_url, false, "\"{site}/oauth/token\""},
    {"client_id", &Oauth::client_id, false, "\"{client_id}\""},
    {"client_secret", &Oauth::client_secret, false, nullptr},
    {"scope", &Oauth::scope, false, nullptr},
};

struct TextsKey {
  const char* key;
  Texts Oauth::* value;
  bool of_code_only;
};

constexpr TextsKey kTextsKeys[] = {
    {"authorize_query", &Oauth::authorize_query, true},
    {"token_query", &Oauth::token_query, false},
    {"token_form", &Oauth::token_form, false},
};

// What the request for a token says by itself.
constexpr std::string_view kOwnParameters[] = {
    "grant_type",    "client_id",      "client_secret",
    "scope",         "code",           "state",
    "redirect_uri",  "code_challenge", "code_challenge_method",
    "code_verifier", "refresh_token",  "response_type"};

void read_texts(MappingReader& auth, const TextsKey& key, Definition& definition) {
  for (auto& [name, text] : auth.text_map(key.key)) {
    const std::size_t line = auth.find(key.key)->line;
    check_template(text, line, "auth: " + std::string(key.key), definition);
    if (std::ranges::find(kOwnParameters, name) != std::end(kOwnParameters)) {
      definition.problems.error(
          line, "auth: " + std::string(key.key) + ": '" + name + "' is said by Patchbay itself",
          "leave it out");
    }
    (definition.integration.auth.oauth.*key.value).emplace(name, text);
  }
}

}  // namespace

void read_oauth(MappingReader& auth, bool known, Definition& definition) {
  const auto style = definition.integration.auth.style;
  Oauth& oauth = definition.integration.auth.oauth;
  const bool by_code = style == integration::AuthStyle::oauth2_authorization_code;
  const bool by_token = by_code || style == integration::AuthStyle::oauth2_client_credentials;
  const std::string word(word_of(kAuthStyles, style));
  const auto refuse = [&](const char* key, bool of_code_only) {
    if (known && (!by_token || (of_code_only && !by_code))) {
      auth.refuse(key, "says nothing to style: " + word, "leave it out");
    }
  };
  for (const TextKey& key : kTextKeys) {
    oauth.*key.value = auth.text(key.key);
    refuse(key.key, key.of_code_only);
    const Node* node = auth.find(key.key);
    if (node != nullptr) check_template(oauth.*key.value, node->line, "auth", definition);
    const bool needed = by_token && key.needed != nullptr && (by_code || !key.of_code_only);
    if (known && needed && (oauth.*key.value).empty()) {
      definition.problems.error(auth.line(),
                                "auth: style: " + word + " needs '" + std::string(key.key) + "'",
                                "add `" + std::string(key.key) + ": " + key.needed + "`");
    }
  }
  if (known && style == integration::AuthStyle::oauth2_client_credentials &&
      oauth.client_secret.empty()) {
    definition.problems.error(auth.line(), "auth: style: " + word + " needs 'client_secret'",
                              "add `client_secret: \"{client_secret}\"`");
  }
  for (const TextsKey& key : kTextsKeys) {
    refuse(key.key, key.of_code_only);
    read_texts(auth, key, definition);
  }
  oauth.proof = auth.word("client_in", kClientProofs, oauth.proof);
  refuse("client_in", false);
}

}  // namespace patchbay::pack
