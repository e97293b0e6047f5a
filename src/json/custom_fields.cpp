#include <optional>
#include <string>

#include "json/parse.h"
#include "json/shaper.h"

namespace patchbay::json {

// Where its parts stand in the source. What it does not have begins and ends at 0.
struct Shaper::Entry {
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
  };
  Part caption;  // with its quotes
  Part id;
  std::optional<std::uint32_t> value;  // index in places_
};

// An entry is passed over to find its parts, whatever their order, and then its value is walked.
Shaper::Outcome Shaper::custom_fields(std::size_t depth) {
  if (depth > kMaxDepth) return refused_depth();
  custom_names_.clear();
  out_.put("{");
  ++at_;
  bool named = false;  // one of them has a caption
  bool any = false;
  if (peek() != ']') {
    for (;;) {
      Entry found;
      if (peek() != '{') {
        if (!skip(depth)) return Outcome::failed;
      } else if (!entry(depth + 1, found)) {
        return Outcome::failed;
      }
      if (found.caption.size() > 2) {
        named = true;
        const RunWriter::Mark before = out_.mark();
        if (any) out_.put(",");
        switch (write_entry(depth, found)) {
          case Outcome::failed:
            return Outcome::failed;
          case Outcome::dropped:
            out_.take_back(before);
            break;
          case Outcome::kept:
            any = true;
        }
      }
      const char c = peek();
      if (c == ']') break;
      if (c != ',') return refused("',' or ']' should stand here");
      ++at_;
    }
  }
  ++at_;
  out_.put("}");
  return named ? Outcome::kept : Outcome::dropped;
}

bool Shaper::entry(std::size_t depth, Entry& out) {
  if (depth > kMaxDepth) return refuse_depth();
  ++at_;
  if (peek() == '}') return ++at_, true;
  const CustomFieldRules& custom = plan_.rules_.custom_fields;
  for (;;) {
    Name found;
    if (!token_of(found)) return false;
    // Three names of seven or more mean something here, and their lengths tell most of them apart:
    // a look-up of each took twice as long.
    const std::string_view name(source_ + found.begin + 1, found.end - found.begin - 2);
    const std::size_t begin = place();
    const auto part = [&] {
      return Entry::Part{begin, at_ < count_ ? end_before(at_ + 1) : begin};
    };
    if (name == custom.caption) {
      const Entry::Part text = part();
      const bool is_text = peek() == '"' && text.size() >= 2 && source_[text.end - 1] == '"';
      if (is_text && out.caption.size() == 0) out.caption = text;
    } else if (name == custom.id) {
      const Entry::Part number = part();
      if (is_number({source_ + number.begin, number.size()})) out.id = number;
    } else if (name == custom.value) {
      if (!out.value) out.value = at_;
    }
    if (!skip(depth)) return false;
    const char c = peek();
    ++at_;
    if (c == '}') return true;
    if (c != ',') return refuse("',' or '}' should stand here");
  }
}

// The caption as it is, and where that is taken with the id.
Shaper::Outcome Shaper::write_entry(std::size_t depth, const Entry& entry) {
  const auto text_of = [this](const Entry::Part& part) {
    return std::string_view(source_ + part.begin, part.size());
  };
  const std::string_view caption = text_of(entry.caption);
  std::string with_id;
  if (!take_name(caption, true)) {
    with_id = caption.substr(0, caption.size() - 1);
    with_id += " (";
    with_id += entry.id.size() > 0 ? text_of(entry.id) : "2";
    with_id += ")\"";
    if (!take_name(with_id, false)) return Outcome::dropped;
  }
  if (!entry.value) return Outcome::dropped;
  if (with_id.empty()) {
    out_.copy(entry.caption.begin, entry.caption.end);
  } else {
    out_.put(with_id);
  }
  out_.put(":");
  const std::uint32_t behind = at_;
  at_ = *entry.value;
  in_custom_field_ = true;
  const Outcome outcome = value(depth + 1, Role::nested);
  in_custom_field_ = false;
  at_ = behind;
  return outcome;
}

// Of a name as it stands in JSON. One with escapes is compared as what it says, if it says
// anything: else the text is refused at its end. `stays`: it is in the source.
bool Shaper::take_name(std::string_view quoted, bool stays) {
  if (!quoted.contains('\\')) {
    const std::string_view name = quoted.substr(1, quoted.size() - 2);
    return stays ? custom_names_.take(name) : custom_names_.take_copy(name);
  }
  const Result<Value> said = parse(quoted);
  const std::string* text = said ? said->if_string() : nullptr;
  return text == nullptr || custom_names_.take_copy(*text);
}

}  // namespace patchbay::json
