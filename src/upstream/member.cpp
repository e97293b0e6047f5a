#include "upstream/member.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "json/mend.h"
#include "json/parse.h"
#include "upstream/account.h"

namespace patchbay::upstream {
namespace {

constexpr std::size_t kMostBytesOfName = 200;

std::string text_in(const json::Value& record, const std::string& field) {
  return std::string(cut_utf8(trim(record.string_or(field, "")), kMostBytesOfName));
}

// The record in an answer: an object, or a list of nothing else.
const json::Value* record_in(const json::Value& body) {
  const json::Array* const list = body.if_array();
  if (list != nullptr) return list->size() == 1 ? record_in(list->front()) : nullptr;
  return body.is_object() ? &body : nullptr;
}

bool is_out_of_use(const integration::Integration& integration, const json::Value& record) {
  const auto* const resource = integration.find_resource(integration.members.resource);
  return resource != nullptr &&
         std::ranges::any_of(resource->out_of_use, [&](const integration::OutOfUse& says) {
           return says.sign == integration::OutOfUse::Sign::is_true &&
                  record.bool_or(says.field, false);
         });
}

std::optional<Member> read_member(const integration::Integration& integration,
                                  const json::Value& record) {
  const json::Value* const id = record.find(integration.pagination.id_field);
  const auto number = id != nullptr ? id->as_int64() : std::nullopt;
  if (!number || *number <= 0) return std::nullopt;
  Member member{.id = *number, .login = text_in(record, integration.members.login), .name = {}};
  for (const std::string& field : integration.members.name) {
    const std::string part = text_in(record, field);
    if (!part.empty()) member.name += (member.name.empty() ? "" : " ") + part;
  }
  return member;
}

// Some APIs answer with another record rather than with none.
bool is_named(const Member& member, std::string_view named) {
  return parse_int64(named) == member.id || equal_ignoring_case(member.login, named);
}

std::unexpected<Error> refuse(int status, const std::string& host) {
  const std::string said = " (HTTP " + std::to_string(status) + ")";
  if (status == 401) {
    return fail(ErrorCode::unauthenticated, host + " refused the credentials" + said + ".",
                "Check each of the keys: copied whole, of this very site, and not revoked.");
  }
  if (status == 403) {
    return fail(ErrorCode::permission_denied, host + " does not let them read members" + said + ".",
                "Give the security role of the keys read access to members.");
  }
  if (status == 429) {
    return fail(ErrorCode::rate_limited, host + " asks for fewer requests" + said + ".",
                "Try again in 30 seconds.");
  }
  return fail(status >= 500 ? ErrorCode::unavailable : ErrorCode::upstream,
              host + " did not tell who the member is" + said + ".", "Try again in a minute.");
}

}  // namespace

std::string Member::label() const {
  if (name.empty()) return login.empty() ? "member " + std::to_string(id) : login;
  return login.empty() ? name : name + " (" + login + ')';
}

io::Task<Result<Member>> Sender::find_member(const Account& account, std::string named) {
  const integration::Integration& integration = account.integration();
  const std::string host = account.base_url().origin.host;
  const auto nobody = [&] {
    return named.empty()
               ? fail(ErrorCode::not_found, host + " does not say whose the keys are.")
               : fail(ErrorCode::not_found, "There is no member '" + named + "' at " + host + ".",
                      "Give the login name (" + integration.members.login + ") or the id.");
  };
  Request request;
  request.path = integration.members.whose_keys;
  if (!named.empty()) {
    const auto path = integration.members.one.empty()
                          ? nobody()
                          : integration.members.one.fill(
                                [&](const std::string&) { return std::optional(named); });
    if (!path) co_return nobody();
    request.path = *path;
  }
  if (request.path.empty()) co_return nobody();
  request.timeout = std::chrono::milliseconds(20'000);
  const auto answer = co_await send(account, std::move(request));
  if (!answer) {
    co_return fail(ErrorCode::unavailable,
                   host + " could not be reached: " + answer.error().error.message,
                   answer.error().error.hint);
  }
  if (answer->status == 404 || answer->status == 400) co_return nobody();
  if (answer->status < 200 || answer->status >= 300) co_return refuse(answer->status, host);
  const auto body = json::parse(json::without_byte_order_mark(answer->body));
  const json::Value* const record = body ? record_in(*body) : nullptr;
  auto member = record != nullptr ? read_member(integration, *record) : std::nullopt;
  if (!member || (!named.empty() && !is_named(*member, named))) co_return nobody();
  if (is_out_of_use(integration, *record)) {
    co_return fail(ErrorCode::invalid_argument,
                   "The member " + member->label() + " is out of use at " + host + ".");
  }
  co_return std::move(*member);
}

}  // namespace patchbay::upstream
