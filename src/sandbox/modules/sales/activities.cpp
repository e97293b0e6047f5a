// Activities, sales orders and campaigns: /sales, /marketing.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource campaign_types() {
  Resource made = resource(
      "campaignTypes", "marketing/campaigns/types", "CampaignType", "Campaign Type", "type",
      {text("name").at_most(100).is_required(), boolean("defaultFlag").or_else(false)});
  return made;
}

Resource campaign_statuses() {
  Resource made =
      resource("campaignStatuses", "marketing/campaigns/statuses", "CampaignStatus",
               "Campaign Status", "status",
               {text("name").at_most(100).is_required(), boolean("defaultFlag").or_else(false),
                boolean("inactiveFlag").or_else(false)});
  return made;
}

Resource campaign_sub_types() {
  Resource made = resource(
      "campaignSubTypes", "marketing/campaigns/subTypes", "CampaignSubTypeCampaignSubType",
      "Campaign SubType", "subType",
      {reference("type", "campaignTypes").is_required(), text("name").at_most(100).is_required()});
  return made;
}

Resource campaigns() {
  Resource made =
      resource("campaigns", "marketing/campaigns", "Campaign", "Campaign", "campaign",
               {text("name").at_most(50).is_required(),
                reference("type", "campaignTypes").is_required(),
                reference("subType", "campaignSubTypes").is_required(),
                reference("status", "campaignStatuses").or_else_from([](const Database& db) {
                  return first_flagged(db, "campaignStatuses", "defaultFlag");
                }),
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
                integer("emailsSent")});
  return made;
}

Resource activity_types() {
  Resource made =
      resource("activityTypes", "sales/activities/types", "ActivityType", "Activity Type", "type",
               {text("name").at_most(50).is_required(), integer("points"),
                boolean("defaultFlag").or_else(false), boolean("inactiveFlag").or_else(false),
                boolean("emailFlag").or_else(false), boolean("memoFlag").or_else(false),
                boolean("historyFlag").or_else(false), text("connectWiseId")});
  return made;
}

Resource activity_statuses() {
  Resource made =
      resource("activityStatuses", "sales/activities/statuses", "ActivityStatus", "Activity Status",
               "status",
               {text("name").at_most(30).is_required(), boolean("defaultFlag").or_else(false),
                boolean("inactiveFlag").or_else(false), boolean("spawnFollowupFlag").or_else(false),
                boolean("closedFlag").or_else(false)});
  return made;
}

Resource activities() {
  Resource made = resource(
      "activities", "sales/activities", "Activity", "Activity", "activity",
      {reference("company", "companies"),
       text("name").at_most(100).is_required(),
       reference("type", "activityTypes").or_else_from([](const Database& db) {
         return first_flagged(db, "activityTypes", "defaultFlag");
       }),
       reference("contact", "contacts"),
       text("phoneNumber").at_most(30),
       text("phoneExtension").at_most(30),
       text("email").at_most(250),
       reference("status", "activityStatuses").or_else_from([](const Database& db) {
         return first_flagged(db, "activityStatuses", "defaultFlag");
       }),
       reference("opportunity", "opportunities"),
       reference("ticket", "tickets"),
       reference("agreement", "agreements"),
       reference("campaign", "campaigns"),
       text("notes"),
       date_time("dateStart"),
       date_time("dateEnd"),
       date_time("dateEndUtc").is_read_only(),
       date_time("dateClosedUtc").is_read_only(),
       reference("assignedBy", "members"),
       reference("assignTo", "members").is_required(),
       reference("scheduleStatus", "scheduleStatuses").or_else_from([](const Database& db) {
         return first_flagged(db, "scheduleStatuses", "defaultFlag");
       }),
       reference("where", "serviceLocations"),
       boolean("notifyFlag").or_else(false),
       boolean("closeFlag").or_else(false),
       text("mobileGuid").is_read_only(),
       reference("currency", "currencies")});
  made.rules.fill = fill_activity;
  return made;
}

Resource order_statuses() {
  Resource made =
      resource("orderStatuses", "sales/orders/statuses", "OrderStatus", "Order Status", "status",
               {text("name").at_most(50).is_required(), boolean("defaultFlag").or_else(false),
                boolean("inactiveFlag").or_else(false), integer("sortOrder"),
                boolean("closedFlag").or_else(false)});
  return made;
}

Resource orders() {
  Resource made = resource(
      "orders", "sales/orders", "Order", "Sales order", "salesOrder",
      {text("name").is_hidden().read_via("poNumber"),
       reference("company", "companies").is_required(),
       reference("contact", "contacts"),
       text("phone"),
       text("phoneExt"),
       text("email"),
       reference("site", "companySites").within("company"),
       reference("status", "orderStatuses").is_required().or_else_from([](const Database& db) {
         return first_flagged(db, "orderStatuses", "defaultFlag");
       }),
       reference("opportunity", "opportunities"),
       date_time("orderDate"),
       date_time("dueDate"),
       reference("billingTerms", "billingTerms"),
       reference("taxCode", "taxCodes"),
       text("poNumber").at_most(50),
       reference("location", "locations"),
       reference("department", "departments"),
       reference("salesRep", "members").is_required(),
       text("notes"),
       boolean("billClosedFlag").or_else(false),
       boolean("billShippedFlag").or_else(false),
       boolean("restrictDownpaymentFlag").or_else(false),
       text("description"),
       boolean("topCommentFlag").or_else(false),
       boolean("bottomCommentFlag").or_else(false),
       reference("shipToCompany", "companies"),
       reference("shipToContact", "contacts"),
       reference("shipToSite", "companySites"),
       reference("billToCompany", "companies"),
       reference("billToContact", "contacts"),
       reference("billToSite", "companySites"),
       integers("productIds"),
       integers("documentIds"),
       integers("invoiceIds"),
       integers("configIds"),
       decimal("total").or_else(0.0).is_read_only(),
       decimal("taxTotal").or_else(0.0).is_read_only(),
       reference("currency", "currencies"),
       reference("companyLocation", "locations"),
       decimal("subTotal").or_else(0.0).is_read_only()});
  made.reference_form = {{"id", "id"}, {"identifier", "name"}};
  made.rules.fill = fill_order;
  return made;
}

}  // namespace

void add_activity_resources(std::vector<Resource>& out) {
  out.push_back(campaign_types());
  out.push_back(campaign_statuses());
  out.push_back(campaign_sub_types());
  out.push_back(campaigns());
  out.push_back(activity_types());
  out.push_back(activity_statuses());
  out.push_back(activities());
  out.push_back(order_statuses());
  out.push_back(orders());
}

}  // namespace patchbay::sandbox
