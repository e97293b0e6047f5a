// Random records through shaping: what is left has the very bytes that it came with, and nothing is
// gone but what the rules name. Documents are made as trees of source text and what comes out is
// read by a reader of its own, so that no number or string passes through anything of ours here.
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "gateway/test_draw.h"
#include "gateway/test_harness.h"

namespace patchbay::gateway {
namespace {

// A JSON value as its source says it.
struct Node {
  enum class Kind : std::uint8_t { scalar, array, object };
  Kind kind = Kind::scalar;
  std::string text;  // of a scalar: its bytes
  std::vector<Node> children;
  std::string name;  // of a member: as it stands, without quotes
};

Node named(std::string name, Node node) {
  node.name = std::move(name);
  return node;
}

const Node* child_of(const Node& node, std::string_view name) {
  const auto found = std::ranges::find(node.children, name, &Node::name);
  return found == node.children.end() ? nullptr : &*found;
}

// ---- documents ---------------------------------------------------------------------------------

class Maker {
 public:
  explicit Maker(Draw& random) : random_(random) {}

  Node record(int depth) {
    Node node = object(depth);
    std::erase_if(node.children, [](const Node& member) { return member.name == "id"; });
    node.children.push_back({Node::Kind::scalar, std::to_string(random_.below(1 << 30)), {}, "id"});
    return node;
  }

 private:
  Node value(int depth) {
    // Several children each would be without end in a deep document.
    if (depth <= 0 || left_ <= 0 || random_.chance(depth > 20 ? 10 : 55)) return scalar();
    --left_;
    return random_.chance(35) ? array(depth) : object(depth);
  }

  Node array(int depth) {
    Node node{Node::Kind::array, {}, {}, {}};
    for (auto count = random_.below(5); count > 0; --count) {
      node.children.push_back(value(depth - 1));
    }
    return node;
  }

  // Names as records have them: facts, references, links, noise; and some that only look like it.
  Node object(int depth) {
    static const std::vector<std::string> kNames = {"id",
                                                    "name",
                                                    "identifier",
                                                    "summary",
                                                    "board",
                                                    "status",
                                                    "company",
                                                    "amount",
                                                    "hours",
                                                    "notes",
                                                    "types",
                                                    "lines",
                                                    "mobileGuid",
                                                    "photo",
                                                    "imageLink",
                                                    "connectWiseId",
                                                    "board_href",
                                                    "_href",
                                                    "href",
                                                    "x_href_",
                                                    "mobileguid",
                                                    "lastUpdated",
                                                    "dateEntered",
                                                    "enteredBy",
                                                    "updatedBy",
                                                    "info",
                                                    "_infos",
                                                    "null",
                                                    "",
                                                    " ",
                                                    "Gr\u00f6\u00dfe",
                                                    "\xF0\x9F\x98\x80",
                                                    "a\\\"b",
                                                    "\\u0061",
                                                    "tab\\t",
                                                    "aVeryLongNameThatIsLongerThanAWord",
                                                    "value",
                                                    "caption",
                                                    "customerPO",
                                                    "0"};
    Node node{Node::Kind::object, {}, {}, {}};
    for (auto count = random_.below(9); count > 0; --count) {
      const auto& name = random_.pick(kNames);
      if (child_of(node, name) == nullptr) {
        node.children.push_back(named(name, value(depth - 1)));
      }
    }
    if (random_.chance(40)) {
      Node info = facts();
      const auto at = static_cast<std::ptrdiff_t>(random_.below(node.children.size() + 1));
      node.children.insert(node.children.begin() + at, named("_info", std::move(info)));
    }
    return node;
  }

  Node facts() {
    static const std::vector<std::string> kFacts = {
        "lastUpdated", "dateEntered", "enteredBy", "updatedBy", "board_href", "mobileGuid", "fact"};
    Node node{Node::Kind::object, {}, {}, {}};
    for (auto count = random_.below(6); count > 0; --count) {
      const auto& name = random_.pick(kFacts);
      if (child_of(node, name) == nullptr) node.children.push_back(named(name, scalar()));
    }
    return node;
  }

  Node scalar() {
    static const std::vector<std::string> kWords = {"true", "false", "null", "null", "null"};
    const auto what = random_.below(10);
    return {Node::Kind::scalar,
            what < 3   ? random_.pick(kWords)
            : what < 6 ? number()
                       : string(),
            {}};
  }

