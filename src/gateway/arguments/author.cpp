#include "gateway/arguments/author.h"

#include <utility>

namespace patchbay::gateway {

void name_author(Call& call, Arguments& arguments) {
  const std::string& author = call.method().author;
  const auto& member = call.context.member;
  if (author.empty() || member == nullptr) return;
  const json::Value* const given = arguments.find(author);
  if (given != nullptr && !given->is_null()) return;
  json::Object values = arguments.values();
  values[author] = "me";
  arguments.set(std::move(values));
  // With keys of its own the API would take it for the member's anyway; the guard against doubles
  // would not.
  if (call.context.account->is_of_member()) return;
  call.add_notice(author + " is " + member->label() +
                  ", whose this server is; the API records the entry as made by the integration.");
}

}  // namespace patchbay::gateway
