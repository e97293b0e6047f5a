// What operations can be asked to leave out or to begin with, with the words of the OpenAPI
// document.
#pragma once

#include <array>

#include "admin/lists.h"
#include "admin/operation.h"

namespace patchbay::admin {

inline constexpr QueryParameter kLimit{"limit", kLimitHelp, false};
inline constexpr QueryParameter kCursor{"next_cursor", kCursorHelp, false};

inline constexpr std::array kPaging{kLimit, kCursor};

inline constexpr std::array kChangePreview{
    QueryParameter{kPreview, "true: tell what it would do, and change nothing."},
};

inline constexpr QueryParameter kNamed{
    "name", "Only those with this in their name, in upper or lower case (of ASCII letters)."};

inline constexpr std::array kServerFilters{kLimit, kCursor, kNamed};

inline constexpr std::array kAccountFilters{
    kLimit,
    kCursor,
    kNamed,
    QueryParameter{"tenant_id", "Only the accounts of this customer of yours."},
    QueryParameter{"integration", "Only the accounts of this integration, by its name."},
    QueryParameter{"environment_id", "Only the accounts of this environment."},
};

inline constexpr std::array kSessionEnds{
    QueryParameter{"everywhere", "true: all sessions of the same API token."},
};

inline constexpr std::array kApprovalFilters{
    kLimit,
    kCursor,
    QueryParameter{"state", "Only those in this state: pending, done, refused, …"},
    QueryParameter{"mcp_server_id", "Only calls of this MCP server."},
    QueryParameter{"integrated_account_id", "Only calls of this integrated account."},
};

inline constexpr std::array kDeliveryFilters{
    kLimit,
    kCursor,
    QueryParameter{"state", "Only those in this state: pending, delivered or given_up."},
};

inline constexpr std::array kCapabilityFilters{
    QueryParameter{"methods", "As in an MCP server's config, separated by commas: read,write."},
    QueryParameter{"tags", "As in an MCP server's config, separated by commas: support,time."},
    QueryParameter{"allow_tools", "As in an MCP server's config, separated by commas."},
    QueryParameter{"deny_tools", "As in an MCP server's config, separated by commas."},
    QueryParameter{"resource", "Only this resource."},
    QueryParameter{"has_description",
                   "'false' also shows methods without one, which make no tool."},
};

inline constexpr std::array kCompletionParameters{
    QueryParameter{
        "argument",
        "The argument that is being written. Left out: the records that the tool lists."},
    QueryParameter{"value", "What is written of it so far; may be empty.", false},
    QueryParameter{"context",
                   "The other arguments, as a JSON object: names are looked up within them."},
};

inline constexpr QueryParameter kFrom{"from", "Only events at or after this time."};
inline constexpr QueryParameter kTo{"to", "Only events before this time."};
inline constexpr QueryParameter kKind{"kind", "read, write, change or note."};
inline constexpr QueryParameter kOutcome{"outcome", "started, done, failed or unknown."};
inline constexpr QueryParameter kTool{"tool",
                                      "Only calls of this tool, or changes of this operation."};
inline constexpr QueryParameter kServer{"mcp_server_id", "Only calls of this MCP server."};
inline constexpr QueryParameter kAccount{"integrated_account_id",
                                         "Only what is about this account."};
inline constexpr QueryParameter kEnvironment{"environment_id", "Only what is of this environment."};
inline constexpr QueryParameter kClient{"client",
                                        "Only calls of the program that names itself so."};
inline constexpr QueryParameter kText{"text", "Only events in which this stands, in any case."};

inline constexpr std::array kEventFilters{kLimit,   kCursor,      kFrom,   kTo,
                                          kKind,    kOutcome,     kTool,   kServer,
                                          kAccount, kEnvironment, kClient, kText};
inline constexpr std::array kExportFilters{QueryParameter{"format", "jsonl (if not given) or csv."},
                                           kFrom,
                                           kTo,
                                           kKind,
                                           kOutcome,
                                           kTool,
                                           kServer,
                                           kAccount,
                                           kEnvironment,
                                           kClient,
                                           kText};
inline constexpr std::array kActivityFilters{
    QueryParameter{"from", "Only calls at or after this time; a day before 'to' if not given."},
    QueryParameter{"to", "Only calls before this time; now if not given."},
    QueryParameter{"step", "Seconds that a bucket is long; chosen if not given."},
    kOutcome,
    kTool,
    kServer,
    kAccount,
    kEnvironment,
    kClient};

}  // namespace patchbay::admin
