// States and provinces: /company/states.
#include "sandbox/modules/company/states.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kStateFields[] = {
    text("identifier").is_required().at_most(50),
    text("name").is_required().at_most(50),
    reference("country", "countries").is_required(),
};

constexpr ResourceSpec kStateResources[] = {
    {
        .name = "states",
        .path = "company/states",
        .type = "State",
        .label = "State",
        .href = "state",
        .fields = kStateFields,
        .reference_form = kIdIdentifierAndName,
    },
};

}  // namespace

std::span<const ResourceSpec> state_resources() {
  return kStateResources;
}

}  // namespace patchbay::sandbox
