// A path of a document, taken apart.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::openapi {

struct Segment {
  std::string_view text;  // as it stands: "boards", "{id}", "{id}.json"
  std::string_view name;  // of the placeholder that it is as a whole; else empty
  bool is_placeholder() const { return !name.empty(); }
};

struct Path {
  std::string_view text;
  std::vector<Segment> segments;

  // How many placeholders stand at its end.
  std::size_t placeholders_at_end() const;
  // The first `count` segments with their placeholders nameless: "/boards/{}/statuses".
  std::string key(std::size_t count) const;
};

// A trailing slash is no segment. "{id:int}" is the placeholder id, and one that is never closed
// ends with the path.
Path read_path(std::string_view text);

// The names that a path's placeholders have as arguments, in the order of its segments: "id" for
// that of the record that is meant, "boardId" for a parent that the document calls "id" or
// "parentId", else the document's own.
struct NamedPath {
  struct Placeholder {
    std::string original;
    std::string name;
  };
  std::string text;  // "/boards/{boardId}/statuses/{id}"
  std::vector<Placeholder> placeholders;
};
// `record`: the segment that names the record itself; npos: none does.
NamedPath name_placeholders(const Path& path, std::size_t record);

}  // namespace patchbay::openapi
