#include "app/faults.h"

#include <fmt/format.h>

namespace patchbay::app {

void Faults::add(Error fault, std::string_view mend) {
  if (fault.hint.empty()) fault.hint = mend;
  all_.push_back(std::move(fault));
}

Error Faults::told(std::string_view what) const {
  if (all_.size() == 1) return all_.front();
  Error error{ErrorCode::invalid_argument, fmt::format("There are {} {}:", all_.size(), what), ""};
  for (const Error& fault : all_) {
    error.message += fmt::format("\n  - {}", fault.message);
    if (!fault.hint.empty()) error.message += fmt::format("\n    {}", fault.hint);
  }
  return error;
}

}  // namespace patchbay::app
