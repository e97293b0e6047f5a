// Service tickets and their tasks: /service/tickets. What the API does beyond fields:
// tickets_rules.cpp.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "sandbox/records/api_error.h"
#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ApiCall;

std::span<const ResourceSpec> ticket_resources();

// What is answered where the ticket that the path names first is not there; nothing where it is.
// `table`: of service tickets or of projects' ones.
std::optional<ApiError> missing_ticket(const ApiCall& call, std::string_view table = "tickets");

}  // namespace patchbay::sandbox
