// Custom fields as a caller names them. Listings show a list of texts, "Region: South", which is a
// closed form: clients that hold schemas strictly drop a tool that takes any object. What is taken
// is that list, one such text, a list of {caption, value}, and {caption: value}, which all become.
#pragma once

#include <optional>
#include <string>

#include "gateway/call/call.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

// Whether the argument takes custom fields by caption.
bool takes_captions(const Call& call, const integration::Argument& argument);

// Puts them into one object. Returns what is wrong with them; nothing: all is said. The JSON text
// of an object is left to the schema.
std::optional<std::string> gather_captions(const integration::CustomFields& words,
                                           json::Value& value);

}  // namespace patchbay::gateway
