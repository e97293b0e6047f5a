// Offices with their hours and heads, and which departments work there.
#include <chrono>
#include <string>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class Places {
 public:
  explicit Places(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() { add_places(); }

 private:
  void add_places() {
    for (const char* name : {"Company", "Territory", "Office"}) {
      context_.setup("corporateStructureLevels", name).insert();
    }
    Draft calendar = context_.setup("calendars", "Office hours");
    for (const char* day : {"monday", "tuesday", "wednesday", "thursday", "friday"}) {
      calendar.set(std::string(day) + "StartTime", "08:00:00")
          .set(std::string(day) + "EndTime", "17:00:00");
    }
    calendar.insert();
    struct Place {
      std::int64_t location;
      const char* manager;
      const char* street;
      const char* city;
      const char* state;
      const char* zip;
      const char* phone;
    };
    static constexpr Place kPlaces[] = {
        {1, "srivera", "410 Harbor Road", "Portland", "OR", "97204", "5035550100"},
        {2, "pnovak", "88 Market Street", "Boston", "MA", "02108", "6175550100"},
        {3, "lmorgan", "27 Second Avenue", "Seattle", "WA", "98101", "2065550100"},
        {4, "nlarsen", "5 Mill Lane", "Leeds", "", "LS1 4AP", "01135550100"}};
    Table& locations = db_.table("locations");
    for (const Place& place : kPlaces) {
      Record location = *locations.find(place.location);
      const auto set = [&](std::string_view field, Cell value) {
        locations.at(location, field) = std::move(value);
      };
      set("structureLevel", RecordReference{place.location == 1 ? 1 : 3});
      set("ownerLevelId", place.location);
      set("manager", RecordReference{context_.member(place.manager).id});
      if (place.location != 1) set("reportsTo", RecordReference{1});
      set("timeZoneSetup", RecordReference{place.location == 4 ? 2 : 1});
      set("calendar", RecordReference{1});
      set("overrideAddressLine1", place.street);
      set("overrideCity", place.city);
      if (*place.state != '\0') set("overrideState", place.state);
      set("overrideZip", place.zip);
      set("overridePhoneNumber", place.phone);
      set("locationFlag", true);
      set("clientFlag", false);
      Ids departments;
      for (std::int64_t department = 1; department <= 4; ++department) {
        // Sales and operations sit at headquarters alone.
        if (place.location != 1 && department > 2) continue;
        departments.push_back(department);
        add_department(place.location, department, place.manager);
      }
      set("departmentIds", departments);
      locations.put(std::move(location));
    }
  }

  void add_department(std::int64_t location, std::int64_t department, const char* manager) {
    Draft(db_, "locationDepartments")
        .refer("location", location)
        .refer("department", department)
        .entered(now_ - days(1300), "zadmin")
        .insert();
    Draft(db_, "departmentLocations")
        .refer("location", location)
        .refer("department", department)
        .refer("departmentManager", context_.member(manager).id)
        .refer("dispatch", context_.member("eclarke").id)
        .entered(now_ - days(1300), "zadmin")
        .insert();
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

}  // namespace

void seed_places(SeedContext& context) {
  Places(context).run();
}

}  // namespace patchbay::sandbox
