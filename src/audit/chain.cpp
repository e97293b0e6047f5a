#include "audit/chain.h"

#include <initializer_list>

#include "base/encoding.h"

namespace patchbay::audit {
namespace {

// The parts one after the other, such that no other parts make the same text.
std::string bound(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  return text;
}

std::string code_of(const vault::Vault& vault, std::string_view text) {
  return to_hex(vault.code(text));
}

std::string text_of(const store::ChainRow& chain) {
  return bound({"audit chain", chain.id, std::to_string(chain.cut_number), chain.cut_link,
                std::to_string(chain.last_number), chain.last_link});
}

}  // namespace

bool ends_apart(const store::EventRow& row) {
  return row.ended_number.has_value() || row.outcome == "started";
}

std::string link_of_beginning(const vault::Vault& vault, const store::EventRow& row,
                              std::string_view before) {
  const bool apart = ends_apart(row);
  return code_of(vault,
                 bound({"audit event", row.chain, std::to_string(row.number), before, row.id,
                        std::to_string(row.at.time_since_epoch().count()), row.kind, row.account_id,
                        row.server_id, row.tool, row.digest, row.begun, apart ? "begun" : "ended",
                        apart ? "" : row.outcome, apart ? "" : row.ended}));
}

std::string link_of_end(const vault::Vault& vault, const store::EventRow& row,
                        std::string_view before) {
  return code_of(vault, bound({"audit end", row.chain, std::to_string(row.ended_number.value_or(0)),
                               before, row.id, row.outcome, row.ended}));
}

std::string link_of_calls(const vault::Vault& vault, const store::CallsRow& row,
                          std::string_view before) {
  const auto millis = [](WallTime at) { return std::to_string(at.time_since_epoch().count()); };
  return code_of(vault, bound({"audit calls", row.chain, std::to_string(row.number), before, row.id,
                               std::to_string(row.count), millis(row.first_at), millis(row.last_at),
                               row.events}));
}

void sign(const vault::Vault& vault, store::ChainRow& chain) {
  chain.code = code_of(vault, text_of(chain));
}

bool is_as_signed(const vault::Vault& vault, const store::ChainRow& chain) {
  return code_of(vault, text_of(chain)) == chain.code;
}

}  // namespace patchbay::audit
