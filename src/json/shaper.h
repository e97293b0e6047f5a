// The walk of the shaping kernel (shape.h), over the places that simdjson's first stage finds.
// Within this room only: shape.cpp begins it, custom_fields.cpp is its part about custom fields.
//
// How it is fast:
// - simdjson's first stage finds where tokens begin (structure.h); the walk goes from place to
//   place and never looks at the bytes inside strings.
// - What is kept is copied in runs (run_writer.h).
// - What is known of a member by its name is one integer, from a table to a stack of them.
//
// What is decided late is undone: a member is written before its value is known to be empty, and an
// object's members before its `_info` tells that it is a reference. The first is taken back to a
// Mark, the second is mended in the output (erase_members). Both cost no more than what they undo,
// so that no input can make the walk quadratic.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "json/custom_field_names.h"
#include "json/run_writer.h"
#include "json/shape.h"
#include "json/structure.h"
#include "json/token.h"

namespace patchbay::json {

class Shaper {
 public:
  static constexpr std::size_t kMaxDepth = 64;

  // `out` has room for the source and RunWriter::kStep more: what is written is never longer.
  Shaper(std::string_view source, const Structure& structure, const ShapePlan& plan, char* out)
      : source_(source.data()),
        places_(structure.places()),
        count_(structure.count()),
        plan_(plan),
        verbose_(plan.rules_.verbose),
        info_size_(verbose_ ? 0 : plan.rules_.info_name.size() + 2),
        out_(source_, out) {
    members_.reserve(128);
  }

  bool run_record() {
    if (peek() == '[') return run_list(nullptr);
    return value(0, Role::record) != Outcome::failed && finish();
  }

  bool run_list(std::vector<ShapedRecord>* records) {
    if (peek() != '[') return refuse("an array of records should stand here");
    copy_place();
    bool any = false;
    if (peek() == ']') return copy_place(), finish();
    std::size_t comma = 0;
    for (;;) {
      if (peek() == 'n') {
        if (!skip_null()) return false;
        ++nulls_;
      } else {
        if (any) out_.copy(comma, comma + 1);
        any = true;
        ShapedRecord record{place(), 0, out_.offset(), 0};
        if (value(1, Role::record) == Outcome::failed) return false;
        record.source_end = end_before(at_);
        record.end = out_.offset();
        if (records != nullptr) records->push_back(record);
      }
      comma = place();
      const char c = peek();
      if (c == ',') {
        ++at_;
        continue;
      }
      if (c != ']') return refuse("',' or ']' should stand here");
      return copy_place(), finish();
    }
  }

  std::size_t written() const { return out_.written(); }
  std::size_t nulls() const { return nulls_; }

  Error error() const {
    if (too_deep_) {
      return {ErrorCode::upstream, "The upstream's answer is nested deeper than 64 levels.", ""};
    }
    return {ErrorCode::upstream,
            "The upstream's answer is not JSON: near byte " + std::to_string(place()) + ", " +
                problem_ + ".",
            ""};
  }

 private:
  // A record is never dropped and never a reference.
  enum class Role : std::uint8_t { record, nested };
  enum class Outcome : std::uint8_t { kept, dropped, failed };

  // A member that was written, for erase_members.
  struct Written {
    std::size_t begin;  // offset in the output, of its comma if it has one
    ShapePlan::NameFacts facts;
    bool hoisted;
  };

  // What an object turns out to be, as its members go by.
  struct ObjectState {
    std::size_t depth;
    std::size_t first_member;  // in members_
    std::size_t comma = 0;     // place of the last comma in the source
    bool has_info = false;
    bool has_reference_mark = false;
    bool has_other = false;     // a member that a reference does not keep
    std::uint64_t present = 0;  // of info_kept: as members of its own
    std::uint64_t hoisted = 0;  // of info_kept: out of `_info`
  };

  // The walk. at_ is the next token; each function leaves it behind what it read, or has called
  // refuse() and reports failure.

  Outcome value(std::size_t depth, Role role) {
    const std::size_t begin = place();
    switch (peek()) {
      case '{':
        return object(depth + 1, role);
      case '[':
        return array(depth + 1, role);
      case '"': {
        const std::size_t end = end_before(at_ + 1);
        if (end - begin < 2 || source_[end - 1] != '"') return refused("a string does not end");
        out_.copy(begin, end);
        break;
      }
      case 't':
        if (!is_token("true")) return refused("not a JSON value");
        out_.copy(begin, begin + 4);
        break;
      case 'f':
        if (!is_token("false")) return refused("not a JSON value");
        out_.copy(begin, begin + 5);
        break;
      case 'n':
        if (!is_token("null")) return refused("not a JSON value");
        if (role == Role::nested) {
          ++at_;
          return Outcome::dropped;
        }
        out_.copy(begin, begin + 4);
        break;
      default: {
        const std::size_t end = end_before(at_ + 1);
        if (at_ == count_ || !is_number({source_ + begin, end - begin})) {
          return refused("not a JSON value");
        }
        out_.copy(begin, end);
      }
    }
    ++at_;
    return Outcome::kept;
  }

