// Calls that wait to be written together: of each environment and slot those of one row.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/calls.h"

namespace patchbay::audit {

struct Together {
  std::string environment_id;
  CallsWriter calls;
};

class Gathered {
 public:
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }  // rows
  // Returns the row that it was the last one for.
  std::optional<Together> add(const EndedCall& call, Order order, const vault::DigestCode* digest);
  // One of them, until there is none. Takes no memory.
  std::optional<Together> take_one();

 private:
  struct Place {
    std::string_view environment_id;
    std::int64_t slot = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Key {
    std::string environment_id;
    std::int64_t slot = 0;
    Place place() const { return {environment_id, slot}; }
  };
  struct ByPlace {
    using is_transparent = void;
    static Place place(const Key& key) { return key.place(); }
    static Place place(const Place& place) { return place; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return place(a) < place(b);
    }
  };

  std::map<Key, CallsWriter, ByPlace> rows_;
};

}  // namespace patchbay::audit
