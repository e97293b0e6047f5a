#include "pack/openapi/path.h"

#include <algorithm>

#include "base/text.h"
#include "integration/naming.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxNameBytes = 56;  // a number may follow

// "{id:int}" → "id"; "" for what is no placeholder as a whole. "{id}{id}" is a slip of a document.
std::string_view placeholder_of(std::string_view segment) {
  const std::string_view half = segment.substr(0, segment.size() / 2);
  if (half.ends_with('}') && segment == std::string(half) + std::string(half)) segment = half;
  if (!segment.starts_with('{')) return {};
  segment.remove_prefix(1);
  const auto close = segment.find('}');
  if (close != std::string_view::npos && close + 1 != segment.size()) return {};
  segment = segment.substr(0, close);
  return segment.substr(0, segment.find_first_of(":*?"));
}

bool is_id(std::string_view name) {
  const std::string plain = plain_name(name);
  return plain.ends_with("id") || plain == "guid";
}

// What a document calls parents that it has no word for.
bool says_nothing(std::string_view name) {
  const std::string plain = plain_name(name);
  return plain == "id" || plain == "parentid" || plain == "grandparentid";
}

std::string parent_name(const Path& path, std::size_t at) {
  for (std::size_t i = at; i-- > 0;) {
    if (path.segments[i].is_placeholder()) continue;
    const std::string one = integration::singular(snake_name(path.segments[i].text));
    return one.empty() ? std::string() : camel_name(one) + "Id";
  }
  return {};
}

// Segments that hold placeholders beside other text: "{id}.json". Their names stay.
void add_mixed(std::string_view text, NamedPath& out) {
  for (auto open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return;
    const std::string name(text.substr(open + 1, close - open - 1));
    if (std::ranges::find(out.placeholders, name, &NamedPath::Placeholder::name) !=
        out.placeholders.end()) {
      continue;
    }
    out.placeholders.push_back({name, name});
  }
}

}  // namespace

std::size_t Path::placeholders_at_end() const {
  std::size_t count = 0;
  while (count < segments.size() && segments[segments.size() - 1 - count].is_placeholder()) ++count;
  return count;
}

std::string Path::key(std::size_t count) const {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += '/';
    out += segments[i].is_placeholder() ? std::string_view("{}") : segments[i].text;
  }
  return out;
}

Path read_path(std::string_view text) {
  Path path;
  path.text = text;
  // An unclosed brace takes all that follows: a slash in it is none of the path's.
  const auto open = text.rfind('{');
  const bool unclosed = open != std::string_view::npos && text.find('}', open) == text.npos;
  const std::string_view head = unclosed ? text.substr(0, open) : text;
  for (const std::string_view part : split(head, '/')) {
    if (!part.empty()) path.segments.push_back({part, placeholder_of(part)});
  }
  if (unclosed) path.segments.push_back({text.substr(open), placeholder_of(text.substr(open))});
  return path;
}

NamedPath name_placeholders(const Path& path, std::size_t record) {
  NamedPath out;
  const auto is_taken = [&](const std::string& name) {
    return std::ranges::find(out.placeholders, name, &NamedPath::Placeholder::name) !=
           out.placeholders.end();
  };
  for (std::size_t i = 0; i < path.segments.size(); ++i) {
    const Segment& segment = path.segments[i];
    out.text += '/';
    if (!segment.is_placeholder()) {
      out.text += segment.text;
      add_mixed(segment.text, out);
      continue;
    }
    std::string name(segment.name);
    if (i == record && is_id(name)) {
      name = "id";
    } else if (says_nothing(name)) {
      name = parent_name(path, i);
    }
    if (!is_usable_name(name) || is_taken(name)) name = camel_name(snake_name(segment.name));
    if (name.empty()) name = "part";
    if (name.size() > kMaxNameBytes) name.resize(kMaxNameBytes);
    for (int number = 2; is_taken(name); ++number) {
      name = "part" + std::to_string(number);
    }
    out.placeholders.push_back({std::string(segment.name), name});
    out.text += "{" + name + "}";
  }
  // What the document ends with a slash is asked for with one.
  if (path.text.ends_with('/') || out.text.empty()) out.text += '/';
  return out;
}

}  // namespace patchbay::openapi