  Outcome array(std::size_t depth, Role role) {
    if (depth > kMaxDepth) return refused_depth();
    copy_place();
    bool any = false;
    if (peek() != ']') {
      std::size_t comma = 0;
      for (;;) {
        const RunWriter::Mark before = out_.mark();
        if (any) out_.copy(comma, comma + 1);
        switch (value(depth, Role::nested)) {
          case Outcome::failed:
            return Outcome::failed;
          case Outcome::dropped:
            out_.take_back(before);
            break;
          case Outcome::kept:
            any = true;
        }
        const char c = peek();
        if (c == ']') break;
        if (c != ',') return refused("',' or ']' should stand here");
        comma = place();
        ++at_;
      }
    }
    copy_place();
    return any || role == Role::record || verbose_ ? Outcome::kept : Outcome::dropped;
  }

  Outcome object(std::size_t depth, Role role) {
    if (depth > kMaxDepth) return refused_depth();
    copy_place();
    ObjectState state{.depth = depth, .first_member = members_.size()};
    if (peek() != '}') {
      for (;;) {
        if (!member(state)) return Outcome::failed;
        const char c = peek();
        if (c == '}') break;
        if (c != ',') return refused("',' or '}' should stand here");
        state.comma = place();
        ++at_;
      }
    }
    settle(state, role);
    const bool any = members_.size() > state.first_member;
    members_.resize(state.first_member);
    copy_place();
    return any || role == Role::record || verbose_ ? Outcome::kept : Outcome::dropped;
  }

  // custom_fields.cpp: an array of custom fields, as an object of their values by their captions.
  Outcome custom_fields(std::size_t depth);
  struct Entry;
  bool entry(std::size_t depth, Entry& out);
  Outcome write_entry(std::size_t depth, const Entry& entry);
  bool take_name(std::string_view quoted, bool stays);

  struct Name {
    std::size_t begin;
    std::size_t end;
    std::size_t colon;
    ShapePlan::NameFacts facts;
  };

  void look_up(Name& out) const {
    out.facts = plan_.look_up(source_ + out.begin + 1, out.end - out.begin - 2);
  }

  // All but its facts.
  bool token_of(Name& out) {
    if (peek() != '"') return refuse("a member's name should stand here");
    out.begin = place();
    out.end = end_before(++at_);
    if (out.end - out.begin < 2) return refuse("a string does not end");
    if (peek() != ':') return refuse("':' should stand here");
    out.colon = place();
    ++at_;
    return true;
  }

  bool member(ObjectState& object) {
    Name found;
    if (!token_of(found)) return false;
    // A null goes, whatever it is called (measured: half of a record's members). Only that there is
    // an `_info` tells something by itself.
    if (peek() == 'n' && found.end - found.begin != info_size_) return skip_null();
    look_up(found);
    if (found.facts.noise()) return skip(object.depth);
    if (found.facts.info()) return info(object);
    return keep(object, found, false);
  }

  // The facts inside `_info`, written as if they were members of the object around it.
  bool info(ObjectState& object) {
    object.has_info = true;
    if (peek() != '{') return skip(object.depth);
    if (object.depth + 1 > kMaxDepth) return refuse_depth();
    ++at_;
    if (peek() == '}') return ++at_, true;
    for (;;) {
      Name found;
      if (!token_of(found)) return false;
      look_up(found);
      const std::uint64_t bit = bit_of(found.facts);
      if (bit == 0 || found.facts.noise() || found.facts.info() || (object.hoisted & bit) != 0) {
        if (!skip(object.depth + 1)) return false;
      } else if (!keep(object, found, true)) {
        return false;
      }
      const char c = peek();
      if (c != ',' && c != '}') return refuse("',' or '}' should stand here");
      if (c == ',') object.comma = place();
      ++at_;
      if (c == '}') return true;
    }
  }

