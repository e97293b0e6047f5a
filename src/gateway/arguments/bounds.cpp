#include "gateway/arguments/bounds.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"

namespace patchbay::gateway {

namespace {

using integration::ArgumentPlace;

// What is given so far, of the whole call.
class Scale {
 public:
  // What is too much of it; nothing: it fits.
  std::optional<std::string> weigh(const json::Value& value, std::size_t longest_text) {
    if (++values_ > kArgumentBounds.values) return most(kArgumentBounds.values, "values in all");
    if (const auto* text = value.if_string()) return weigh_text(*text, longest_text);
    if (const auto* number = value.if_number()) return weigh_text(number->token(), longest_text);
    if (const auto* entries = value.if_array()) {
      if (entries->size() > kArgumentBounds.entries) {
        return most(kArgumentBounds.entries, "entries");
      }
      for (const auto& entry : *entries) {
        const auto* text = entry.if_string();
        if (text != nullptr && !is_digits(*text) &&
            ++listed_texts_ > kArgumentBounds.listed_texts) {
          return most(kArgumentBounds.listed_texts, "texts in lists");
        }
        if (auto much = weigh(entry, longest_text)) return much;
      }
    }
    if (const auto* members = value.if_object()) {
      if (members->size() > kArgumentBounds.members) {
        return most(kArgumentBounds.members, "members");
      }
      for (const auto& [name, member] : *members) {
        if (auto much = weigh_text(name, kArgumentBounds.name_bytes)) return much;
        if (auto much = weigh(member, longest_text)) return much;
      }
    }
    return std::nullopt;
  }

  // Whether a text of names with commas between them, or a list of such, holds too many.
  static bool holds_too_many_names(const json::Value& value) {
    const auto names_in = [](std::string_view text) {
      return static_cast<std::size_t>(std::ranges::count(text, ',')) + 1;
    };
    if (const auto* text = value.if_string()) return names_in(*text) > kArgumentBounds.names;
    std::size_t names = 0;
    if (const auto* entries = value.if_array()) {
      for (const auto& entry : *entries) {
        const auto* text = entry.if_string();
        names += text != nullptr ? names_in(*text) : 1;
      }
    }
    return names > kArgumentBounds.names;
  }
  std::size_t values() const { return values_; }

 private:
  static std::string most(std::size_t number, std::string_view of_what) {
    return "may have at most " + std::to_string(number) + ' ' + std::string(of_what);
  }
  std::optional<std::string> weigh_text(std::string_view text, std::size_t longest) {
    if (text.size() > longest) return most(longest, "bytes in one text");
    bytes_ += text.size();
    if (bytes_ > kArgumentBounds.all_bytes) {
      return most(kArgumentBounds.all_bytes, "bytes in all texts together");
    }
    return std::nullopt;
  }

  // Ids are often written as texts, and cost no more than numbers.
  static bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 20 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }

  std::size_t values_ = 0;
  std::size_t listed_texts_ = 0;
  std::size_t bytes_ = 0;
};

// Texts of a record may be long; what is compared with names is none of those.
std::size_t longest_text(const integration::Argument* argument) {
  // One that is not known may be another name of one that is.
  const bool is_text =
      argument == nullptr ||
      (!argument->reference &&
       (argument->place == ArgumentPlace::body || argument->place == ArgumentPlace::step) &&
       argument->schema.find("enum") == nullptr);
  return is_text ? kArgumentBounds.text_bytes : kArgumentBounds.name_text_bytes;
}

bool is_content(const integration::Argument* argument, const json::Value& value) {
  return argument != nullptr && argument->place == ArgumentPlace::file &&
         (argument->name == "content" || argument->name == "text") && value.if_string() != nullptr;
}

std::unexpected<ToolError> too_much(std::string_view name, const std::string& what) {
  ToolError error;
  error.code = ErrorCode::too_large;
  const std::string shown(cut_utf8(name, 80));
  error.message = shown + ": " + what + '.';
  error.hint = "Send less at a time.";
  error.field_errors.push_back({shown, what});
  return std::unexpected(std::move(error));
}

}  // namespace

Outcome<> check_bounds(const integration::Method& method, const json::Object& given,
                       std::size_t* visited) {
  if (given.size() > kArgumentBounds.arguments) {
    return refuse(
        ErrorCode::too_large,
        "A call may have at most " + std::to_string(kArgumentBounds.arguments) + " arguments.",
        "Give those only that the tool's schema names.");
  }
  Scale scale;
  for (const auto& [name, value] : given) {
    if (visited != nullptr) *visited = scale.values();
    if (name.size() > kArgumentBounds.name_bytes) {
      return too_much(name, "is no argument's name, which have at most " +
                                std::to_string(kArgumentBounds.name_bytes) + " bytes");
    }
    const auto found = std::ranges::find(method.arguments, name, &integration::Argument::name);
    const auto* argument = found == method.arguments.end() ? nullptr : &*found;
    if (is_content(argument, value)) continue;
    auto much = scale.weigh(value, longest_text(argument));
    if (visited != nullptr) *visited = scale.values();
    if (much) return too_much(name, *much);
    // Each of them is looked for among a record's fields. A condition is read as a whole, and ends
    // at its first fault.
    const bool lists_names =
        name == integration::kClear ||
        (argument != nullptr && name != "conditions" && argument->place == ArgumentPlace::platform);
    if (lists_names && Scale::holds_too_many_names(value)) {
      return too_much(name, "may have at most " + std::to_string(kArgumentBounds.names) + " names");
    }
  }
  return Outcome<>();
}

}  // namespace patchbay::gateway
