// Whose records are whose, as a definition says it: what MCP servers are held to an owner's records
// by (docs/authoring-integrations.md, "Whose records").
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace patchbay::integration {

struct Ownership {
  enum class Kind : std::uint8_t {
    untold,   // the definition does not say
    nobody,   // a catalogue that all owners share, with nothing of any of them in it
    field,    // `field` of a record is its owner's id: "company/id"; the id: they are the owners
    parent,   // the owner of the record that the path names before; `field` repeats that one's id
    several,  // a record is of several owners, or does not tell: `reason`
  };
  Kind kind = Kind::untold;
  std::string field;  // of a parent it may be empty: then only lists of them can be held
  std::string reason;
};

// Whose ids a field or an argument holds.
struct PointsTo {
  std::string resource;
  std::string
      by;  // or the field that says which resource, with its values and the resource of each
  std::map<std::string, std::string> resources;
};

// Who owns records: a server may be held to some of them by this argument of its tools.
struct Owners {
  std::string argument;  // "companyId"; empty: the definition knows none
  std::string resource;  // "companies"
};

}  // namespace patchbay::integration
