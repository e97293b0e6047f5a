#include "cli/instance/api_client.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/text.h"
#include "cli/instance/connection.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "http/client.h"
#include "http/proxy.h"
#include "io/runtime.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

constexpr std::size_t kMostRecords = 10'000;
// Connecting an account waits for its API, which may take a minute.
constexpr std::chrono::minutes kTimeout{2};

std::optional<std::string> variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

// What the statuses of the API mean here; the API's own code is finer (`details.code`).
ErrorCode code_of(int status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return ErrorCode::permission_denied;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    case 413:
      return ErrorCode::too_large;
    case 429:
      return ErrorCode::rate_limited;
    case 503:
      return ErrorCode::unavailable;
    default:
      return status >= 500 ? ErrorCode::upstream : ErrorCode::invalid_argument;
  }
}

using Answer = std::optional<std::expected<http::ClientResponse, http::ClientError>>;

io::Task<> send(http::Client& client, http::ClientRequest request, Answer& answer) {
  answer = co_await client.send(std::move(request));
}

// Of a definition that was refused: a line for each, and how to mend it.
std::string faults_in(const json::Value& details) {
  const json::Value* const faults = details.find("faults");
  const json::Array* const list = faults != nullptr ? faults->if_array() : nullptr;
  std::string text;
  if (list == nullptr) return text;
  for (const json::Value& fault : *list) {
    text += fmt::format("\n  {}:{}: {}", fault.string_or("file", ""), fault.int64_or("line", 0),
                        fault.string_or("message", ""));
    if (const auto hint = fault.string_or("hint", ""); !hint.empty()) {
      text += fmt::format("\n      {}", hint);
    }
  }
  return text;
}

}  // namespace

