// What an API family means: its error answers read as advice.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "integration/model.h"

namespace patchbay::dialect {

struct FieldRefusal {
  std::string code;
  std::string message;
  std::string field;  // in the upstream's words: "status/name"
};

// An upstream's refusal as its body told it, cleaned of markup and control characters.
struct UpstreamRefusal {
  int status = 0;  // 0: the body came with a success
  std::string code;
  std::string message;
  std::vector<FieldRefusal> fields;
};

struct Advice {
  ErrorCode code = ErrorCode::upstream;
  std::string message;
  std::string hint;
  // Of `fields`, those that say that a referenced record does not exist: look-ups are stale.
  std::vector<std::string> unknown_references;
  // Those that it must have and has not; told in the hint by whoever knows the arguments' names.
  std::vector<std::string> missing_fields;
  // A refusal that came before anything was done, although its status (5xx) leaves that open.
  bool certainly_not_applied = false;
};

class Conventions {
 public:
  virtual ~Conventions() = default;
  virtual Advice advise(const UpstreamRefusal& refusal,
                        const integration::Resource& resource) const = 0;
};

// The names that there are.
std::vector<std::string> error_conventions();
// "connectwise"; any other name gets what HTTP alone says.
const Conventions& find_conventions(std::string_view name);

// What HTTP alone says about a refusal.
Advice advise_by_status(const UpstreamRefusal& refusal, const integration::Resource& resource);

}  // namespace patchbay::dialect
