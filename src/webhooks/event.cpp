#include "webhooks/event.h"

#include <algorithm>

namespace patchbay::webhooks {

std::string_view to_string(Event event) {
  const auto* const found = std::ranges::find(kEvents, event, &EventName::event);
  return found == kEvents.end() ? kTestName : found->name;
}

std::optional<Event> event_of(std::string_view name) {
  const auto* const found = std::ranges::find(kEvents, name, &EventName::name);
  return found == kEvents.end() ? std::nullopt : std::optional(found->event);
}

}  // namespace patchbay::webhooks
