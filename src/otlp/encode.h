// Traces as OTLP/HTTP's JSON (opentelemetry-proto, ExportTraceServiceRequest in protobuf's JSON
// mapping: ids are hexadecimal, 64-bit numbers are texts, enums are numbers).
#pragma once

#include <span>
#include <string>

#include "telemetry/trace.h"

namespace patchbay::otlp {

// Who tells.
struct Resource {
  std::string version;   // of Patchbay
  std::string instance;  // of this process: different for each
};

std::string encode(const Resource& resource, std::span<const telemetry::FinishedTrace> traces);

}  // namespace patchbay::otlp
