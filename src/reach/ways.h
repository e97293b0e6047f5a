// Where an address of an API leads, by what its definition says: to a list, a record, a count, or a
// part of a record; and past which records, each named by its id.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"

namespace patchbay::reach {

enum class Leads : std::uint8_t {
  nowhere,  // the definition has no such address
  list,     // of `resource`; or what it has in place of one
  count,    // of such a list
  record,   // the last of `past`
  part,     // what is done to a record, or read of it, under an address of its own
};

// A record that an address names.
struct Named {
  const integration::Resource* resource = nullptr;
  std::string id;
  std::string path;  // up to it: "/service/tickets/7"
};

struct Way {
  Leads leads = Leads::nowhere;
  const integration::Resource* resource = nullptr;  // null where it leads nowhere
  std::vector<Named> past;                          // parents first
};

// Immutable. Points into the integration, which its owner keeps alive.
class Ways {
 public:
  explicit Ways(const integration::Integration& integration);

  const integration::Integration& integration() const { return *integration_; }
  // `path` is below the API's address, without its query. Ids are digits; an address with anything
  // else in their place leads nowhere.
  Way of(std::string_view path) const;
  // The same of what is filled later: a placeholder stands for an id.
  Way of(const integration::PathTemplate& path) const;
  const integration::Resource* find(std::string_view resource_name) const;

 private:
  using Places = std::map<std::string, const integration::Resource*, std::less<>>;
  Way follow(std::string_view path, bool of_template) const;

  const integration::Integration* integration_;
  Places lists_;  // "/service/tickets/*/notes"
  Places counts_;
  Places parts_;
};

}  // namespace patchbay::reach