  bool keep(ObjectState& object, const Name& found, bool hoisted) {
    if (peek() == 'n') return skip_null();
    const RunWriter::Mark before = out_.mark();
    const std::size_t begin = out_.offset();
    if (members_.size() > object.first_member) out_.copy(object.comma, object.comma + 1);
    out_.copy(found.begin, found.end);
    out_.copy(found.colon, found.colon + 1);
    const std::size_t depth = hoisted ? object.depth + 1 : object.depth;
    const bool custom = found.facts.custom_fields() && peek() == '[' && !in_custom_field_;
    const Outcome outcome = custom ? custom_fields(depth + 1) : value(depth, Role::nested);
    if (outcome == Outcome::failed) return false;
    if (outcome == Outcome::dropped) {
      out_.take_back(before);
      return true;
    }
    members_.emplace_back(begin, found.facts, hoisted);
    (hoisted ? object.hoisted : object.present) |= bit_of(found.facts);
    object.has_reference_mark |= found.facts.reference_mark() && !hoisted;
    object.has_other |= !found.facts.reference_kept() || hoisted;
    return true;
  }

  // All members are known: a reference loses what it does not keep, and any object the facts out
  // of `_info` that it has itself.
  void settle(const ObjectState& object, Role role) {
    if (role == Role::nested && object.has_info && object.has_reference_mark) {
      if (object.has_other) {
        erase_members(object.first_member, [](const Written& member) {
          return member.hoisted || !member.facts.reference_kept();
        });
      }
    } else if (const std::uint64_t twice = object.present & object.hoisted; twice != 0) {
      erase_members(object.first_member, [twice](const Written& member) {
        return member.hoisted && (bit_of(member.facts) & twice) != 0;
      });
    }
  }

  // At least one member stays, in both uses.
  template <class Goes>
  void erase_members(std::size_t first, Goes goes) {
    out_.flush();
    std::size_t to = members_[first].begin;
    bool any = false;
    for (std::size_t i = first; i < members_.size(); ++i) {
      if (goes(members_[i])) continue;
      std::size_t begin = members_[i].begin;
      const std::size_t end = i + 1 < members_.size() ? members_[i + 1].begin : out_.written();
      if (!any && i > first) ++begin;  // the comma of what is now the first
      to = out_.move(to, begin, end);
      any = true;
    }
    out_.cut(to);
  }

  // Over a value that is not kept. Only its nesting is looked at.
  bool skip(std::size_t depth) {
    std::size_t open = 0;
    do {
      switch (peek()) {
        case '{':
        case '[':
          if (depth + ++open > kMaxDepth) return refuse_depth();
          break;
        case '}':
        case ']':
          if (open-- == 0) return refuse("a value should stand here");
          break;
        case ',':
        case ':':
        case '\0':
          if (open == 0 || at_ == count_) return refuse("a value should stand here");
          break;
        default:
          break;
      }
      ++at_;
    } while (open > 0);
    return true;
  }

  bool skip_null() {
    if (!is_token("null")) return refuse("not a JSON value");
    ++at_;
    return true;
  }

  bool finish() {
    out_.flush();
    if (!out_.has_valid_escapes()) return refuse("an escape inside a string is not valid");
    return at_ == count_ || refuse("there is text after the value");
  }

  // Tokens. Behind the last one, place() is the source's end and peek() a zero.

  std::size_t place() const { return places_[at_]; }
  char peek() const { return at_ < count_ ? source_[places_[at_]] : '\0'; }

  // Where the token before this one ends: white space may lie between.
  std::size_t end_before(std::uint32_t at) const {
    std::size_t end = places_[at];
    while (is_space(source_[end - 1])) --end;
    return end;
  }

  bool is_token(std::string_view token) const {
    return end_before(at_ + 1) - place() == token.size() &&
           std::memcmp(source_ + place(), token.data(), token.size()) == 0;
  }

  static std::uint64_t bit_of(ShapePlan::NameFacts facts) {
    return facts.info_kept == 0 ? 0 : std::uint64_t{1} << (facts.info_kept - 1);
  }

  // A bracket.
  void copy_place() {
    out_.copy(place(), place() + 1);
    ++at_;
  }

  bool refuse(const char* problem) {
    problem_ = problem;
    return false;
  }
  bool refuse_depth() {
    too_deep_ = true;
    return refuse("it is nested too deeply");
  }
  Outcome refused(const char* problem) { return refuse(problem), Outcome::failed; }
  Outcome refused_depth() { return refuse_depth(), Outcome::failed; }

  // Constant after construction.
  const char* const source_;
  const std::uint32_t* const places_;
  const std::uint32_t count_;
  const ShapePlan& plan_;
  const bool verbose_;
  const std::size_t info_size_;  // of the name of `_info` with its quotes

  std::uint32_t at_ = 0;  // index in places_ of the next token
  RunWriter out_;
  std::vector<Written> members_;  // of the objects that are open, innermost last
  bool in_custom_field_ = false;
  CustomFieldNames custom_names_;
  std::size_t nulls_ = 0;  // elements of the list that are none
  const char* problem_ = nullptr;
  bool too_deep_ = false;
};

}  // namespace patchbay::json
