#include "store/rows.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::store {
namespace {

std::optional<std::int64_t> to_optional_millis(const std::optional<WallTime>& time) {
  if (!time) return {};
  return to_millis(*time);
}

// Reads columns one after the other, and remembers whether one was not what it must be.
class Columns {
 public:
  Columns(const Answer& answer, std::size_t row, std::string_view table)
      : answer_(answer), row_(row), table_(table) {}

  // What is null reads as empty, also below.
  std::string text() {
    std::string value = next().bytes;
    if (!is_valid_utf8(value)) damaged_ = true;
    return value;
  }
  std::string blob() { return next().bytes; }
  std::int64_t integer() {
    const Cell& cell = next();
    if (cell.type != Cell::Type::integer) damaged_ = true;
    return cell.integer;
  }
  WallTime time() { return WallTime(std::chrono::milliseconds(integer())); }
  std::optional<std::int64_t> optional_integer() {
    const Cell& cell = next();
    if (cell.type != Cell::Type::integer) return {};
    return cell.integer;
  }
  std::optional<WallTime> optional_time() {
    const auto millis = optional_integer();
    if (!millis) return {};
    return WallTime(std::chrono::milliseconds(*millis));
  }
  std::optional<PreviousToken> previous_token() {
    const std::string bytes = blob();
    const auto until = optional_time();
    if (bytes.empty() && !until) return {};
    const auto value = vault::TokenHash::from_blob(bytes);
    if (!value || !until) damaged_ = true;
    return PreviousToken{.hash = value.value_or(vault::TokenHash{}),
                         .expires_at = until.value_or(WallTime())};
  }
  vault::TokenHash hash() {
    const auto value = vault::TokenHash::from_blob(blob());
    if (!value) damaged_ = true;
    return value.value_or(vault::TokenHash{});
  }
  json::Value object() { return object_of(text()); }
  // Of a row that is older than its column.
  json::Value object_or_none() {
    const std::string written = text();
    return written.empty() ? json::Value(json::Object{}) : object_of(written);
  }
  json::Value object_of(const std::string& written) {
    auto value = json::parse(written);
    if (value && value->is_object()) return std::move(*value);
    damaged_ = true;
    return {};
  }

  template <class Row>
  Result<Row> finish(Row row) const {
    if (!damaged_) return row;
    return fail(ErrorCode::internal, "The " + std::string(table_) + " " + row.id + " is damaged.",
                "Restore the database from a backup, or delete that row.");
  }

 private:
  const Cell& next() { return answer_.at(row_, column_++); }

  const Answer& answer_;
  std::size_t row_;
  std::string_view table_;
  std::size_t column_ = 0;
  bool damaged_ = false;
};

}  // namespace

std::int64_t to_millis(WallTime time) {
  return time.time_since_epoch().count();
}

WallTime time_of(const Cell& cell) {
  return WallTime(std::chrono::milliseconds(cell.integer));
}

std::int64_t to_limit(std::size_t limit) {
  constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(limit, kMost));
}

std::unexpected<Error> no_such_record() {
  return fail(ErrorCode::not_found, "There is no such record.");
}

