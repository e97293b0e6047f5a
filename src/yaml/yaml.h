// YAML as a small tree that remembers lines. Only what a definition needs: one document, no
// anchors, no aliases, no tags, no duplicate keys; bounded in depth and size, so that no file is a
// bomb.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace patchbay::yaml {

struct Node {
  enum class Kind : std::uint8_t { scalar, sequence, mapping };
  struct Entry;

  Kind kind = Kind::scalar;
  std::string text;            // scalar
  bool quoted = false;         // scalar: '5' and "5" are texts, 5 is a number
  std::vector<Node> items;     // sequence
  std::vector<Entry> entries;  // mapping, in the file's order
  std::size_t line = 0;        // from 1

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_mapping() const { return kind == Kind::mapping; }
  // A plain scalar that YAML reads as null: empty, ~ or null.
  bool is_null() const;
  const Node* find(std::string_view key) const;
};

struct Node::Entry {
  std::string key;
  std::size_t line = 0;
  Node value;
};

struct ParseError {
  std::size_t line = 0;
  std::string message;
  std::string fix;
};

// What a text may be at most. The usual bounds are those of a definition's file.
struct Limits {
  std::size_t max_bytes = 1 << 20;
  std::size_t max_nodes = 200'000;
  std::size_t max_depth = 32;
};

std::expected<Node, ParseError> parse(std::string_view text, const Limits& limits = {});

// By the core schema: plain null, true, false and JSON numbers are what they look like.
json::Value to_json(const Node& node);

}  // namespace patchbay::yaml
