#include "sandbox/render.h"

#include <fmt/format.h>

#include "json/write.h"
#include "sandbox/custom_fields.h"

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
    fmt::format_to(std::back_inserter(out), "{}", *whole);
  } else if (const auto* flag = std::get_if<bool>(&cell)) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<double>(&cell)) {
    out += json::Number(*number).token();
  } else if (const auto* instant = std::get_if<Instant>(&cell)) {
    out += '"';
    out += to_text(*instant);
    out += '"';
  } else if (const auto* any = std::get_if<AnyJson>(&cell)) {
    json::append(out, **any);
  } else {
    return false;
  }
  return true;
}

bool is_shown(const Field& field) {
  return !field.hidden && !field.input_only && !field.in_info;
}

}  // namespace

void Renderer::append(std::string& out, const Table& table, const Record& record,
                      const Projection& projection) const {
  out += '{';
  bool first = true;
  Cell scratch;
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    const Field& field = table.fields()[i];
    if (!is_shown(field)) continue;
    const Projection* part = projection.find(field.name);
    if (part == nullptr) continue;
    const Cell& cell = table.read(db_, record, i, scratch);
    if (field.kind == Kind::custom_fields) {
      if (table.resource().custom_fields.empty()) continue;
      append_name(out, field.name, first);
      json::append(out, show_custom_fields(table, cell));
      continue;
    }
    if (is_null(cell)) continue;
    if (const auto* to = std::get_if<Reference>(&cell)) {
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

void Renderer::append_cell(std::string& out, const Field& field, const Cell& cell,
                           const Projection& projection) const {
  if (append_plain(out, cell)) return;
  if (const auto* to = std::get_if<Reference>(&cell)) {
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
        fmt::format_to(std::back_inserter(out), "{}", id);
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
                                const Field* field, const Projection* projection) const {
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
  const auto append_member = [&](std::string_view name, std::string_view source) {
    if (shown.find(name) == nullptr) return;
    const Cell& cell = target.read(db_, *record, target.column(source), scratch);
    if (is_null(cell)) return;
    append_name(out, name, first);
    append_plain(out, cell);
  };
  for (const ReferenceMember& member : target.resource().reference_form) {
    append_member(member.shown, member.field);
  }
  if (field != nullptr) {
    for (const std::string& name : field->shows) append_member(name, name);
  }
  const Projection* info = shown.find("_info");
  if (info != nullptr && !target.resource().href.empty()) {
    append_name(out, "_info", first);
    out += '{';
    const std::string href = target.resource().href + "_href";
    bool first_fact = true;
    if (info->find(href) != nullptr) {
      append_name(out, href, first_fact);
      json::append_string(out,
                          fmt::format("{}{}/{}", base_url_, collection_path(target, *record), id));
    }
    for (const InfoMember& member : target.resource().reference_info) {
      if (append_info_member(out, target, *record, member, *info, first_fact)) first_fact = false;
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
    const Field& field = table.fields()[i];
    if (!field.in_info || projection.find(field.name) == nullptr) continue;
    const Cell& cell = table.read(db_, record, i, scratch);
    if (is_null(cell)) continue;
    append_name(out, field.name, first);
    append_plain(out, cell);
  }
  for (const InfoMember& member : table.resource().info) {
    if (append_info_member(out, table, record, member, projection, first)) first = false;
  }
  out += '}';
  if (first) out.clear();
}

bool Renderer::append_info_member(std::string& out, const Table& table, const Record& record,
                                  const InfoMember& member, const Projection& projection,
                                  bool first) const {
  if (projection.find(member.name) == nullptr) return false;
  if (!member.link.empty()) {
    append_name(out, member.name, first);
    json::append_string(out, base_url_ + fill_in(member.link, table, record));
    return true;
  }
  const Cell fact = db_.read(table, record, member.field);
  if (is_null(fact)) return false;
  append_name(out, member.name, first);
  append_plain(out, fact);
  return true;
}

std::string Renderer::fill_in(std::string_view pattern, const Table& table,
                              const Record& record) const {
  std::string filled;
  while (true) {
    const std::size_t open = pattern.find('{');
    filled += pattern.substr(0, open);
    if (open == std::string_view::npos) return filled;
    const std::size_t close = pattern.find('}', open);
    const Cell cell = db_.read(table, record, pattern.substr(open + 1, close - open - 1));
    if (const auto* to = std::get_if<Reference>(&cell)) {
      filled += fmt::to_string(to->id);
    } else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
      filled += fmt::to_string(*whole);
    } else if (const auto* instant = std::get_if<Instant>(&cell)) {
      filled += to_text(*instant);
    } else {
      filled += text_or(cell, "");
    }
    pattern.remove_prefix(close + 1);
  }
}

std::string Renderer::collection_path(const Table& table, const Record& record) {
  const std::string& pattern = table.resource().path;
  const std::size_t open = pattern.find('{');
  if (open == std::string::npos) return pattern;
  return fmt::format("{}{}{}", std::string_view(pattern).substr(0, open),
                     table.parent_of(record).value_or(0),
                     std::string_view(pattern).substr(pattern.find('}', open) + 1));
}

}  // namespace patchbay::sandbox
