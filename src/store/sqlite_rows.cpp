#include "store/sqlite_rows.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::store {
namespace {

std::optional<std::int64_t> to_millis(const std::optional<WallTime>& time) {
  if (!time) return {};
  return store::to_millis(*time);
}

// Reads columns one after the other, and remembers whether one was not what it must be.
class Columns {
 public:
  Columns(const Statement& statement, std::string_view table)
      : statement_(statement), table_(table) {}

  std::string text() {
    std::string value = statement_.column_text(next_++);
    if (!is_valid_utf8(value)) damaged_ = true;
    return value;
  }
  std::string blob() { return statement_.column_text(next_++); }
  WallTime time() {
    const auto value = statement_.column_integer(next_++);
    if (!value) damaged_ = true;
    return WallTime(std::chrono::milliseconds(value.value_or(0)));
  }
  std::optional<WallTime> optional_time() {
    const auto value = statement_.column_integer(next_++);
    if (!value) return {};
    return WallTime(std::chrono::milliseconds(*value));
  }
  vault::TokenHash hash() {
    const auto value = vault::TokenHash::from_blob(blob());
    if (!value) damaged_ = true;
    return value.value_or(vault::TokenHash{});
  }
  json::Value object() {
    auto value = json::parse(text());
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
  const Statement& statement_;
  std::string_view table_;
  int next_ = 0;
  bool damaged_ = false;
};

}  // namespace

std::int64_t to_millis(WallTime time) {
  return time.time_since_epoch().count();
}

void bind(Statement& statement, const EnvironmentRow& row) {
  statement.text(row.name)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .text(row.id);
}

void bind(Statement& statement, const ApiTokenRow& row) {
  statement.null_if_empty(row.environment_id)
      .text(row.name)
      .text(row.scope)
      .text(json::to_string(row.limits))
      .blob(row.hash.to_blob())
      .optional_integer(to_millis(row.expires_at))
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .text(row.id);
}

void bind(Statement& statement, const AccountRow& row) {
  statement.text(row.environment_id)
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
      .text(row.id);
}

void bind(Statement& statement, const McpServerRow& row) {
  statement.text(row.account_id)
      .text(row.environment_id)
      .text(row.name)
      .text(json::to_string(row.config))
      .blob(row.hash.to_blob())
      .optional_integer(to_millis(row.expires_at))
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .integer(to_millis(row.updated_at))
      .blob(row.mac)
      .text(row.id);
}

void bind(Statement& statement, const WriteRow& row) {
  statement.text(row.account_id)
      .text(row.key)
      .text(row.digest)
      .text(row.state)
      .blob(row.result.bytes)
      .integer(to_millis(row.started_at))
      .text(row.id);
}

template <>
Result<EnvironmentRow> read_row(const Statement& statement) {
  Columns columns(statement, "environment");
  EnvironmentRow row;
  row.id = columns.text();
  row.name = columns.text();
  row.created_at = columns.time();
  row.updated_at = columns.time();
  return columns.finish(std::move(row));
}

template <>
Result<ApiTokenRow> read_row(const Statement& statement) {
  Columns columns(statement, "api_token");
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
  return columns.finish(std::move(row));
}

template <>
Result<AccountRow> read_row(const Statement& statement) {
  Columns columns(statement, "integrated_account");
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
  return columns.finish(std::move(row));
}

template <>
Result<McpServerRow> read_row(const Statement& statement) {
  Columns columns(statement, "mcp_server");
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
  return columns.finish(std::move(row));
}

template <>
Result<WriteRow> read_row(const Statement& statement) {
  Columns columns(statement, "write_journal");
  WriteRow row;
  row.id = columns.text();
  row.account_id = columns.text();
  row.key = columns.text();
  row.digest = columns.text();
  row.state = columns.text();
  row.result.bytes = columns.blob();
  row.started_at = columns.time();
  return columns.finish(std::move(row));
}

}  // namespace patchbay::store
