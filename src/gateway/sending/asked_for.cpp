#include "gateway/sending/asked_for.h"

#include <algorithm>

#include "base/text.h"
#include "json/write.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

using integration::MethodKind;

namespace {

std::string id_of(const Call& call, const json::Value& record) {
  if (!upstream::has_id(call.integration(), record)) return {};
  const auto& id = *record.find(call.integration().pagination.id_field);
  const auto* text = id.if_string();
  return text != nullptr ? std::string(trim(*text)) : json::to_string(id);
}

std::string_view last_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view without_end(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// "/service/tickets" of "/service/tickets/7".
std::string_view before_last(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(0, slash == std::string_view::npos ? 0 : slash);
}

// A method of its own name that is guarded against records of other resources makes one of these.
bool makes_one_of(const Call& call, std::string_view collection) {
  const std::string& base = call.context.account->base_url().path;
  return std::ranges::any_of(call.method().duplicate_guards, [&](const auto& guard) {
    const auto* made = call.integration().find_resource(guard.resource);
    return made != nullptr && made->path.names().empty() &&
           equal_ignoring_case(collection, base + made->path.text());
  });
}

}  // namespace

std::string id_asked(const Call& call, const integration::PathTemplate& path,
                     std::string_view filled) {
  const auto& id_field = call.integration().pagination.id_field;
  if (!path.text().ends_with('{' + id_field + '}')) return {};
  return std::string(last_of(filled));
}

bool is_another(const Call& call, std::string_view asked, const json::Value& record) {
  const auto shown = id_of(call, record);
  return !asked.empty() && !shown.empty() && !equal_ignoring_case(shown, asked);
}

std::string say_another(const Call& call, std::string_view asked, const json::Value& record) {
  return "The API answered with record " + std::string(cut_utf8(id_of(call, record), 60)) +
         " where " + std::string(asked) + " was asked for.";
}

std::unexpected<ToolError> refuse_another(const Call& call, std::string_view asked,
                                          const json::Value& record) {
  return refuse(ErrorCode::upstream, say_another(call, asked, record),
                "Try again once; if it stays so, whoever runs this server must look into it.");
}

bool ends_alike(std::string_view one, std::string_view other) {
  one = without_end(one);
  other = without_end(other);
  return equal_ignoring_case(last_of(one), last_of(other)) &&
         equal_ignoring_case(last_of(before_last(one)), last_of(before_last(other)));
}

bool is_what_was_written(const Call& call, std::string_view written, std::string_view there,
                         const json::Value& record) {
  written = without_end(written);
  there = without_end(there);
  const auto id = id_of(call, record);
  if (id.empty() || !equal_ignoring_case(id, last_of(there))) return false;
  const auto& method = call.method();
  const bool is_below = equal_ignoring_case(before_last(there), written);
  switch (method.kind) {
    case MethodKind::create:
      return is_below;
    case MethodKind::update:
      return equal_ignoring_case(there, written);
    case MethodKind::custom:
      if (is_below || makes_one_of(call, before_last(there))) return true;
      // Of what it acts on; but that is not what it makes.
      return method.duplicate_guards.empty() &&
             (equal_ignoring_case(there, written) ||
              (written.size() > there.size() && written[there.size()] == '/' &&
               equal_ignoring_case(written.substr(0, there.size()), there)));
    default:
      return false;  // what was deleted is nowhere
  }
}

}  // namespace patchbay::gateway
