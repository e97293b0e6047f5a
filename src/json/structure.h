// The places of a JSON text where something begins: simdjson's first stage, without its tree or
// walk. It finds brackets, colons, commas and the first byte of each string, number and atom, with
// the widest instructions that the machine has, and checks UTF-8 and control characters on the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace patchbay::json {

// Holds the places found last; they live until the next find() or the end of the object.
class Structure {
 public:
  Structure();
  ~Structure();
  Structure(const Structure&) = delete;
  Structure& operator=(const Structure&) = delete;

  // `padded_text` has kPadding (shape.h) readable bytes behind it. Error: upstream.
  Result<> find(std::string_view padded_text);

  // Offsets in the text, ascending; places()[count()] is the text's length.
  const std::uint32_t* places() const { return places_; }
  std::uint32_t count() const { return count_; }

  // Memory held for a later text; give_back() frees it when it is more than a usual text needs.
  void give_back();

 private:
  struct Simdjson;
  std::unique_ptr<Simdjson> simdjson_;
  const std::uint32_t* places_ = nullptr;
  std::uint32_t count_ = 0;
};

}  // namespace patchbay::json
