// The collector of traces that a configuration names. What it is sent along with each batch, an API
// key for instance, stands in a file of its own, a line each as "Name: value", or in the
// environment as OpenTelemetry writes it: "name=value,other=value", values percent-encoded.
// Whatever it is, no message repeats it.
#pragma once

#include "app/config.h"
#include "base/error.h"
#include "http/message.h"
#include "otlp/exporter.h"

namespace patchbay::app {

// Of the configuration; none where it names none. Errors: not_found (the file), invalid_argument
// (more than 20, no header's name or value, or one that the exporter writes itself).
Result<http::Headers> collector_headers(const Config& config);
// Of one that has an address. Headers that cannot be had are a fault of the configuration, which is
// told before (foundations.h): it goes without.
otlp::Collector collector_of(const Config& config);

}  // namespace patchbay::app
