// Devices of the companies, and tickets that are about them.
#include <chrono>
#include <map>

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class Configurations {
 public:
  explicit Configurations(SeedContext& context, Random& random)
      : context_(context), db_(context.db), random_(random), now_(context.options.now) {}

  void run() {
    add_configurations();
    link_configurations();
  }

 private:
  void add_configurations() {
    for (const char* name : {"Workstation", "Server", "Firewall", "Switch", "Printer"}) {
      context_.setup("configurationTypes", name).insert();
    }
    for (const char* name : {"Active", "Inactive", "Retired"}) {
      Draft(db_, "configurationStatuses")
          .set("description", name)
          .set("defaultFlag", std::string_view(name) == "Active")
          .set("closedFlag", std::string_view(name) == "Retired")
          .entered(now_ - days(1300), "zadmin")
          .insert();
    }
    static constexpr const char* kKinds[] = {"WS", "SRV", "FW", "SW", "PRN"};
    for (const SeededCompany& company : context_.companies) {
      for (int i = 0; i < 7; ++i) {
        const int kind = i < 3 ? 0 : i < 5 ? 1 : i == 5 ? 2 : 4;
        const Instant bought = now_ - days(random_.between(60, 1500));
        Draft draft(db_, "configurations");
        if (db_.table("configurations").records().empty()) draft.id(3001);
        draft.set("name", fmt::format("{}-{}{:02}", company.prefix, kKinds[kind], i + 1))
            .refer("type", kind + 1)
            .refer("status", random_.chance(92) ? 1 : 2)
            .refer("company", company.id)
            .refer("site", company.site)
            .refer("contact", company.contacts.front())
            .set("locationId", std::int64_t{1})
            .refer("location", 1)
            .set("serialNumber", fmt::format("SN{:08}", random_.below(100'000'000)))
            .set("modelNumber", kind == 0   ? "NL-1440"
                                : kind == 1 ? "OS-R650"
                                            : "WG-100")
            .set("purchaseDate", std::chrono::floor<days>(bought))
            .set("installationDate", std::chrono::floor<days>(bought) + days(7))
            .set("warrantyExpirationDate", std::chrono::floor<days>(bought) + days(1095))
            .set("ipAddress", fmt::format("10.{}.0.{}", company.id % 250, 10 + i))
            .set("osType", kind == 1   ? "Windows Server 2022"
                           : kind == 0 ? "Windows 11"
                                       : "")
            .set("mobileGuid", random_guid(random_))
            .entered(bought, "ctaylor");
        draft.insert();
      }
    }
  }

  // One ticket in eight is about a device that is known.
  void link_configurations() {
    const Table& tickets = db_.table("tickets");
    const Table& configurations = db_.table("configurations");
    std::map<std::int64_t, std::int64_t> first_of;
    for (const auto& [id, one] : configurations.records()) {
      first_of.emplace(id_in(configurations, one, "company"), id);
    }
    for (const auto& [id, ticket] : tickets.records()) {
      if (id % 8 != 0) continue;
      const auto found = first_of.find(id_in(tickets, ticket, "company"));
      if (found == first_of.end()) continue;
      Draft(db_, "ticketConfigurations")
          .refer("ticket", id)
          .refer("configuration", found->second + id % 7)
          .entered(instant_or(tickets.at(ticket, "dateEntered"), now_), "zadmin")
          .insert();
    }
  }

  SeedContext& context_;
  Database& db_;
  Random& random_;
  Instant now_;
};

}  // namespace

void seed_configurations(SeedContext& context, Random& random) {
  Configurations(context, random).run();
}

}  // namespace patchbay::sandbox
