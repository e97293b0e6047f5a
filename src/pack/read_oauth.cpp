#include "pack/read_oauth.h"

#include <algorithm>
#include <map>
#include <string>

#include "pack/credential_template.h"
#include "pack/words.h"

namespace patchbay::pack {
namespace {

using integration::Oauth;

struct TextKey {
  const char* key;
  std::string Oauth::* value;
  const char* needed;  // what it might be; null: it may be left out
};

constexpr TextKey kTextKeys[] = {
    {"token_url", &Oauth::token_url, "\"{site}/oauth/token\""},
    {"client_id", &Oauth::client_id, "\"{client_id}\""},
    {"client_secret", &Oauth::client_secret, "\"{client_secret}\""},
    {"scope", &Oauth::scope, nullptr},
};

struct TextsKey {
  const char* key;
  std::map<std::string, std::string> Oauth::* value;
};

constexpr TextsKey kTextsKeys[] = {
    {"token_query", &Oauth::token_query},
    {"token_form", &Oauth::token_form},
};

// What the request for a token says by itself.
constexpr std::string_view kOwnParameters[] = {"grant_type", "client_id", "client_secret", "scope"};

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
  const bool by_token = style == integration::AuthStyle::oauth2_client_credentials;
  const std::string word(word_of(kAuthStyles, style));
  const auto refuse = [&](const char* key) {
    if (known && !by_token) auth.refuse(key, "says nothing to style: " + word, "leave it out");
  };
  for (const TextKey& key : kTextKeys) {
    oauth.*key.value = auth.text(key.key);
    refuse(key.key);
    const Node* node = auth.find(key.key);
    if (node != nullptr) check_template(oauth.*key.value, node->line, "auth", definition);
    if (known && by_token && key.needed != nullptr && (oauth.*key.value).empty()) {
      definition.problems.error(auth.line(),
                                "auth: style: " + word + " needs '" + std::string(key.key) + "'",
                                "add `" + std::string(key.key) + ": " + key.needed + "`");
    }
  }
  for (const TextsKey& key : kTextsKeys) {
    refuse(key.key);
    read_texts(auth, key, definition);
  }
  oauth.proof = auth.word("client_in", kClientProofs, oauth.proof);
  refuse("client_in");
}

}  // namespace patchbay::pack
