#include "sandbox/operations/render.h"

#include <string>

#include "json/write.h"
#include "sandbox/records/custom_fields.h"

namespace patchbay::sandbox {
namespace {

void append_name(std::string& out, std::string_view name, bool& first) {
  if (!first) out += ',';
  first = false;
  json::append_string(out, name);
  out += ':';
}

// Plain values; false for kinds that need the database.
bool append_plain(std::string& out, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    json::append_string(out, *text);
  } else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    out += std::to_string(*whole);
  } else if (const auto* flag = std::get_if<bool>(&cell)) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<double>(&cell)) {
    out += to_text(*number);
  } else if (const auto* instant = std::get_if<Instant>(&cell)) {
    out += '"';
    out += to_text(*instant);
    out += '"';
  } else if (const auto* any = std::get_if<AnyJson>(&cell)) {
    json::append(out, any->value());
  } else {
    return false;
  }
  return true;
}

bool is_shown(const FieldSpec& field) {
  return !field.hidden && !field.input_only && !field.in_info;
}

}  // namespace

void Renderer::append(std::string& out, const Table& table, const Record& record,
                      const Projection& projection) const {
  out += '{';
  bool first = true;
  Cell scratch;
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    const FieldSpec& field = table.fields()[i];
    if (!is_shown(field)) continue;
    const Projection* part = projection.find(field.name);
    if (part == nullptr) continue;
    const Cell& cell = table.read(db_, record, i, scratch);
    if (field.kind == FieldKind::custom_fields) {
      if (table.resource().custom_fields.empty()) continue;
      append_name(out, field.name, first);
      json::append(out, show_custom_fields(table, cell));
      continue;
    }
    if (is_null(cell)) continue;
    if (const auto* to = std::get_if<RecordReference>(&cell)) {
      const Table* target = db_.find_table(field.target);
      if (target->find(to->id) == nullptr) continue;  // what it referred to has been deleted
    }
    append_name(out, field.name, first);
    append_cell(out, field, cell, *part);
  }
  if (const Projection* part = projection.find("_info")) {
    std::string info;
    append_info(info, table, record, *part);
    if (!info.empty()) {
      append_name(out, "_info", first);
      out += info;
    }
  }
  out += '}';
}

void Renderer::append_cell(std::string& out, const FieldSpec& field, const Cell& cell,
                           const Projection& projection) const {
  if (append_plain(out, cell)) return;
  if (const auto* to = std::get_if<RecordReference>(&cell)) {
    append_reference(out, *db_.find_table(field.target), to->id, &field, &projection);
    return;
  }
  out += '[';
  bool first = true;
  if (const auto* ids = std::get_if<Ids>(&cell)) {
    const Table* target = field.target.empty() ? nullptr : db_.find_table(field.target);
    for (const std::int64_t id : *ids) {
      if (target != nullptr && target->find(id) == nullptr) continue;
      if (!first) out += ',';
      first = false;
      if (target == nullptr) {
        out += std::to_string(id);
      } else {
        append_reference(out, *target, id, &field, &projection);
      }
    }
  } else if (const auto* rows = std::get_if<Rows>(&cell)) {
    for (const Row& row : *rows) {
      if (!first) out += ',';
      first = false;
      out += '{';
      bool first_member = true;
      for (std::size_t i = 0; i < field.row_fields.size(); ++i) {
        const Projection* part = projection.find(field.row_fields[i].name);
        if (part == nullptr || is_null(row.cells[i])) continue;
        append_name(out, field.row_fields[i].name, first_member);
        append_cell(out, field.row_fields[i], row.cells[i], *part);
      }
      out += '}';
    }
  }
  out += ']';
}

void Renderer::append_reference(std::string& out, const Table& target, std::int64_t id,
                                const FieldSpec* field, const Projection* projection) const {
  static const Projection kEverything;
  const Projection& shown = projection == nullptr ? kEverything : *projection;
  const Record* record = target.find(id);
  if (record == nullptr) {
    out += "{}";
    return;
  }
  out += '{';
  bool first = true;
  Cell scratch;
  const auto append_member = [&](std::string_view name, std::size_t column) {
    if (shown.find(name) == nullptr) return;
    const Cell& cell = target.read(db_, *record, column, scratch);
    if (is_null(cell)) return;
    append_name(out, name, first);
    append_plain(out, cell);
  };
  const auto& form = target.resource().reference_form;
  for (std::size_t i = 0; i < form.size(); ++i) {
    append_member(form[i].shown, target.reference_columns()[i]);
  }
  if (field != nullptr) {
    for (const std::string_view name : field->shows) append_member(name, target.column(name));
  }
  const Projection* info = shown.find("_info");
  if (info != nullptr && !target.href_name().empty()) {
    append_name(out, "_info", first);
    out += '{';
    bool first_fact = true;
    if (info->find(target.href_name()) != nullptr) {
      append_name(out, target.href_name(), first_fact);
      out += '"';
      json::append_escaped(out, base_url_);
      append_collection_path(out, target, *record);
      out += '/' + std::to_string(id) + '"';
    }
    for (const InfoPlan& plan : target.reference_info_plans()) {
      if (append_planned(out, *record, plan, *info, first_fact)) first_fact = false;
    }
    out += '}';
  }
  out += '}';
}

void Renderer::append_info(std::string& out, const Table& table, const Record& record,
                           const Projection& projection) const {
  bool first = true;
  Cell scratch;
  out += '{';
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    const FieldSpec& field = table.fields()[i];
    if (!field.in_info || projection.find(field.name) == nullptr) continue;
    const Cell& cell = table.read(db_, record, i, scratch);
    if (is_null(cell)) continue;
    append_name(out, field.name, first);
    append_plain(out, cell);
  }
  for (const InfoPlan& plan : table.info_plans()) {
    if (append_planned(out, record, plan, projection, first)) first = false;
  }
  out += '}';
  if (first) out.clear();
}

bool Renderer::append_planned(std::string& out, const Record& record, const InfoPlan& plan,
                              const Projection& projection, bool first) const {
  if (projection.find(plan.name) == nullptr) return false;
  Cell scratch;
  if (plan.link.empty()) {
    const Cell& fact = plan.fact.read(db_, record, scratch);
    if (is_null(fact)) return false;
    append_name(out, plan.name, first);
    append_plain(out, fact);
    return true;
  }
  append_name(out, plan.name, first);
  out += '"';
  json::append_escaped(out, base_url_);
  for (const InfoPlan::Piece& piece : plan.link) {
    out += piece.text;
    if (piece.value.empty()) continue;
    const Cell& cell = piece.value.read(db_, record, scratch);
    if (const auto* to = std::get_if<RecordReference>(&cell)) {
      out += std::to_string(to->id);
    } else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
      out += std::to_string(*whole);
    } else if (const auto* instant = std::get_if<Instant>(&cell)) {
      out += to_text(*instant);
    } else {
      json::append_escaped(out, text_or(cell, ""));
    }
  }
  out += '"';
  return true;
}

void Renderer::append_collection_path(std::string& out, const Table& table, const Record& record) {
  const std::string_view pattern = table.resource().path;
  const std::size_t open = pattern.find('{');
  out.append(pattern, 0, open);
  if (open == std::string::npos) return;
  out += std::to_string(table.parent_of(record).value_or(0));
  out.append(pattern, pattern.find('}', open) + 1);
}

}  // namespace patchbay::sandbox
