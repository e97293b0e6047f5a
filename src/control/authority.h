// What gives authority in a row, bound to it by a keyed code: whoever can write the database but
// has no key (a shared volume, a backup on its way back) cannot give a token another environment or
// scope, a server another account, filter or expiry, or an account another's credentials. A row
// whose code is not right is not served.
//
// Rows of versions that made no codes are signed once, by sign_old_rows and on an operator's word.
// That this is done stands within the sealed pepper, so that an emptied column does not pass for an
// old row.
//
// Not bound: names, labels, settings, states and times, which allow nothing. Not found out: a whole
// row that is put back as it once was; that takes knowledge which is not in the database.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::control {

// The parts one after the other, such that no other parts make the same text.
std::string bind_together(std::initializer_list<std::string_view> parts);

void sign(const vault::Vault& vault, store::ApiTokenRow& row);
void sign(const vault::Vault& vault, store::AccountRow& row);
void sign(const vault::Vault& vault, store::McpServerRow& row);
void sign(const vault::Vault& vault, store::ApprovalRow& row);
void sign(const vault::Vault& vault, store::WebhookRow& row);
void sign(const vault::Vault& vault, store::DashboardSessionRow& row);
void sign(const vault::Vault& vault, store::SignInLinkRow& row);

bool is_as_signed(const vault::Vault& vault, const store::ApiTokenRow& row);
bool is_as_signed(const vault::Vault& vault, const store::AccountRow& row);
bool is_as_signed(const vault::Vault& vault, const store::McpServerRow& row);
bool is_as_signed(const vault::Vault& vault, const store::ApprovalRow& row);
bool is_as_signed(const vault::Vault& vault, const store::WebhookRow& row);
bool is_as_signed(const vault::Vault& vault, const store::DashboardSessionRow& row);
bool is_as_signed(const vault::Vault& vault, const store::SignInLinkRow& row);

// Signs what was never signed. A sentence for each row: what it allows.
Result<std::vector<std::string>> sign_rows(store::Repository& repository,
                                           const vault::Vault& vault);

std::string say_altered(const store::ApiTokenRow& row);
std::string say_altered(const store::AccountRow& row);
std::string say_altered(const store::McpServerRow& row);
std::string say_altered(const store::ApprovalRow& row);
std::string say_altered(const store::WebhookRow& row);
std::string say_altered(const store::DashboardSessionRow& row);
std::string say_altered(const store::SignInLinkRow& row);

}  // namespace patchbay::control
