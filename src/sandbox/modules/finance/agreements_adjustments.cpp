// What is put on an agreement or taken off it, such as hours of a block:
// /finance/agreements/{}/adjustments.
#include "sandbox/modules/finance/agreements_adjustments.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kAdjustmentFields[] = {
    reference("agreement", "agreements").is_hidden(),
    decimal("amount"),
    text("description"),
    date_time("effectiveDate"),
    integer("agreementId").id_of("agreement"),
    custom_field_values(),
};

constexpr CustomFieldDefinition kAdjustmentCustomFields[] = {
    {92, "Approved by", "Text", "EntryField"}};

constexpr ResourceSpec kAgreementAdjustmentResources[] = {
    {
        .name = "agreementAdjustments",
        .path = "finance/agreements/{agreement}/adjustments",
        .type = "Agreement.Adjustment",
        .label = "Adjustment",
        .href = "adjustment",
        .fields = kAdjustmentFields,
        .custom_fields = kAdjustmentCustomFields,
    },
};

}  // namespace

std::span<const ResourceSpec> agreement_adjustment_resources() {
  return kAgreementAdjustmentResources;
}

}  // namespace patchbay::sandbox
