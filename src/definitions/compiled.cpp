#include "definitions/compiled.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include <libdeflate.h>

namespace patchbay::definitions {
namespace {

using yaml::Node;

constexpr std::string_view kTreeMark = "PBT3";
constexpr std::size_t kChecksum = 4;
constexpr std::uint8_t kQuoted = 0x80;
constexpr std::size_t kMostDepth = 64;  // YAML is bounded below that

class Writer {
 public:
  void number(std::size_t value) {
    for (int shift = 0; shift < 32; shift += 8) out_ += static_cast<char>((value >> shift) & 0xFFU);
  }
  void text(std::string_view text) {
    number(text.size());
    out_ += text;
  }
  void node(const Node& node) {
    const auto kind = static_cast<std::uint8_t>(node.kind);
    out_ += static_cast<char>(node.quoted ? kind | kQuoted : kind);
    number(node.line);
    switch (node.kind) {
      case Node::Kind::scalar:
        return text(node.text);
      case Node::Kind::sequence:
        number(node.items.size());
        for (const Node& item : node.items) this->node(item);
        return;
      case Node::Kind::mapping:
        number(node.entries.size());
        for (const Node::Entry& entry : node.entries) {
          text(entry.key);
          number(entry.line);
          this->node(entry.value);
        }
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what is there; what is not, or makes no sense, is noted once.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool is_sound() const { return is_sound_; }
  bool is_at_end() const { return rest_.empty(); }

  std::size_t number() {
    if (rest_.size() < 4) return fail();
    std::uint32_t value = 0;
    for (int at = 3; at >= 0; --at) value = (value << 8U) | static_cast<unsigned char>(rest_[at]);
    rest_.remove_prefix(4);
    return value;
  }
  // How many follow, each of at least `least` bytes: a count that cannot be is none.
  std::size_t count(std::size_t least) {
    const std::size_t value = number();
    return value > rest_.size() / least ? fail() : value;
  }
  std::string_view text() {
    const std::size_t size = count(1);
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  void node(Node& node, std::size_t depth) {
    if (rest_.empty() || depth > kMostDepth) {
      fail();
      return;
    }
    const auto kind = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    node.quoted = (kind & kQuoted) != 0;
    node.line = number();
    constexpr std::size_t kLeastNode = 9;
    switch (kind & ~kQuoted) {
      case static_cast<std::uint8_t>(Node::Kind::scalar):
        node.text = text();
        return;
      case static_cast<std::uint8_t>(Node::Kind::sequence):
        node.kind = Node::Kind::sequence;
        node.items.resize(count(kLeastNode));
        for (Node& item : node.items) this->node(item, depth + 1);
        return;
      case static_cast<std::uint8_t>(Node::Kind::mapping):
        node.kind = Node::Kind::mapping;
        node.entries.resize(count(kLeastNode + 8));
        for (Node::Entry& entry : node.entries) {
          entry.key = text();
          entry.line = number();
          this->node(entry.value, depth + 1);
        }
        return;
      default:
        fail();
    }
  }

 private:
  std::size_t fail() {
    is_sound_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool is_sound_ = true;
};

}  // namespace

std::string checksum(std::string_view bytes) {
  const std::uint32_t sum = libdeflate_crc32(0, bytes.data(), bytes.size());
  std::string out(kChecksum, '\0');
  std::memcpy(out.data(), &sum, out.size());
  return out;
}

std::optional<std::string> compile(const std::vector<pack::ParsedFile>& files) {
  Writer writer;
  writer.number(files.size());
  for (const pack::ParsedFile& file : files) {
    if (!file.root) return std::nullopt;
    writer.text(file.path);
    Writer tree;
    tree.node(*file.root);
    writer.text(tree.take());
  }
  const std::string body = writer.take();
  return std::string(kTreeMark) + checksum(body) + body;
}

Result<std::vector<CompiledFile>> read_compiled(std::string_view bytes) {
  const auto damaged = [] {
    return fail(ErrorCode::invalid_argument, "A compiled definition is damaged.",
                "Remove it; it is made again.");
  };
  if (!bytes.starts_with(kTreeMark) || bytes.size() < kTreeMark.size() + kChecksum)
    return damaged();
  bytes.remove_prefix(kTreeMark.size());
  const std::string_view told = bytes.substr(0, kChecksum);
  bytes.remove_prefix(kChecksum);
  if (checksum(bytes) != told) return damaged();
  Reader reader(bytes);
  constexpr std::size_t kLeastFile = 8;
  std::vector<CompiledFile> files(reader.count(kLeastFile));
  for (CompiledFile& file : files) {
    file.path = reader.text();
    file.tree = reader.text();
  }
  if (!reader.is_sound() || !reader.is_at_end()) return damaged();
  return files;
}

std::expected<Node, yaml::ParseError> read_tree(std::string_view bytes) {
  Reader reader(bytes);
  Node root;
  reader.node(root, 0);
  if (reader.is_sound() && reader.is_at_end()) return root;
  return std::unexpected(yaml::ParseError{
      .line = 0, .message = "what was compiled of it is damaged", .fix = "it is made again"});
}

}  // namespace patchbay::definitions
