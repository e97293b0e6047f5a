#include "gateway/sending/refusal.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "base/text.h"
#include "dialect/conventions.h"
#include "integration/naming.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

namespace {

bool is_success(int status) {
  return status >= 200 && status < 300;
}
bool is_redirect(int status) {
  return status >= 300 && status < 400;
}

// Whether it is said for want of an answer, by the API or by what stands before it: 408, nginx's
// 499 and any failure of a server. What was sent may be done, or still be at it.
bool ran_out(int status) {
  return status >= 500 || status == 408 || status == 499;
}

dialect::UpstreamRefusal read_refusal(upstream::OwnWords words, const upstream::Answer& answer) {
  dialect::UpstreamRefusal refusal;
  // The status of an error within a success says nothing.
  refusal.status = is_success(answer.status) ? 0 : answer.status;
  refusal.code = std::move(words.code);
  refusal.message = std::move(words.message);
  for (auto& field : words.fields) {
    refusal.fields.push_back(
        {std::move(field.code), std::move(field.message), std::move(field.field)});
  }
  return refusal;
}

// Whether the deed may be done although the answer is no yes. A refusal comes before the deed; a
// server that fails or runs out of time may have done it. So may one that redirects, save by 307
// and 308: these ask for the same again. A success with an error in it counts for what the error
// says.
Applied applied_after(int status, bool may_change, const dialect::Advice& advice) {
  if (!may_change || advice.certainly_not_applied) return Applied::no;
  if (is_success(status)) {
    const bool refused =
        advice.code != ErrorCode::upstream && advice.code != ErrorCode::unavailable;
    return refused ? Applied::no : Applied::unknown;
  }
  if (is_redirect(status)) {
    return status == 307 || status == 308 ? Applied::no : Applied::unknown;
  }
  return ran_out(status) ? Applied::unknown : Applied::no;
}

std::string list_tool_of(const Call& call, const integration::Resource& resource) {
  const auto* list = resource.find_method("list");
  if (list == nullptr || list->description.empty()) return {};
  return std::string(
      call.told(integration::tool_name(call.integration().tool_prefix, resource, *list)));
}

std::string all_list(std::vector<std::string> tools, std::string_view what) {
  std::ranges::sort(tools);
  tools.erase(std::ranges::unique(tools).begin(), tools.end());
  std::erase(tools, "");
  if (tools.empty()) return {};
  return join(tools, " and ") + (tools.size() == 1 ? " lists " : " list ") + std::string(what);
}

// What a resource's record is called in the API's own words.
std::string spoken(const integration::Resource& resource) {
  auto name = resource.singular;
  std::ranges::replace(name, '_', ' ');
  return to_lower(name);
}

// "Configuration SRV-9 not found" → "configuration"; "": the words name no record.
std::string kind_not_found(std::string_view words) {
  const auto end = words.find(" not found");
  if (end == std::string_view::npos) return {};
  const auto named = words.substr(0, end);
  const auto id = named.rfind(' ');
  return id == std::string_view::npos ? std::string() : to_lower(trim(named.substr(0, id)));
}

// Of an address that leads nowhere: where the ids in it come from. The API's words may name another
// record than those of the address; then no list of theirs has it.
std::string where_ids_come_from(const Call& call, const integration::Resource& about,
                                std::string_view words) {
  const auto* list = about.find_method("list");
  const auto& path =
      &about == &call.resource() || list == nullptr ? call.method().path : list->path;
  const auto missing = kind_not_found(words);
  std::vector<std::string> tools;
  bool is_of_address = missing.empty();
  for (const auto& name : path.names()) {
    const auto* resource = equal_ignoring_case(name, call.integration().pagination.id_field)
                               ? &about
                               : resource_of_id(call.integration(), name);
    if (resource == nullptr) continue;
    tools.push_back(list_tool_of(call, *resource));
    // "Ticket 5" may be a project's ticket, "Note 7" a ticket's note.
    is_of_address = is_of_address || spoken(*resource).ends_with(missing);
  }
  const auto& resources = call.integration().resources;
  const auto other = std::ranges::find_if(
      resources, [&](const auto& resource) { return spoken(resource) == missing; });
  if (!is_of_address && other != resources.end()) tools = {list_tool_of(call, *other)};
  const auto where = all_list(std::move(tools), "the right ones.");
  if (!where.empty()) return "Check the id: " + where;
  return path.names().empty() ? "Check the ids that were given: one of them is of no record."
                              : std::string();
}

// Of references that lead nowhere.
std::string where_records_are(const Call& call, const Arguments& arguments,
                              const std::vector<std::string>& fields) {
  std::vector<std::string> tools;
  for (const auto& field : fields) {
    const auto* argument = arguments.of_field(field);
    if (argument == nullptr) continue;
    if (argument->reference) {
      tools.emplace_back(call.told(argument->reference->list_tool));
    } else if (const auto* resource = resource_of_id(call.integration(), argument->name)) {
      tools.push_back(list_tool_of(call, *resource));
    }
  }
  return all_list(std::move(tools), "all there are.");
}

ToolError say_given_up(const Call& call) {
  if (!call.revoked()) {
    return {.code = ErrorCode::cancelled,
            .message = "The call was cancelled.",
            .hint = "Nothing is wrong: call again if it is still wanted."};
  }
  return {.code = ErrorCode::permission_denied,
          .message = "This MCP server was taken back or changed while the call was under way.",
          .hint = "Ask whoever runs this server for a current MCP URL."};
}

ToolError say_unanswered(const Call& call, const Unanswered& failure, bool may_change) {
  ToolError error{.code = failure.code};
  switch (error.code) {
    case ErrorCode::timeout:
      error.message = "The API did not answer in time.";
      error.hint = "Ask for less at once (a smaller limit, fewer fields), or try again later.";
      break;
    case ErrorCode::cancelled:
      error = say_given_up(call);
      break;
    case ErrorCode::too_large:
      error.message = "The API's answer is too large to pass on.";
      error.hint = "Ask for less: a smaller limit, fewer fields, narrower filters.";
      break;
    case ErrorCode::rate_limited:
      error.message = failure.sign_in.message;
      error.hint = "Wait a minute before calling again.";
      break;
    case ErrorCode::unauthenticated:
      if (!failure.sign_in.message.empty()) {
        error.message = failure.sign_in.message;
        error.hint =
            "Whoever runs this server must renew the account's sign-in: no argument can "
            "mend it.";
        break;
      }
      error.message =
          "This MCP server signs in as a member, whose own keys are gone or cannot be used; "
          "nothing "
          "was sent.";
      error.hint = "Whoever runs this server must enter them again; no argument can mend it.";
      break;
    case ErrorCode::unavailable:
      error.message = "The API could not be reached.";
      error.hint = "This is usually temporary: try again once, in a few seconds.";
      break;
    default:
      error.code = ErrorCode::upstream;
      error.message = "The API's answer could not be read.";
      error.hint = "Try again once; if it stays so, whoever runs this server must look into it.";
  }
  if (may_change) {
    error.was_applied = failure.maybe_sent ? Applied::unknown : Applied::no;
    // An answer that is too large was an answer: the deed is done or refused, we cannot tell.
    if (error.was_applied == Applied::unknown) {
      error.hint =
          call.revoked() ? "It may have been done all the same. " + error.hint : search_first(call);
      error.may_still_run = true;
    }
  }
  return error;
}

ToolError say_cooling(std::int64_t seconds) {
  return {.code = ErrorCode::rate_limited,
          .message = "The API has asked for a pause; nothing was sent.",
          .hint = "Wait " + std::to_string(seconds) + " seconds before calling again.",
          .retry_after_seconds = seconds};
}

ToolError say_crowded() {
  constexpr std::int64_t kAgainInSeconds = 5;
  return {.code = ErrorCode::rate_limited,
          .message = "Too many calls to this account are under way; nothing was sent.",
          .hint = "Make fewer calls at the same time, and this one again in a few seconds.",
          .retry_after_seconds = kAgainInSeconds};
}

// A redirect that was not followed. Where it leads tells whoever knows the place what it is: a
// sign-in page, another region.
void say_redirect(const Call& call, const upstream::Answer& answer, ToolError& error) {
  const auto place = upstream::place_of(*call.context.account, answer);
  const auto to = place.empty() ? std::string() : " to " + place;
  const auto status = " (HTTP " + std::to_string(answer.status) + ')';
  error.code = ErrorCode::upstream;
  if (error.was_applied == Applied::unknown) {
    error.message = "The API answered the write with a redirect" + to + status +
                    ", where no record was read: whether it was done is not known.";
    return;
  }
  error.message = "The API redirects elsewhere" + to + status + ", which is not followed.";
  error.hint = "Whoever runs this server must check the account's site; no argument can mend it.";
}

// When to come back, and what an answer's status says whatever its body does.
void say_status(const Call& call, const upstream::Answer& answer, ToolError& error) {
  if (answer.status == 429 || answer.status == 503) {
    error.retry_after_seconds = answer.rate_limit.retry_after_seconds;
  }
  if (answer.status == 429) {
    error.code = ErrorCode::rate_limited;
    if (error.retry_after_seconds) {
      // So long nothing is sent, whatever it says.
      error.retry_after_seconds = std::max<std::int64_t>(1, *error.retry_after_seconds);
      error.hint = "Wait " + std::to_string(*error.retry_after_seconds) +
                   " seconds before calling again" +
                   (call.is_write() ? "." : ", and ask for less at once.");
    }
  }
  if (is_redirect(answer.status)) say_redirect(call, answer, error);
}

// A page where data is due: a sign-in page, a proxy's notice.
ToolError say_no_data(const Call& call, const upstream::Answer& answer, bool may_change) {
  const auto title = upstream::title_of(*call.context.account, answer.body);
  ToolError error{.code = ErrorCode::upstream};
  error.message = "The API's address answered with a page" +
                  (title.empty() ? std::string() : " ('" + title + "')") + " instead of data.";
  error.hint =
      "Something between this server and the API may have answered in its place: try again once, "
      "and if it stays so, whoever runs this server must look into it.";
  if (may_change) {
    error.message += " Whether it was done is not known.";
    error.was_applied = Applied::unknown;
    error.hint = search_first(call);
  }
  return error;
}

struct Said {
  ToolError error;
  dialect::UpstreamRefusal refusal;
  dialect::Advice advice;
};

// What can be said of an answer without knowing which arguments led to it.
Said say_answer(const Call& call, const integration::Resource& about,
                const upstream::Answer& answer, bool may_change) {
  Said said;
  auto own = upstream::read_own_words(*call.context.account, answer);
  const auto title = std::move(own.title);
  said.refusal = read_refusal(std::move(own), answer);
  said.advice = call.conventions().advise(said.refusal, about);
  auto& error = said.error;
  if (is_success(answer.status) && said.refusal.message.empty() && said.refusal.fields.empty()) {
    said.advice.message = "The API answered that it was not done, and does not say why.";
  }
  error.code = said.advice.code;
  error.status = is_success(answer.status) ? 0 : answer.status;
  error.message = said.advice.message;
  error.hint = said.advice.hint;
  error.was_applied = applied_after(answer.status, may_change, said.advice);
  if (error.was_applied == Applied::unknown) {
    error.hint = search_first(call);
    // A proxy that has waited long enough says 504 while the API works on.
    error.may_still_run = ran_out(answer.status);
  }
  const bool unknown_address = answer.status == 404 && said.advice.code == ErrorCode::not_found;
  say_status(call, answer, error);
  if (unknown_address) {
    if (auto where = where_ids_come_from(call, about, said.refusal.message); !where.empty()) {
      error.hint = std::move(where);
    }
  }
  // Beside the advice, since who knows the API may see more in its words. Those of fields follow by
  // themselves.
  const auto& words = said.refusal.message;
  if (!words.empty() && said.refusal.fields.empty() && !error.message.contains(words)) {
    error.message += " The API said: '" + words + "'";
  }
  if (!title.empty()) error.message += " A page came with it: '" + title + "'";
  return said;
}

// The words for whatever is not there where something is held: one's own that is gone and another's
// that is not shown.
ToolError say_not_there(const Call& call, const integration::Resource& about) {
  constexpr int kNotFound = 404;
  auto advice = dialect::advise_by_status({.status = kNotFound}, about);
  auto where = where_ids_come_from(call, about, "");
  return {.code = advice.code,
          .message = std::move(advice.message),
          .hint = where.empty() ? std::move(advice.hint) : std::move(where),
          .status = kNotFound};
}

// What it must be given, by the names that the caller knows.
std::string give_missing(std::vector<std::string> fields, const Arguments* arguments) {
  for (auto& field : fields) {
    const auto* argument = arguments != nullptr ? arguments->of_field(field) : nullptr;
    if (argument != nullptr) field = argument->name;
  }
  return "Give " + join(fields, " and ") + " and call again.";
}

// Which of the caller's arguments it is about, and what remains to be asked.
ToolError say_own_answer(const Call& call, const Arguments& arguments,
                         const upstream::Answer& answer, bool may_change) {
  auto said = say_answer(call, call.resource(), answer, may_change);
  auto& error = said.error;
  const auto& missing = said.advice.missing_fields;
  if (!missing.empty()) error.hint = give_missing(missing, &arguments);
  const auto& unknown = said.advice.unknown_references;
  if (const auto where = where_records_are(call, arguments, unknown); !where.empty()) {
    error.hint += (error.hint.empty() ? "" : " ") + where;
  }
  for (const auto& field : said.refusal.fields) {
    if (std::ranges::find(unknown, field.field) != unknown.end()) {
      error.leads.unknown_references.push_back({field.field, error.field_errors.size()});
    }
    const auto* argument = arguments.of_field(field.field);
    error.field_errors.push_back(
        {argument != nullptr ? argument->name : field.field, field.message});
  }
  return std::move(said.error);
}

// `answered` says the refusals that came with an answer.
template <class SayAnswered>
ToolError say(const Call& call, const integration::Resource& about, const Refused& refused,
              bool may_change, SayAnswered answered) {
  if (const auto* none = std::get_if<Unanswered>(&refused)) {
    return say_unanswered(call, *none, may_change);
  }
  if (const auto* cooling = std::get_if<CoolingDown>(&refused)) {
    return say_cooling(cooling->seconds_left);
  }
  if (std::holds_alternative<Crowded>(refused)) return say_crowded();
  if (std::holds_alternative<Cancelled>(refused)) return say_given_up(call);
  if (const auto* page = std::get_if<NoData>(&refused)) {
    return say_no_data(call, page->answer, may_change);
  }
  if (std::holds_alternative<NotThere>(refused)) return say_not_there(call, about);
  return answered(std::get<SaidNo>(refused).answer);
}

}  // namespace

