// What is wrong with a document, with line and fix. As many as a person reads; the rest is counted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pack/loader.h"
#include "pack/openapi/document.h"

namespace patchbay::openapi {

class Faults {
 public:
  explicit Faults(const Document& document) : document_(document) {}

  // `pointer`: where in the document, as a JSON pointer.
  void error(std::string_view pointer, std::string message, std::string fix);
  void warning(std::string_view pointer, std::string message, std::string fix);
  bool has_errors() const { return errors_ > 0; }
  std::vector<pack::Problem> take();

 private:
  void add(std::string_view pointer, std::string message, std::string fix, bool warning);

  const Document& document_;
  std::vector<pack::Problem> problems_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

// Tells every `$ref` that leads out of the document, or nowhere in it.
void check_references(const Document& document, Faults& faults);

}  // namespace patchbay::openapi
