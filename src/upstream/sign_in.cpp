// How an account comes by the token that its requests carry.
#include <utility>

#include "base/text.h"
#include "upstream/account.h"
#include "upstream/own_words.h"

namespace patchbay::upstream {

namespace {

Error refused(const Account& account, const TokenRefusal& refusal) {
  const std::string& host = account.oauth()->token_url().origin.host;
  const auto words = cleaned(account, refusal.words);
  const std::string said = words.empty() ? "." : ": " + words + (words.ends_with('.') ? "" : ".");
  switch (refusal.code) {
    case ErrorCode::unauthenticated:
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
  auto tokens = co_await ask_for_tokens(account, account.oauth_->request());
  if (!tokens) co_return std::unexpected(refused(account, tokens.error()));
  co_return std::move(*tokens);
}

}  // namespace patchbay::upstream
