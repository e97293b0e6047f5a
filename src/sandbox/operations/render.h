// Records as the API shows them: nulls left out, references as objects with links, facts about the
// record in _info. Writes text, not a tree: a page of 1,000 tickets is 5 MB.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/language/projection.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

class Renderer {
 public:
  // `base_url`: "https://host/v4_6_release/apis/3.0/", by the host that the client called.
  Renderer(const Database& db, std::string base_url) : db_(db), base_url_(std::move(base_url)) {}

  void append(std::string& out, const Table& table, const Record& record,
              const Projection& projection) const;
  // A reference to a record, as it stands inside others. For collections that the engine makes up.
  void append_reference(std::string& out, const Table& target, std::int64_t id,
                        const FieldSpec* field = nullptr,
                        const Projection* projection = nullptr) const;

  const std::string& base_url() const { return base_url_; }
  // "service/boards/7/statuses" for a record of a child resource or of a top one.
  static void append_collection_path(std::string& out, const Table& table, const Record& record);

 private:
  void append_cell(std::string& out, const FieldSpec& field, const Cell& cell,
                   const Projection& projection) const;
  void append_info(std::string& out, const Table& table, const Record& record,
                   const Projection& projection) const;
  // False if it was null or not to be shown.
  bool append_planned(std::string& out, const Record& record, const InfoPlan& plan,
                      const Projection& projection, bool first) const;

  const Database& db_;
  std::string base_url_;
};

}  // namespace patchbay::sandbox
