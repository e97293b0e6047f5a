// The records, by resource. Ordered by id; child records can be listed by their parent.
//
// Not synchronised: the engine holds one lock around each request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sandbox/records/cell.h"
#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct Record : Row {
  std::int64_t id = 0;
};
class Table;

// The way from a record to a value: a field, and fields behind references.
class FieldPath {
 public:
  struct Step {
    const Table* table = nullptr;  // null inside a child collection's row
    std::size_t column = 0;
    const FieldSpec* field = nullptr;
  };
  FieldPath() = default;
  explicit FieldPath(std::vector<Step> steps) : steps_(std::move(steps)) {}

  bool empty() const { return steps_.empty(); }
  const FieldSpec& last() const { return *steps_.back().field; }
  // Null where a reference on the way is. `scratch` holds the result if it is not stored anywhere.
  const Cell& read(const Database& db, const Record& record, Cell& scratch) const;
  // The same for the path of a child collection's row.
  const Cell& read_row(const Database& db, const Row& row, Cell& scratch) const;

 private:
  const Cell& follow(const Database& db, const Cell* cell, Cell& scratch) const;
  std::vector<Step> steps_;
};

// An InfoMember with its paths resolved: it is written for each of a page's records.
struct InfoPlan {
  struct Piece {
    std::string text;
    FieldPath value;  // empty: nothing after the text
  };
  std::string name;
  std::vector<Piece> link;  // empty: it is a fact
  FieldPath fact;
};

class Table {
 public:
  explicit Table(const ResourceSpec& resource);
  Table(const Table&) = delete;
  ~Table();

  const ResourceSpec& resource() const { return resource_; }
  const std::vector<FieldSpec>& fields() const { return fields_; }      // `id` first, stamps last
  std::optional<std::size_t> find_column(std::string_view name) const;  // without regard to case
  std::size_t column(std::string_view name) const;                      // exact; asserts

  const std::map<std::int64_t, Record>& records() const { return records_; }
  const Record* find(std::int64_t id) const;
  // The first record whose field has this text, without regard to case. Optionally only among the
  // children of a parent.
  const Record* find_by(std::string_view field, std::string_view value,
                        std::optional<std::int64_t> parent = std::nullopt) const;

  Cell& at(Record& record, std::string_view field) const;
  const Cell& at(const Record& record, std::string_view field) const;  // stored value, see `read`
  // Stored, computed or read via references.
  const Cell& read(const Database& db, const Record& record, std::size_t column,
                   Cell& scratch) const;

  // A record with all cells null and no id.
  Record blank() const;
  // Gives it the next id unless it has one.
  const Record& insert(Record record);
  const Record& put(Record record);  // in place of the one with its id
  void erase(std::int64_t id);
  Record take(std::int64_t id);  // erases it and returns what it was; asserts that it is there

  // For resources below another one: the column that refers to the parent.
  const std::optional<std::size_t>& parent_column() const { return parent_column_; }
  const Table* parent() const { return parent_; }
  // How records are shown, resolved once.
  const std::vector<InfoPlan>& info_plans() const { return info_plans_; }
  const std::vector<InfoPlan>& reference_info_plans() const { return reference_info_plans_; }
  const std::vector<std::size_t>& reference_columns() const { return reference_columns_; }
  const std::string& href_name() const { return href_name_; }  // "board_href"; may be empty
  const std::set<std::int64_t>& children_of(std::int64_t parent) const;
  std::optional<std::int64_t> parent_of(const Record& record) const;

 private:
  friend class Database;
  ResourceSpec resource_;
  std::vector<FieldSpec> fields_;
  std::unordered_map<std::string_view, std::size_t> columns_;
  std::unordered_map<std::string, std::size_t> folded_columns_;
  std::vector<FieldPath> vias_;     // by column; empty where the field is not read via a path
  std::vector<std::size_t> id_of_;  // by column: the reference whose id is shown; 0: none
  std::optional<std::size_t> parent_column_;
  const Table* parent_ = nullptr;
  std::vector<InfoPlan> info_plans_;
  std::vector<InfoPlan> reference_info_plans_;
  std::vector<std::size_t> reference_columns_;  // of resource().reference_form
  std::string href_name_;

  std::map<std::int64_t, Record> records_;
  std::unordered_map<std::int64_t, std::set<std::int64_t>> by_parent_;
};

class Database {
 public:
  // The declarations are constants that outlive the database.
  explicit Database(std::span<const std::span<const ResourceSpec>> resources);
  explicit Database(const ResourceSpec& resource);
  ~Database();

  Table& table(std::string_view resource);  // asserts
  const Table& table(std::string_view resource) const;
  const Table* find_table(std::string_view resource) const;
  std::deque<Table>& tables() { return tables_; }
  const std::deque<Table>& tables() const { return tables_; }

  // A path through references by the fields' own names: "ticket/status/name". Asserts.
  FieldPath path(const Table& table, std::string_view names) const;
  // Reads along such a path, as text or nothing. For rules and links, not for lists.
  Cell read(const Table& table, const Record& record, std::string_view names) const;

 private:
  void add(const ResourceSpec& resource);
  void link_all();
  void link(Table& table) const;
  InfoPlan plan(const Table& table, const InfoMember& member) const;

  std::deque<Table> tables_;
  std::unordered_map<std::string_view, Table*> by_name_;
};

}  // namespace patchbay::sandbox
