#include "gateway/writes/gone.h"

#include <utility>

#include "gateway/sending/ask.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "gateway/sending/refusal.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

io::Task<Outcome<>> check_gone(Call& call, const Prepared& prepared, std::string status) {
  const auto* get = call.resource().find_method("get");
  const std::string answered = "The API's answer " + status;
  if (get == nullptr || get->path != call.method().path) {
    co_return cannot_tell(call, answered + " does not say that it was deleted.");
  }
  upstream::Request request;
  request.path = prepared.bound.path;
  const auto& pagination = call.integration().pagination;
  add_parameter(request.query, pagination.fields_parameter, pagination.id_field);
  const auto found = co_await look_up(call, call.resource(), std::move(request));
  if (!found && found.error().code == ErrorCode::not_found) co_return Outcome<>();
  const auto bytes = found ? found->body.size() : 0;
  auto record = co_await off_loop(call, bytes, [&] {
    return found ? parse_part(found->body) : Result<json::Value>(json::Value());
  });
  const LetGo ending(call, bytes, record);
  const auto asked = id_asked(call, get->path, prepared.bound.path);
  if (!record || !upstream::has_id(call.integration(), *record) ||
      is_another(call, asked, *record)) {
    co_return cannot_tell(call, answered + " does not say that it was deleted.");
  }
  co_return cannot_tell(call,
                        answered + " does not say that it was deleted, and it is still there.");
}

}  // namespace patchbay::gateway
