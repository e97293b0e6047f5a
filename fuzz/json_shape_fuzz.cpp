// Whatever comes from upstream, shaping neither crashes nor writes anything but JSON, is never
// longer than its input, finds nothing more to do the second time, and refuses nothing that
// json::parse takes. Mending touches nothing that is right, and nothing twice.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/mend.h"
#include "json/parse.h"
#include "json/shape.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) std::abort();
}

json::ShapePlan plan(bool verbose) {
  return json::ShapePlan({.noise_names = {"mobileGuid"},
                          .noise_suffixes = {"_href"},
                          .info_name = "_info",
                          .info_kept = {"lastUpdated", "enteredBy"},
                          .reference_kept = {"id", "name", "identifier"},
                          .verbose = verbose});
}

// With room behind it that the sanitizer knows to be there, and no byte more.
std::string padded(std::string_view text) {
  std::string out;
  out.reserve(text.size() + json::kPadding);
  out = text;
  return out;
}

void check(std::string_view text, const json::ShapePlan& rules, bool valid) {
  const json::ParseLimits lenient{.allow_duplicate_keys = true};
  const std::string source = padded(text);
  std::string out = "x";
  const Result<> shaped = json::shape_record(source, rules, out);
  require(shaped.has_value() || !valid);
  if (shaped) {
    const std::string_view written = std::string_view(out).substr(1);
    require(written.size() <= text.size());
    require(json::parse(written, lenient).has_value());
    std::string again;
    require(json::shape_record(padded(written), rules, again).has_value());
    require(again == written);
  } else {
    require(out == "x");
  }

  std::string list;
  const auto records = json::shape_list(source, rules, list);
  if (!records) return;
  require(json::parse(list, lenient).has_value());
  for (const json::ShapedRecord& record : *records) {
    require(record.source_begin < record.source_end && record.source_end <= source.size());
    require(record.begin < record.end && record.end <= list.size());
    require(
        json::parse(std::string_view(list).substr(record.begin, record.end - record.begin), lenient)
            .has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const json::ShapePlan usual = plan(false), verbose = plan(true);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool valid = json::parse(text, {.allow_duplicate_keys = true}).has_value();
  check(text, usual, valid);
  check(text, verbose, valid);
  std::string mended(text);
  require(json::mend(mended) == 0 || !valid);
  require(json::mend(mended) == 0);
  return 0;
}
