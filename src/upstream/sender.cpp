#include "base/text.h"
#include "json/mend.h"
#include "json/parse.h"
#include "upstream/account.h"
#include "upstream/own_words.h"

namespace patchbay::upstream {

namespace {

const Clock& machine_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace

http::Method method_of(integration::Verb verb) {
  switch (verb) {
    case integration::Verb::get:
      return http::Method::get;
    case integration::Verb::post:
      return http::Method::post;
    case integration::Verb::put:
      return http::Method::put;
    case integration::Verb::patch:
      return http::Method::patch;
    case integration::Verb::delete_:
      return http::Method::delete_;
  }
  return http::Method::get;
}

Sender::Sender(http::Client& client, SenderOptions options)
    : client_(client),
      allow_private_addresses_(options.allow_private_addresses),
      grants_(options.grants),
      runtime_(options.runtime),
      clock_(options.clock != nullptr ? *options.clock : machine_clock()) {}

// What is not encrypted goes no further than this machine, whatever its name resolves to.
void Sender::allow_addresses(const Account& account, http::ClientRequest& request) const {
  request.allow_loopback = account.integration().allow_loopback_http;
  request.allow_private_addresses =
      allow_private_addresses_.load(std::memory_order_relaxed) && request.origin.secure;
}

io::Task<std::expected<Answer, http::ClientError>> Sender::send(const Account& account,
                                                                Request request) {
  if (!account.why_signed_out().empty()) {
    co_return std::unexpected(http::ClientError{
        .error = {ErrorCode::unauthenticated, account.why_signed_out(), ""}, .maybe_sent = false});
  }
  http::ClientRequest out;
  out.method = method_of(request.verb);
  out.origin = account.base_url_.origin;
  out.target = request.from_root ? std::move(request.path) : account.base_url_.path + request.path;
  if (out.target.empty()) out.target = "/";
  if (!request.query.empty()) out.target += '?' + request.query;
  for (const auto& [name, value] : account.headers_) {
    out.headers.add(name, std::string(value.reveal()));
  }
  if (!account.authorization_.empty()) {
    out.headers.add(account.authorization_name_, std::string(account.authorization_.reveal()));
  }
  if (!out.headers.find("Accept")) out.headers.add("Accept", "application/json");
  // Beside what the integration says: some APIs take their version from it, for files as well.
  if (request.any_media_type) {
    out.headers.set("Accept", std::string(*out.headers.find("Accept")) + ", */*;q=0.8");
  }
  if (!request.body.empty()) out.headers.add("Content-Type", "application/json");
  for (auto& [name, value] : request.headers) out.headers.set(name, std::move(value));
  out.body = std::move(request.body);
  out.timeout = request.timeout;
  allow_addresses(account, out);
  out.cancel = std::move(request.cancel);

  auto response = account.access_ ? co_await send_signed(account, std::move(out))
                                  : co_await client_.send(std::move(out));
  if (!response) co_return std::unexpected(std::move(response.error()));
  Answer answer;
  answer.status = response->status;
  answer.rate_limit = account.rate_limit_reader_.read(response->status, response->headers,
                                                      response->body, clock_.now());
  answer.headers = std::move(response->headers);
  answer.body = std::move(response->body);
  co_return answer;
}

namespace {

// Whether an answer to the probe shows that the connection works; and if not, why.
Result<> judge(const Account& account, const Answer& answer) {
  const std::string& host = account.base_url().origin.host;
  const int status = answer.status;
  const std::string said = " (HTTP " + std::to_string(status) + ")";
  if (status >= 200 && status < 300) {
    if (says_error(account.integration(), answer.body)) {
      return fail(ErrorCode::upstream,
                  host + " answered with an error instead of data" + said + ".",
                  "Check the site, the company or tenant id and each of the keys.");
    }
    const auto body = trim(json::without_byte_order_mark(answer.body));
    // Whoever asks about a system is told something of it: nothing is what proxies give.
    const auto data = json::parse(body);
    const bool empty =
        body.empty() ||
        (data && (data->is_null() || (data->if_object() != nullptr && data->if_object()->empty()) ||
                  (data->is_array() && data->if_array()->empty())));
    if (empty) {
      return fail(ErrorCode::upstream, host + " answered with nothing" + said + ".",
                  "Something before the API may have answered in its place: check the site, the "
                  "company or tenant id and each of the keys.");
    }
    if (body.front() == '{' || body.front() == '[') return {};
    return fail(ErrorCode::upstream, host + " answered with a page instead of data.",
                "Enter the address of the API itself, not of the web interface.");
  }
  if (status == 401) {
    return fail(ErrorCode::unauthenticated, host + " refused the credentials" + said + ".",
                "Check each of the keys, the company or tenant id and the client id: copied "
                "whole, of this very site, and not revoked.");
  }
  if (status == 403) {
    return fail(ErrorCode::permission_denied,
                host + " knows the credentials but does not let them in" + said + ".",
                "Give the account's security role at least read access, and check that the "
                "client id is registered for this API.");
  }
  if (status == 400 || status == 404) {
    return fail(ErrorCode::upstream, host + " does not serve the API at this address" + said + ".",
                "Check the site (region or own host name), the company id and the codebase or "
                "path.");
  }
  if (status == 429) {
    return fail(ErrorCode::rate_limited, host + " asks for fewer requests" + said + ".",
                "Try again in " +
                    std::to_string(answer.rate_limit.retry_after_seconds.value_or(30)) +
                    " seconds.");
  }
  if (status >= 300 && status < 400) {
    const auto place = place_of(account, answer);
    return fail(ErrorCode::upstream,
                host + " redirects " + (place.empty() ? "elsewhere" : "to " + place) + said + ".",
                "Enter the address of the API itself, not of the web interface.");
  }
  return fail(status >= 500 ? ErrorCode::unavailable : ErrorCode::upstream,
              host + " answered with an error" + said + ".", "Try again in a minute.");
}

// "NotFound: Ticket 7 not found"; "" if it says nothing.
std::string in_a_line(const OwnWords& words) {
  std::string line = words.code;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) line += (line.empty() ? "" : ": ") + text;
  };
  add(words.message);
  add(words.title);
  for (const auto& field : words.fields) {
    add(field.field);
    add(field.message);
  }
  constexpr std::size_t kMostBytes = 300;  // of a message that is a sentence or two
  return std::string(cut_utf8(line, kMostBytes));
}

}  // namespace