  std::string number() {
    static const std::vector<std::string> kNumbers = {"0",
                                                      "-0",
                                                      "-0.0",
                                                      "0.0",
                                                      "1.0",
                                                      "1.50",
                                                      "12345678901234567890.1234500",
                                                      "1e400",
                                                      "-1E-400",
                                                      "1E+2",
                                                      "9007199254740993",
                                                      "0.1000000000000000055511151231257827",
                                                      "100.00",
                                                      "2e0",
                                                      "18446744073709551616",
                                                      "-9223372036854775809",
                                                      "3.141592653589793238462643383279502884"};
    if (random_.chance(60)) return random_.pick(kNumbers);
    std::string out = random_.chance(30) ? "-" : "";
    out += std::to_string(random_.bits() >> random_.below(64));
    if (random_.chance(50)) out += '.' + digits();
    if (random_.chance(20)) out += (random_.chance(50) ? "e" : "E-") + digits();
    return out;
  }
  std::string digits() {
    std::string out;
    for (auto count = 1 + random_.below(20); count > 0; --count) {
      out += static_cast<char>('0' + random_.below(10));
    }
    return out;
  }

  std::string string() {
    static const std::vector<std::string> kPieces = {
        "a",
        "Server ",
        "\\\"",
        "\\\\",
        "\\/",
        "\\b",
        "\\f",
        "\\n",
        "\\r",
        "\\t",
        "\\u00e9",
        "\\u0000",
        "\\uD83D\\uDE00",
        "\\ud83d\\ude00",
        "\\u001F",
        "\\u2028",
        "\xC3\xBC",
        "\xE2\x82\xAC",
        "\xF0\x9F\x98\x80",
        "\xEF\xBF\xBD",
        "\xE2\x80\xA8",
        "\x7F",
        "null",
        "{}",
        "[]",
        "\\\",\\\"x\\\":1",
        "</script>",
        "'",
        "%",
        "12.50",
        " ",
        "a longer piece of text that fills more than one block of sixty-four bytes, as texts do"};
    std::string out = "\"";
    for (auto count = random_.below(random_.chance(10) ? 60 : 6); count > 0; --count) {
      out += random_.pick(kPieces);
    }
    return out + '"';
  }

