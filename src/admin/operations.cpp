#include <array>

#include "admin/actions.h"
#include "admin/lists.h"
#include "admin/operation.h"

namespace patchbay::admin {
namespace {

using enum http::Method;

constexpr std::string_view kEnvironments = "Environments";
constexpr std::string_view kLog = "Audit log";
constexpr std::string_view kApiTokens = "API tokens";
constexpr std::string_view kIntegrations = "Integrations";
constexpr std::string_view kAccounts = "Integrated accounts";
constexpr std::string_view kInstance = "Instance";
constexpr std::string_view kTools = "Tools";
constexpr std::string_view kMcpServers = "MCP servers";
constexpr std::string_view kSessions = "Sessions";
constexpr std::string_view kApprovals = "Approvals";
constexpr std::string_view kWebhooks = "Webhooks";

constexpr QueryParameter kLimit{"limit", kLimitHelp, false};
constexpr QueryParameter kCursor{"next_cursor", kCursorHelp, false};

constexpr std::array kPaging{kLimit, kCursor};

constexpr std::array kChangePreview{
    QueryParameter{kPreview, "true: tell what it would do, and change nothing."},
};

constexpr QueryParameter kNamed{
    "name", "Only those with this in their name, in upper or lower case (of ASCII letters)."};

constexpr std::array kServerFilters{kLimit, kCursor, kNamed};

constexpr std::array kAccountFilters{
    kLimit,
    kCursor,
    kNamed,
    QueryParameter{"tenant_id", "Only the accounts of this customer of yours."},
    QueryParameter{"integration", "Only the accounts of this integration, by its name."},
    QueryParameter{"environment_id", "Only the accounts of this environment."},
};

constexpr std::array kSessionEnds{
    QueryParameter{"everywhere", "true: all sessions of the same API token."},
};

constexpr std::array kApprovalFilters{
    kLimit,
    kCursor,
    QueryParameter{"state", "Only those in this state: pending, done, refused, …"},
    QueryParameter{"mcp_server_id", "Only calls of this MCP server."},
    QueryParameter{"integrated_account_id", "Only calls of this integrated account."},
};

constexpr std::array kDeliveryFilters{
    kLimit,
    kCursor,
    QueryParameter{"state", "Only those in this state: pending, delivered or given_up."},
};

constexpr std::array kCapabilityFilters{
    QueryParameter{"methods", "As in an MCP server's config, separated by commas: read,write."},
    QueryParameter{"tags", "As in an MCP server's config, separated by commas: support,time."},
    QueryParameter{"allow_tools", "As in an MCP server's config, separated by commas."},
    QueryParameter{"deny_tools", "As in an MCP server's config, separated by commas."},
    QueryParameter{"resource", "Only this resource."},
    QueryParameter{"has_description",
                   "'false' also shows methods without one, which make no tool."},
};

constexpr std::array kCompletionParameters{
    QueryParameter{
        "argument",
        "The argument that is being written. Left out: the records that the tool lists."},
    QueryParameter{"value", "What is written of it so far; may be empty.", false},
    QueryParameter{"context",
                   "The other arguments, as a JSON object: names are looked up within them."},
};

constexpr QueryParameter kFrom{"from", "Only events at or after this time."};
constexpr QueryParameter kTo{"to", "Only events before this time."};
constexpr QueryParameter kKind{"kind", "read, write, change or note."};
constexpr QueryParameter kOutcome{"outcome", "started, done, failed or unknown."};
constexpr QueryParameter kTool{"tool", "Only calls of this tool, or changes of this operation."};
constexpr QueryParameter kServer{"mcp_server_id", "Only calls of this MCP server."};
constexpr QueryParameter kAccount{"integrated_account_id", "Only what is about this account."};
constexpr QueryParameter kEnvironment{"environment_id", "Only what is of this environment."};
constexpr QueryParameter kClient{"client", "Only calls of the program that names itself so."};
constexpr QueryParameter kText{"text", "Only events in which this stands, in any case."};

constexpr std::array kEventFilters{kLimit, kCursor, kFrom,    kTo,          kKind,   kOutcome,
                                   kTool,  kServer, kAccount, kEnvironment, kClient, kText};
constexpr std::array kExportFilters{QueryParameter{"format", "jsonl (if not given) or csv."},
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
constexpr std::array kActivityFilters{
    QueryParameter{"from", "Only calls at or after this time; a day before 'to' if not given."},
    QueryParameter{"to", "Only calls before this time; now if not given."},
    QueryParameter{"step", "Seconds that a bucket is long; chosen if not given."},
    kOutcome,
    kTool,
    kServer,
    kAccount,
    kEnvironment,
    kClient};

constexpr Success one(std::string_view schema) {
  return {200, schema};
}
constexpr Success created(std::string_view schema) {
  return {201, schema};
}
constexpr Success list(std::string_view schema, std::string_view records) {
  return {200, schema, records};
}

}  // namespace

bool allows(Access access, control::Scope scope) {
  if (access == Access::anybody) return scope != control::Scope::mcp;
  switch (scope) {
    case control::Scope::admin:
      return true;
    case control::Scope::read:
      return access == Access::read || access == Access::read_or_mint;
    case control::Scope::mint:
      return access == Access::mint || access == Access::read_or_mint;
    case control::Scope::mcp:
      return false;
  }
  return false;
}

const std::vector<Operation>& operations() {
  static const std::vector<Operation> table{
      {.route = {get, "/environment"},
       .words = {"listEnvironments", kEnvironments, "List environments"},
       .query = kPaging,
       .success = list("EnvironmentList", "Environment"),
       .action = list_environments,
       .access = Access::read},
      {.route = {post, "/environment"},
       .words = {"createEnvironment", kEnvironments,
                 "Create an environment (instance tokens only)"},
       .body = "NewEnvironment",
       .success = created("Environment"),
       .action = create_environment},
      {.route = {get, "/environment/:id"},
       .words = {"getEnvironment", kEnvironments, "Get an environment"},
       .success = one("Environment"),
       .action = get_environment,
       .access = Access::read},
      {.route = {patch, "/environment/:id"},
       .words = {"updateEnvironment", kEnvironments,
                 "Rename an environment (instance tokens only)"},
       .body = "EnvironmentPatch",
       .success = one("Environment"),
       .action = update_environment},
      {.route = {delete_, "/environment/:id"},
       .words = {"deleteEnvironment", kEnvironments,
                 "Delete an environment and all that it owns (instance tokens only)"},
       .success = one("Deleted"),
       .action = delete_environment},

      {.route = {get, "/log"},
       .words = {"listEvents", kLog,
                 "List the events of calls and changes; a page may be short, go by next_cursor"},
       .query = kEventFilters,
       .success = list("EventList", "Event"),
       .action = list_events,
       .access = Access::read},
      {.route = {get, "/log/export"},
       .words = {"exportEvents", kLog, "Get all events as a file, a line each"},
       .query = kExportFilters,
       .success = one("Event"),
       .action = nullptr,
       .access = Access::read},
      {.route = {get, "/log/verify"},
       .words = {"verifyLog", kLog, "See whether an event was altered or removed"},
       .success = one("LogVerification"),
       .action = verify_log,
       .access = Access::read},
      {.route = {get, "/log/:id"},
       .words = {"getEvent", kLog, "Get an event"},
       .success = one("Event"),
       .action = get_event,
       .access = Access::read},

      {.route = {get, "/activity"},
       .words = {"getActivity", kLog,
                 "Count calls over time, by tool, MCP server and client, with exact percentiles"},
       .query = kActivityFilters,
       .success = one("Activity"),
       .action = get_activity,
       .access = Access::read},
      {.route = {get, "/overview"},
       .words = {"getOverview", kInstance,
                 "See at a glance what there is, what was done today and what waits"},
       .success = one("Overview"),
       .action = get_overview,
       .access = Access::read},

      {.route = {get, "/api-token"},
       .words = {"listApiTokens", kApiTokens, "List API tokens"},
       .query = kPaging,
       .success = list("ApiTokenList", "ApiToken"),
       .action = list_api_tokens,
       .access = Access::read},
      {.route = {post, "/api-token"},
       .words = {"createApiToken", kApiTokens,
                 "Create an API token; the token is shown only in this answer"},
       .body = "NewApiToken",
       .success = created("MintedApiToken"),
       .action = create_api_token},
      {.route = {patch, "/api-token/:id"},
       .words = {"updateApiToken", kApiTokens,
                 "Change an API token's name, or its scope with its limits; the token stays"},
       .body = "ApiTokenPatch",
       .success = one("ApiToken"),
       .action = update_api_token},
      {.route = {delete_, "/api-token/:id"},
       .words = {"deleteApiToken", kApiTokens, "Revoke an API token"},
       .success = one("Deleted"),
       .action = delete_api_token},

      {.route = {get, "/integration"},
       .words = {"listIntegrations", kIntegrations, "List integrations"},
       .success = list("IntegrationList", "IntegrationSummary"),
       .action = list_integrations,
       .access = Access::read_or_mint},
      {.route = {get, "/integration/:name"},
       .words = {"getIntegration", kIntegrations, "Get an integration with its resources"},
       .success = one("Integration"),
       .action = get_integration,
       .access = Access::read_or_mint},
      {.route = {post, "/integration/:name/reload"},
       .words = {"reloadIntegration", kIntegrations,
                 "Read an integration's definition again (instance tokens only)"},
       .success = one("IntegrationReload"),
       .action = reload_integration},
      {.route = {post, "/integration/:name/import"},
       .words = {"importIntegration", kIntegrations,
                 "Make a definition of an OpenAPI or Swagger document, laid under what is written "
                 "by hand (instance tokens only)"},
       .query = kChangePreview,
       .takes_document = true,
       .success = one("DefinitionChange"),
       .action = import_integration},
      {.route = {put, "/integration/:name"},
       .words = {"uploadIntegration", kIntegrations,
                 "Upload a definition's files, in place of those that there are (instance tokens "
                 "only)"},
       .query = kChangePreview,
       .body = "DefinitionFiles",
       .success = one("DefinitionChange"),
       .action = upload_integration},
      {.route = {get, "/integration/:name/revisions"},
       .words = {"listRevisions", kIntegrations,
                 "List the versions of an uploaded or imported definition, the latest first"},
       .query = kPaging,
       .success = list("DefinitionRevisionList", "DefinitionRevision"),
       .action = list_revisions,
       .access = Access::read_or_mint},
      {.route = {post, "/integration/:name/rollback"},
       .words = {"rollBackIntegration", kIntegrations,
                 "Go back to a version of a definition, as a new version (instance tokens only)"},
       .query = kChangePreview,
       .body = "DefinitionRollback",
       .success = one("DefinitionChange"),
       .action = roll_back_integration},

      {.route = {get, "/integrated-account"},
       .words = {"listIntegratedAccounts", kAccounts, "List integrated accounts"},
       .query = kAccountFilters,
       .success = list("IntegratedAccountList", "IntegratedAccount"),
       .action = list_accounts,
       .access = Access::read_or_mint},
      {.route = {post, "/integrated-account"},
       .words = {"createIntegratedAccount", kAccounts,
                 "Connect an account; its connection is proved first"},
       .body = "NewIntegratedAccount",
       .success = created("IntegratedAccount"),
       .action = create_account},
      {.route = {get, "/integrated-account/:id"},
       .words = {"getIntegratedAccount", kAccounts, "Get an integrated account"},
       .success = one("IntegratedAccount"),
       .action = get_account,
       .access = Access::read_or_mint},
      {.route = {patch, "/integrated-account/:id"},
       .words = {"updateIntegratedAccount", kAccounts,
                 "Change an integrated account; new credentials are proved first"},
       .body = "IntegratedAccountPatch",
       .success = one("IntegratedAccount"),
       .action = update_account},
      {.route = {delete_, "/integrated-account/:id"},
       .words = {"deleteIntegratedAccount", kAccounts,
                 "Delete an integrated account and its MCP servers"},
       .success = one("Deleted"),
       .action = delete_account},
      {.route = {post, "/integrated-account/:id/probe"},
       .words = {"probeIntegratedAccount", kAccounts,
                 "Prove the connection; status and last_error say how it went"},
       .success = one("IntegratedAccount"),
       .action = probe_account},
      {.route = {post, "/integrated-account/:id/connect-link"},
       .words = {"makeConnectLink", kAccounts,
                 "Make a link by which a person signs the account in, in their own browser"},
       .body = "ConnectLinkRequest",
       .body_may_be_absent = true,
       .success = one("ConnectLink"),
       .action = make_connect_link},
      {.route = {get, "/integrated-account/:id/capabilities"},
       .words = {"getCapabilities", kAccounts,
                 "See what tools an MCP server of this account would have"},
       .query = kCapabilityFilters,
       .success = one("Capabilities"),
       .action = get_capabilities,
       .access = Access::read_or_mint},

      {.route = {get, "/integrated-account/:id/tool/:tool"},
       .words = {"getTool", kTools, "Get a tool: its arguments and what it costs a model"},
       .success = one("ToolDetails"),
       .action = get_tool,
       .access = Access::read_or_mint},
      {.route = {post, "/integrated-account/:id/tool/:tool/try"},
       .words = {"tryTool", kTools,
                 "Call a tool and see what was sent and what came; writes are only shown unless "
                 "dry_run is false"},
       .body = "NewToolTry",
       .success = one("ToolTry"),
       .action = try_tool,
       .changes = false},
      {.route = {get, "/integrated-account/:id/tool/:tool/complete"},
       .words = {"completeArgument", kTools,
                 "Complete an argument with the names of records, as they are typed"},
       .query = kCompletionParameters,
       .success = one("ToolCompletion"),
       .action = complete_argument},

      {.route = {get, "/integrated-account/:id/mcp"},
       .words = {"listMcpServers", kMcpServers, "List MCP servers"},
       .query = kServerFilters,
       .success = list("McpServerList", "McpServer"),
       .action = list_mcp_servers,
       .access = Access::read_or_mint},
      {.route = {post, "/integrated-account/:id/mcp"},
       .words = {"createMcpServer", kMcpServers,
                 "Create an MCP server; token and url are shown only in this answer"},
       .body = "NewMcpServer",
       .success = created("MintedMcpServer"),
       .action = create_mcp_server,
       .access = Access::mint},
      {.route = {post, "/integrated-account/:id/mcp/preview"},
       .words = {"previewMcpServer", kMcpServers,
                 "See what an MCP server of a config would list, and what that costs a model; "
                 "nothing is stored"},
       .body = "NewMcpPreview",
       .success = one("McpPreview"),
       .action = preview_mcp_server,
       .access = Access::read_or_mint,
       .changes = false},
      {.route = {get, "/integrated-account/:id/mcp/:mcp_id"},
       .words = {"getMcpServer", kMcpServers, "Get an MCP server"},
       .success = one("McpServer"),
       .action = get_mcp_server,
       .access = Access::read_or_mint},
      {.route = {patch, "/integrated-account/:id/mcp/:mcp_id"},
       .words = {"updateMcpServer", kMcpServers,
                 "Change an MCP server; config is merged member by member"},
       .body = "McpServerPatch",
       .success = one("McpServer"),
       .action = update_mcp_server,
       .access = Access::mint},
      {.route = {delete_, "/integrated-account/:id/mcp/:mcp_id"},
       .words = {"deleteMcpServer", kMcpServers,
                 "Delete an MCP server; its URL stops working at once"},
       .success = one("Deleted"),
       .action = delete_mcp_server,
       .access = Access::mint},
      {.route = {post, "/integrated-account/:id/mcp/:mcp_id/rotate"},
       .words = {"rotateMcpServer", kMcpServers,
                 "Give an MCP server a new token; the old URL stops working, at once or after a "
                 "while"},
       .body = "McpServerRotation",
       .body_may_be_absent = true,
       .success = one("MintedMcpServer"),
       .action = rotate_mcp_server,
       .access = Access::mint},

      {.route = {post, "/session"},
       .words = {"signIn", kSessions,
                 "Sign in to the dashboard with an API token or a link; the cookie is the session"},
       .body = "SignIn",
       .success = created("Session"),
       .action = nullptr,
       .access = Access::anybody},
      {.route = {get, "/session"},
       .words = {"getSession", kSessions, "See by which session this request comes"},
       .success = one("Session"),
       .action = get_session,
       .access = Access::read_or_mint},
      {.route = {delete_, "/session"},
       .words = {"signOut", kSessions, "Sign out of the dashboard, here or everywhere"},
       .query = kSessionEnds,
       .success = one("SignedOut"),
       .action = end_session,
       .access = Access::read_or_mint},
      {.route = {post, "/session/link"},
       .words = {"makeSignInLink", kSessions,
                 "Make a link that signs in to the dashboard, once and for ten minutes"},
       .success = created("SignInLink"),
       .action = make_sign_in_link},

      {.route = {post, "/reload"},
       .words = {"reload", kInstance,
                 "Read the server's configuration again, without losing a connection (instance "
                 "tokens only)"},
       .success = one("Reloaded"),
       .action = reload},
      {.route = {get, "/approval"},
       .words = {"listApprovals", kApprovals, "List calls that need or needed a person's approval"},
       .query = kApprovalFilters,
       .success = list("ApprovalList", "Approval"),
       .action = list_approvals},
      {.route = {get, "/approval/:id"},
       .words = {"getApproval", kApprovals,
                 "Get an approval: what would be sent, and what came of it"},
       .success = one("ApprovalDetail"),
       .action = get_approval},
      {.route = {post, "/approval/:id/approve"},
       .words = {"approve", kApprovals,
                 "Approve a call; it is sent once, if the records are still as they were shown"},
       .body = "ApprovalDecision",
       .success = one("ApprovalDetail"),
       .action = approve},
      {.route = {post, "/approval/:id/refuse"},
       .words = {"refuse", kApprovals, "Refuse a call; it is not sent"},
       .body = "ApprovalDecision",
       .success = one("ApprovalDetail"),
       .action = refuse_approval},
      {.route = {post, "/approval/:id/link"},
       .words = {"linkApproval", kApprovals,
                 "Make a link by which somebody without an API token decides this one"},
       .success = one("ApprovalLink"),
       .action = link_approval},

      {.route = {get, "/webhook"},
       .words = {"listWebhooks", kWebhooks, "List webhooks"},
       .query = kPaging,
       .success = list("WebhookList", "Webhook"),
       .action = list_webhooks,
       .access = Access::read},
      {.route = {post, "/webhook"},
       .words = {"createWebhook", kWebhooks,
                 "Create a webhook; its secret is shown only in this answer"},
       .body = "NewWebhook",
       .success = created("MintedWebhook"),
       .action = create_webhook},
      {.route = {get, "/webhook/:id"},
       .words = {"getWebhook", kWebhooks, "Get a webhook"},
       .success = one("Webhook"),
       .action = get_webhook,
       .access = Access::read},
      {.route = {patch, "/webhook/:id"},
       .words = {"updateWebhook", kWebhooks,
                 "Change a webhook; one that was disabled can be enabled again"},
       .body = "WebhookPatch",
       .success = one("Webhook"),
       .action = update_webhook},
      {.route = {delete_, "/webhook/:id"},
       .words = {"deleteWebhook", kWebhooks, "Delete a webhook and all that waits for it"},
       .success = one("Deleted"),
       .action = delete_webhook},
      {.route = {post, "/webhook/:id/rotate"},
       .words = {"rotateWebhook", kWebhooks,
                 "Give a webhook a new secret; the old one signs as well for a while"},
       .body = "WebhookRotation",
       .body_may_be_absent = true,
       .success = one("MintedWebhook"),
       .action = rotate_webhook},
      {.route = {post, "/webhook/:id/test"},
       .words = {"testWebhook", kWebhooks,
                 "Send a message of its own to a webhook; its deliveries tell what came of it"},
       .success = {202, "WebhookDelivery"},
       .action = test_webhook},
      {.route = {get, "/webhook/:id/deliveries"},
       .words = {"listWebhookDeliveries", kWebhooks,
                 "List a webhook's messages of seven days, with every attempt"},
       .query = kDeliveryFilters,
       .success = list("WebhookDeliveryList", "WebhookDelivery"),
       .action = list_deliveries,
       .access = Access::read},
      {.route = {post, "/webhook/:id/deliveries/:delivery_id/replay"},
       .words = {"replayWebhookDelivery", kWebhooks,
                 "Send a message again, under the same webhook-id"},
       .success = {202, "WebhookDelivery"},
       .action = replay_delivery},
  };
  return table;
}

}  // namespace patchbay::admin
