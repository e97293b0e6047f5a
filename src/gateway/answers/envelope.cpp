#include "gateway/answers/envelope.h"

#include <utility>

#include "json/write.h"

namespace patchbay::gateway {

std::string Envelope::members() const {
  std::string out;
  const auto begin = [&](std::string_view name) {
    if (!out.empty()) out += ',';
    out += '"';
    out += name;
    out += "\":";
  };
  if (result_count) {
    begin("result_count");
    out += std::to_string(*result_count);
  }
  if (!next_cursor.empty()) {
    begin("next_cursor");
    out += '"' + next_cursor + '"';
  }
  if (!notice.empty()) {
    begin("notice");
    json::append_string(out, notice);
  }
  if (!resolved.empty()) {
    begin("resolved");
    out += resolved;
  }
  if (!touches.empty()) {
    begin("touches");
    out += touches;
  }
  return out;
}

void append_members(std::string& object, std::string_view members) {
  if (members.empty() || !object.ends_with('}')) return;
  object.pop_back();
  if (object.find_first_not_of(" {") != std::string::npos) object += ',';
  object += members;
  object += '}';
}

void prepend_members(std::string& object, std::string_view members) {
  if (members.empty() || !object.starts_with('{')) return;
  const bool alone = object.find_first_not_of(" {") == object.size() - 1;
  object.insert(1, std::string(members) + (alone ? "" : ","));
}

std::string list_head(std::string_view members, std::int64_t count) {
  std::string out = "{";
  out += members;
  out += members.empty() ? "" : ",";
  out += count > 0 ? "\"result\":[\n" : "\"result\":[";
  return out;
}

std::string_view list_end(std::int64_t count) {
  return count > 0 ? "\n]}" : "]}";
}

std::string resolved_names(const Arguments& arguments, const Names& names) {
  json::Object resolved;
  for (const auto& resolution : names.resolutions) {
    if (!resolution.by_name || !resolution.looked_up) continue;
    json::Array records;
    for (const auto& named : resolution.records) {
      records.push_back(json::Object{{"id", named.id}, {"name", named.name}});
    }
    const bool several = arguments.find(resolution.argument->name)->is_array();
    resolved.append(resolution.argument->name, several || records.empty()
                                                   ? json::Value(std::move(records))
                                                   : std::move(records.front()));
  }
  return resolved.empty() ? std::string() : json::to_string(resolved);
}

}  // namespace patchbay::gateway
