// What the records of a resource are made of, and which of their fields name other records.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/value.h"
#include "pack/openapi/gathered.h"
#include "pack/openapi/outline.h"

namespace patchbay::openapi {

// Kinds of references: schemas called "BoardReference", of APIs whose lists can be looked through.
class References {
 public:
  // Nothing of an API without a filter language: names could not be looked up.
  static References find(const Document& document, const Conventions& conventions,
                         const std::vector<ResourceOutline>& resources, Gatherer& gatherer);

  // The type of a field that is such a schema; "" for any other.
  std::string_view type_of(std::string_view component) const;
  // `references` of integration.yaml: of those that type_of was asked for.
  json::Object section() const;

 private:
  struct Kind {
    std::string type;
    json::Value definition;
    mutable bool used = false;
  };
  std::unordered_map<std::string_view, Kind> kinds_;  // by component
};

struct RecordFields {
  json::Object fields;                                      // `fields` of the resource
  std::unordered_map<std::string, std::string> references;  // field → its type
  std::vector<std::string>
      plain;  // what has one value, or names a record: in the order of the document
  std::vector<std::string> required;  // of a new one
};

RecordFields fields_of(const ResourceOutline& resource, const Conventions& conventions,
                       const References& references, Gatherer& gatherer);

// The schema of a resource's records as they are read, or, without that, as they are made; null if
// the document has neither.
const json::Value* record_schema(const ResourceOutline& resource);
// The schema that says best what may be written; null if none does.
const json::Value* written_schema(const ResourceOutline& resource);

}  // namespace patchbay::openapi
