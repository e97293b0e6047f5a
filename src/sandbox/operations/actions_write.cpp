#include "sandbox/operations/actions_write.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "json/parse.h"
#include "sandbox/operations/body_position.h"
#include "sandbox/operations/input.h"
#include "sandbox/operations/patch.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

ApiResult<json::Value> read_body(const ApiCall& call) {
  auto parsed = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!parsed) {
    return std::unexpected(
        ApiError{400, "ConnectWiseApi", "The request body is not valid JSON.", {}});
  }
  return std::move(*parsed);
}

// Every member of the body as an assignment, or the error for one that the model does not have.
ApiResult<std::vector<Assignment>> read_object(const ApiCall& call, const Table& table,
                                               const json::Value& body) {
  const json::Object* object = body.if_object();
  if (object == nullptr) {
    return std::unexpected(unreadable(
        fmt::format("Cannot deserialize the current JSON {} into type '{}' because the type "
                    "requires a JSON object. Path '', line 1, position 1.",
                    body.kind(), table.resource().type)));
  }
  std::vector<Assignment> assignments;
  for (const auto& [name, value] : *object) {
    if (equal_ignoring_case(name, "_info")) continue;
    const auto column = table.find_column(name);
    if (!column || table.fields()[*column].hidden || table.fields()[*column].in_info) {
      return std::unexpected(unknown_member(name, table.resource().type, call.body));
    }
    assignments.push_back({*column, value});
  }
  return assignments;
}

// Sets the fields in the order of their declaration, so that a scope (a ticket's board) stands
// before what is looked up in it.
ApiResult<void> assign(const ApiCall& call, const Table& table, std::vector<Assignment> assignments,
                       Record& record, WriteContext& context, std::vector<InvalidField>& errors) {
  std::ranges::sort(assignments, {}, &Assignment::column);
  const Input input{call.db, table, call.body, errors};
  for (const Assignment& assignment : assignments) {
    const FieldSpec& field = table.fields()[assignment.column];
    if (field.read_only) continue;
    ApiResult<Cell> cell = input.read(field, assignment.value, record);
    if (!cell) return std::unexpected(std::move(cell.error()));
    record.cells[assignment.column] = std::move(*cell);
    context.given.push_back(to_lower(field.name));
  }
  return {};
}

void set_if_declared(const Table& table, Record& record, std::string_view field, Cell value) {
  if (const auto column = table.find_column(field)) record.cells[*column] = std::move(value);
}

void stamp(const WriteContext& context, Record& record) {
  const Table& members = context.db.table("members");
  const Record* member = members.find(context.member);
  const std::string who = member == nullptr ? "" : text_or(members.at(*member, "identifier"), "");
  set_if_declared(context.table, record, "lastUpdated", context.now);
  set_if_declared(context.table, record, "updatedBy", who);
  if (context.before != nullptr) return;
  set_if_declared(context.table, record, "dateEntered", context.now);
  set_if_declared(context.table, record, "enteredBy", who);
  set_if_declared(
      context.table, record, "mobileGuid",
      fmt::format("{:08x}-0000-4000-8000-{:012x}",
                  std::hash<std::string_view>()(context.table.resource().name) & 0xffffffff,
                  record.id));
}

Record new_record(const ApiCall& call, const Table& table, Parent parent) {
  Record record = with_fallbacks(call.db, table);
  if (parent) record.cells[*table.parent_column()] = RecordReference{*parent};
  return record;
}

// Checks and stores; the tail that all writes share.
ApiResult<const Record*> store(const ApiCall& call, Table& table, Record record,
                               WriteContext& context, std::vector<InvalidField> errors) {
  const Rules& rules = *table.resource().rules;
  if (rules.fill) rules.fill(context, record);
  check_fields(table, record, context.replaces, errors);
  if (rules.check) rules.check(context, record, errors);
  if (!errors.empty()) {
    return std::unexpected(invalid_object(object_name(table.resource()), std::move(errors)));
  }
  stamp(context, record);
  const auto skip = table.find_column("skipCallback");
  const bool quiet =
      skip && context.was_given("skipCallback") && bool_or(record.cells[*skip], false);
  if (context.before == nullptr) {
    const Record& stored = table.insert(std::move(record));
    if (rules.stored) rules.stored(context, stored);
    call.note_change(RecordChange::Action::added, table, stored.id, std::nullopt, quiet);
    return table.find(stored.id);
  }
  const Record before = *context.before;  // `put` replaces what the context points to
  context.before = &before;
  const Record& stored = table.put(std::move(record));
  if (rules.stored) rules.stored(context, stored);
  call.note_change(RecordChange::Action::updated, table, stored.id, before, quiet);
  return table.find(stored.id);
}

