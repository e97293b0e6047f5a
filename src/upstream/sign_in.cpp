// How an account comes by the token that its requests carry.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "io/runtime.h"
#include "upstream/account.h"
#include "upstream/own_words.h"

namespace patchbay::upstream {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A node that has claimed a grant asks once, within the client's patience, and writes.
constexpr seconds kClaim{40};
// Whoever finds it claimed looks again, until the claim would be over.
constexpr milliseconds kLookAgain{100};
constexpr int kMostLooks = 450;
// What was given for a refresh token and is not written is lost with the process.
constexpr std::array kWriteAgain = {milliseconds(50), milliseconds(500), milliseconds(2'000)};

Error refused(const Account& account, const TokenRefusal& refusal) {
  const std::string& host = account.oauth()->token_url().origin.host;
  const auto words = cleaned(account, refusal.words);
  const std::string said = words.empty() ? "." : ": " + words + (words.ends_with('.') ? "" : ".");
  switch (refusal.code) {
    case ErrorCode::unauthenticated:
      if (refusal.grant_is_over) {
        return {ErrorCode::unauthenticated, host + " no longer takes this sign-in" + said,
                "Connect the account anew, with a connect link."};
      }
      return {ErrorCode::unauthenticated, host + " gives no token for these credentials" + said,
              "Check the client id, the client secret and what the client may do there."};
    case ErrorCode::rate_limited:
      return {ErrorCode::rate_limited, host + " gives no more tokens for now" + said,
              "Try again in a minute."};
    case ErrorCode::unavailable:
      return {ErrorCode::unavailable, host + " could not give a token" + said,
              "Try again in a minute."};
    default:
      return {ErrorCode::upstream, host + " gave no token" + said,
              "Check the address that tokens are had at."};
  }
}

Tokens tokens_of(const HeldGrant& grant, WallTime now) {
  const auto left = std::chrono::duration_cast<seconds>(grant.expires_at - now);
  return {.access = grant.access,
          .refresh = {},
          .lifetime = std::max(left, seconds(0)),
          .is_fresh = false};
}

Error not_connected(const Account& account) {
  return {ErrorCode::unauthenticated,
          "Nobody has signed this account in to " + account.integration().label + " yet.",
          "Make a connect link for it, and have it opened by whoever may say yes there."};
}

Error over(const Account& account) {
  return {ErrorCode::unauthenticated,
          "The sign-in of this account to " + account.integration().label + " is over.",
          "Connect the account anew, with a connect link."};
}

}  // namespace

io::Task<std::expected<Tokens, TokenRefusal>> Sender::ask_for_tokens(const Account& account,
                                                                     http::ClientRequest request) {
  allow_addresses(account, request);
  const auto answer = co_await client_.send(std::move(request));
  if (answer) co_return OauthClient::read(*answer);
  co_return std::unexpected(
      TokenRefusal{.code = ErrorCode::unavailable, .words = answer.error().error.message});
}

io::Task<Result<std::string>> Sender::sign_in(const Account& account) {
  co_return co_await account.access_->next(clock_, [&] { return fetch(account); });
}

io::Task<std::expected<http::ClientResponse, http::ClientError>> Sender::send_signed(
    const Account& account, http::ClientRequest request) {
  const auto failed = [](Error error) {
    return std::unexpected(http::ClientError{.error = std::move(error), .maybe_sent = false});
  };
  auto header = account.access_->ready(clock_.monotonic());
  if (!header) {
    auto next = co_await sign_in(account);
    if (!next) co_return failed(std::move(next.error()));
    header = std::move(*next);
  }
  request.headers.set("Authorization", *header);
  auto response = co_await client_.send_kept(request);
  if (!response || response->status != 401) {
    if (response) account.access_->accepted();
    co_return response;
  }
  // Taken back before its time. What was refused so was not done: it may be sent again.
  if (!account.access_->refused(*header)) co_return response;
  auto next = co_await sign_in(account);
  if (!next) co_return failed(std::move(next.error()));
  if (*next == *header) co_return response;
  request.headers.set("Authorization", *next);
  response = co_await client_.send_kept(request);
  if (response && response->status != 401) account.access_->accepted();
  co_return response;
}

io::Task<Result<Tokens>> Sender::fetch(const Account& account) {
  if (account.oauth_->asks_people()) co_return co_await renew_grant(account);
  auto tokens = co_await ask_for_tokens(account, account.oauth_->ask_as_client());
  if (!tokens) co_return std::unexpected(refused(account, tokens.error()));
  co_return std::move(*tokens);
}

io::Task<Result<Tokens>> Sender::redeem(const Account& account, AuthorizationCode code) {
  auto tokens = co_await ask_for_tokens(account, account.oauth_->ask_by_code(code));
  if (!tokens) co_return std::unexpected(refused(account, tokens.error()));
  co_return std::move(*tokens);
}

io::Task<Result<Tokens>> Sender::renew_grant(const Account& account) {
  if (grants_ == nullptr || runtime_ == nullptr) co_return std::unexpected(not_connected(account));
  const auto before = account.access_->latest();
  for (int look = 0; look < kMostLooks; ++look) {
    auto read =
        co_await runtime_->run_blocking([this, id = account.id()] { return grants_->read(id); });
    if (!read) co_return std::unexpected(read.error());
    if (!*read) co_return std::unexpected(not_connected(account));
    HeldGrant held = std::move(**read);
    if (held.bound_to != account.bound_to()) co_return std::unexpected(not_connected(account));
    const auto now = clock_.now();
    // Another node has been there, or this one before it was started anew.
    const bool is_news =
        !held.access.empty() && !equal_in_constant_time(held.access.reveal(), before.reveal());
    if (is_news && now + seconds(5) < held.expires_at) co_return tokens_of(held, now);
    if (held.refresh.empty()) co_return std::unexpected(over(account));
    const auto claimed =
        co_await runtime_->run_blocking([this, id = account.id(), version = held.version, now] {
          return grants_->claim(id, version, now, now + kClaim);
        });
    if (!claimed) co_return std::unexpected(claimed.error());
    if (*claimed) {
      held.version = **claimed;
      co_return co_await refresh(account, std::move(held));
    }
    co_await io::sleep(kLookAgain);
  }
  co_return fail(ErrorCode::unavailable, "The sign-in of this account is being renewed elsewhere.",
                 "Try again in a few seconds.");
}

io::Task<Result<Tokens>> Sender::refresh(const Account& account, HeldGrant held) {
  auto tokens = co_await ask_for_tokens(account, account.oauth_->ask_by_refresh(held.refresh));
  if (!tokens) {
    const TokenRefusal refusal = std::move(tokens.error());
    // With or without its refresh token, so that the claim is over.
    if (refusal.grant_is_over) held.refresh = Secret();
    co_await keep(account, std::move(held));
    co_return std::unexpected(refused(account, refusal));
  }
  held.access = tokens->access;
  if (!tokens->refresh.empty()) held.refresh = std::move(tokens->refresh);
  held.expires_at = clock_.now() + tokens->lifetime;
  if (auto kept = co_await keep(account, std::move(held)); !kept) {
    co_return std::unexpected(kept.error());
  }
  co_return Tokens{
      .access = std::move(tokens->access), .refresh = {}, .lifetime = tokens->lifetime};
}

io::Task<Result<>> Sender::keep(const Account& account, HeldGrant grant) {
  const auto write = [this, id = account.id(), &grant] { return grants_->keep(id, grant); };
  auto kept = co_await runtime_->run_blocking(write);
  for (const auto pause : kWriteAgain) {
    if (kept || kept.error().code != ErrorCode::unavailable) break;
    co_await io::sleep(pause);
    kept = co_await runtime_->run_blocking(write);
  }
  // Whoever signed in anew meanwhile has brought better ones: the next call finds them.
  co_return kept;
}

}  // namespace patchbay::upstream
