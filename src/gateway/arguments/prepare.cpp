#include "gateway/arguments/prepare.h"

#include <optional>
#include <utility>

#include "gateway/arguments/author.h"
#include "gateway/arguments/bind.h"
#include "gateway/arguments/bounds.h"
#include "gateway/arguments/custom_fields.h"
#include "gateway/arguments/limits.h"
#include "gateway/arguments/normalise_times.h"
#include "gateway/arguments/upload.h"
#include "gateway/arguments/validate.h"
#include "gateway/call/stage.h"
#include "gateway/names/resolve_references.h"

namespace patchbay::gateway {

io::Task<Outcome<>> prepare(Call& call, json::Object given, Prepared& prepared) {
  auto& arguments = prepared.arguments;
  std::optional<Stage> stage(std::in_place, call, "arguments");
  // Before anything works on them: how much there is decides how long that takes.
  if (auto within = check_bounds(call.method(), given); !within) co_return within;

  // What the server is held to stands for what was said, and is checked like it.
  if (call.reach() != nullptr) {
    if (auto within = apply_limits(call, given); !within) co_return within;
  }

  // Before anything reads the arguments: they are a stranger's.
  arguments = validate(call, std::move(given));

  // Its faults are told with the others', and before anything is asked for.
  auto upload = take_file(call, arguments);
  if (!upload) co_return std::unexpected(std::move(upload.error()));

  // Next, since it mends more of them, and all that is wrong is told at once.
  if (auto normal = normalise_times(call, arguments); !normal) co_return normal;

  // Once it is known what the caller has said, and to be looked up with the rest.
  name_author(call, arguments);

  stage.emplace(call, "names");
  // Names become ids while nothing has been written; it needs arguments of the right types.
  auto names = co_await resolve_references(call, arguments);
  if (!names) co_return std::unexpected(std::move(names.error()));
  prepared.names = std::move(*names);

  stage.emplace(call, "custom_fields");
  // Captions are those of the record, whose path may need an id.
  auto custom = co_await resolve_custom_fields(call, arguments, prepared.names);
  if (!custom) co_return std::unexpected(std::move(custom.error()));

  stage.emplace(call, "bind");
  // Needs the ids. From here on the request is fixed.
  auto bound = bind(call, arguments, prepared.names, std::move(*custom));
  if (!bound) co_return std::unexpected(std::move(bound.error()));
  prepared.bound = std::move(*bound);
  prepared.bound.upload = std::move(*upload);
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
