// Priorities, and the other lists that tickets choose from: /service/priorities, /service/sources,
// /service/SLAs, /service/locations.
#include "sandbox/modules/service/priorities.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kServiceLocationFields[] = {
    text("name").is_required(),
    choice("where", "OnSite, Remote, InHouse"),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kSLAFields[] = {
    text("name").is_required(),
    boolean("defaultFlag").or_else(false),
    decimal("resolutionHours"),
    decimal("respondHours"),
};

constexpr FieldSpec kPriorityFields[] = {
    text("name").is_required().at_most(50),
    choice("color",
           "Black, Blue, Cyan, Gray, Green, Lime, Orange, Pink, Purple, Red, "
           "White, Yellow, Custom")
        .is_required(),
    integer("sortOrder"),
    boolean("defaultFlag").or_else(false),
    text("imageLink"),
    text("urgencySortOrder"),
    choice("level", "Critical, High, Medium, Low"),
};

constexpr ReferenceMember kPriorityForm[] = {
    {"id", "id"}, {"name", "name"}, {"sort", "sortOrder"}, {"level", "level"}};

constexpr InfoMember kPriorityReferenceInfo[] = {
    {"image_href", "service/priorities/{id}/image?lm={lastUpdated}"}};

constexpr FieldSpec kSourceFields[] = {
    text("name").is_required().at_most(50),
    boolean("defaultFlag").or_else(false),
};

constexpr ResourceSpec kPriorityResources[] = {
    {
        .name = "serviceLocations",
        .path = "service/locations",
        .type = "ServiceLocation",
        .label = "Service Location",
        .href = "location",
        .fields = kServiceLocationFields,
    },
    {
        .name = "slas",
        .path = "service/SLAs",
        .type = "SLA",
        .label = "SLA",
        .href = "sla",
        .fields = kSLAFields,
    },
    {
        .name = "priorities",
        .path = "service/priorities",
        .type = "Priority",
        .label = "Priority",
        .href = "priority",
        .fields = kPriorityFields,
        .reference_form = kPriorityForm,
        .reference_info = kPriorityReferenceInfo,
    },
    {
        .name = "sources",
        .path = "service/sources",
        .type = "Source",
        .label = "Source",
        .href = "source",
        .fields = kSourceFields,
    },
};

}  // namespace

std::span<const ResourceSpec> priority_resources() {
  return kPriorityResources;
}

}  // namespace patchbay::sandbox
