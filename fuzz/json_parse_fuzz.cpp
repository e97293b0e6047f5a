// What json::parse takes, it must write as JSON that it reads as the same value again; what it
// refuses leniently it must refuse strictly too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "json/parse.h"
#include "json/write.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace patchbay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const Result<json::Value> value = json::parse(text);
  const Result<json::Value> lenient = json::parse(text, {.allow_duplicate_keys = true});
  if (value) {
    require(lenient && *lenient == *value);
    value->as_int64();
    value->as_double();
  }
  if (!lenient) return 0;

  const std::string written = json::to_string(*lenient);
  const Result<json::Value> again = json::parse(written);
  require(again && *again == *lenient);
  require(json::to_string(*again) == written);
  const Result<json::Value> pretty = json::parse(json::to_pretty_string(*lenient));
  require(pretty && *pretty == *lenient);
  return 0;
}
