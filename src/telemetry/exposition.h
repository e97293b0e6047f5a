// Pieces of the Prometheus text format 0.0.4.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/metrics.h"

namespace patchbay::telemetry {

// `quotes`: within a label's value.
void append_escaped(std::string& out, std::string_view text, bool quotes);
// A number as short as it can be told.
std::string shown(double value);
// `# HELP` and `# TYPE`.
void append_family(std::string& out, std::string_view name, std::string_view help,
                   std::string_view type);
// `labels`: what stands between the braces.
void append_sample(std::string& out, std::string_view name, std::string_view suffix,
                   std::string_view labels, std::string_view value);
// All lines of a histogram.
void append_histogram(std::string& out, std::string_view name, const std::string& labels,
                      const Histogram::Reading& reading, const Buckets& buckets);

}  // namespace patchbay::telemetry
