// What records are called by, in the words of the integration's data (its label_fields).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

// The field that a record's name stands in.
const std::string& name_field(const integration::Integration& integration);

// Those fields that are a label each by itself, best first.
std::vector<std::string> single_label_fields(const integration::Integration& integration);

// The first of them that the record, or a reference to it, has as a text; "" if it has none.
std::string_view label_in(const integration::Integration& integration, const json::Value& record);

// "Region (5)": what the second custom field of one caption is called.
std::string caption_with_id(const integration::Integration& integration, const json::Value& entry);

}  // namespace patchbay::gateway
