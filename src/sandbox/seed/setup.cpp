// The tables that an administrator sets up once.
#include <chrono>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

class Setup {
 public:
  explicit Setup(SeedContext& context)
      : db_(context.db), since_(context.options.now - std::chrono::days(1400)) {}

  void run() {
    system();
    finance();
    company();
    service();
    time();
    sales();
  }

 private:
  Draft draft(std::string_view table) {
    Draft made(db_, table);
    made.entered(since_, "zadmin");
    return made;
  }

  std::int64_t named(std::string_view table, std::string_view name) {
    return draft(table).set("name", std::string(name)).insert();
  }

  void system() {
    for (const char* name : {"Headquarters", "East", "West", "United Kingdom"}) {
      named("locations", name);
    }
    for (const char* name : {"Service", "Professional Services", "Sales", "Operations"}) {
      draft("departments").set("identifier", name).set("name", name).insert();
    }
    draft("timeZoneSetups").set("name", "Eastern Standard Time").set("defaultFlag", true).insert();
    named("timeZoneSetups", "GMT Standard Time");
    for (const char* name : {"Administrator", "Service", "Sales", "API"}) {
      named("securityRoles", name);
    }
    for (const char* name : {"Technical", "Sales", "Management"}) named("memberTypes", name);
  }

  void finance() {
    draft("currencies")
        .set("name", "US Dollars")
        .set("symbol", "$")
        .set("currencyCode", "USD")
        .set("decimalSeparator", ".")
        .set("numberOfDecimals", std::int64_t{2})
        .set("thousandsSeparator", ",")
        .set("currencyIdentifier", "Base")
        .insert();
    draft("currencies")
        .set("name", "British Pounds")
        .set("symbol", "£")
        .set("currencyCode", "GBP")
        .set("decimalSeparator", ".")
        .set("numberOfDecimals", std::int64_t{2})
        .set("thousandsSeparator", ",")
        .set("currencyIdentifier", "GBP")
        .insert();
    for (const auto& [name, rate] :
         {std::pair<const char*, double>{"Exempt", 0}, {"State Sales Tax", 7}, {"VAT 20%", 20}}) {
      draft("taxCodes")
          .set("identifier", name)
          .set("description", name)
          .set("invoiceCaption", name)
          .set("effectiveDate", since_)
          .set("levelOneRate", rate)
          .set("levelOneServicesFlag", true)
          .set("levelOneProductsFlag", true)
          .set("defaultFlag", rate == 7)
          .insert();
    }
    draft("billingTerms")
        .set("name", "Net 30 days")
        .set("dueDays", std::int64_t{30})
        .set("defaultFlag", true)
        .insert();
    draft("billingTerms").set("name", "Due on receipt").set("dueDays", std::int64_t{0}).insert();
    for (const auto& [code, name] : {std::pair<const char*, const char*>{"M", "Monthly"},
                                     {"Q", "Quarterly"},
                                     {"Y", "Yearly"}}) {
      draft("billingCycles")
          .set("identifier", code)
          .set("name", name)
          .set("billingOptions", name)
          .set("defaultFlag", std::string_view(code) == "M")
          .insert();
    }
    for (const char* name : {"New", "Sent", "Paid", "On Hold"}) {
      draft("billingStatuses")
          .set("name", name)
          .set("defaultFlag", std::string_view(name) == "New")
          .set("closedFlag", std::string_view(name) == "Paid")
          .set("sentFlag", std::string_view(name) == "Sent")
          .insert();
    }
    for (const char* name : {"Managed Services", "Block Time", "Cloud Subscriptions"}) {
      draft("agreementTypes")
          .set("name", name)
          .set("defaultFlag", std::string_view(name) == "Managed Services")
          .refer("billingCycle", 1)
          .refer("billingTerms", 1)
          .insert();
    }
  }

  void company() {
    draft("countries").set("name", "United States").set("countryCode", "US").insert();
    draft("countries").set("name", "United Kingdom").set("countryCode", "GB").insert();
    draft("companyStatuses").set("name", "Active").set("defaultFlag", true).insert();
    named("companyStatuses", "Inactive");
    draft("companyStatuses")
        .set("name", "Credit Hold")
        .set("notifyFlag", true)
        .set("notificationMessage", "On credit hold: ask accounting before any billable work.")
        .insert();
    named("companyStatuses", "Not Approved");
    draft("companyTypes").set("name", "Client").set("defaultFlag", true).insert();
    named("companyTypes", "Prospect");
    draft("companyTypes").set("name", "Vendor").set("vendorFlag", true).insert();
    named("companyTypes", "Owner");
    for (const char* name : {"Primary", "Billing", "Technical", "Decision Maker", "End User"}) {
      draft("contactTypes").set("description", name).insert();
    }
    draft("communicationTypes")
        .set("description", "Email")
        .set("emailFlag", true)
        .set("defaultFlag", true)
        .insert();
    draft("communicationTypes").set("description", "Direct").set("phoneFlag", true).insert();
    draft("communicationTypes").set("description", "Cell").set("phoneFlag", true).insert();
    draft("communicationTypes").set("description", "Fax").set("faxFlag", true).insert();
    draft("noteTypes")
        .set("name", "Comments")
        .set("identifier", "COMM")
        .set("defaultFlag", true)
        .insert();
    draft("noteTypes").set("name", "Meeting").set("identifier", "MEET").insert();
  }

