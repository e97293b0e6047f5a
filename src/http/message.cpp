#include "http/message.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::http {

namespace {

// What a message usually has: room for it at once, in place of growing five times.
constexpr std::size_t kUsualFields = 12;
constexpr std::size_t kUsualText = 384;

std::string_view trim_ows(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && equal_ignoring_case(a, b);
}

Response with_body(int status, std::string_view type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", type);
  response.head = std::move(body);
  return response;
}

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  value = trim_ows(value);
  Place place{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
              static_cast<std::uint32_t>(text_.size() + name.size()),
              static_cast<std::uint32_t>(value.size())};
  // Both may stand in text_ itself (h.add("A", *h.find("B"))), which append alone would survive for
  // one of them only.
  if (text_.capacity() < text_.size() + name.size() + value.size()) {
    std::string grown;
    grown.reserve(std::max(kUsualText, 2 * (text_.size() + name.size() + value.size())));
    grown.append(text_).append(name).append(value);
    text_ = std::move(grown);
  } else {
    text_.append(name).append(value);
  }
  if (places_.empty()) places_.reserve(kUsualFields);
  places_.push_back(place);
}

void Headers::set(std::string_view name, std::string_view value) {
  add(name, value);
  Place last = places_.back();
  places_.pop_back();
  remove({text_.data() + last.name_at, last.name_size});
  places_.push_back(last);
}

void Headers::remove(std::string_view name) {
  std::erase_if(places_, [&](const Place& place) {
    return same_name({text_.data() + place.name_at, place.name_size}, name);
  });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Field field = at(i);
    if (same_name(field.first, name)) return field.second;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::find_all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Field field = at(i);
    if (same_name(field.first, name)) values.push_back(field.second);
  }
  return values;
}

void Headers::clear() {
  text_.clear();
  places_.clear();
}

Headers::Field Headers::at(std::size_t index) const {
  const Place& place = places_[index];
  return {{text_.data() + place.name_at, place.name_size},
          {text_.data() + place.value_at, place.value_size}};
}

Response Response::json(int status, std::string body) {
  return with_body(status, "application/json", std::move(body));
}

Response Response::text(int status, std::string body) {
  return with_body(status, "text/plain; charset=utf-8", std::move(body));
}

Response Response::html(int status, std::string body) {
  return with_body(status, "text/html; charset=utf-8", std::move(body));
}

}  // namespace patchbay::http
