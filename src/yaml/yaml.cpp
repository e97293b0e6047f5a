#include "yaml/yaml.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include <yaml.h>

#include "base/text.h"
#include "json/parse.h"

namespace patchbay::yaml {
namespace {

// Up to so many keys are compared one by one: cheaper than a set, and bounded.
constexpr std::size_t kPairwise = 32;

// libyaml's parser and one event, freed whatever happens.
class Events {
 public:
  explicit Events(std::string_view text) {
    yaml_parser_initialize(&parser_);
    // libyaml takes bytes as unsigned char; the cast changes no value.
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events() {
    if (has_event_) yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  const yaml_event_t* next() {
    if (has_event_) yaml_event_delete(&event_);
    has_event_ = yaml_parser_parse(&parser_, &event_) == 1;
    return has_event_ ? &event_ : nullptr;
  }

  ParseError error() const {
    std::string message = parser_.problem != nullptr ? parser_.problem : "no valid YAML";
    if (parser_.context != nullptr) message += std::string(" (") + parser_.context + ")";
    return {parser_.problem_mark.line + 1, "YAML: " + message,
            "check the indentation, and quote texts that hold ': ', '#', '{' or '%'"};
  }

 private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool has_event_ = false;
};

// "200,000"
std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (auto at = std::ssize(text) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const Limits& limits) : events_(text), limits_(limits) {}

  std::expected<Node, ParseError> build() {
    std::optional<Node> root;
    std::size_t documents = 0;
    while (const yaml_event_t* event = events_.next()) {
      if (event->type == YAML_STREAM_END_EVENT) {
        if (error_) return std::unexpected(*error_);
        if (!root)
          return std::unexpected(
              ParseError{1, "the file is empty", "write the definition, or remove the file"});
        return std::move(*root);
      }
      if (event->type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
        return std::unexpected(ParseError{event->start_mark.line + 1,
                                          "a second document in one file",
                                          "put each resource into a file of its own"});
      }
      if (event->type == YAML_STREAM_START_EVENT || event->type == YAML_DOCUMENT_START_EVENT ||
          event->type == YAML_DOCUMENT_END_EVENT) {
        continue;
      }
      root = read(*event, 0);
      if (error_) return std::unexpected(*error_);
    }
    return std::unexpected(events_.error());
  }

 private:
  void complain(std::size_t line, std::string message, std::string fix) {
    if (!error_) error_ = ParseError{line, std::move(message), std::move(fix)};
  }

  // The node that `event` begins. The event is gone when this returns.
  Node read(const yaml_event_t& event, std::size_t depth) {
    Node node;
    node.line = event.start_mark.line + 1;
    if (++nodes_ > limits_.max_nodes) {
      complain(node.line, "more than " + grouped(limits_.max_nodes) + " entries", "split the file");
    }
    if (depth > limits_.max_depth) {
      complain(node.line, "nested deeper than " + std::to_string(limits_.max_depth) + " levels",
               "flatten it");
    }
    if (error_) return node;
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        read_scalar(event, node);
        break;
      case YAML_SEQUENCE_START_EVENT:
        read_sequence(event, node, depth);
        break;
      case YAML_MAPPING_START_EVENT:
        read_mapping(event, node, depth);
        break;
      case YAML_ALIAS_EVENT:
        complain(node.line, "an alias (*name); aliases are not followed", "write the value out");
        break;
      default:
        complain(node.line, "unexpected YAML", "write mappings, lists and scalars only");
    }
    return node;
  }

  void refuse_properties(const unsigned char* anchor, const unsigned char* tag, const Node& node) {
    if (anchor != nullptr) complain(node.line, "an anchor (&name)", "write the value out");
    if (tag != nullptr) complain(node.line, "a tag (!type)", "leave it out; types are fixed");
  }

  void read_scalar(const yaml_event_t& event, Node& node) {
    const auto& scalar = event.data.scalar;
    refuse_properties(scalar.anchor, scalar.tag, node);
    node.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
    node.quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE;
  }

  void read_sequence(const yaml_event_t& event, Node& node, std::size_t depth) {
    node.kind = Node::Kind::sequence;
    refuse_properties(event.data.sequence_start.anchor, event.data.sequence_start.tag, node);
    while (const yaml_event_t* next = error_ ? nullptr : events_.next()) {
      if (next->type == YAML_SEQUENCE_END_EVENT) return;
      node.items.push_back(read(*next, depth + 1));
    }
    if (!error_) error_ = events_.error();
  }

  void read_mapping(const yaml_event_t& event, Node& node, std::size_t depth) {
    node.kind = Node::Kind::mapping;
    refuse_properties(event.data.mapping_start.anchor, event.data.mapping_start.tag, node);
    std::unordered_set<std::string> many;  // keys, once they are too many to compare one by one
    while (const yaml_event_t* next = error_ ? nullptr : events_.next()) {
      if (next->type == YAML_MAPPING_END_EVENT) return;
      const Node key = read(*next, depth + 1);
      if (!key.is_scalar()) complain(key.line, "a key that is no text", "use a plain name");
      if (stands_there(node, key.text, many)) {
        complain(key.line, "'" + key.text + "' stands here twice", "keep one of them");
      }
      const yaml_event_t* value = error_ ? nullptr : events_.next();
      if (value == nullptr) break;
      node.entries.push_back({key.text, key.line, read(*value, depth + 1)});
    }
    if (!error_) error_ = events_.error();
  }

  // Also notes the key.
  static bool stands_there(const Node& node, const std::string& key,
                           std::unordered_set<std::string>& many) {
    if (node.entries.size() < kPairwise) return node.find(key) != nullptr;
    if (many.empty()) {
      for (const auto& entry : node.entries) many.insert(entry.key);
    }
    return !many.insert(key).second;
  }

  Events events_;
  const Limits limits_;
  std::size_t nodes_ = 0;
  std::optional<ParseError> error_;
};

}  // namespace

bool Node::is_null() const {
  return is_scalar() && !quoted &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &found->value;
}

std::expected<Node, ParseError> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return std::unexpected(ParseError{
        0, "larger than " + std::to_string(limits.max_bytes >> 20U) + " MiB", "split the file"});
  }
  if (!is_valid_utf8(text)) return std::unexpected(ParseError{0, "no UTF-8", "save it as UTF-8"});
  return TreeBuilder(text, limits).build();
}

json::Value to_json(const Node& node) {
  if (node.is_sequence()) {
    json::Array list;
    list.reserve(node.items.size());
    for (const Node& item : node.items) list.push_back(to_json(item));
    return list;
  }
  if (node.is_mapping()) {
    json::Object object;
    object.reserve(node.entries.size());
    for (const auto& entry : node.entries) object.append(entry.key, to_json(entry.value));
    return object;
  }
  if (node.quoted) return json::Value(node.text);
  if (node.is_null()) return nullptr;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  // Most are words, which no parser need look at.
  if (node.text.find_first_of("0123456789") != std::string::npos) {
    if (const auto number = json::parse(node.text); number && number->is_number()) return *number;
  }
  return json::Value(node.text);
}

}  // namespace patchbay::yaml
