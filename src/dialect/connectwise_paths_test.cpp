// The pack and the sandbox are two readings of one API: whatever path and verb the pack names, the
// sandbox must serve. Both are seen here and in no room below.
#include <map>

#include <doctest/doctest.h>

#include "base/text.h"
#include "pack/embedded.h"
#include "pack/loader.h"
#include "sandbox/test_client.h"

namespace patchbay {
namespace {

// "/service/boards/{boardId}/types/{id}" → "service/boards/{}/types/{}"
std::string shape_of(std::string_view path) {
  std::string shape;
  bool inside = false;
  for (const char c : path) {
    if (c == '}') inside = false;
    if (!inside) shape += c;
    if (c == '{') inside = true;
  }
  return to_lower(shape.starts_with('/') ? shape.substr(1) : shape);
}

http::Method to_http(integration::Verb verb) {
  switch (verb) {
    case integration::Verb::get:
      return http::Method::get;
    case integration::Verb::post:
      return http::Method::post;
    case integration::Verb::put:
      return http::Method::put;
    case integration::Verb::patch:
      return http::Method::patch;
    case integration::Verb::delete_:
      return http::Method::delete_;
  }
  return http::Method::get;
}

// Ids of records that are there, so that not a missing record but the endpoint answers.
class Ids {
 public:
  explicit Ids(const sandbox::Database& db) {
    for (const auto& table : db.tables()) {
      tables_[shape_of(table.resource().path)] = &table;
    }
  }

  std::string fill(std::string_view path) const {
    const std::string shape = shape_of(path);
    std::vector<std::int64_t> ids;
    if (const auto record = tables_.find(shape.substr(0, shape.rfind('/')));
        shape.ends_with("/{}") && record != tables_.end()) {
      const sandbox::Table& table = *record->second;
      if (!table.records().empty()) {
        const sandbox::Record& first = table.records().begin()->second;
        if (const auto parent = table.parent_of(first)) ids.push_back(*parent);
        ids.push_back(first.id);
      }
    }
    const std::size_t open = shape.find("/{}");
    if (ids.empty() && open != shape.npos) {
      const auto above = tables_.find(shape.substr(0, open));
      if (above != tables_.end() && !above->second->records().empty()) {
        ids.push_back(above->second->records().begin()->first);
      }
    }
    std::string filled;
    std::size_t next = 0;
    for (const std::string_view part : split(path, '/')) {
      if (part.empty()) continue;
      filled += '/';
      if (!part.starts_with('{')) {
        filled += part;
      } else {
        filled += std::to_string(next < ids.size() ? ids[next] : 1);
        ++next;
      }
    }
    return filled;
  }

 private:
  std::map<std::string, const sandbox::Table*> tables_;
};

}  // namespace

TEST_CASE("the sandbox serves every path and verb that the shipped pack names") {
  const auto outcome = pack::load_pack(pack::embedded_pack("connectwise_psa"));
  REQUIRE(outcome.integration != nullptr);
  sandbox::testing::TestClient client;
  const Ids ids(client.engine.database());
  int asked = 0;
  const auto ask = [&](integration::Verb verb, const std::string& pattern,
                       const std::string& body) {
    const std::string path = ids.fill(pattern);
    CAPTURE(pattern);
    CAPTURE(path);
    const auto reply = client.send(to_http(verb), path, body);
    CAPTURE(reply.text);
    CHECK(reply.message() != "The endpoint does not exist.");
    CHECK(reply.status != 405);
    ++asked;
  };
  // Deletions last: what they take away could be another path's parent.
  for (const bool deletions : {false, true}) {
    for (const integration::Resource& resource : outcome.integration->resources) {
      for (const integration::Method& method : resource.methods) {
        if (method.path.empty()) continue;  // made of other methods' calls
        if ((method.verb == integration::Verb::delete_) != deletions) continue;
        CAPTURE(resource.name);
        CAPTURE(method.name);
        ask(method.verb, method.path.text(), method.verb == integration::Verb::patch ? "[]" : "{}");
        if (!method.count_path.empty()) ask(integration::Verb::get, method.count_path.text(), "");
        for (const integration::Expansion& expansion : method.expansions) {
          if (!expansion.path.empty()) ask(integration::Verb::get, expansion.path.text(), "");
        }
      }
    }
  }
  CHECK(asked > 250);
}

}  // namespace patchbay
