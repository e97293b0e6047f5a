// Campaigns: /marketing/campaigns.
#include "sandbox/modules/marketing/campaigns.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kCampaignTypeFields[] = {
    text("name").at_most(100).is_required(),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kCampaignStatusFields[] = {
    text("name").at_most(100).is_required(),
    boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
};

constexpr FieldSpec kCampaignSubTypeFields[] = {
    reference("type", "campaignTypes").is_required(),
    text("name").at_most(100).is_required(),
};

constexpr FieldSpec kCampaignFields[] = {
    text("name").at_most(50).is_required(),
    reference("type", "campaignTypes").is_required(),
    reference("subType", "campaignSubTypes").is_required(),
    reference("status", "campaignStatuses").or_else_default(),
    date_time("startDate").is_required(),
    date_time("endDate"),
    integer("locationId"),
    reference("member", "members"),
    boolean("inactive").or_else(false),
    integer("inactiveDaysAfterEnd"),
    text("notes"),
    integer("marketingManagerDefaultTrackId"),
    integer("opportunityDefaultTrackId"),
    integer("impressions"),
    decimal("budgetRevenue").or_else(0.0),
    decimal("budgetCost").or_else(0.0),
    decimal("actualCost").or_else(0.0),
    decimal("budgetGrossMargin"),
    decimal("budgetROI"),
    decimal("actualRevenue").or_else(0.0),
    decimal("actualGrossMargin"),
    decimal("actualROI"),
    integer("emailsSent"),
};

constexpr ResourceSpec kCampaignResources[] = {
    {
        .name = "campaignTypes",
        .path = "marketing/campaigns/types",
        .type = "CampaignType",
        .label = "Campaign Type",
        .href = "type",
        .fields = kCampaignTypeFields,
    },
    {
        .name = "campaignStatuses",
        .path = "marketing/campaigns/statuses",
        .type = "CampaignStatus",
        .label = "Campaign Status",
        .href = "status",
        .fields = kCampaignStatusFields,
    },
    {
        .name = "campaignSubTypes",
        .path = "marketing/campaigns/subTypes",
        .type = "CampaignSubTypeCampaignSubType",
        .label = "Campaign SubType",
        .href = "subType",
        .fields = kCampaignSubTypeFields,
    },
    {
        .name = "campaigns",
        .path = "marketing/campaigns",
        .type = "Campaign",
        .label = "Campaign",
        .href = "campaign",
        .fields = kCampaignFields,
    },
};

}  // namespace

std::span<const ResourceSpec> campaign_resources() {
  return kCampaignResources;
}

}  // namespace patchbay::sandbox
