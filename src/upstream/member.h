// A person of an account, as its API knows them.
#pragma once

#include <cstdint>
#include <string>

namespace patchbay::upstream {

struct Member {
  std::int64_t id = 0;
  std::string login;  // "jdoe"; may be empty
  std::string name;   // "Jane Doe"; may be empty

  // "Jane Doe (jdoe)", or what of it is known.
  std::string label() const;
  bool operator==(const Member&) const = default;
};

}  // namespace patchbay::upstream
