// What is sent: the request that the arguments became. It does not change any more.
#pragma once

#include <optional>
#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/names.h"
#include "json/value.h"

namespace patchbay::gateway {

// A file that the caller sends along.
struct Upload {
  std::string name;
  std::string media_type;
  std::string bytes;
};

struct Bound {
  std::string path;
  std::string query;   // further parameters, encoded; not the filter
  std::string filter;  // the API's expression; "" for none
  json::Value body;
  bool has_body = false;
  std::optional<Upload> upload;  // then the body's members are the other parts of a form
};

// A call before its last door: what was said, whom it names, what is sent.
struct Prepared {
  Arguments arguments;
  Names names;
  Bound bound;
};

}  // namespace patchbay::gateway
