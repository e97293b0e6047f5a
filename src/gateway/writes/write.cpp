#include "gateway/writes/write.h"

#include <utility>

#include "base/text.h"
#include "gateway/answers/applied.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/record.h"
#include "gateway/answers/shape.h"
#include "gateway/arguments/upload.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/read_answer.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// What a write is known by when the API answers with nothing: what its path names, parents first.
std::string bare_confirmation(const Call& call, const Arguments& arguments, std::string_view verb) {
  json::Object out;
  for (const auto& name : call.method().path.names()) {
    const auto* argument = call.find_argument(name);
    const auto* value = arguments.find(name);
    const bool names_it =
        argument != nullptr && argument->place == integration::ArgumentPlace::path;
    if (names_it && value != nullptr) out.append(name, *value);
  }
  out.append(std::string(verb), true);
  return json::to_string(out);
}

// What a method that answers with nothing has done.
std::string_view done_by(integration::MethodKind kind) {
  switch (kind) {
    case integration::MethodKind::update:
      return "updated";
    case integration::MethodKind::create:
      return "created";
    case integration::MethodKind::delete_:
      return "deleted";
    default:
      return "done";
  }
}

}  // namespace

io::Task<Outcome<std::string>> write(Call& call, const Prepared& prepared) {
  const auto& [arguments, names, bound] = prepared;
  const auto kind = call.method().kind;
  upstream::Request request;
  request.verb = call.method().verb;
  request.path = bound.path;
  request.query = bound.query;
  if (bound.upload) {
    add_multipart_body(call.method(), bound, request);
  } else if (bound.has_body) {
    request.body = json::to_string(bound.body);
  }
  auto answer = co_await write_upstream(call, arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto resolved = resolved_names(arguments, names);
  const bool has_record =
      kind != integration::MethodKind::delete_ && begins_with(answer->body, '{');
  if (has_record) {
    if (const auto parsed = co_await parse_answer(call, *answer)) {
      compare_with_sent(call, arguments, names, *parsed);
    }
    auto record = co_await shape_record_of(call, arguments, *answer);
    if (record) co_return write_record(call, std::move(*record), std::move(resolved));
  }
  if (kind != integration::MethodKind::delete_ && !trim(answer->body).empty()) {
    call.add_notice("The API accepted it, but its answer could not be read.");
  }
  co_return write_record(call, bare_confirmation(call, arguments, done_by(kind)),
                         std::move(resolved));
}

}  // namespace patchbay::gateway
