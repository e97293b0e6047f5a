#include "pack/openapi/path.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "integration/naming.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

// What stands between braces, without how it is written out (RFC 6570: "{/id}", "{id*}") and what
// it must look like ("{id:int}").
std::string_view name_within(std::string_view braces) {
  const auto begin = braces.find_first_not_of("/+#.;&");
  braces.remove_prefix(begin == std::string_view::npos ? braces.size() : begin);
  return braces.substr(0, braces.find_first_of(":*?"));
}

// "{id:int}" → "id"; "" for what is no placeholder as a whole. "{id}{id}" is a slip of a document.
std::string_view placeholder_of(std::string_view segment) {
  const std::string_view half = segment.substr(0, segment.size() / 2);
  if (half.ends_with('}') && segment == std::string(half) + std::string(half)) segment = half;
  if (!segment.starts_with('{')) return {};
  segment.remove_prefix(1);
  const auto close = segment.find('}');
  if (close != std::string_view::npos && close + 1 != segment.size()) return {};
  return name_within(segment.substr(0, close));
}

// At its slashes. One within braces divides nothing: "/boards{/id}" are two segments, as
// "/boards/{id}" is, of which RFC 6570 makes the same.
std::vector<std::string_view> segments_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  bool in_braces = false;
  const auto end_at = [&](std::size_t end, std::size_t next) {
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = next;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') {
      in_braces = true;
      if (text.substr(i + 1).starts_with('/')) end_at(i, i);
    } else if (text[i] == '}') {
      in_braces = false;
    } else if (text[i] == '/' && !in_braces) {
      end_at(i, i + 1);
    }
  }
  end_at(text.size(), text.size());
  return out;
}

bool is_id(std::string_view name) {
  const std::string plain = plain_name(name);
  return plain.ends_with("id") || plain == "guid";
}

// What a document calls parents that it has no word for.
bool names_no_parent(std::string_view name) {
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

bool is_taken(const NamedPath& path, const std::string& name) {
  return std::ranges::find(path.placeholders, name, &NamedPath::Placeholder::name) !=
         path.placeholders.end();
}

// `name`, or another that can be an argument's and that no placeholder of the path has.
std::string free_name(const NamedPath& path, std::string name, std::string_view original) {
  if (!is_usable_name(name) || is_taken(path, name)) name = camel_name(snake_name(original));
  if (name.empty()) name = "part";
  if (name.size() > kMaxArgumentNameBytes) name.resize(kMaxArgumentNameBytes);
  for (int number = 2; is_taken(path, name); ++number) name = "part" + std::to_string(number);
  return name;
}

// A segment that holds placeholders beside other text: "{id}.json".
void add_mixed(std::string_view text, NamedPath& out) {
  for (;;) {
    const auto open = text.find('{');
    const auto close = text.find('}', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    const std::string original(name_within(text.substr(open + 1, close - open - 1)));
    const auto known =
        std::ranges::find(out.placeholders, original, &NamedPath::Placeholder::original);
    const std::string name =
        known != out.placeholders.end() ? known->name : free_name(out, original, original);
    if (known == out.placeholders.end()) out.placeholders.push_back({original, name});
    out.text.append(text.substr(0, open)).append("{" + name + "}");
    text.remove_prefix(close + 1);
  }
  out.text += text;
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
  for (const std::string_view part : segments_of(head)) {
    path.segments.push_back({part, placeholder_of(part)});
  }
  if (unclosed) path.segments.push_back({text.substr(open), placeholder_of(text.substr(open))});
  return path;
}

NamedPath name_placeholders(const Path& path, std::size_t record) {
  NamedPath out;
  for (std::size_t i = 0; i < path.segments.size(); ++i) {
    const Segment& segment = path.segments[i];
    out.text += '/';
    if (!segment.is_placeholder()) {
      add_mixed(segment.text, out);
      continue;
    }
    std::string name(segment.name);
    if (i == record && is_id(name)) {
      name = "id";
    } else if (names_no_parent(name)) {
      name = parent_name(path, i);
    }
    name = free_name(out, std::move(name), segment.name);
    out.placeholders.push_back({std::string(segment.name), name});
    out.text += "{" + name + "}";
  }
  // What the document ends with a slash is asked for with one.
  if (path.text.ends_with('/') || out.text.empty()) out.text += '/';
  return out;
}

}  // namespace patchbay::openapi