std::string with_this_in_it(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

Parameters parameters_of(const EnvironmentRow& row, std::int64_t version) {
  Parameters parameters;
  parameters.text(row.name)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .integer(version)
      .text(json::to_string(row.audit))
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const ApiTokenRow& row, std::int64_t version) {
  Parameters parameters;
  parameters.null_if_empty(row.environment_id)
      .text(row.name)
      .text(row.scope)
      .text(json::to_string(row.limits))
      .blob(row.hash.to_blob())
      .optional_integer(to_optional_millis(row.expires_at))
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .integer(version)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const AccountRow& row, std::int64_t version) {
  Parameters parameters;
  parameters.text(row.environment_id)
      .text(row.integration)
      .text(row.tenant_id)
      .text(row.name)
      .text(row.status)
      .text(row.last_error)
      .blob(row.credentials.bytes)
      .text(json::to_string(row.settings))
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .integer(version)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const McpServerRow& row, std::int64_t version) {
  Parameters parameters;
  parameters.text(row.account_id)
      .text(row.environment_id)
      .text(row.name)
      .text(json::to_string(row.config))
      .blob(row.hash.to_blob())
      .optional_integer(to_optional_millis(row.expires_at))
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .integer(version);
  if (row.previous) {
    parameters.blob(row.previous->hash.to_blob()).integer(to_millis(row.previous->expires_at));
  } else {
    parameters.cell({}).cell({});
  }
  parameters.text(json::to_string(row.member))
      .blob(row.credentials.bytes)
      .text(row.status)
      .text(row.last_error)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const EventRow& row) {
  Parameters parameters;
  parameters.text(row.chain)
      .integer(row.number)
      .integer(to_millis(row.at))
      .text(row.kind)
      .text(row.account_id)
      .text(row.server_id)
      .text(row.tool)
      .text(row.outcome)
      .text(row.begun)
      .text(row.link)
      .text(row.ended)
      .optional_integer(row.ended_number)
      .text(row.ended_link)
      .null_if_empty(row.key)
      .text(row.digest)
      .text(row.state)
      .blob(row.result.bytes)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const CallsRow& row) {
  Parameters parameters;
  parameters.text(row.chain)
      .integer(row.number)
      .integer(row.count)
      .integer(to_millis(row.first_at))
      .integer(to_millis(row.last_at))
      .text(row.link)
      .blob(row.events)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const ChainRow& row) {
  Parameters parameters;
  parameters.integer(row.cut_number)
      .text(row.cut_link)
      .integer(row.last_number)
      .text(row.last_link)
      .text(row.code)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const ApprovalRow& row, std::int64_t version) {
  Parameters parameters;
  parameters.text(row.environment_id)
      .text(row.account_id)
      .text(row.server_id)
      .text(row.tool)
      .text(row.digest)
      .text(row.state)
      .blob(row.content.bytes)
      .blob(row.outcome.bytes)
      .text(row.decided_by)
      .text(row.reason)
      .optional_integer(to_optional_millis(row.decided_at))
      .integer(to_millis(row.expires_at))
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .integer(version)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const WebhookRow& row, std::int64_t version) {
  Parameters parameters;
  parameters.text(row.environment_id)
      .text(row.url)
      .text(row.description)
      .integer(row.events)
      .integer(row.enabled ? 1 : 0)
      .text(row.disabled_because)
      .blob(row.secret.bytes)
      .blob(row.previous.bytes)
      .optional_integer(to_optional_millis(row.previous_until))
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .integer(version)
      .text(row.id);
  return parameters;
}

Parameters parameters_of(const DeliveryRow& row) {
  Parameters parameters;
  parameters.text(row.webhook_id)
      .text(row.message_id)
      .text(row.event)
      .blob(row.payload.bytes)
      .null_if_empty(row.once)
      .text(row.state)
      .integer(row.tries)
      .integer(to_millis(row.due_at))
      .text(row.claim)
      .text(row.attempts)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .text(row.id);
  return parameters;
}

template <>
Result<EnvironmentRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "environment");
  EnvironmentRow row;
  row.id = columns.text();
  row.name = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  row.version = columns.integer();
  row.audit = columns.object_or_none();
  return columns.finish(std::move(row));
}

template <>
Result<ApiTokenRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "api_token");
  ApiTokenRow row;
  row.id = columns.text();
  row.environment_id = columns.text();
  row.name = columns.text();
  row.scope = columns.text();
  row.limits = columns.object();
  row.hash = columns.hash();
  row.expires_at = columns.optional_time();
  row.created_by = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  row.mac = columns.blob();
  row.version = columns.integer();
  return columns.finish(std::move(row));
}

template <>
Result<AccountRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "integrated_account");
  AccountRow row;
  row.id = columns.text();
  row.environment_id = columns.text();
  row.integration = columns.text();
  row.tenant_id = columns.text();
  row.name = columns.text();
  row.status = columns.text();
  row.last_error = columns.text();
  row.credentials.bytes = columns.blob();
  row.settings = columns.object();
  row.created_by = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  row.mac = columns.blob();
  row.version = columns.integer();
  return columns.finish(std::move(row));
}

