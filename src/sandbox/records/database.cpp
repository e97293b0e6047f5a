#include "sandbox/records/database.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "sandbox/records/collation.h"

namespace patchbay::sandbox {
namespace {

const Cell kNull;
const std::set<std::int64_t> kNoChildren;

}  // namespace

const Cell& FieldPath::read(const Database& db, const Record& record, Cell& scratch) const {
  const Step& first = steps_.front();
  return follow(db, &first.table->read(db, record, first.column, scratch), scratch);
}

const Cell& FieldPath::read_row(const Database& db, const Row& row, Cell& scratch) const {
  return follow(db, &row.cells[steps_.front().column], scratch);
}

const Cell& FieldPath::follow(const Database& db, const Cell* cell, Cell& scratch) const {
  for (std::size_t i = 1; i < steps_.size(); ++i) {
    const RecordReference* to = std::get_if<RecordReference>(cell);
    const Record* target = to == nullptr ? nullptr : steps_[i].table->find(to->id);
    if (target == nullptr) return kNull;
    cell = &steps_[i].table->read(db, *target, steps_[i].column, scratch);
  }
  return *cell;
}

Table::Table(const ResourceSpec& resource) : resource_(resource) {
  fields_.push_back(integer("id").is_read_only());
  for (const auto fields : {resource.fields, resource.more_fields, resource.stamps}) {
    fields_.insert(fields_.end(), fields.begin(), fields.end());
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    columns_.emplace(fields_[i].name, i);
    folded_columns_.emplace(to_lower(fields_[i].name), i);
  }
  vias_.resize(fields_.size());
  id_of_.resize(fields_.size());
}

Table::~Table() = default;

std::optional<std::size_t> Table::find_column(std::string_view name) const {
  const auto found = folded_columns_.find(to_lower(name));
  if (found == folded_columns_.end()) return std::nullopt;
  return found->second;
}

std::size_t Table::column(std::string_view name) const {
  const auto found = columns_.find(name);
  assert(found != columns_.end());
  return found->second;
}

const Record* Table::find(std::int64_t id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

const Record* Table::find_by(std::string_view field, std::string_view value,
                             std::optional<std::int64_t> parent) const {
  const std::optional<std::size_t> column_of_field = find_column(field);
  if (!column_of_field) return nullptr;
  const std::string wanted = fold(value);
  const auto matches = [&](const Record& record) {
    const std::string* text = std::get_if<std::string>(&record.cells[*column_of_field]);
    return text != nullptr && fold(*text) == wanted;
  };
  if (parent) {
    for (const std::int64_t id : children_of(*parent)) {
      if (const Record* record = find(id); matches(*record)) return record;
    }
    return nullptr;
  }
  for (const auto& [id, record] : records_) {
    if (matches(record)) return &record;
  }
  return nullptr;
}

Cell& Table::at(Record& record, std::string_view field) const {
  return record.cells[column(field)];
}

const Cell& Table::at(const Record& record, std::string_view field) const {
  return record.cells[column(field)];
}

const Cell& Table::read(const Database& db, const Record& record, std::size_t column,
                        Cell& scratch) const {
  if (!vias_[column].empty()) return vias_[column].read(db, record, scratch);
  if (const std::size_t of = id_of_[column]; of != 0) {
    const std::int64_t id = reference_or(record.cells[of], 0);
    scratch = id == 0 ? Cell() : Cell(id);
    return scratch;
  }
  if (const auto computed = fields_[column].computed) {
    scratch = computed(db, record);
    return scratch;
  }
  return record.cells[column];
}

Record Table::blank() const {
  Record record;
  record.cells.resize(fields_.size());
  return record;
}

const Record& Table::insert(Record record) {
  if (record.id == 0) record.id = records_.empty() ? 1 : records_.rbegin()->first + 1;
  return put(std::move(record));
}

const Record& Table::put(Record record) {
  const std::int64_t id = record.id;
  record.cells[0] = id;
  if (const Record* before = find(id)) {
    if (const auto parent = parent_of(*before)) by_parent_[*parent].erase(id);
  }
  if (const auto parent = parent_of(record)) by_parent_[*parent].insert(id);
  return records_.insert_or_assign(id, std::move(record)).first->second;
}

void Table::erase(std::int64_t id) {
  const Record* record = find(id);
  if (record == nullptr) return;
  if (const auto parent = parent_of(*record)) by_parent_[*parent].erase(id);
  records_.erase(id);
}

Record Table::take(std::int64_t id) {
  const auto found = records_.find(id);
  assert(found != records_.end());
  Record record = std::move(found->second);
  if (const auto parent = parent_of(record)) by_parent_[*parent].erase(id);
  records_.erase(found);
  return record;
}

const std::set<std::int64_t>& Table::children_of(std::int64_t parent) const {
  const auto found = by_parent_.find(parent);
  return found == by_parent_.end() ? kNoChildren : found->second;
}

std::optional<std::int64_t> Table::parent_of(const Record& record) const {
  if (!parent_column_) return std::nullopt;
  const RecordReference* parent = std::get_if<RecordReference>(&record.cells[*parent_column_]);
  if (parent == nullptr) return std::nullopt;
  return parent->id;
}

Database::Database(std::span<const std::span<const ResourceSpec>> resources) {
  for (const std::span<const ResourceSpec> some : resources) {
    for (const ResourceSpec& resource : some) add(resource);
  }
  link_all();
}

Database::Database(const ResourceSpec& resource) {
  add(resource);
  link_all();
}

Database::~Database() = default;

void Database::add(const ResourceSpec& resource) {
  Table& table = tables_.emplace_back(resource);
  by_name_.emplace(resource.name, &table);
}

void Database::link_all() {
  for (Table& table : tables_) link(table);
}

void Database::link(Table& table) const {
  const ResourceSpec& resource = table.resource();
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    const FieldSpec& field = table.fields()[i];
    assert(field.target.empty() || find_table(field.target) != nullptr);
    if (!field.via.empty()) table.vias_[i] = path(table, field.via);
    if (!field.id_of_reference.empty()) table.id_of_[i] = table.column(field.id_of_reference);
  }
  for (const ReferenceMember& member : resource.reference_form) {
    // Resources that nothing refers to may lack a name.
    table.reference_columns_.push_back(table.find_column(member.field).value_or(0));
  }
  for (const InfoMember& member : resource.info) {
    table.info_plans_.push_back(plan(table, member));
  }
  for (const InfoMember& member : resource.reference_info) {
    table.reference_info_plans_.push_back(plan(table, member));
  }
  if (!resource.href.empty()) table.href_name_ = std::string(resource.href) + "_href";
  const std::size_t open = resource.path.find('{');
  if (open == std::string_view::npos) return;
  const std::size_t close = resource.path.find('}', open);
  table.parent_column_ = table.column(resource.path.substr(open + 1, close - open - 1));
  table.parent_ = find_table(table.fields()[*table.parent_column_].target);
  assert(table.parent_ != nullptr);
}

InfoPlan Database::plan(const Table& table, const InfoMember& member) const {
  InfoPlan made;
  made.name = member.name;
  if (member.link.empty()) {
    made.fact = path(table, member.field);
    return made;
  }
  std::string_view rest = member.link;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    InfoPlan::Piece piece{std::string(rest.substr(0, open)), {}};
    rest.remove_prefix(std::min(open, rest.size()));
    if (!rest.empty()) {
      const std::size_t close = rest.find('}');
      piece.value = path(table, rest.substr(1, close - 1));
      rest.remove_prefix(close + 1);
    }
    made.link.push_back(std::move(piece));
  }
  return made;
}

Table& Database::table(std::string_view resource) {
  const auto found = by_name_.find(resource);
  assert(found != by_name_.end());
  return *found->second;
}

const Table& Database::table(std::string_view resource) const {
  const auto found = by_name_.find(resource);
  assert(found != by_name_.end());
  return *found->second;
}

const Table* Database::find_table(std::string_view resource) const {
  const auto found = by_name_.find(resource);
  return found == by_name_.end() ? nullptr : found->second;
}

FieldPath Database::path(const Table& table, std::string_view names) const {
  std::vector<FieldPath::Step> steps;
  const Table* current = &table;
  for (const std::string_view name : split(names, '/')) {
    assert(current != nullptr);
    const std::size_t column = current->column(name);
    const FieldSpec& field = current->fields()[column];
    steps.push_back({current, column, &field});
    current = field.kind == FieldKind::reference ? find_table(field.target) : nullptr;
  }
  return FieldPath(std::move(steps));
}

Cell Database::read(const Table& table, const Record& record, std::string_view names) const {
  Cell scratch;
  return path(table, names).read(*this, record, scratch);
}

}  // namespace patchbay::sandbox
