// How much a call may say. A request holds its event loop while its arguments are worked on, and
// some of that work is a walk for each name that stands in them ("did you mean"): so much is
// counted first, by a walk that stops where it has seen too much, and refused before anything else
// looks at it. Far more than any record takes, and far less than a body may hold. What a schema
// bounds more tightly is its own to refuse.
#pragma once

#include <cstddef>

#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

struct ArgumentBounds {
  std::size_t arguments = 300;          // of a call
  std::size_t name_bytes = 200;         // of an argument or of a member
  std::size_t entries = 1'000;          // of a list
  std::size_t members = 200;            // of an object
  std::size_t names = 100;              // of a list of fields, each of which is looked for
  std::size_t listed_texts = 300;       // in lists, of the whole call; digits are none
  std::size_t values = 5'000;           // in all, at every depth
  std::size_t text_bytes = 100'000;     // of a text that is a record's
  std::size_t name_text_bytes = 4'000;  // of one that is compared with names, or read as language
  std::size_t all_bytes = 300'000;      // of all texts
};
inline constexpr ArgumentBounds kArgumentBounds;

// Error too_large: what is too much, and how much there may be. A file's content is bounded by what
// the body may hold, and by nothing here. `visited`: how many values and names were looked at.
Outcome<> check_bounds(const integration::Method& method, const json::Object& given,
                       std::size_t* visited = nullptr);

}  // namespace patchbay::gateway
