// What a tool says of itself: the document's own words, and where it has none, what follows from
// path, verb and schema: what it does, to what, with which fields, and what to call first.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pack/openapi/outline.h"
#include "pack/openapi/records.h"

namespace patchbay::openapi {

class Descriptions {
 public:
  // The resources outlive it.
  Descriptions(const std::vector<ResourceOutline>& resources, std::string prefix);

  // Below 1,000 bytes, most important first.
  std::string of(const ResourceOutline& resource, const RecordFields& record,
                 const MethodOutline& method) const;

 private:
  std::string derived(const ResourceOutline& resource, const RecordFields& record,
                      const MethodOutline& method) const;
  std::string of_parents(const ResourceOutline& resource, const MethodOutline& method) const;
  std::string lister(const ResourceOutline& resource) const;

  std::string prefix_;
  std::unordered_map<std::string_view, const ResourceOutline*> by_key_;
};

}  // namespace patchbay::openapi
