#include "upstream/own_words.h"

#include <algorithm>

#include "base/text.h"
#include "http/url.h"
#include "json/mend.h"
#include "json/parse.h"
#include "json/path.h"

namespace patchbay::upstream {

namespace {

// A refusal is a sentence or two; what is longer is something else.
constexpr std::size_t kMaxMessageBytes = 600;
constexpr std::size_t kMaxErrorBodyBytes = 64 * 1024;
constexpr std::size_t kMaxPlainBytes = 200;
// A title stands in a page's head.
constexpr std::size_t kMaxHeadBytes = 64 * 1024;
constexpr std::size_t kMaxPlaceBytes = 200;
// An error is a few sentences; so a record of a few KB is not parsed for it.
constexpr std::size_t kMaxWithinSuccess = 4096;
constexpr std::size_t kMaxFields = 20;
// How an answer says in itself, whatever its status, whether it was done: true or false.
constexpr std::string_view kVerdict = "success";
// What most who answer for an API call an error that is the API's not.
constexpr std::string_view kError = "error";

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

// What stands there; of a member of the object itself, in any case: "Message" as "message".
const json::Value* find_said(const json::Value& answer, std::string_view pointer) {
  if (const auto* exact = json::find_at(answer, pointer)) return exact;
  const auto* object = answer.if_object();
  if (object == nullptr || !pointer.starts_with('/')) return nullptr;
  for (const auto& [name, value] : *object) {
    if (equal_ignoring_case(name, pointer.substr(1))) return &value;
  }
  return nullptr;
}

bool says_not_done(const json::Value& answer) {
  const auto* verdict = find_said(answer, '/' + std::string(kVerdict));
  if (verdict == nullptr) return false;
  const auto* text = verdict->if_string();
  const auto* flag = verdict->if_bool();
  return flag != nullptr ? !*flag : text != nullptr && equal_ignoring_case(trim(*text), "false");
}

std::string text_at(const Account& account, const json::Value& value, std::string_view pointer) {
  const auto* found = find_said(value, pointer);
  const auto* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? cleaned(account, *text) : std::string();
}

bool holds_text(const json::Value& answer, std::string_view pointer) {
  const auto* found = find_said(answer, pointer);
  return found != nullptr && found->is_string() && !trim(*found->if_string()).empty();
}

// Whether it has nothing but words of an error, of which one is a sentence, or a list of them.
bool is_all_error(const integration::Integration& integration, const json::Value& answer) {
  const auto* object = answer.if_object();
  if (object == nullptr) return false;
  const auto& shape = integration.errors;
  const std::string error = '/' + std::string(kError);
  const auto is_a_word = [&](std::string_view name) {
    for (const std::string_view known :
         {std::string_view(shape.code), std::string_view(shape.message),
          std::string_view(shape.field_errors), std::string_view(error)}) {
      // Of "/error/message" the head.
      const auto head = known.substr(0, known.find('/', 1));
      if (!head.empty() && equal_ignoring_case(name, head.substr(1))) return true;
    }
    return false;
  };
  for (const auto& [name, value] : *object) {
    if (!value.is_null() && name != integration.pagination.id_field && !is_a_word(name)) {
      return false;
    }
  }
  const auto holds_some = [&](std::string_view pointer) {
    const auto* found = find_said(answer, pointer);
    if (found == nullptr) return false;
    return (found->if_array() != nullptr && !found->if_array()->empty()) ||
           (found->if_object() != nullptr && !found->if_object()->empty());
  };
  return holds_text(answer, shape.message) || holds_text(answer, error) || holds_some(error) ||
         holds_some(shape.field_errors);
}

}  // namespace

std::string cleaned(const Account& account, std::string_view text) {
  if (is_unfit(text)) return {};
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  if (!is_valid_utf8(out)) {
    std::string readable;
    for (const char c : out) {
      readable += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : "\xef\xbf\xbd";
    }
    out = std::move(readable);
  }
  // Before it is cut: half a secret is one as well.
  out = account.without_secrets(std::string(trim(out)));
  return std::string(cut_utf8(out, kMaxMessageBytes));
}

std::string title_of(const Account& account, std::string_view page) {
  const auto text = page.substr(0, kMaxHeadBytes);
  const auto lower = to_lower(text);
  const auto begin = lower.find("<title");
  if (begin == std::string::npos) {
    // What is no page is short, or it is something else.
    const bool is_short = page.size() <= kMaxPlainBytes && !text.contains('<');
    return is_short ? cleaned(account, text) : std::string();
  }
  const auto from = lower.find('>', begin);
  if (from == std::string::npos) return {};
  const auto to = lower.find('<', from);
  if (to == std::string::npos) return {};
  // Over several lines as often as not.
  std::string title;
  for (const char c : trim(text.substr(from + 1, to - from - 1))) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    if (!blank) title += c;
    if (blank && !title.ends_with(' ')) title += ' ';
  }
  return std::string(cut_utf8(cleaned(account, title), kMaxPlainBytes));
}

