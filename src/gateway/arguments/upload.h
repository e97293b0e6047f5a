// The file that a call brings along: from base64 or text to bytes with a name and a type, checked
// before anything is looked up or sent; and the multipart body that carries it.
#pragma once

#include <optional>

#include "gateway/call/arguments.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "json/value.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// The file among the arguments; nothing where the method takes none, or where what is wrong with it
// was added to the violations. Error: too_large.
Outcome<std::optional<Upload>> take_file(const Call& call, Arguments& arguments);

// The request's body: a form with the file in it. `bound` has an upload.
void add_multipart_body(const integration::Method& method, const Bound& bound,
                        upstream::Request& request);
// What a dry run shows of the file, in place of its content.
json::Object shown_file(const integration::Method& method, const Upload& upload);

}  // namespace patchbay::gateway
