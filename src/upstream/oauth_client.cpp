#include "upstream/oauth_client.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "json/parse.h"
#include "upstream/address.h"
#include "upstream/template.h"

namespace patchbay::upstream {

using integration::AuthStyle;
using integration::ClientProof;

namespace {

using Credentials = std::map<std::string, Secret>;

// Where the server does not say it. Longer ones are mended by the first 401.
constexpr std::chrono::seconds kGuessedLifetime{600};
constexpr std::chrono::hours kLongestLifetime{24 * 365};
constexpr std::size_t kLongestToken = 16'384;
constexpr std::chrono::milliseconds kPatience{20'000};
constexpr std::size_t kLargestAnswer = 256 * 1024;

void add(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!form.empty()) form += '&';
  form += percent_encode(name) + '=' + percent_encode(value);
}

// "a=1&b=2" of templates; what stands for nothing is left out.
Result<std::string> filled(const std::map<std::string, std::string>& texts,
                           const Credentials& values) {
  std::string form;
  for (const auto& [name, text] : texts) {
    const auto value = fill(text, values);
    if (!value) return std::unexpected(value.error());
    add(form, name, value->reveal());
  }
  return form;
}

bool is_header_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Secret token_at(const json::Value& answer, std::string_view name) {
  const auto text = answer.string_or(name, "");
  return text.size() <= kLongestToken && is_header_text(text) ? Secret(std::string(text))
                                                              : Secret();
}

std::chrono::seconds lifetime_of(const json::Value& answer) {
  const auto* given = answer.find("expires_in");
  if (given == nullptr) return kGuessedLifetime;
  // Some servers write the number as a text.
  const auto* text = given->if_string();
  const auto seconds = text != nullptr ? parse_int64(*text) : given->as_int64();
  if (!seconds) return kGuessedLifetime;
  return std::clamp<std::chrono::seconds>(std::chrono::seconds(*seconds), std::chrono::seconds(0),
                                          kLongestLifetime);
}

TokenRefusal refusal_of(int status, const json::Value& answer) {
  TokenRefusal refusal;
  const auto error = answer.string_or("error", "");
  refusal.words = std::string(error);
  if (const auto more = answer.string_or("error_description", ""); !more.empty()) {
    refusal.words += (refusal.words.empty() ? "" : ": ") + std::string(more);
  }
  if (status == 429) {
    refusal.code = ErrorCode::rate_limited;
  } else if (status >= 500 || status == 408) {
    refusal.code = ErrorCode::unavailable;
  } else if (status >= 400) {
    refusal.code = ErrorCode::unauthenticated;
    refusal.grant_is_over = error == "invalid_grant";
  }
  return refusal;
}

}  // namespace

bool OauthClient::is_used_by(const integration::Integration& integration) {
  return integration.auth.style == AuthStyle::oauth2_client_credentials ||
         integration.auth.style == AuthStyle::oauth2_authorization_code;
}

Result<std::shared_ptr<const OauthClient>> OauthClient::open(
    const integration::Integration& integration, const Credentials& values) {
  const integration::Oauth& definition = integration.auth.oauth;
  std::shared_ptr<OauthClient> client(new OauthClient());
  auto token_url = fill_address(definition.token_url, integration, values);
  if (!token_url) return std::unexpected(token_url.error());
  client->token_url_ = std::move(*token_url);
  auto query = filled(definition.token_query, values);
  if (!query) return std::unexpected(query.error());
  client->token_url_.query = std::move(*query);
  auto form = filled(definition.token_form, values);
  if (!form) return std::unexpected(form.error());
  client->token_form_ = std::move(*form);
  if (integration.auth.style == AuthStyle::oauth2_authorization_code) {
    auto authorize_url = fill_address(definition.authorize_url, integration, values);
    if (!authorize_url) return std::unexpected(authorize_url.error());
    client->authorize_url_ = std::move(*authorize_url);
    auto more = filled(definition.authorize_query, values);
    if (!more) return std::unexpected(more.error());
    client->authorize_query_ = std::move(*more);
  }
  const auto scope = fill(definition.scope, values);
  if (!scope) return std::unexpected(scope.error());
  client->scope_ = scope->reveal();
  const auto id = fill(definition.client_id, values);
  if (!id) return std::unexpected(id.error());
  client->client_id_ = id->reveal();
  auto secret = fill(definition.client_secret, values);
  if (!secret) return std::unexpected(secret.error());
  client->client_secret_ = std::move(*secret);
  client->proof_ = definition.proof;
  return client;
}

std::string OauthClient::authorize_at(std::string_view state, std::string_view challenge,
                                      std::string_view redirect_uri) const {
  std::string query = authorize_query_;
  add(query, "response_type", "code");
  add(query, "client_id", client_id_);
  add(query, "redirect_uri", redirect_uri);
  add(query, "scope", scope_);
  add(query, "state", state);
  add(query, "code_challenge", challenge);
  add(query, "code_challenge_method", "S256");
  return text_of(authorize_url_.origin) +
         (authorize_url_.path.empty() ? "/" : authorize_url_.path) + '?' + query;
}

http::ClientRequest OauthClient::request(std::string form) const {
  http::ClientRequest request;
  request.method = http::Method::post;
  request.origin = token_url_.origin;
  request.target = token_url_.path.empty() ? "/" : token_url_.path;
  if (!token_url_.query.empty()) request.target += '?' + token_url_.query;
  request.headers.add("Accept", "application/json");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  if (proof_ == ClientProof::header && !client_secret_.empty()) {
    // Both are written as in a form before they are joined (RFC 6749 section 2.3.1).
    const Secret pair(percent_encode(client_id_) + ':' + percent_encode(client_secret_.reveal()));
    request.headers.add("Authorization", "Basic " + to_base64(pair.reveal()));
  } else {
    add(form, "client_id", client_id_);
    add(form, "client_secret", client_secret_.reveal());
  }
  if (!token_form_.empty()) form += '&' + token_form_;
  request.body = std::move(form);
  request.timeout = kPatience;
  request.max_response_bytes = kLargestAnswer;
  return request;
}

http::ClientRequest OauthClient::ask_as_client() const {
  std::string form = "grant_type=client_credentials";
  add(form, "scope", scope_);
  return request(std::move(form));
}

http::ClientRequest OauthClient::ask_by_code(const AuthorizationCode& code) const {
  std::string form = "grant_type=authorization_code";
  add(form, "code", code.code.reveal());
  add(form, "redirect_uri", code.redirect_uri);
  add(form, "code_verifier", code.verifier.reveal());
  return request(std::move(form));
}

http::ClientRequest OauthClient::ask_by_refresh(const Secret& refresh) const {
  std::string form = "grant_type=refresh_token";
  add(form, "refresh_token", refresh.reveal());
  return request(std::move(form));
}

std::expected<Tokens, TokenRefusal> OauthClient::read(const http::ClientResponse& answer) {
  const auto parsed = json::parse(trim(answer.body));
  const json::Value said = parsed ? *parsed : json::Value();
  if (answer.status < 200 || answer.status >= 300) {
    return std::unexpected(refusal_of(answer.status, said));
  }
  Tokens tokens{.access = token_at(said, "access_token"),
                .refresh = token_at(said, "refresh_token"),
                .lifetime = lifetime_of(said)};
  const auto type = said.string_or("token_type", "bearer");
  if (tokens.access.empty()) {
    // Some servers refuse with a 200.
    auto refusal = refusal_of(said.find("error") != nullptr ? 400 : answer.status, said);
    if (refusal.words.empty()) refusal.words = "its answer holds no token";
    return std::unexpected(std::move(refusal));
  }
  if (!equal_ignoring_case(type, "bearer")) {
    return std::unexpected(
        TokenRefusal{.words = "its tokens are of a kind that is not spoken here: " +
                              std::string(type.substr(0, 40))});
  }
  return tokens;
}

}  // namespace patchbay::upstream
