// Whether an instance can run where it is, and what to do where it cannot. Looks only: it takes no
// lock, changes nothing that a server goes by, and works beside one that runs as well as where none
// starts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "base/error.h"

namespace patchbay::doctor {

enum class Verdict : std::uint8_t {
  ok,
  warning,  // it runs, and something is to be seen to
  fault,    // it does not start, or part of it does not work
};
std::string_view to_string(Verdict verdict);

struct Finding {
  std::string check;  // "store"
  Verdict verdict = Verdict::ok;
  std::string what;
  std::string mend;  // empty where there is nothing to mend
};
using Findings = std::vector<Finding>;

// All that can be examined: what one thing needs of another is left out where that is at fault.
Findings examine(const app::Config& config);
// What there is to say where the configuration itself cannot be read: each of its faults.
Findings unread_configuration(std::span<const Error> errors);
// Of variables that look as if they were settings: a warning for each, with what it may be meant
// for.
Findings unknown_settings(std::span<const std::string> variables);

}  // namespace patchbay::doctor
