// Whose ids stand in what a request sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "reach/ways.h"

namespace patchbay::reach {

// Of a body's field, by its upstream name. Nothing: the definition does not say whose ids it holds,
// or it holds none.
std::optional<integration::PointsTo> pointer_of(const integration::Resource& resource,
                                                const integration::Method& method,
                                                std::string_view field);

// Whether it holds ids of what all owners share, and what no resource of the definition lists.
bool points_to_shared(const integration::PointsTo& pointer);

// Why the method's calls cannot be held to an owner's records, as a clause; nothing: they can.
// Of a composite the steps say it, each for itself.
std::optional<std::string> why_not_held(const Ways& ways, const integration::Resource& resource,
                                        const integration::Method& method);

// The field that has a reference to the owner: "company" of "company/id".
std::string_view owner_member(const integration::Resource& resource);

}  // namespace patchbay::reach
