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
  At value = nullptr;  // null: it has none
};

// An entry is passed over to find its parts, whatever their order, and then its value is walked.
Shaper::Step Shaper::custom_fields(At at, std::size_t depth) {
  if (depth > kMaxDepth) return {refuse_depth(at), Outcome::failed};
  custom_names_.clear();
  out_.put("{");
  ++at;
  bool named = false;  // one of them has a caption
  bool any = false;
  if (byte(at) != ']') {
    for (;;) {
      Entry found;
      at = byte(at) == '{' ? entry(at, depth + 1, found) : skip(at, depth);
      if (at == nullptr) return {at, Outcome::failed};
      if (found.caption.size() > 2) {
        named = true;
        const RunWriter::Mark before = out_.mark();
        if (any) out_.put(",");
        switch (write_entry(depth, found)) {
          case Outcome::failed:
            return {nullptr, Outcome::failed};
          case Outcome::dropped:
            out_.take_back(before);
            break;
          case Outcome::kept:
            any = true;
        }
      }
      if (byte(at) == ']') break;
      if (byte(at) != ',') return refused(at, "',' or ']' should stand here");
      ++at;
    }
  }
  out_.put("}");
  return {at + 1, named ? Outcome::kept : Outcome::dropped};
}

Shaper::At Shaper::entry(At at, std::size_t depth, Entry& out) {
  if (depth > kMaxDepth) return refuse_depth(at);
  ++at;
  if (byte(at) == '}') return at + 1;
  const CustomFieldRules& custom = plan_.rules_.custom_fields;
  for (;;) {
    Name found;
    at = token_of(at, found);
    if (at == nullptr) return at;
    // Three names of seven or more mean something here, and their lengths tell most of them apart:
    // a look-up of each took twice as long.
    const std::string_view name(source_ + found.begin + 1, found.end - found.begin - 2);
    const auto part = [&] { return Entry::Part{*at, at == end_ ? *at : end_before(at + 1)}; };
    if (name == custom.caption) {
      const Entry::Part text = part();
      const bool is_text = byte(at) == '"' && text.size() >= 2 && source_[text.end - 1] == '"';
      if (is_text && out.caption.size() == 0) out.caption = text;
    } else if (name == custom.id) {
      const Entry::Part number = part();
      if (is_number({source_ + number.begin, number.size()})) out.id = number;
    } else if (name == custom.value) {
      if (out.value == nullptr) out.value = at;
    }
    at = skip(at, depth);
    if (at == nullptr) return at;
    const char c = byte(at);
    if (c == '}') return at + 1;
    if (c != ',') return refuse(at, "',' or '}' should stand here");
    ++at;
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
  if (entry.value == nullptr) return Outcome::dropped;
  if (with_id.empty()) {
    out_.copy(entry.caption.begin, entry.caption.end);
  } else {
    out_.put(with_id);
  }
  out_.put(":");
  in_custom_field_ = true;
  const Outcome outcome = value(entry.value, depth + 1, Role::nested).outcome;
  in_custom_field_ = false;
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