  void priority(std::string_view name, std::string_view color, std::int64_t sort,
                std::string_view level, bool is_default = false) {
    draft("priorities")
        .set("name", std::string(name))
        .set("color", std::string(color))
        .set("sortOrder", sort)
        .set("level", std::string(level))
        .set("defaultFlag", is_default)
        .insert();
  }

  void service() {
    draft("serviceLocations").set("name", "On-Site").set("where", "OnSite").insert();
    draft("serviceLocations")
        .set("name", "Remote")
        .set("where", "Remote")
        .set("defaultFlag", true)
        .insert();
    draft("serviceLocations").set("name", "In-House").set("where", "InHouse").insert();
    draft("slas")
        .set("name", "Standard SLA")
        .set("defaultFlag", true)
        .set("respondHours", 4.0)
        .set("resolutionHours", 24.0)
        .insert();
    draft("slas")
        .set("name", "Premium SLA")
        .set("respondHours", 1.0)
        .set("resolutionHours", 8.0)
        .insert();
    priority("Priority 1 - Critical", "Red", 1, "Critical");
    priority("High", "Orange", 2, "High");
    priority("Medium", "Yellow", 3, "Medium", true);
    priority("Low", "Green", 4, "Low");
    priority("Priority 5 - Planned", "Blue", 5, "Low");
    draft("sources").set("name", "Email Connector").set("defaultFlag", true).insert();
    for (const char* name : {"Call", "Client Portal", "Monitoring", "Internal"}) {
      named("sources", name);
    }
  }

  void work_type(std::string_view name, std::string_view bill_time, double rate,
                 bool utilised = true) {
    draft("workTypes")
        .set("name", std::string(name))
        .set("billTime", std::string(bill_time))
        .set("rateType", "Multiplier")
        .set("rate", rate)
        .set("utilizationFlag", utilised)
        .set("overallDefaultFlag", name == "Remote")
        .insert();
  }

  void time() {
    work_type("Remote", "Billable", 1.0);
    work_type("On-site", "Billable", 1.0);
    work_type("After hours", "Billable", 1.5);
    work_type("Emergency", "Billable", 2.0);
    work_type("Travel", "NoCharge", 1.0, false);
    work_type("Internal meeting", "DoNotBill", 1.0, false);
    work_type("Training", "DoNotBill", 1.0, false);
    const std::pair<const char*, double> roles[] = {
        {"Help Desk Technician", 110.0}, {"Systems Engineer", 150.0}, {"Network Engineer", 160.0},
        {"Security Analyst", 175.0},     {"Account Manager", 125.0},  {"Project Manager", 140.0}};
    for (const auto& [name, rate] : roles) {
      draft("workRoles").set("name", name).set("hourlyRate", rate).insert();
    }
  }

  void sales() {
    for (const int percent : {0, 10, 25, 40, 60, 75, 90, 100}) {
      draft("probabilities").set("probability", std::int64_t{percent}).insert();
    }
    std::int64_t sequence = 1;
    for (const auto& [name, probability] : {std::pair<const char*, std::int64_t>{"Prospecting", 2},
                                            {"Qualified", 3},
                                            {"Needs Analysis", 4},
                                            {"Proposal Sent", 5},
                                            {"Negotiation", 6},
                                            {"Verbal Commitment", 7},
                                            {"Closed", 8}}) {
      draft("stages")
          .set("name", name)
          .refer("probability", probability)
          .set("sequenceNumber", sequence++)
          .insert();
    }
    draft("opportunityStatuses").set("name", "Open").set("defaultFlag", true).insert();
    named("opportunityStatuses", "On Hold");
    draft("opportunityStatuses")
        .set("name", "Won")
        .set("wonFlag", true)
        .set("closedFlag", true)
        .insert();
    draft("opportunityStatuses")
        .set("name", "Lost")
        .set("lostFlag", true)
        .set("closedFlag", true)
        .insert();
    draft("opportunityStatuses")
        .set("name", "No Decision")
        .set("lostFlag", true)
        .set("closedFlag", true)
        .insert();
    for (const char* name :
         {"Managed Services", "Hardware", "Project", "Cloud Migration", "Security", "Renewal"}) {
      draft("opportunityTypes").set("description", name).insert();
    }
    std::int64_t order = 1;
    for (const char* name : {"Hot", "Warm", "Cold"}) {
      draft("opportunityRatings").set("name", name).set("sortOrder", order++).insert();
    }
    for (const char* name : {"High", "Normal", "Low"}) named("opportunityPriorities", name);
  }

  Database& db_;
  Instant since_;
};

}  // namespace

void seed_setup(SeedContext& context) {
  Setup(context).run();
}

}  // namespace patchbay::sandbox
