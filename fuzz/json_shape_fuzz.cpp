// Whatever comes from upstream, shaping neither crashes nor writes anything but JSON, is never
// longer than its input, does what the rules say on a tree, finds nothing more to do the second
// time, and refuses nothing that json::parse takes. Mending touches nothing that is right, and
// nothing twice.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/mend.h"
#include "json/parse.h"
#include "json/shape.h"
#include "json/test_shape_oracle.h"
#include "json/write.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) std::abort();
}

json::ShapeRules rules(bool verbose, bool custom) {
  json::ShapeRules out{.noise_names = {"mobileGuid"},
                       .noise_suffixes = {"_href"},
                       .info_name = "_info",
                       .info_kept = {"lastUpdated", "enteredBy"},
                       .reference_kept = {"id", "name", "identifier"},
                       .verbose = verbose};
  if (custom) out.custom_fields = {"customFields", "caption", "value", "id"};
  return out;
}

// With room behind it that the sanitizer knows to be there, and no byte more.
std::string padded(std::string_view text) {
  std::string out;
  out.reserve(text.size() + json::kPadding);
  out = text;
  return out;
}

// With the same rules on a tree, where a tree can tell: of two members of one name it cannot.
void agree(std::string_view text, std::string_view written, const json::ShapeRules& rules) {
  const auto before = json::parse(text), after = json::parse(written);
  if (!before) return;
  require(after.has_value());
  require(json::to_string(*after) == json::to_string(json::ShapeOracle(rules).document(*before)));
}

void check(std::string_view text, const json::ShapePlan& plan, bool valid) {
  const json::ParseLimits lenient{.allow_duplicate_keys = true};
  const std::string source = padded(text);
  std::string out = "x";
  const Result<> shaped = json::shape_record(source, plan, out);
  require(shaped.has_value() || !valid);
  if (shaped) {
    const std::string_view written = std::string_view(out).substr(1);
    require(written.size() <= text.size());
    require(json::parse(written, lenient).has_value());
    // What is a caption once may be noise, or a facts' name, the next time.
    if (plan.rules().custom_fields.field.empty()) {
      std::string again;
      require(json::shape_record(padded(written), plan, again).has_value());
      require(again == written);
    }
    agree(text, written, plan.rules());
  } else {
    require(out == "x");
  }

  std::string list;
  const auto records = json::shape_list(source, plan, list);
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
  static const json::ShapePlan usual(rules(false, false)), verbose(rules(true, false)),
      custom(rules(false, true));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool valid = json::parse(text, {.allow_duplicate_keys = true}).has_value();
  check(text, usual, valid);
  check(text, verbose, valid);
  check(text, custom, valid);
  std::string mended(text);
  require(json::mend(mended) == 0 || !valid);
  require(json::mend(mended) == 0);
  return 0;
}
