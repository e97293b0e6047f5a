#include "upstream/account.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>
#include <sodium.h>

#include "base/encoding.h"
#include "base/nearest.h"
#include "base/text.h"
#include "upstream/address.h"
#include "upstream/template.h"

namespace patchbay::upstream {

using integration::AuthStyle;
using integration::CredentialField;

namespace {

using Credentials = std::map<std::string, Secret>;

// A credential ends up in a URL or a header: a control character there would begin another header.
bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

Result<> check(const CredentialField& field, std::string_view value) {
  const auto refuse = [&](const std::string& what) {
    return fail(ErrorCode::invalid_argument, field.label + " (" + field.name + ") " + what,
                field.help);
  };
  if (value.size() > 4096) return refuse("is too long");
  if (has_control_character(value)) return refuse("holds a line break or control character");
  if (!field.options.empty() && field.pattern.empty() &&
      std::ranges::find(field.options, value) == field.options.end()) {
    return refuse("must be one of: " + join(field.options));
  }
  if (!field.pattern.empty()) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 pattern(field.pattern, options);
    if (!pattern.ok()) return refuse("has a pattern in its definition that is not valid");
    if (!re2::RE2::FullMatch(value, pattern)) return refuse("does not have the expected form");
  }
  return {};
}

// What the text means, where people write it in several ways.
std::string rewritten(const CredentialField& field, std::string text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  for (const auto& rewrite : field.rewrites) {
    const re2::RE2 pattern(rewrite.pattern, options);
    if (pattern.ok()) re2::RE2::Replace(&text, pattern, rewrite.replacement);
  }
  return text;
}

// Not what it was: an address that was pasted may hold what nobody else is to see.
std::string say_put_right(const CredentialField& field, const std::string& value) {
  return field.label + " (" + field.name + ") was put right" +
         (field.secret ? "." : ": it is " + value + ".");
}

// Given values and defaults, each checked. All that is missing is said at once.
Result<Credentials> complete(const integration::Integration& integration, const Credentials& given,
                             std::vector<std::string>& put_right) {
  std::vector<std::string> known;
  std::vector<std::string> missing;
  Credentials complete;
  for (const auto& field : integration.credentials) {
    known.push_back(field.name);
    std::string value = field.default_value;
    if (const auto found = given.find(field.name); found != given.end()) {
      if (const auto text = trim(found->second.reveal()); !text.empty()) {
        value = rewritten(field, std::string(text));
        if (value != text) put_right.push_back(say_put_right(field, value));
      }
    }
    if (value.empty()) {
      if (field.required) missing.push_back(field.name);
      complete.emplace(field.name, Secret());
      continue;
    }
    if (auto valid = check(field, value); !valid) return std::unexpected(valid.error());
    complete.emplace(field.name, Secret(std::move(value)));
  }
  if (!missing.empty()) {
    return fail(ErrorCode::invalid_argument, "Missing credentials: " + join(missing) + '.');
  }
  for (const auto& [name, value] : given) {
    if (complete.contains(name)) continue;
    const auto near = nearest(name, known, 1, true);
    return fail(ErrorCode::invalid_argument, "There is no credential '" + name + "'.",
                near.empty() ? "" : "Did you mean " + near.front() + "?");
  }
  return complete;
}

// The header that signs a request in.
Result<Secret> authorization(const integration::Auth& auth, const Credentials& values) {
  const auto filled = [&](const std::string& text) { return fill(text, values); };
  switch (auth.style) {
    case AuthStyle::none:
    case AuthStyle::oauth2_client_credentials:
    case AuthStyle::oauth2_authorization_code:
      return Secret();
    case AuthStyle::basic: {
      const auto username = filled(auth.username);
      if (!username) return username;
      const auto password = filled(auth.password);
      if (!password) return password;
      const Secret pair(std::string(username->reveal()) + ':' + std::string(password->reveal()));
      return Secret("Basic " + to_base64(pair.reveal()));
    }
    case AuthStyle::bearer: {
      const auto token = filled(auth.token);
      if (!token) return token;
      return Secret("Bearer " + std::string(token->reveal()));
    }
    case AuthStyle::header:
      return filled(auth.token);
  }
  return fail(ErrorCode::internal, "unknown way to sign in");
}

}  // namespace

namespace {

std::string fingerprint_of(const integration::Integration& integration, const Credentials& values,
                           std::string_view origin) {
  std::string text(origin);
  for (const auto& field : integration.credentials) {
    if (field.secret) continue;
    const auto value = values.at(field.name).reveal();
    text += '\n' + field.name + ' ' + std::to_string(value.size()) + ' ';
    text += value;
  }
  std::array<char, 16> digest{};
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return to_hex({digest.data(), 8});
}

}  // namespace

