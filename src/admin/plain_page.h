// Pages for people without the dashboard: text and a form, and no script.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace patchbay::admin {

// Others wrote it. What turns the direction of writing is taken out: it would show something else
// than is there.
std::string escaped(std::string_view text);

// A row of a list of facts, unless there is nothing to tell.
void add_fact(std::string& body, std::string_view name, std::string_view value);

// `head`: what stands in the head beside the title. Not kept by anybody, not framed, and it sends
// nobody an address.
http::Response plain_page(int status, std::string_view title, std::string_view body,
                          std::string_view head = {});
http::Response plain_error_page(std::string_view title, const Error& error);

}  // namespace patchbay::admin