struct ApiClient::Impl {
  explicit Impl(Connection chosen)
      : connection(std::move(chosen)),
        runtime({.loops = 1, .blocking_threads = 1}),
        client(runtime, {.ca_file = connection.ca_file}) {
    runtime.start();
  }
  ~Impl() { runtime.stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<json::Value> ask(http::Method method, const std::string& path, const json::Value* body) {
    return ask(method, path, body != nullptr ? std::optional(json::to_string(*body)) : std::nullopt,
               "application/json");
  }

  Result<json::Value> ask(http::Method method, const std::string& path,
                          std::optional<std::string> body, std::string_view media_type) {
    http::ClientRequest request{.method = method, .origin = connection.url.origin};
    request.target = connection.url.path + path;
    request.headers.set("Authorization", "Bearer " + std::string(connection.token.reveal()));
    request.headers.set("Accept", "application/json");
    if (body) {
      request.headers.set("Content-Type", std::string(media_type));
      request.body = std::move(*body);
    }
    request.timeout = kTimeout;
    request.allow_private_addresses = true;  // the person named it
    request.allow_loopback = true;
    auto proxy = http::choose_proxy(request.origin, variable);
    if (!proxy) return std::unexpected(proxy.error());
    request.proxy = std::move(*proxy);
    Answer answer;
    runtime.run(runtime.loop(0), [&] { return send(client, std::move(request), answer); });
    if (!*answer) return std::unexpected(not_reached(answer->error()));
    return judge(**answer, method);
  }

  Error not_reached(const http::ClientError& error) const {
    return {error.error.code, fmt::format("{} ({})", error.error.message, connection.named),
            error.maybe_sent
                ? "It may have been done all the same: look before you try again."
                : "Is the instance running, and its address right? `patchbay profile list` shows "
                  "it."};
  }

  Result<json::Value> judge(const http::ClientResponse& response, http::Method method) const {
    auto body = json::parse(response.body);
    const bool done = response.status >= 200 && response.status < 300;
    if (done && body && body->is_object()) return body;
    const json::Value* const details = body ? body->find("details") : nullptr;
    if (!done && details != nullptr) return refused(response.status, *body, *details);
    const bool changes = method != http::Method::get && response.status >= 500;
    return fail(ErrorCode::upstream,
                fmt::format("{}:{} answers with HTTP status {}, and not as Patchbay's admin API "
                            "does ({}).",
                            connection.url.origin.host, connection.url.origin.port, response.status,
                            connection.named),
                changes ? "It may have been done all the same: look before you try again."
                        : "Is this the address of an instance, and does a proxy before it pass "
                          "the admin API on?");
  }

  std::unexpected<Error> refused(int status, const json::Value& body,
                                 const json::Value& details) const {
    std::string hint(details.string_or("hint", ""));
    if (status == 401) {
      hint = fmt::format(
          "The token of {} is unknown, revoked or expired: `patchbay profile add` "
          "takes a new one.",
          connection.named);
    }
    if (const std::string faults = faults_in(details); !faults.empty()) hint = faults;
    return fail(code_of(status), std::string(body.string_or("message", "It was refused.")),
                std::move(hint));
  }

  const Connection connection;
  io::Runtime runtime;
  http::Client client;
};

ApiClient::ApiClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ApiClient::ApiClient(ApiClient&&) noexcept = default;
ApiClient::~ApiClient() = default;

Result<ApiClient> ApiClient::open(const std::string& profile) {
  auto connection = choose_connection(profile);
  if (!connection) return std::unexpected(connection.error());
  return ApiClient(std::make_unique<Impl>(std::move(*connection)));
}

Result<json::Value> ApiClient::get(const std::string& path) const {
  return impl_->ask(http::Method::get, path, nullptr);
}
Result<json::Value> ApiClient::post(const std::string& path, const json::Value& body) const {
  return impl_->ask(http::Method::post, path, &body);
}
Result<json::Value> ApiClient::put(const std::string& path, const json::Value& body) const {
  return impl_->ask(http::Method::put, path, &body);
}
Result<json::Value> ApiClient::post_document(const std::string& path, std::string document) const {
  const auto first = document.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string::npos && document[first] == '{';
  return impl_->ask(http::Method::post, path, std::optional(std::move(document)),
                    is_json ? "application/json" : "application/yaml");
}
Result<json::Value> ApiClient::patch(const std::string& path, const json::Value& body) const {
  return impl_->ask(http::Method::patch, path, &body);
}
Result<json::Value> ApiClient::remove(const std::string& path) const {
  return impl_->ask(http::Method::delete_, path, nullptr);
}

Result<json::Array> ApiClient::list(const std::string& path, const Query& query) const {
  constexpr std::chrono::seconds kPatience{1};
  const auto begun = std::chrono::steady_clock::now();
  bool told = false;
  json::Array records;
  std::string cursor;
  while (true) {
    std::string target = path;
    const auto add = [&target](std::string_view name, std::string_view value) {
      if (value.empty()) return;
      target += target.contains('?') ? '&' : '?';
      target += fmt::format("{}={}", name, percent_encode(value));
    };
    add("limit", "1000");
    for (const auto& [name, value] : query) add(name, value);
    add("next_cursor", cursor);
    auto page = get(target);
    if (!page) return std::unexpected(page.error());
    const json::Value* const result = page->find("result");
    if (result == nullptr || !result->is_array()) {
      return fail(ErrorCode::upstream, "The answer is no list.");
    }
    for (const json::Value& each : *result->if_array()) records.push_back(each);
    cursor = page->string_or("next_cursor", "");
    if (cursor.empty() || records.size() >= kMostRecords) break;
    if (std::chrono::steady_clock::now() - begun > kPatience && ::isatty(STDERR_FILENO) == 1) {
      told = true;
      fmt::print(stderr, "\r{} …", records.size());
      std::fflush(stderr);
    }
  }
  if (told) fmt::print(stderr, "\r\x1b[K");
  if (!cursor.empty()) {
    remark(fmt::format("There are more than the first {}: narrow the list down.", records.size()));
  }
  return records;
}

std::string path_to(std::initializer_list<std::string_view> segments) {
  std::string path;
  for (const std::string_view segment : segments) path += "/" + percent_encode(segment);
  return path;
}

}  // namespace patchbay::cli
