#include "reach/ways.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::reach {

namespace {

bool is_id(std::string_view segment) {
  return !segment.empty() &&
         std::ranges::all_of(segment, [](char c) { return '0' <= c && c <= '9'; });
}

bool is_placeholder(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

// "/service/tickets/{ticketId}/notes" → "/service/tickets/*/notes"
std::string pattern_of(const integration::PathTemplate& path) {
  std::string pattern;
  for (const std::string_view segment : split(path.text().substr(1), '/')) {
    pattern += '/';
    pattern += is_placeholder(segment) ? std::string_view("*") : segment;
  }
  return pattern;
}

}  // namespace

Ways::Ways(const integration::Integration& integration) : integration_(&integration) {
  for (const auto& resource : integration.resources) {
    if (!resource.path.empty()) lists_.emplace(pattern_of(resource.path), &resource);
  }
  for (const auto& resource : integration.resources) {
    const auto add = [&](Places& to, const integration::PathTemplate& path) {
      if (!path.empty()) to.emplace(pattern_of(path), &resource);
    };
    for (const auto& method : resource.methods) {
      add(counts_, method.count_path);
      add(parts_, method.path);
      for (const auto& expansion : method.expansions) add(parts_, expansion.path);
    }
  }
}

Way Ways::of(std::string_view path) const {
  return follow(path, false);
}

Way Ways::of(const integration::PathTemplate& path) const {
  return follow(path.text(), true);
}

const integration::Resource* Ways::find(std::string_view resource_name) const {
  return integration_->find_resource(resource_name);
}

Way Ways::follow(std::string_view path, bool of_template) const {
  Way way;
  if (!path.starts_with('/')) return {};
  std::string pattern;
  std::size_t end = 0;
  for (const std::string_view segment : split(path.substr(1), '/')) {
    end += 1 + segment.size();
    if (!is_id(segment) && !(of_template && is_placeholder(segment))) {
      pattern += '/';
      pattern += segment;
      continue;
    }
    const auto list = lists_.find(pattern);
    if (list == lists_.end()) return {};
    way.past.push_back({list->second, std::string(segment), std::string(path.substr(0, end))});
    pattern += "/*";
  }
  const auto lead = [&](Leads leads, const Places& places) {
    const auto found = places.find(pattern);
    if (found == places.end()) return false;
    way.leads = leads;
    way.resource = found->second;
    return true;
  };
  if (pattern.ends_with("/*")) {
    way.leads = Leads::record;
    way.resource = way.past.back().resource;
    return way;
  }
  if (lead(Leads::list, lists_) || lead(Leads::count, counts_) || lead(Leads::part, parts_)) {
    return way;
  }
  return {};
}

}  // namespace patchbay::reach