ApiResult<ApiResponse> shown(const ApiCall& call, const Table& table,
                             ApiResult<const Record*> record, int status) {
  if (!record) return std::unexpected(std::move(record.error()));
  ApiResult<ApiResponse> response = get(call, table, **record);
  if (response) response->status = status;
  return response;
}

}  // namespace

ApiResult<const Record*> create_record(const ApiCall& call, Table& table, Parent parent,
                                       const json::Value& body) {
  auto assignments = read_object(call, table, body);
  if (!assignments) return std::unexpected(std::move(assignments.error()));
  Record record = new_record(call, table, parent);
  const auto& records = table.records();
  record.id = records.empty() ? 1 : records.rbegin()->first + 1;
  record.cells[0] = record.id;
  if (parent) {
    // The path has the last word on the parent.
    std::erase_if(*assignments,
                  [&](const Assignment& one) { return one.column == *table.parent_column(); });
  }
  WriteContext context{call.db, table, call.now, call.member, nullptr, false, {}};
  std::vector<InvalidField> errors;
  if (auto done = assign(call, table, std::move(*assignments), record, context, errors); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return store(call, table, std::move(record), context, std::move(errors));
}

ApiResult<ApiResponse> create(const ApiCall& call, Table& table, Parent parent) {
  auto body = read_body(call);
  if (!body) return std::unexpected(std::move(body.error()));
  return shown(call, table, create_record(call, table, parent, *body), 201);
}

ApiResult<ApiResponse> patch(const ApiCall& call, Table& table, const Record& record) {
  auto body = read_body(call);
  if (!body) return std::unexpected(std::move(body.error()));
  auto assignments = read_patch(*body, table);
  if (!assignments) return std::unexpected(std::move(assignments.error()));
  WriteContext context{call.db, table, call.now, call.member, &record, false, {}};
  std::vector<InvalidField> errors;
  Record changed = record;
  if (auto done = assign(call, table, std::move(*assignments), changed, context, errors); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return shown(call, table, store(call, table, std::move(changed), context, std::move(errors)),
               200);
}

ApiResult<ApiResponse> replace(const ApiCall& call, Table& table, const Record& record) {
  auto body = read_body(call);
  if (!body) return std::unexpected(std::move(body.error()));
  auto assignments = read_object(call, table, *body);
  if (!assignments) return std::unexpected(std::move(assignments.error()));
  WriteContext context{call.db, table, call.now, call.member, &record, true, {}};
  Record changed = new_record(call, table, table.parent_of(record));
  changed.id = record.id;
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    // What the caller cannot set stays as it was.
    if (table.fields()[i].read_only) changed.cells[i] = record.cells[i];
    if (table.fields()[i].required_on_replace) changed.cells[i] = Cell();
  }
  std::vector<InvalidField> errors;
  if (auto done = assign(call, table, std::move(*assignments), changed, context, errors); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return shown(call, table, store(call, table, std::move(changed), context, std::move(errors)),
               200);
}

ApiResult<ApiResponse> remove(const ApiCall& call, Table& table, const Record& record) {
  const Rules& rules = *table.resource().rules;
  if (rules.refuses_delete) {
    if (auto refusal = rules.refuses_delete(call.db, record)) {
      return std::unexpected(std::move(*refusal));
    }
  }
  const Record gone = table.take(record.id);
  if (rules.deleted) rules.deleted(call.db, gone);
  call.note_change(RecordChange::Action::deleted, table, gone.id, gone);
  return ApiResponse();  // 204
}

}  // namespace patchbay::sandbox
