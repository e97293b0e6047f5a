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

  // A zero stands behind the source. `out` has room for the source and RunWriter::kStep more: what
  // is written is never longer.
  Shaper(std::string_view source, const Structure& structure, const ShapePlan& plan, char* out)
      : source_(source.data()),
        places_(structure.places()),
        end_(structure.places() + structure.count()),
        plan_(plan),
        verbose_(plan.rules_.verbose),
        info_size_(verbose_ ? 0 : plan.rules_.info_name.size() + 2),
        out_(source_, out) {
    members_.reserve(128);
  }

  bool run_record() {
    const At at = places_;
    if (byte(at) == '[') return run_list(nullptr);
    return finish(value(at, 0, Role::record).at);
  }

  bool run_list(std::vector<ShapedRecord>* records) {
    At at = places_;
    if (byte(at) != '[') return finish(refuse(at, "an array of records should stand here"));
    copy_byte(at++);
    bool any = false;
    std::size_t comma = 0;
    while (byte(at) != ']') {
      if (byte(at) == 'n') {
        at = skip_null(at);
        ++nulls_;
      } else {
        if (any) out_.copy(comma, comma + 1);
        any = true;
        ShapedRecord record{*at, 0, static_cast<std::uint32_t>(out_.offset()), 0};
        at = value(at, 1, Role::record).at;
        if (at == nullptr) return false;
        record.source_end = static_cast<std::uint32_t>(end_before(at));
        record.end = static_cast<std::uint32_t>(out_.offset());
        if (records != nullptr) records->push_back(record);
      }
      if (at == nullptr) return false;
      if (byte(at) == ']') break;
      if (byte(at) != ',') return finish(refuse(at, "',' or ']' should stand here"));
      comma = *at++;
      if (byte(at) == ']') return finish(refuse(at, "not a JSON value"));
    }
    copy_byte(at++);
    return finish(at);
  }

  std::size_t written() const { return out_.written(); }
  std::size_t nulls() const { return nulls_; }

  Error error() const {
    if (too_deep_) {
      return {ErrorCode::upstream, "The upstream's answer is nested deeper than 64 levels.", ""};
    }
    return {ErrorCode::upstream,
            "The upstream's answer is not JSON: near byte " + std::to_string(problem_place_) +
                ", " + problem_ + ".",
            ""};
  }

 private:
  // A record is never dropped and never a reference.
  enum class Role : std::uint8_t { record, nested };
  enum class Outcome : std::uint8_t { kept, dropped, failed };

  // A member that was written, for erase_members.
  struct Written {
    std::uint32_t begin;  // offset in the output, of its comma if it has one
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

  // The walk. A token is handed on as its place in places_, so that it stays in a register: as a
  // member it was stored and read back for every token, each time five cycles that all else waits
  // for (a third of the walk). Each function takes the token that it begins with and returns the
  // one behind what it read, or nothing after refuse().
  using At = const std::uint32_t*;
  struct Step {
    At at;  // null: refused
    Outcome outcome;
  };

  Step value(At at, std::size_t depth, Role role) {
    const std::size_t begin = *at;
    switch (byte(at)) {
      case '{':
        return object(at, depth + 1, role);
      case '[':
        return array(at, depth + 1, role);
      case '"': {
        const std::size_t end = end_before(at + 1);
        if (end - begin < 2 || source_[end - 1] != '"') return refused(at, "a string does not end");
        out_.copy(begin, end);
        break;
      }
      case 't':
        if (!is_token(at, "true")) return refused(at, "not a JSON value");
        out_.copy(begin, begin + 4);
        break;
      case 'f':
        if (!is_token(at, "false")) return refused(at, "not a JSON value");
        out_.copy(begin, begin + 5);
        break;
      case 'n':
        if (!is_token(at, "null")) return refused(at, "not a JSON value");
        if (role == Role::nested) return {at + 1, Outcome::dropped};
        out_.copy(begin, begin + 4);
        break;
      default: {
        if (at == end_) return refused(at, "not a JSON value");
        const std::size_t end = end_before(at + 1);
        if (!is_number({source_ + begin, end - begin})) return refused(at, "not a JSON value");
        out_.copy(begin, end);
      }
    }
    return {at + 1, Outcome::kept};
  }

  Step array(At at, std::size_t depth, Role role) {
    if (depth > kMaxDepth) return {refuse_depth(at), Outcome::failed};
    copy_byte(at++);
    bool any = false;
    if (byte(at) != ']') {
      std::size_t comma = 0;
      for (;;) {
        const RunWriter::Mark before = out_.mark();
        if (any) out_.copy(comma, comma + 1);
        const Step step = value(at, depth, Role::nested);
        if (step.outcome == Outcome::failed) return step;
        at = step.at;
        if (step.outcome == Outcome::kept) {
          any = true;
        } else {
          out_.take_back(before);
        }
        if (byte(at) == ']') break;
        if (byte(at) != ',') return refused(at, "',' or ']' should stand here");
        comma = *at++;
      }
    }
    copy_byte(at++);
    return {at, any || role == Role::record || verbose_ ? Outcome::kept : Outcome::dropped};
  }

  Step object(At at, std::size_t depth, Role role) {
    if (depth > kMaxDepth) return {refuse_depth(at), Outcome::failed};
    copy_byte(at++);
    ObjectState state{.depth = depth, .first_member = members_.size()};
    if (byte(at) != '}') {
      for (;;) {
        at = member(at, state);
        if (at == nullptr) return {at, Outcome::failed};
        if (byte(at) == '}') break;
        if (byte(at) != ',') return refused(at, "',' or '}' should stand here");
        state.comma = *at++;
      }
    }
    settle(state, role);
    const bool any = members_.size() > state.first_member;
    members_.resize(state.first_member);
    copy_byte(at++);
    return {at, any || role == Role::record || verbose_ ? Outcome::kept : Outcome::dropped};
  }

  // custom_fields.cpp: an array of custom fields, as an object of their values by their captions.
  Step custom_fields(At at, std::size_t depth);
  struct Entry;
  At entry(At at, std::size_t depth, Entry& out);
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

  // All but its facts. What is returned is the value's begin.
  At token_of(At at, Name& out) {
    if (byte(at) != '"') return refuse(at, "a member's name should stand here");
    out.begin = *at++;
    out.end = end_before(at);
    if (out.end - out.begin < 2) return refuse(at, "a string does not end");
    if (byte(at) != ':') return refuse(at, "':' should stand here");
    out.colon = *at++;
    return at;
  }

  At member(At at, ObjectState& object) {
    Name found;
    at = token_of(at, found);
    if (at == nullptr) return at;
    // A null goes, whatever it is called (measured: half of a record's members). Only that there is
    // an `_info` tells something by itself.
    if (byte(at) == 'n' && found.end - found.begin != info_size_) return skip_null(at);
    look_up(found);
    if (found.facts.noise()) return skip(at, object.depth);
    if (found.facts.info()) return info(at, object);
    return keep(at, object, found, false);
  }

  // The facts inside `_info`, written as if they were members of the object around it.
  At info(At at, ObjectState& object) {
    object.has_info = true;
    if (byte(at) != '{') return skip(at, object.depth);
    if (object.depth + 1 > kMaxDepth) return refuse_depth(at);
    ++at;
    if (byte(at) == '}') return at + 1;
    for (;;) {
      Name found;
      at = token_of(at, found);
      if (at == nullptr) return at;
      look_up(found);
      const std::uint64_t bit = bit_of(found.facts);
      if (bit == 0 || found.facts.noise() || found.facts.info() || (object.hoisted & bit) != 0) {
        at = skip(at, object.depth + 1);
      } else {
        at = keep(at, object, found, true);
      }
      if (at == nullptr) return at;
      const char c = byte(at);
      if (c != ',' && c != '}') return refuse(at, "',' or '}' should stand here");
      if (c == ',') object.comma = *at;
      ++at;
      if (c == '}') return at;
    }
  }

  At keep(At at, ObjectState& object, const Name& found, bool hoisted) {
    if (byte(at) == 'n') return skip_null(at);
    const RunWriter::Mark before = out_.mark();
    const std::size_t begin = out_.offset();
    copy_name(found, members_.size() > object.first_member ? &object.comma : nullptr);
    const std::size_t depth = hoisted ? object.depth + 1 : object.depth;
    const bool custom = found.facts.custom_fields() && byte(at) == '[' && !in_custom_field_;
    const Step step = custom ? custom_fields(at, depth + 1) : value(at, depth, Role::nested);
    if (step.outcome == Outcome::failed) return nullptr;
    if (step.outcome == Outcome::dropped) {
      out_.take_back(before);
      return step.at;
    }
    members_.emplace_back(static_cast<std::uint32_t>(begin), found.facts, hoisted);
    (hoisted ? object.hoisted : object.present) |= bit_of(found.facts);
    object.has_reference_mark |= found.facts.reference_mark() && !hoisted;
    object.has_other |= !found.facts.reference_kept() || hoisted;
    return step.at;
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
  At skip(At at, std::size_t depth) {
    std::size_t open = 0;
    do {
      switch (byte(at)) {
        case '{':
        case '[':
          if (depth + ++open > kMaxDepth) return refuse_depth(at);
          break;
        case '}':
        case ']':
          if (open-- == 0) return refuse(at, "a value should stand here");
          break;
        case ',':
        case ':':
        case '\0':
          if (open == 0 || at == end_) return refuse(at, "a value should stand here");
          break;
        default:
          break;
      }
      ++at;
    } while (open > 0);
    return at;
  }

  At skip_null(At at) { return is_token(at, "null") ? at + 1 : refuse(at, "not a JSON value"); }

  bool finish(At at) {
    if (at == nullptr) return false;
    out_.flush();
    if (!out_.has_valid_escapes()) at = refuse(at, "an escape inside a string is not valid");
    if (at != nullptr && at != end_) at = refuse(at, "there is text after the value");
    return at != nullptr;
  }

  // Of a token. Behind the last one its place is the source's end, where a zero stands.
  char byte(At at) const { return source_[*at]; }

  // Where the token before this one ends: white space may lie between.
  std::size_t end_before(At at) const {
    std::size_t end = *at;
    while (is_space(source_[end - 1])) --end;
    return end;
  }

  bool is_token(At at, std::string_view token) const {
    return end_before(at + 1) - *at == token.size() &&
           std::memcmp(source_ + *at, token.data(), token.size()) == 0;
  }

  static std::uint64_t bit_of(ShapePlan::NameFacts facts) {
    return facts.info_kept == 0 ? 0 : std::uint64_t{1} << (facts.info_kept - 1);
  }

  // A bracket.
  void copy_byte(At at) { out_.copy(*at, *at + 1); }

  // With its colon, and the comma before it if there is one: a run by itself as a rule.
  void copy_name(const Name& name, const std::size_t* comma) {
    const bool together = comma != nullptr && *comma + 1 == name.begin;
    if (comma != nullptr && !together) out_.copy(*comma, *comma + 1);
    if (name.end == name.colon) {
      out_.copy(together ? *comma : name.begin, name.colon + 1);
    } else {
      out_.copy(together ? *comma : name.begin, name.end);
      out_.copy(name.colon, name.colon + 1);
    }
  }

  At refuse(At at, const char* problem) {
    problem_place_ = *at;
    problem_ = problem;
    return nullptr;
  }
  At refuse_depth(At at) {
    too_deep_ = true;
    return refuse(at, "it is nested too deeply");
  }
  Step refused(At at, const char* problem) { return {refuse(at, problem), Outcome::failed}; }

  // Constant after construction.
  const char* const source_;
  const std::uint32_t* const places_;
  const std::uint32_t* const end_;  // of places_
  const ShapePlan& plan_;
  const bool verbose_;
  const std::size_t info_size_;  // of the name of `_info` with its quotes

  RunWriter out_;
  std::vector<Written> members_;  // of the objects that are open, innermost last
  bool in_custom_field_ = false;
  CustomFieldNames custom_names_;
  std::size_t nulls_ = 0;  // elements of the list that are none
  const char* problem_ = nullptr;
  std::size_t problem_place_ = 0;
  bool too_deep_ = false;
};

}  // namespace patchbay::json
