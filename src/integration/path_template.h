// A path below an API's base address, with placeholders: "/service/boards/{boardId}/statuses".
// What is put into it is encoded and stays within its place: it cannot name another.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "integration/text_template.h"

namespace patchbay::integration {

class PathTemplate {
 public:
  PathTemplate() = default;  // no path

  // Error invalid_argument: what begins with no "/", holds a query, a fragment, white space, a
  // segment "." or "..", or placeholders that are none.
  static Result<PathTemplate> parse(std::string_view text);

  const std::string& text() const { return path_.text(); }
  bool empty() const { return path_.empty(); }
  // The placeholders' names, in their order: parents come first.
  const std::vector<std::string>& names() const { return path_.names(); }
  bool has(std::string_view name) const { return path_.has(name); }
  // The path with `rest`, which begins with "/" and is sound, behind it; of no path: none.
  PathTemplate below(std::string_view rest) const;
  // What the first placeholder is one of: "/service/tickets" for
  // "/service/tickets/{ticketId}/notes"; all of a path without placeholders.
  std::string_view collection() const;

  // `value(name)` gives each placeholder's text, not encoded, or nothing.
  // Error invalid_argument names the placeholder that has no value, or one that cannot stand in an
  // address: an empty or overlong text, "." and "..".
  template <class Value>
  Result<std::string> fill(Value&& value) const {
    return path_.fill([&](const std::string& name) -> Result<std::string> {
      const std::optional<std::string> text = value(name);
      if (text && can_stand(*text)) return percent_encode(*text);
      return fail(ErrorCode::invalid_argument, name + " is missing or cannot stand in an address.");
    });
  }

  bool operator==(const PathTemplate&) const = default;

 private:
  static bool can_stand(std::string_view value);

  TextTemplate path_;
};

}  // namespace patchbay::integration
