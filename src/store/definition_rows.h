// The rows of definitions of integrations that were uploaded or imported: every version of one, as
// it came, so that one can go back. An interface of its own, as approvals and webhooks have one.
//
// Versions of an integration count by one, and the latest is in force. It names the versions whose
// uploaded and whose imported files it is made of, since one can be changed without the other;
// going back writes a new version that names older ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace patchbay::store {

struct DefinitionRow {
  std::string id;           // definition_id()
  std::string integration;  // its name
  std::int64_t revision = 0;
  std::string origin;         // uploaded, imported: what the newest of its parts is
  std::int64_t uploaded = 0;  // the version that brought its uploaded files; 0: it has none
  std::int64_t imported = 0;  // the same of imported ones
  std::string files;          // what it brought itself, packed; empty: nothing, it went back
  std::int64_t tools = 0;
  std::string created_by;
  WallTime created_at{};
  std::string mac = {};  // over all of it
};

// Of the same integration, in their order.
std::string definition_id(std::string_view integration, std::int64_t revision);

// Errors of all: unavailable, internal (a row is damaged).
class DefinitionRows {
 public:
  virtual ~DefinitionRows() = default;

  // Its `most` latest versions stay, and those that these are made of. Other nodes are told
  // (changes.h). Error conflict: there is that version already, of somebody who was faster.
  virtual Result<> insert(const DefinitionRow& row, std::size_t most) = 0;
  virtual Result<std::optional<DefinitionRow>> latest(std::string_view integration) = 0;
  virtual Result<std::optional<DefinitionRow>> find(std::string_view integration,
                                                    std::int64_t revision) = 0;
  // The latest first, without their files; those before `before`.
  static constexpr std::int64_t kFromLatest = std::numeric_limits<std::int64_t>::max();
  virtual Result<std::vector<DefinitionRow>> list(std::string_view integration, std::int64_t before,
                                                  std::size_t limit) = 0;
  // The integrations that have any, by name.
  virtual Result<std::vector<std::string>> integrations() = 0;
};

}  // namespace patchbay::store
