#include "json/mend.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "json/plain_text.h"
#include "json/shape.h"
#include "json/token.h"
#include "json/write.h"

namespace patchbay::json {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kReplacementEscaped = "\\ufffd";

class Mender {
 public:
  explicit Mender(std::string_view text) : rest_(text) {
    out_.reserve(text.size() + text.size() / 16 + kPadding);
  }

  std::size_t run() {
    while (!rest_.empty()) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      if (byte == '\\') {
        escape();
      } else if (byte >= 0x80) {
        character();
      } else if (byte < 0x20 && in_string_) {
        append_escaped(out_, rest_.substr(0, 1));
        rest_.remove_prefix(1);
        ++places_;
      } else {
        if (byte == '"') in_string_ = !in_string_;
        keep(1);
      }
    }
    return places_;
  }

  std::string take() {
    out_.reserve(out_.size() + kPadding);
    return std::move(out_);
  }

 private:
  void keep(std::size_t size) {
    out_ += rest_.substr(0, size);
    rest_.remove_prefix(std::min(size, rest_.size()));
  }
  void replace(std::size_t size, std::string_view with) {
    out_ += with;
    rest_.remove_prefix(size);
    ++places_;
  }

  void character() {
    const std::size_t length = character_length(rest_);
    if (length > 0) {
      keep(length);
    } else {
      replace(1, kReplacement);
    }
  }

  void escape() {
    if (!rest_.starts_with("\\u")) return keep(rest_.size() > 1 && is_ascii(rest_[1]) ? 2 : 1);
    const auto code = four_hex(rest_.substr(2));
    if (!code) return keep(2);
    if (*code < 0xD800 || *code > 0xDFFF) return keep(6);
    if (*code < 0xDC00 && rest_.substr(6).starts_with("\\u")) {
      const auto low = four_hex(rest_.substr(8));
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) return keep(12);
    }
    replace(6, kReplacementEscaped);
  }

  // A control character behind a backslash is for the loop to see.
  static bool is_ascii(char c) { return c >= 0x20 && static_cast<unsigned char>(c) < 0x80; }

  std::string_view rest_;
  std::string out_;
  bool in_string_ = false;
  std::size_t places_ = 0;
};

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

bool skip_byte_order_mark(std::string& text) {
  const std::size_t marked = text.size() - without_byte_order_mark(text).size();
  text.erase(0, marked);
  return marked > 0;
}

std::size_t mend(std::string& text) {
  Mender mender(text);
  const std::size_t places = mender.run();
  if (places > 0) text = mender.take();
  return places;
}

}  // namespace patchbay::json
