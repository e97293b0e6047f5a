#include "gateway/answers/size.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// Ids, names, times and addresses are shorter; cutting them would make them wrong, not short.
constexpr std::size_t kLeastText = 80;
// What a mark takes itself: a text that it would not shorten stays.
constexpr std::size_t kMark = 40;
constexpr std::size_t kMostEntries = 4096;

struct Cuts {
  std::size_t text;  // bytes
  std::size_t list;  // entries
};
constexpr std::size_t kUncut = SIZE_MAX / 2;

// Writes a value with its texts and lists cut, until there is no room for more: a try costs no more
// than the room, however large the value is.
class CutWriter {
 public:
  CutWriter(Cuts cuts, std::size_t room) : cuts_(cuts), room_(room) {}

  // False: it does not fit, and what was written is of no use.
  bool write(const json::Value& value) {
    if (const auto* text = value.if_string()) return write_text(*text);
    if (const auto* items = value.if_array()) return write_list(*items);
    if (const auto* object = value.if_object()) {
      out_ += '{';
      for (const auto& [name, member] : *object) {
        if (out_.back() != '{') out_ += ',';
        if (!put(name)) return false;
        out_ += ':';
        if (!write(member)) return false;
      }
      out_ += '}';
      return fits();
    }
    json::append(out_, value);
    return fits();
  }

  std::string take() { return std::move(out_); }

 private:
  bool fits() const { return out_.size() <= room_; }

  bool put(std::string_view text) {
    // Not even escaped, when its bytes alone are too many.
    if (text.size() > room_) return false;
    json::append_string(out_, text);
    return fits();
  }

  bool write_text(std::string_view text) {
    if (text.size() <= cuts_.text + kMark) return put(text);
    const auto kept = cut_utf8(text, cuts_.text);
    return put(std::string(kept) + "… [" + std::to_string(text.size() - kept.size()) +
               " more bytes cut]");
  }

  bool write_list(const json::Array& items) {
    const auto kept = items.size() > cuts_.list + 1 ? cuts_.list : items.size();
    out_ += '[';
    for (std::size_t i = 0; i < kept; ++i) {
      if (i > 0) out_ += ',';
      if (!write(items[i])) return false;
    }
    if (kept < items.size()) {
      if (kept > 0) out_ += ',';
      const auto missing = std::to_string(items.size() - kept);
      if (!put("… [" + missing + " more entries cut]")) return false;
    }
    out_ += ']';
    return fits();
  }

  const Cuts cuts_;
  const std::size_t room_;
  std::string out_;
};

// "" if it does not fit.
std::string written(const json::Value& value, Cuts cuts, std::size_t room) {
  CutWriter writer(cuts, room);
  return writer.write(value) ? writer.take() : std::string();
}

// With the greatest number from `low` to `high` that fits, by halving; "" if none does. `write`
// gives what is written with a number, or "".
template <class Write>
std::string with_most(std::size_t low, std::size_t high, Write write) {
  std::string found;
  while (low <= high) {
    const std::size_t middle = low + (high - low) / 2;
    if (auto tried = write(middle); !tried.empty()) {
      found = std::move(tried);
      low = middle + 1;
    } else if (middle == 0) {
      break;
    } else {
      high = middle - 1;
    }
  }
  return found;
}

// The id and as many of the shortest members as fit, in their order.
std::string without_longest(const json::Object& members, std::size_t room) {
  struct Member {
    std::size_t bytes;
    std::size_t place;
    auto operator<=>(const Member&) const = default;
  };
  constexpr Cuts kCuts{kLeastText, 0};
  const auto tail = [&](std::size_t left_out) {
    return R"("too_large":true,"members_left_out":)" + std::to_string(left_out) + '}';
  };
  const auto text_of = [&](const std::string& name, const json::Value& value) {
    const auto text = written(value, kCuts, room);
    if (text.empty() || name.size() > room) return std::string();
    std::string out;
    json::append_string(out, name);
    return out + ':' + text + ',';
  };
  std::vector<Member> order;
  std::size_t place = 0;
  for (const auto& [name, value] : members) {
    const auto bytes = text_of(name, value).size();
    if (bytes > 0) order.push_back({name == "id" ? 0 : bytes, place});
    ++place;
  }
  // The shortest member takes five bytes: more than these cannot fit.
  const auto candidates = std::min(order.size(), room / 5 + 1);
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(candidates));
  order.resize(candidates);

  std::size_t size = 1 + tail(members.size()).size();
  std::vector<std::size_t> kept;
  for (const auto& member : order) {
    const auto& [name, value] = *(members.begin() + static_cast<std::ptrdiff_t>(member.place));
    size += text_of(name, value).size();
    if (size > room) break;
    kept.push_back(member.place);
  }
  std::ranges::sort(kept);
  std::string out = "{";
  for (const auto at : kept) {
    const auto& [name, value] = *(members.begin() + static_cast<std::ptrdiff_t>(at));
    out += text_of(name, value);
  }
  out += tail(members.size() - kept.size());
  return out.size() <= room ? out : R"({"too_large":true})";
}

}  // namespace

Fitted fit_record(std::string text, std::size_t room) {
  if (text.size() <= room) return {std::move(text), false};
  const auto parsed = json::parse(text, {.allow_duplicate_keys = true});
  if (!parsed) return {R"({"too_large":true})", true};
  auto fitted = with_most(kLeastText, room, [&](std::size_t longest) {
    return written(*parsed, {longest, kUncut}, room);
  });
  if (fitted.empty()) {
    fitted = with_most(0, kMostEntries, [&](std::size_t longest) {
      return written(*parsed, {kLeastText, longest}, room);
    });
  }
  if (!fitted.empty()) return {std::move(fitted), true};
  if (const auto* object = parsed->if_object()) return {without_longest(*object, room), true};
  return {R"({"too_large":true})", true};
}

}  // namespace patchbay::gateway
