// What people know each other by beside names: e-mail addresses, phone numbers, domains. They are
// written in many ways, so the API is asked for what surely finds them and the answer is compared
// here. Pure.
#pragma once

#include <string>
#include <string_view>

#include "dialect/filter.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

bool is_mark(integration::FilterOperator op);

// Whether a text can be such a thing at all.
bool reads_as(integration::FilterOperator op, std::string_view text);

// What finds the records that have it in the field, whatever way it is written there. Error
// invalid_argument: the value is no such thing, with what is.
Result<dialect::FilterTerm> term_of_mark(const std::string& field, integration::FilterOperator op,
                                         const json::Value& value);

// Whether the record has it in the field, which may be one of its lists' members.
bool has_mark(const json::Value& record, std::string_view field, integration::FilterOperator op,
              std::string_view wanted);

}  // namespace patchbay::gateway
