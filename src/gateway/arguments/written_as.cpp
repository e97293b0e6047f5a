#include "gateway/arguments/written_as.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/arguments/clear.h"
#include "gateway/names/marks.h"

namespace patchbay::gateway {

using integration::WrittenAs;

namespace {

bool is_address(std::string_view text) {
  return reads_as(integration::FilterOperator::as_email, text);
}

bool has_digit(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The first part that is none; nothing where all are.
std::string_view misfit(WrittenAs as, std::string_view text) {
  if (as == WrittenAs::address) return is_address(text) ? std::string_view() : text;
  if (as == WrittenAs::address_or_number) {
    const bool is_number = has_digit(text) && !text.contains('@');
    return is_number || is_address(text) ? std::string_view() : text;
  }
  bool has_one = false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find_first_of(";,", begin), text.size());
    const auto part = trim_blanks(text.substr(begin, end - begin));
    if (!part.empty() && !is_address(part)) return part;
    has_one = has_one || !part.empty();
    begin = end + 1;
  }
  return has_one ? std::string_view() : text;
}

std::string_view what_it_must_be(WrittenAs as) {
  if (as == WrittenAs::addresses) return "must be e-mail addresses, with ; between them";
  if (as == WrittenAs::address) return "must be an e-mail address";
  return "must be an e-mail address or a phone number";
}

}  // namespace

void check_written_as(const Call& call, const json::Object& given,
                      std::vector<FieldError>& violations) {
  for (const auto& argument : call.method().arguments) {
    if (argument.written_as == WrittenAs::text) continue;
    const auto* value = given.find(argument.name);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    if (text == nullptr) continue;
    const auto none = misfit(argument.written_as, trim_blanks(*text));
    if (none.empty()) continue;
    std::string message = std::string(what_it_must_be(argument.written_as)) + "; '" +
                          std::string(cut_utf8(none, 80)) + "' is none. Leave it out";
    if (is_clearable(call.method(), argument.name)) {
      message += ", or empty the field by clear: [\"" + argument.name + "\"]";
    }
    violations.push_back({argument.name, std::move(message)});
  }
}

}  // namespace patchbay::gateway
