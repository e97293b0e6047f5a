// Tickets to be made again and again: /service/templates.
#include "sandbox/modules/service/templates.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kTemplateFields[] = {
    text("name").is_required().at_most(50),
    reference("board", "boards"),
    reference("type", "boardTypes").within("board"),
    reference("subtype", "boardSubTypes").within("board"),
    reference("item", "boardItems").within("board"),
    reference("status", "boardStatuses").within("board"),
    reference("team", "boardTeams").within("board"),
    reference("source", "sources"),
    reference("priority", "priorities"),
    reference("serviceLocation", "serviceLocations"),
    reference("company", "companies"),
    reference("contact", "contacts"),
    text("summary").at_most(100),
    text("problem"),
    text("internalAnalysis"),
    decimal("hoursBudget"),
    choice("severity", "Low, Medium, High"),
    choice("impact", "Low, Medium, High"),
    boolean("templateFlag").or_else(true),
};

constexpr ResourceSpec kServiceTemplateResources[] = {
    {
        .name = "serviceTemplates",
        .path = "service/templates",
        .type = "ServiceTemplate",
        .label = "Service Template",
        .href = "serviceTemplate",
        .fields = kTemplateFields,
    },
};

}  // namespace

std::span<const ResourceSpec> service_template_resources() {
  return kServiceTemplateResources;
}

}  // namespace patchbay::sandbox
