// What is told of changes to whoever asked to hear of them (webhooks/message.h). Each is put down
// in the transaction of the change.
//
// A message says what happened and to which record, by ids and names; whoever wants to know more
// reads it with a token of their own. No credential, no argument of a call and no record of a
// customer's is in one.
#pragma once

#include "base/clock.h"
#include "control/quota.h"
#include "store/approval_rows.h"
#include "store/records.h"
#include "store/server_uses.h"
#include "store/webhook_rows.h"
#include "vault/vault.h"

namespace patchbay::control {

struct McpServer;

store::Message tell_created(const vault::Vault& vault, const store::McpServerRow& row,
                            WallTime now);
// Once for each time at which it is to expire.
store::Message tell_expiring(const vault::Vault& vault, const store::McpServerRow& row,
                             WallTime now);
store::Message tell_expired(const vault::Vault& vault, const store::McpServerRow& row,
                            WallTime now);
store::Message tell_needs_reauth(const vault::Vault& vault, const store::AccountRow& row,
                                 WallTime now);
// Of a server whose own credentials, a member's, are refused or went.
store::Message tell_server_needs_reauth(const vault::Vault& vault, const store::McpServerRow& row,
                                        WallTime now);
store::Message tell_wanted(const vault::Vault& vault, const store::ApprovalRow& row, WallTime now);
// Once in a period, of a quota by the minute once in an hour.
store::Message tell_quota(const vault::Vault& vault, const McpServer& server, store::QuotaOf which,
                          const store::QuotaGrant& grant, WallTime now);

}  // namespace patchbay::control
