// What a look-up is scoped to, and the request that lists its candidates.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/names/lookups.h"
#include "integration/model.h"

namespace patchbay::gateway {

// The values of a reference's scopes, as far as this call has them.
struct ScopeValues {
  enum class State : std::uint8_t {
    complete,
    missing,  // a required one is not to be had
    waiting,  // another argument must be resolved first
  };
  State state = State::complete;
  std::string missing;  // the argument that would give it
  std::vector<std::pair<const integration::Scope*, Named>> values;
};

// `names.current` must hold the record as it stands, if the method is an update.
ScopeValues scope_values(const Call& call, const Arguments& arguments, const Names& names,
                         const std::vector<integration::Scope>& scopes);

// Where a resource's records within these scopes are listed. Nothing if its list cannot be asked
// that way.
std::optional<LookupQuery> lookup_query(const Call& call, const integration::Resource& resource,
                                        const ScopeValues& scopes,
                                        const std::vector<std::string>& fields);

// " on board 'Triage'", or "" without scopes.
std::string scope_phrase(const ScopeValues& scopes);

}  // namespace patchbay::gateway
