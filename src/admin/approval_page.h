// The page behind the link to one approval, for a person without an API token: what would be sent,
// and a form to approve or refuse it. It has no script. Looking at it changes nothing, whoever
// looks (previews of links in mail and chat); only the form decides, once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "audit/journal.h"
#include "control/approvals.h"
#include "http/message.h"
#include "http/router.h"
#include "http/server.h"
#include "io/runtime.h"

namespace patchbay::admin {

// Told of each decision: which operation, by whom, on what path.
using Decided =
    std::function<void(std::string_view operation, std::string_view by, std::string_view path)>;

// All outlive the router. Without a journal nothing is recorded.
void add_approval_page(http::Router& router, io::Runtime& runtime, control::Approvals& approvals,
                       Decided decided, std::shared_ptr<audit::Journal> journal);

// Before the form's body has come. Nothing: the path is no such page's.
std::optional<http::BodyVerdict> judge_approval_form(const control::Approvals& approvals,
                                                     const http::Request& request);

}  // namespace patchbay::admin