Result<std::shared_ptr<const Account>> Account::open(
    std::string id, std::shared_ptr<const integration::Integration> integration,
    const std::map<std::string, Secret>& credentials, const TimeZone& time_zone,
    const Account* before) {
  std::shared_ptr<Account> account(new Account());
  auto values = complete(*integration, credentials, account->put_right_);
  if (!values) return std::unexpected(values.error());
  auto url = fill_address(integration->base_url, *integration, *values);
  if (!url) return std::unexpected(url.error());
  account->base_url_ = std::move(*url);
  auto header = authorization(integration->auth, *values);
  if (!header) return std::unexpected(header.error());
  account->authorization_ = std::move(*header);
  if (integration->auth.style == AuthStyle::header) {
    account->authorization_name_ = integration->auth.header;
  }
  if (OauthClient::is_used_by(*integration)) {
    auto oauth = OauthClient::open(*integration, *values);
    if (!oauth) return std::unexpected(oauth.error());
    account->oauth_ = std::move(*oauth);
    account->access_ = std::make_shared<AccessToken>();
  }
  for (const auto& [name, text] : integration->headers) {
    auto value = fill(text, *values);
    if (!value) return std::unexpected(value.error());
    if (!value->empty()) account->headers_.emplace(name, std::move(*value));
  }
  auto reader = RateLimitReader::compile(integration->rate_limit);
  if (!reader) return std::unexpected(reader.error());
  account->rate_limit_reader_ = std::move(*reader);
  for (const auto& field : integration->credentials) {
    // Shorter ones would blank out ordinary words. What is no secret is still a credential and
    // nobody's to read in an error, but for what the address shows anyway.
    const auto& value = values->at(field.name);
    const bool in_address = integration->base_url.contains('{' + field.name + '}');
    const std::size_t least = field.secret ? 6 : 12;
    if ((field.secret || !in_address) && value.reveal().size() >= least) {
      account->secrets_.push_back(value);
    }
  }
  if (account->authorization_.reveal().size() > 12) {
    const auto text = account->authorization_.reveal();
    account->secrets_.emplace_back(std::string(text.substr(text.find(' ') + 1)));
  }
  account->fingerprint_ = fingerprint_of(*integration, *values, account->origin());
  for (const auto& field : integration->credentials) {
    const auto found = credentials.find(field.name);
    if (!field.personal && found != credentials.end()) account->shared_.insert(*found);
  }
  account->connection_ = id;
  account->id_ = std::move(id);
  account->integration_ = std::move(integration);
  account->time_zone_ = time_zone;
  if (before != nullptr && before->origin() == account->origin()) {
    account->throttle_ = before->throttle_;
    account->line_ = before->line_;
  }
  return account;
}

Result<std::shared_ptr<const Account>> Account::of_member(std::string_view server_id,
                                                          const std::map<std::string, Secret>& own,
                                                          const Account* before) const {
  Credentials credentials = shared_;
  for (const auto& field : integration_->credentials) {
    if (!field.personal) continue;
    // None of the account's stands in for one that is missing.
    const auto given = own.find(field.name);
    if (given != own.end()) credentials.insert_or_assign(field.name, given->second);
  }
  std::vector<std::string> personal;
  for (const auto& field : integration_->credentials) {
    if (field.personal) personal.push_back(field.name);
  }
  for (const auto& [name, value] : own) {
    if (std::ranges::find(personal, name) != personal.end()) continue;
    return fail(ErrorCode::invalid_argument,
                "'" + std::string(cut_utf8(name, 100)) + "' is not a member's own credential.",
                personal.empty() ? "Members of " + integration_->label + " have none."
                                 : "A member's own are: " + join(personal) +
                                       ". All others are the integrated account's.");
  }
  auto opened = open(id_, integration_, credentials, time_zone_);
  if (!opened) return opened;
  if ((*opened)->bound_to() != bound_to()) {
    return fail(ErrorCode::invalid_argument, "A member's own credentials lead to another address.");
  }
  // Nobody else has it yet.
  auto account = std::make_shared<Account>(**opened);
  account->connection_ = id_ + '/' + std::string(server_id);
  account->throttle_ = throttle_;
  if (before != nullptr && before->connection_ == account->connection_ &&
      before->why_signed_out_.empty()) {
    account->line_ = before->line_;
  }
  return account;
}

std::shared_ptr<const Account> Account::signed_out(std::string_view server_id,
                                                   std::string why) const {
  std::shared_ptr<Account> account(new Account());
  account->id_ = id_;
  account->connection_ = id_ + '/' + std::string(server_id);
  account->why_signed_out_ = std::move(why);
  account->integration_ = integration_;
  account->time_zone_ = time_zone_;
  account->base_url_ = base_url_;
  account->rate_limit_reader_ = rate_limit_reader_;
  account->throttle_ = throttle_;
  return account;
}

std::string Account::origin() const {
  return text_of(base_url_.origin);
}

std::string Account::bound_to() const {
  std::string places = origin();
  if (!oauth_) return places;
  for (const auto* url : {&oauth_->token_url(), &oauth_->authorize_url()}) {
    const auto place = url->origin.host.empty() ? std::string() : text_of(url->origin);
    if (!place.empty() && !places.contains(place)) places += " and " + place;
  }
  return places;
}

namespace {

std::string without(std::string text, std::string_view value) {
  if (value.empty() || !text.contains(value)) return text;
  // Written anew, since a short one may stand there very often.
  std::string left;
  std::size_t from = 0;
  for (auto at = text.find(value); at != std::string::npos; at = text.find(value, from)) {
    left.append(text, from, at - from);
    left += "[secret]";
    from = at + value.size();
  }
  left.append(text, from);
  return left;
}

}  // namespace

std::string Account::without_secrets(std::string text) const {
  for (const auto& secret : secrets_) text = without(std::move(text), secret.reveal());
  if (access_) text = without(std::move(text), access_->latest().reveal());
  return text;
}

}  // namespace patchbay::upstream