template <>
Result<McpServerRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "mcp_server");
  McpServerRow row;
  row.id = columns.text();
  row.account_id = columns.text();
  row.environment_id = columns.text();
  row.name = columns.text();
  row.config = columns.object();
  row.hash = columns.hash();
  row.expires_at = columns.optional_time();
  row.created_by = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  row.mac = columns.blob();
  row.version = columns.integer();
  row.previous = columns.previous_token();
  row.member = columns.object_or_none();
  row.credentials.bytes = columns.blob();
  // Of a row that is older than the column there is nothing to refuse.
  if (auto status = columns.text(); !status.empty()) row.status = std::move(status);
  row.last_error = columns.text();
  return columns.finish(std::move(row));
}

template <>
Result<EventRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "audit_event");
  EventRow row;
  row.id = columns.text();
  row.chain = columns.text();
  row.number = columns.integer();
  row.at = columns.time();
  row.kind = columns.text();
  row.account_id = columns.text();
  row.server_id = columns.text();
  row.tool = columns.text();
  row.outcome = columns.text();
  row.begun = columns.text();
  row.link = columns.text();
  row.ended = columns.text();
  row.ended_number = columns.optional_integer();
  row.ended_link = columns.text();
  row.key = columns.text();
  row.digest = columns.text();
  row.state = columns.text();
  row.result.bytes = columns.blob();
  return columns.finish(std::move(row));
}

template <>
Result<CallsRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "audit_calls");
  CallsRow row;
  row.id = columns.text();
  row.chain = columns.text();
  row.number = columns.integer();
  row.count = columns.integer();
  row.first_at = columns.time();
  row.last_at = columns.time();
  row.link = columns.text();
  row.events = columns.blob();
  return columns.finish(std::move(row));
}

template <>
Result<ChainRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "audit_chain");
  ChainRow row;
  row.id = columns.text();
  row.cut_number = columns.integer();
  row.cut_link = columns.text();
  row.last_number = columns.integer();
  row.last_link = columns.text();
  row.code = columns.text();
  return columns.finish(std::move(row));
}

template <>
Result<ApprovalRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "approval");
  ApprovalRow row;
  row.id = columns.text();
  row.environment_id = columns.text();
  row.account_id = columns.text();
  row.server_id = columns.text();
  row.tool = columns.text();
  row.digest = columns.text();
  row.state = columns.text();
  row.content.bytes = columns.blob();
  row.outcome.bytes = columns.blob();
  row.decided_by = columns.text();
  row.reason = columns.text();
  row.decided_at = columns.optional_time();
  row.expires_at = columns.time();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  row.mac = columns.blob();
  row.version = columns.integer();
  return columns.finish(std::move(row));
}

template <>
Result<WebhookRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "webhook");
  WebhookRow row;
  row.id = columns.text();
  row.environment_id = columns.text();
  row.url = columns.text();
  row.description = columns.text();
  row.events = columns.integer();
  row.enabled = columns.integer() != 0;
  row.disabled_because = columns.text();
  row.secret.bytes = columns.blob();
  row.previous.bytes = columns.blob();
  row.previous_until = columns.optional_time();
  row.created_by = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  row.mac = columns.blob();
  row.version = columns.integer();
  return columns.finish(std::move(row));
}

template <>
Result<DeliveryRow> read_row(const Answer& answer, std::size_t row_number) {
  Columns columns(answer, row_number, "webhook_delivery");
  DeliveryRow row;
  row.id = columns.text();
  row.webhook_id = columns.text();
  row.message_id = columns.text();
  row.event = columns.text();
  row.payload.bytes = columns.blob();
  row.once = columns.text();
  row.state = columns.text();
  row.tries = columns.integer();
  row.due_at = columns.time();
  row.claim = columns.text();
  row.attempts = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  return columns.finish(std::move(row));
}

}  // namespace patchbay::store