  Draw& random_;
  int left_ = 150;  // arrays and objects
};

// With or without white space between tokens.
void write(const Node& node, Draw& random, bool spaced, std::string& out) {
  static const std::vector<std::string> kSpaces = {"", "", " ", "\n", "\t", "\r\n  ", "   "};
  const auto space = [&] {
    if (spaced) out += random.pick(kSpaces);
  };
  if (node.kind == Node::Kind::scalar) {
    out += node.text;
    return;
  }
  const bool object = node.kind == Node::Kind::object;
  out += object ? '{' : '[';
  space();
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    if (i > 0) out += ',';
    space();
    if (object) {
      out += '"' + child.name + '"';
      space();
      out += ':';
      space();
    }
    write(child, random, spaced, out);
    space();
  }
  out += object ? '}' : ']';
}

// ---- what comes out ----------------------------------------------------------------------------

// Reads JSON that is known to be valid into its source text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  Node read() {
    const char first = text_[at_];
    if (first == '{' || first == '[') return read_children(first == '{');
    return {Node::Kind::scalar, first == '"' ? read_string() : read_word(), {}};
  }

 private:
  // A list has a line for each record; nothing else stands between tokens.
  void pass_line_end() {
    if (text_[at_] == '\n') ++at_;
  }
  Node read_children(bool object) {
    Node node{object ? Node::Kind::object : Node::Kind::array, {}, {}, {}};
    ++at_;
    pass_line_end();
    while (text_[at_] != '}' && text_[at_] != ']') {
      std::string name;
      if (object) {
        name = read_string();
        name = name.substr(1, name.size() - 2);
        ++at_;  // the colon
      }
      node.children.push_back(named(std::move(name), read()));
      if (text_[at_] == ',') ++at_;
      pass_line_end();
    }
    ++at_;
    return node;
  }
  std::string read_string() {
    const auto begin = at_++;
    while (text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  std::string read_word() {
    const auto end = std::min(text_.find_first_of(",]}", at_), text_.size());
    const auto word = text_.substr(at_, end - at_);
    at_ = end;
    return std::string(word);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// ---- the rules, as they are told ---------------------------------------------------------------

class Rules {
 public:
  Rules(const json::ShapeRules& rules, bool verbose) : rules_(rules), verbose_(verbose) {}

  // Nothing if it goes.
  std::optional<Node> kept(const Node& node, bool is_record) const {
    if (node.kind == Node::Kind::scalar) {
      return node.text == "null" ? std::nullopt : std::optional(node);
    }
    Node out{node.kind, {}, {}, node.name};
    const Node* info = verbose_ ? nullptr : child_of(node, rules_.info_name);
    // What has neither is no reference, whatever stands there: nothing else would tell what it is.
    const auto says = [&](std::string_view name) {
      const Node* child = child_of(node, name);
      return child != nullptr && kept(*child, false);
    };
    const bool reference = info != nullptr && !is_record && (says("name") || says("identifier"));
    for (const Node& child : node.children) {
      if (&child == info || (!verbose_ && is_noise(child.name))) continue;
      if (reference && !contains(rules_.reference_kept, child.name)) continue;
      if (auto rest = kept(child, false)) out.children.push_back(std::move(*rest));
    }
    if (info != nullptr && !reference) {
      for (const Node& child : info->children) {
        if (!contains(rules_.info_kept, child.name) || child_of(out, child.name)) continue;
        if (auto rest = kept(child, false)) out.children.push_back(std::move(*rest));
      }
    }
    if (out.children.empty() && !verbose_ && !is_record) return std::nullopt;
    return out;
  }

 private:
  static bool contains(const std::vector<std::string>& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
  }
  bool is_noise(std::string_view name) const {
    return contains(rules_.noise_names, name) ||
           std::ranges::any_of(rules_.noise_suffixes,
                               [&](const std::string& suffix) { return name.ends_with(suffix); });
  }

  const json::ShapeRules& rules_;
  bool verbose_;
};

std::string told(const Node* node) {
  if (node == nullptr) return "nothing";
  if (node->kind == Node::Kind::scalar) return node->text;
  std::string out = node->kind == Node::Kind::object ? "{" : "[";
  for (const auto& child : node->children) out += child.name + ':' + told(&child) + ' ';
  return out + (node->kind == Node::Kind::object ? '}' : ']');
}

// Where they differ, and how; "" if both have the same members with the same bytes. A fact that
// moved up may stand anywhere among them.
std::string difference(const Node* a, const Node* b, const std::string& path) {
  if (a == nullptr || b == nullptr || a->kind != b->kind || a->text != b->text) {
    return path + ": expected " + told(a) + ", got " + told(b);
  }
  const bool object = a->kind == Node::Kind::object;
  const auto count = std::max(a->children.size(), b->children.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = [i](const Node& node) {
      return i < node.children.size() ? &node.children[i] : nullptr;
    };
    const std::string step = path + '/' + (object && at(*a) ? at(*a)->name : std::to_string(i));
    if (object && at(*a) == nullptr) return path + ": expected " + told(a) + ", got " + told(b);
    const Node* other = object ? child_of(*b, at(*a)->name) : at(*b);
    if (auto found = difference(at(*a), other, step); !found.empty()) return found;
  }
  return {};
}

struct Upstream {
  io::Runtime runtime{{.loops = 1}};
  std::string body;
  StubUpstream stub;
  Harness harness;
  explicit Upstream(GatewayOptions options)
      : stub((runtime.start(), runtime),
             [this](const StubUpstream::Seen&) { return http::Response::json(200, body); }),
        harness(runtime, stub.port(), std::move(options)) {
    harness.context.max_result_bytes = 10'000'000;
  }
  ~Upstream() { runtime.stop(); }
};

}  // namespace

TEST_CASE(
    "shaping never changes a number or a string, and drops nothing that its rules do not name") {
  GatewayOptions off_the_loop;
  off_the_loop.offload_bytes = 500;
  Upstream usual({});
  Upstream offloading(off_the_loop);
  const auto& rules = shipped_tools()->integration().shape;
  std::size_t bytes = 0;
  for (std::uint64_t round = 0; round < 300 * property_rounds(); ++round) {
    Draw random("shaping", round);
    auto& upstream = random.chance(50) ? usual : offloading;
    const bool verbose = random.chance(25);
    const bool list = random.chance(60);
    const bool spaced = random.chance(40);
    Node sent{Node::Kind::array, {}, {}, {}};
    for (auto count = list ? random.below(6) : 1; count > 0; --count) {
      const auto depth = static_cast<int>(random.chance(5) ? 50 : 1 + random.below(6));
      sent.children.push_back(Maker(random).record(depth));
    }
    upstream.body.clear();
    write(list ? sent : sent.children.front(), random, spaced, upstream.body);
    bytes += upstream.body.size();
    const auto seed = property_seed();
    CAPTURE(seed);
    CAPTURE(round);

    // A record's last member is its id.
    const std::string own = list ? "" : sent.children.front().children.back().text;
    const auto outcome = upstream.harness.call_value(
        list ? "list_all_connect_wise_psa_tickets" : "get_single_connect_wise_psa_ticket_by_id",
        list ? json::Object{{"verbose", verbose}}
             : json::Object{{"id", own}, {"verbose", verbose}});
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    const Node result = Reader(outcome.result.text).read();
    const Node* records = list ? child_of(result, "result") : nullptr;
    REQUIRE((!list || records != nullptr));
    REQUIRE((!list || records->children.size() == sent.children.size()));
    for (std::size_t i = 0; i < sent.children.size(); ++i) {
      const Node& got = list ? records->children[i] : result;
      const auto expected = Rules(rules, verbose).kept(sent.children[i], true);
      CHECK(difference(&*expected, &got, "") == "");
    }
  }
  MESSAGE(bytes << " bytes of records were shaped");
}

}  // namespace patchbay::gateway
