// Whether what an answer shows is the record that was asked for: by its id, and by the place that a
// redirect told. An API, or what stands before it, may answer with another.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/path_template.h"
#include "json/value.h"

namespace patchbay::gateway {

// The id in the address of one record: "5012" of "/service/tickets/5012", filled from
// "/service/tickets/{id}". "": the address names none by its id.
std::string id_asked(const Call& call, const integration::PathTemplate& path,
                     std::string_view filled);

// Whether `record` shows an id, and another than the one that was asked for.
bool is_another(const Call& call, std::string_view asked, const json::Value& record);

// The refusal of such an answer, or its sentence.
std::string say_another(const Call& call, std::string_view asked, const json::Value& record);
std::unexpected<ToolError> refuse_another(const Call& call, std::string_view asked,
                                          const json::Value& record);

// Whether two addresses end in the same: what is asked for elsewhere is what was asked for here.
// "/v4/apis/service/tickets/7" and "/v5/apis/service/tickets/7".
bool ends_alike(std::string_view one, std::string_view other);

// Whether the record at `there` may be the one that a write to `written` has made or changed, and
// says itself that it is the one of that address. Both from the root.
bool is_what_was_written(const Call& call, std::string_view written, std::string_view there,
                         const json::Value& record);

}  // namespace patchbay::gateway
