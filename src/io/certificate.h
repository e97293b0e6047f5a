// How long certificates are valid.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "io/address.h"
#include "io/runtime.h"
#include "io/task.h"

namespace patchbay::io {

struct Validity {
  WallTime begins;
  WallTime ends;
};

// Of the first certificate of a PEM file. Error: invalid_argument.
Result<Validity> certificate_validity(const std::string& pem_file);
// Whom to shake hands with, and how long at most. Addresses are those that the rules allow.
struct TlsPeer {
  std::string host;
  std::uint16_t port = 443;
  AddressRules rules;
  std::string ca_file;  // trusted beside the system's; may be empty
  std::chrono::seconds patience{10};
};
// Of the certificate that it shows, verified. On the current loop. Errors: unavailable, and those
// of looking its name up.
Task<Result<Validity>> peer_validity(Runtime& runtime, TlsPeer peer);

}  // namespace patchbay::io
