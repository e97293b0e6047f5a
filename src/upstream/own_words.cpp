#include "upstream/own_words.h"

#include "base/text.h"
#include "json/mend.h"
#include "json/parse.h"
#include "json/path.h"

namespace patchbay::upstream {

namespace {

// A refusal is a sentence or two; what is longer is something else.
constexpr std::size_t kMaxMessageBytes = 600;
constexpr std::size_t kMaxErrorBodyBytes = 64 * 1024;
constexpr std::size_t kMaxPlainBytes = 200;
// An error is a few sentences; so a record of a few KB is not parsed for it.
constexpr std::size_t kMaxWithinSuccess = 4096;
constexpr std::size_t kMaxFields = 20;

// Markup and stack traces tell a model nothing and an attacker much.
bool is_unfit(std::string_view text) {
  return text.find('<') != std::string_view::npos && text.find('>') != std::string_view::npos
             ? contains_ignoring_case(text, "<html") || contains_ignoring_case(text, "<!doctype") ||
                   contains_ignoring_case(text, "</") || contains_ignoring_case(text, "/>")
             : text.contains("   at ") || text.contains("\n\tat ") ||
                   text.contains("Traceback (most recent call last)");
}

// Also where its strings hold what JSON does not allow; `text` is then mended.
Result<json::Value> parse(std::string& text) {
  (void)json::skip_byte_order_mark(text);
  auto parsed = json::parse(text);
  if (!parsed && json::mend(text) > 0) parsed = json::parse(text);
  return parsed;
}

std::string text_at(const Account& account, const json::Value& value, std::string_view pointer) {
  const auto* found = json::find_at(value, pointer);
  const auto* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? cleaned(account, *text) : std::string();
}

}  // namespace

std::string cleaned(const Account& account, std::string_view text) {
  if (is_unfit(text)) return {};
  std::string out;
  for (const char c : cut_utf8(text, kMaxMessageBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return account.without_secrets(std::string(trim(out)));
}

OwnWords read_own_words(const Account& account, const Answer& answer) {
  OwnWords words;
  if (answer.body.size() > kMaxErrorBodyBytes) return words;
  const auto& shape = account.integration().errors;
  std::string text = answer.body;
  const auto body = parse(text);
  if (!body) {
    // Plain text: short sentences only ("Cannot route. …").
    if (text.size() <= kMaxPlainBytes) words.message = cleaned(account, text);
    return words;
  }
  if (!body->is_object()) return words;
  words.code = text_at(account, *body, shape.code);
  words.message = text_at(account, *body, shape.message);
  const auto* fields = json::find_at(*body, shape.field_errors);
  if (fields == nullptr || fields->if_array() == nullptr) return words;
  for (const auto& field : *fields->if_array()) {
    if (words.fields.size() == kMaxFields) break;
    words.fields.push_back({text_at(account, field, "/code"),
                            text_at(account, field, shape.field_message),
                            text_at(account, field, shape.field)});
  }
  return words;
}

bool says_error(const integration::Integration& integration, std::string_view body) {
  if (body.size() > kMaxWithinSuccess) return false;
  const auto& shape = integration.errors;
  // Told by a search for most records, before they are parsed.
  const auto last_name = std::string_view(shape.message).substr(shape.message.rfind('/') + 1);
  if (!body.contains(last_name)) return false;
  std::string text(body);
  const auto parsed = parse(text);
  if (!parsed || !parsed->is_object()) return false;
  const auto holds_text = [&](const std::string& pointer) {
    const auto* found = json::find_at(*parsed, pointer);
    return found != nullptr && found->is_string() && !trim(*found->if_string()).empty();
  };
  return parsed->find(integration.pagination.id_field) == nullptr && holds_text(shape.code) &&
         holds_text(shape.message);
}

}  // namespace patchbay::upstream
