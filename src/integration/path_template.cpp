#include "integration/path_template.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::integration {
namespace {

constexpr std::size_t kMaxValueBytes = 200;  // ids have 20 digits or are GUIDs of 36 letters

bool is_relative(std::string_view segment) {
  return segment == "." || segment == "..";
}

}  // namespace

Result<PathTemplate> PathTemplate::parse(std::string_view text) {
  if (!text.starts_with('/')) {
    return fail(ErrorCode::invalid_argument, "a path begins with /");
  }
  const auto is_foreign = [](char c) { return c <= ' ' || c == '?' || c == '#' || c == '\x7f'; };
  if (std::ranges::any_of(text, is_foreign)) {
    return fail(ErrorCode::invalid_argument, "a path has no query, no fragment and no white space");
  }
  if (std::ranges::any_of(split(text, '/'), is_relative)) {
    return fail(ErrorCode::invalid_argument, "a path leads nowhere else: no . and no .. in it");
  }
  auto parsed = TextTemplate::parse(text);
  if (!parsed) return std::unexpected(parsed.error());
  PathTemplate out;
  out.path_ = std::move(*parsed);
  return out;
}

PathTemplate PathTemplate::below(std::string_view rest) const {
  if (empty()) return {};
  return parse(text() + std::string(rest)).value_or(PathTemplate());
}

std::string_view PathTemplate::collection() const {
  std::string_view head = path_.begin();
  if (!names().empty() && head.ends_with('/')) head.remove_suffix(1);
  return head;
}

// "." and ".." survive percent-encoding and would name another place.
bool PathTemplate::can_stand(std::string_view value) {
  return !value.empty() && !is_relative(value) && value.size() <= kMaxValueBytes;
}

}  // namespace patchbay::integration