namespace {

// As a person writes it: without the port that goes without saying.
std::string written(const http::Origin& origin) {
  const bool is_v6 = origin.host.contains(':');
  const bool usual = origin.port == (origin.secure ? 443 : 80);
  return (origin.secure ? "https://" : "http://") +
         (is_v6 ? '[' + origin.host + ']' : origin.host) +
         (usual ? "" : ':' + std::to_string(origin.port));
}

}  // namespace

std::string place_of(const Account& account, const Answer& redirect) {
  const auto location = redirect.headers.find("Location");
  if (!location) return {};
  std::string_view text = trim(*location);
  text = text.substr(0, text.find_first_of("?#"));
  std::string place;
  if (text.starts_with('/') && !text.starts_with("//")) {
    place = written(account.base_url().origin) + std::string(text);
  } else {
    const std::string absolute =
        text.starts_with("//") ? "https:" + std::string(text) : std::string(text);
    const auto url = http::parse_url(absolute);
    if (!url) return {};
    place = written(url->origin) + url->path;
  }
  return std::string(cut_utf8(cleaned(account, place), kMaxPlaceBytes));
}

OwnWords read_own_words(const Account& account, const Answer& answer) {
  OwnWords words;
  if (answer.body.size() > kMaxErrorBodyBytes) {
    words.title = title_of(account, answer.body);
    return words;
  }
  const auto& shape = account.integration().errors;
  std::string text = answer.body;
  const auto body = parse(text);
  if (!body) {
    // Plain text: short sentences only ("Cannot route. …").
    (text.contains('<') ? words.title : words.message) = title_of(account, text);
    return words;
  }
  // Of a list of errors the first.
  const auto* list = body->if_array();
  const json::Value& said_first = list != nullptr && !list->empty() ? list->front() : *body;
  if (!said_first.is_object()) return words;
  words.code = text_at(account, said_first, shape.code);
  words.message = text_at(account, said_first, shape.message);
  if (words.message.empty()) words.message = text_at(account, said_first, "/error");
  const auto* fields = find_said(said_first, shape.field_errors);
  if (fields == nullptr || fields->if_array() == nullptr) return words;
  for (const auto& field : *fields->if_array()) {
    if (words.fields.size() == kMaxFields) break;
    FieldWords said{text_at(account, field, "/code"), text_at(account, field, shape.field_message),
                    text_at(account, field, shape.field)};
    if (!said.field.empty()) {
      words.fields.push_back(std::move(said));
    } else if (!said.message.empty() && words.message.size() < kMaxMessageBytes) {
      // Of no field: one more sentence of the whole.
      words.message += (words.message.empty() ? "" : " ") + said.message;
    }
  }
  return words;
}

bool has_id(const integration::Integration& integration, const json::Value& record) {
  const auto* id = record.find(integration.pagination.id_field);
  if (id == nullptr) return false;
  if (const auto* text = id->if_string()) return !trim(*text).empty() && trim(*text) != "0";
  return id->is_number() && id->as_int64() != 0;
}

bool says_error(const integration::Integration& integration, std::string_view body) {
  if (body.size() > kMaxWithinSuccess) return false;
  const auto& shape = integration.errors;
  // Told by a search for most records, before they are parsed; behind a first letter that may be
  // a capital.
  const auto holds = [&](std::string_view word) {
    return word.size() > 1 && body.contains(word.substr(1));
  };
  const auto last_name = std::string_view(shape.message).substr(shape.message.rfind('/') + 1);
  if (!holds(last_name) && !holds(kVerdict) && !holds(kError)) return false;
  std::string text(body);
  const auto parsed = parse(text);
  if (!parsed) return false;
  if (const auto* list = parsed->if_array()) {
    // Records are not all without an id, and made of an error's words.
    return !list->empty() && std::ranges::all_of(*list, [&](const json::Value& one) {
      return !has_id(integration, one) && is_all_error(integration, one);
    });
  }
  if (!parsed->is_object() || has_id(integration, *parsed)) return false;
  return says_not_done(*parsed) ||
         (holds_text(*parsed, shape.code) && holds_text(*parsed, shape.message)) ||
         is_all_error(integration, *parsed);
}

}  // namespace patchbay::upstream
