#include "mcp/wire/result.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "json/write.h"

namespace patchbay::mcp {
namespace {

struct Envelope {
  std::string head;
  std::string tail;
};

// What stands before and after the members of `body`.
Envelope wrap(Era era, std::string_view id, const ResultBody& body, const ServerInfo& info) {
  Envelope out;
  out.head.reserve(96 + id.size() + body.head.size());
  out.head += R"({"jsonrpc":"2.0","id":)";
  out.head += id;
  out.head += R"(,"result":{)";
  const bool has_members = !body.head.empty() || body.shared != nullptr || !body.tail.empty();
  if (era == Era::modern) {
    out.head +=
        body.input_required ? R"("resultType":"input_required")" : R"("resultType":"complete")";
    if (has_members) out.head += ',';
    if (body.ttl_ms >= 0) {
      // Private: what a token may see is nobody else's to be served.
      out.tail += R"(,"ttlMs":)" + std::to_string(body.ttl_ms) + R"(,"cacheScope":"private")";
    }
    out.tail += R"(,"_meta":{)";
    if (!body.meta.empty()) out.tail += body.meta + ',';
    out.tail += '"';
    out.tail += kMetaServerInfo;
    out.tail += R"(":)";
    append_server_info(out.tail, info);
    out.tail += '}';
  } else if (!body.meta.empty()) {
    if (has_members) out.tail += ',';
    out.tail += R"("_meta":{)" + body.meta + '}';
  }
  out.tail += "}}";
  return out;
}

void add_limit(ResultBody& body, std::string_view member, std::string_view header,
               std::optional<std::int64_t> value) {
  if (!value) return;
  const std::string text = std::to_string(*value);
  if (!body.meta.ends_with('{')) body.meta += ',';
  body.meta += '"';
  body.meta += member;
  body.meta += R"(":)" + text;
  if (!header.empty()) body.http_headers.emplace_back(std::string(header), text);
}

void add_rate_limit(ResultBody& body, const RateLimit& rate_limit) {
  if (!rate_limit.limit && !rate_limit.remaining && !rate_limit.reset_seconds &&
      !rate_limit.retry_after_seconds) {
    return;
  }
  body.meta += '"';
  body.meta += kMetaRateLimit;
  body.meta += R"(":{)";
  add_limit(body, "limit", "ratelimit-limit", rate_limit.limit);
  add_limit(body, "remaining", "ratelimit-remaining", rate_limit.remaining);
  add_limit(body, "reset", "ratelimit-reset", rate_limit.reset_seconds);
  add_limit(body, "retry_after_seconds", "retry-after", rate_limit.retry_after_seconds);
  body.meta += '}';
}

}  // namespace

void append_server_info(std::string& out, const ServerInfo& info) {
  out += R"({"name":"patchbay","title":)";
  json::append_string(out, info.title);
  out += R"(,"version":)";
  json::append_string(out, info.version);
  out += '}';
}

http::Response result_response(Era era, std::string_view id, ResultBody body,
                               const ServerInfo& info) {
  Envelope envelope = wrap(era, id, body, info);
  http::Response response = http::Response::json(200, {});
  response.head = std::move(envelope.head);
  if (body.shared != nullptr) {
    response.head += body.head;
    response.shared = std::move(body.shared);
    response.tail = std::move(body.tail);
  } else {
    // A tool's text may be large: it moves, and the gathered write puts the head before it.
    response.tail = std::move(body.head);
    response.tail += body.tail;
  }
  response.tail += envelope.tail;
  for (auto& [name, value] : body.http_headers) response.headers.add(name, std::move(value));
  return response;
}

std::string whole_body(http::Response response) {
  std::string text = std::move(response.head);
  if (response.shared) text += *response.shared;
  text += response.tail;
  return text;
}

std::string result_text(Era era, std::string_view id, ResultBody body, const ServerInfo& info) {
  Envelope envelope = wrap(era, id, body, info);
  std::string out = std::move(envelope.head);
  out += body.head;
  if (body.shared != nullptr) out += *body.shared;
  out += body.tail;
  out += envelope.tail;
  return out;
}

std::string fault_text(const Fault& fault) {
  std::string out = R"({"jsonrpc":"2.0",)";
  if (!fault.id.empty()) {
    out += R"("id":)";
    out += fault.id;
    out += ',';
  }
  out += R"("error":{"code":)" + std::to_string(fault.code) + R"(,"message":)";
  json::append_string(out, fault.message);
  if (!fault.data.is_null()) {
    out += R"(,"data":)";
    json::append(out, fault.data);
  }
  out += "}}";
  return out;
}

http::Response fault_response(const Fault& fault) {
  constexpr std::string_view kAgainInSeconds = "5";
  auto response = http::Response::json(fault.http_status, fault_text(fault));
  if (fault.http_status == 503) response.headers.add("Retry-After", kAgainInSeconds);
  return response;
}

ResultBody text_result(std::string_view text, bool is_error,
                       const std::optional<RateLimit>& rate_limit, bool structured,
                       std::string_view further_blocks) {
  ResultBody body;
  // JSON in a string: a quote each 8 bytes.
  body.head.reserve(text.size() + text.size() / 8 + further_blocks.size() + 64);
  body.head += R"("content":[{"type":"text","text":")";
  json::append_escaped(body.head, text);
  body.head += R"("})";
  body.head += further_blocks;
  body.head += R"(],"isError":)";
  body.head += is_error ? "true" : "false";
  if (structured && !is_error) {
    body.head += R"(,"structuredContent":)";
    const std::size_t begin = body.head.size();
    body.head += text;
    // Lines end between tokens only, and a message of a stream or of stdio is one line.
    std::replace(body.head.begin() + static_cast<std::ptrdiff_t>(begin), body.head.end(), '\n',
                 ' ');
  }
  if (rate_limit) add_rate_limit(body, *rate_limit);
  return body;
}

ResultBody object_result(const json::Object& members) {
  ResultBody body;
  for (const auto& [name, value] : members) {
    if (name == "_meta") continue;  // the server's own goes there
    if (!body.head.empty()) body.head += ',';
    json::append_string(body.head, name);
    body.head += ':';
    json::append(body.head, value);
  }
  return body;
}

}  // namespace patchbay::mcp