io::Task<Result<>> Sender::probe(const Account& account) {
  Request request;
  request.verb = account.integration_->probe.verb;
  request.path = account.integration_->probe.path;
  request.timeout = std::chrono::milliseconds(20'000);
  const std::string host = account.base_url_.origin.host;
  if (account.access_) account.access_->forget_refusal();
  const auto answer = co_await send(account, std::move(request));
  if (!answer) {
    const Error& error = answer.error().error;
    // Of where tokens are had, which says more than we would.
    if (error.code == ErrorCode::unauthenticated || error.code == ErrorCode::rate_limited) {
      co_return std::unexpected(error);
    }
    // The client's message says which step failed (name, connection, certificate, time).
    co_return fail(error.code == ErrorCode::timeout ? ErrorCode::timeout : ErrorCode::unavailable,
                   host + " could not be reached: " + error.message,
                   error.hint.empty() ? "Check the spelling of the site, that it is up, and that "
                                        "this machine may reach it."
                                      : error.hint);
  }
  auto judged = judge(account, *answer);
  if (!judged) {
    // What the integration knows of such an answer, and what the upstream itself says of it.
    const auto& hints = account.integration_->probe.hints;
    if (const auto own = hints.find(answer->status); own != hints.end()) {
      judged.error().hint = own->second;
    }
    const auto said = read_own_words(account, *answer);
    if (const auto words = in_a_line(said); !words.empty()) {
      judged.error().message += " It says: " + words;
    }
  }
  co_return judged;
}

}  // namespace patchbay::upstream