ToolError say_refusal(const Call& call, const Arguments& arguments, const Refused& refused,
                      bool may_change) {
  auto error = say(call, call.resource(), refused, may_change, [&](const auto& answer) {
    return say_own_answer(call, arguments, answer, may_change);
  });
  error.leads.record_not_found = error.code == ErrorCode::not_found;
  return error;
}

ToolError say_refusal_about(const Call& call, const integration::Resource& about,
                            const Refused& refused) {
  return say(call, about, refused, false, [&](const upstream::Answer& answer) {
    auto said = say_answer(call, about, answer, false);
    const auto& missing = said.advice.missing_fields;
    if (!missing.empty()) said.error.hint = give_missing(missing, nullptr);
    for (const auto& field : said.refusal.fields) {
      said.error.field_errors.push_back({field.field, field.message});
    }
    return std::move(said.error);
  });
}

bool says_not_found(const Call& call, const integration::Resource& about,
                    const upstream::Answer& answer) {
  if (is_success(answer.status)) return false;
  const auto refusal =
      read_refusal(upstream::read_own_words(*call.context.account, answer), answer);
  return call.conventions().advise(refusal, about).code == ErrorCode::not_found;
}

std::unexpected<ToolError> cannot_tell(const Call& call, std::string message) {
  ToolError error{.code = ErrorCode::upstream};
  error.message = std::move(message) + " Whether it was done is not known.";
  error.hint = search_first(call);
  error.was_applied = Applied::unknown;
  return std::unexpected(std::move(error));
}

std::string search_first(const Call& call) {
  const bool creates = call.method().kind == integration::MethodKind::create ||
                       call.method().kind == integration::MethodKind::custom;
  return creates ? "It may have been done all the same: list " + to_lower(call.resource().label) +
                       " and look for it before trying again, or there may be two."
                 : "It may have been done all the same: read the record before trying again.";
}

const integration::Resource* resource_of_id(const integration::Integration& integration,
                                            std::string_view argument_name) {
  if (!argument_name.ends_with("Id")) return nullptr;
  argument_name.remove_suffix(2);
  for (const auto& resource : integration.resources) {
    std::string singular = resource.singular;
    std::erase(singular, '_');
    if (equal_ignoring_case(singular, argument_name)) return &resource;
  }
  return nullptr;
}

}  // namespace patchbay::gateway
