// Days on which nobody works: /schedule/holidayLists and their holidays.
#include "sandbox/modules/schedule/holidays.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kListFields[] = {
    text("name").is_required().at_most(50),
};

constexpr FieldSpec kHolidayFields[] = {
    text("name").is_required().at_most(50),
    boolean("allDayFlag").or_else(true),
    date_time("date").is_required(),
    text("timeStart"),
    text("timeEnd"),
    reference("holidayList", "holidayLists").is_read_only(),
};

constexpr ResourceSpec kHolidayResources[] = {
    {
        .name = "holidayLists",
        .path = "schedule/holidayLists",
        .type = "HolidayList",
        .label = "Holiday List",
        .href = "holidayList",
        .fields = kListFields,
    },
    {
        .name = "holidays",
        .path = "schedule/holidayLists/{holidayList}/holidays",
        .type = "Holiday",
        .label = "Holiday",
        .href = "holiday",
        .fields = kHolidayFields,
    },
};

}  // namespace

std::span<const ResourceSpec> holiday_resources() {
  return kHolidayResources;
}

}  // namespace patchbay::sandbox
