#include "store/definition_questions.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "store/revisions.h"
#include "store/rows.h"

namespace patchbay::store {
namespace {

// As many as anybody has: what is beyond is taken away with each new one.
constexpr std::int64_t kAll = 10'000;

Parameters parameters_of(const DefinitionRow& row) {
  return Parameters()
      .text(row.integration)
      .integer(row.revision)
      .text(row.origin)
      .integer(row.uploaded)
      .integer(row.imported)
      .blob(row.files)
      .integer(row.tools)
      .text(row.created_by)
      .integer(to_millis(row.created_at))
      .blob(row.mac)
      .text(row.id);
}

Result<std::vector<DefinitionRow>> list_in(Session& session, std::string_view integration,
                                           std::int64_t before, std::int64_t limit) {
  const auto answer = session.run(Question::definitions_of,
                                  Parameters().text(integration).integer(before).integer(limit));
  if (!answer) return std::unexpected(answer.error());
  std::vector<DefinitionRow> rows;
  for (std::size_t i = 0; i < answer->rows(); ++i) {
    rows.push_back({.id = answer->at(i, 0).bytes,
                    .integration = answer->at(i, 1).bytes,
                    .revision = answer->at(i, 2).integer,
                    .origin = answer->at(i, 3).bytes,
                    .uploaded = answer->at(i, 4).integer,
                    .imported = answer->at(i, 5).integer,
                    .files = {},
                    .tools = answer->at(i, 6).integer,
                    .created_by = answer->at(i, 7).bytes,
                    .created_at = time_of(answer->at(i, 8))});
  }
  return rows;
}

// All but the `most` latest, and those that these are made of.
Result<> trim(Session& session, std::string_view integration, std::size_t most) {
  const auto rows = list_in(session, integration, DefinitionRows::kFromLatest, kAll);
  if (!rows) return std::unexpected(rows.error());
  std::set<std::int64_t> stay;
  for (std::size_t i = 0; i < std::min(most, rows->size()); ++i) {
    stay.insert({(*rows)[i].revision, (*rows)[i].uploaded, (*rows)[i].imported});
  }
  for (const DefinitionRow& row : *rows) {
    if (stay.contains(row.revision)) continue;
    const auto gone = session.run(Question::delete_definition, Parameters().text(row.id));
    if (!gone) return std::unexpected(gone.error());
  }
  return {};
}

class SqlDefinitions final : public DefinitionRows {
 public:
  explicit SqlDefinitions(Database& database) : database_(database) {}

  Result<> insert(const DefinitionRow& row, std::size_t most) override {
    return database_.change([&](Session& session) -> Result<> {
      const auto before = take_revisions(session, 1);
      if (!before) return std::unexpected(before.error());
      const auto inserted = session.run(Question::insert_definition, parameters_of(row));
      if (!inserted) return std::unexpected(inserted.error());
      if (auto trimmed = trim(session, row.integration, most); !trimmed) return trimmed;
      return note_changes(session, *before, Kind::definition, false, {row.integration});
    });
  }
  Result<std::optional<DefinitionRow>> latest(std::string_view integration) override {
    return one(Question::latest_definition, integration);
  }
  Result<std::optional<DefinitionRow>> find(std::string_view integration,
                                            std::int64_t revision) override {
    return one(Question::definition, definition_id(integration, revision));
  }
  Result<std::vector<DefinitionRow>> list(std::string_view integration, std::int64_t before,
                                          std::size_t limit) override {
    Result<std::vector<DefinitionRow>> rows;
    const auto read = database_.read([&](Session& session) -> Result<> {
      rows = list_in(session, integration, before, static_cast<std::int64_t>(limit));
      return rows ? Result<>() : std::unexpected(rows.error());
    });
    return read ? std::move(rows) : std::unexpected(read.error());
  }
  Result<std::vector<std::string>> integrations() override {
    std::vector<std::string> names;
    const auto read = database_.read([&](Session& session) -> Result<> {
      names.clear();
      while (true) {
        const auto next =
            session.run(Question::next_defined_integration,
                        Parameters().text(names.empty() ? std::string() : names.back()));
        if (!next) return std::unexpected(next.error());
        if (next->rows() == 0) return {};
        names.push_back(next->at(0, 0).bytes);
      }
    });
    return read ? Result<std::vector<std::string>>(std::move(names))
                : std::unexpected(read.error());
  }

 private:
  Result<std::optional<DefinitionRow>> one(Question question, std::string_view key) {
    std::optional<DefinitionRow> row;
    const auto read = database_.read([&](Session& session) -> Result<> {
      row.reset();
      const auto answer = session.run(question, Parameters().text(key));
      if (!answer) return std::unexpected(answer.error());
      if (answer->rows() == 0) return {};
      row = DefinitionRow{.id = answer->at(0, 0).bytes,
                          .integration = answer->at(0, 1).bytes,
                          .revision = answer->at(0, 2).integer,
                          .origin = answer->at(0, 3).bytes,
                          .uploaded = answer->at(0, 4).integer,
                          .imported = answer->at(0, 5).integer,
                          .files = answer->at(0, 6).bytes,
                          .tools = answer->at(0, 7).integer,
                          .created_by = answer->at(0, 8).bytes,
                          .created_at = time_of(answer->at(0, 9)),
                          .mac = answer->at(0, 10).bytes};
      return {};
    });
    if (!read) return std::unexpected(read.error());
    return row;
  }

  Database& database_;
};

}  // namespace

std::string definition_id(std::string_view integration, std::int64_t revision) {
  return fmt::format("{}/{:010}", integration, revision);
}

std::unique_ptr<DefinitionRows> make_definitions(Database& database) {
  return std::make_unique<SqlDefinitions>(database);
}

}  // namespace patchbay::store
