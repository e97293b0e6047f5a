#include "gateway/call/labels.h"

#include <algorithm>

#include "json/write.h"

namespace patchbay::gateway {

namespace {

bool is_single(const std::string& label_field) {
  return !label_field.contains(' ');
}

}  // namespace

const std::string& name_field(const integration::Integration& integration) {
  static const std::string kUsual = "name";
  const auto found = std::ranges::find_if(integration.label_fields, is_single);
  return found != integration.label_fields.end() ? *found : kUsual;
}

std::vector<std::string> single_label_fields(const integration::Integration& integration) {
  std::vector<std::string> out;
  std::ranges::copy_if(integration.label_fields, std::back_inserter(out), is_single);
  return out;
}

std::string_view label_in(const integration::Integration& integration, const json::Value& record) {
  for (const auto& field : integration.label_fields) {
    if (const auto text = record.string_or(field, ""); !text.empty()) return text;
  }
  return {};
}

std::string caption_with_id(const integration::Integration& integration, const json::Value& entry) {
  const auto* id = entry.find(integration.pagination.id_field);
  return std::string(entry.string_or(integration.custom_fields.caption, "")) + " (" +
         (id != nullptr ? json::to_string(*id) : std::string("2")) + ')';
}

}  // namespace patchbay::gateway
