// A schema and a value, one JSON text after the other (separated by a line feed): compiling and
// checking end, whatever they are; a value that is valid stays valid and unchanged when mended; a
// value that was mended is valid as it now is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "json/parse.h"
#include "schema/validator.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace patchbay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find('\n');
  if (cut == std::string_view::npos) return 0;
  const auto schema_text = json::parse(text.substr(0, cut));
  const auto value = json::parse(text.substr(cut + 1));
  if (!schema_text || !value) return 0;
  const auto validator = schema::Validator::compile(*schema_text);
  if (!validator) return 0;

  const bool valid = validator->check(*value).empty();
  json::Value mended = *value;
  const bool valid_mended = validator->check(mended, {}).empty();
  if (valid) {
    require(valid_mended);
  }
  if (valid_mended) {
    json::Value again = mended;
    require(validator->check(again, {}).empty());
  }
  return 0;
}
