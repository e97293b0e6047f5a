// The admin API of an instance, for commands: one request at a time, and what it says as JSON.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::cli {

class ApiClient {
 public:
  // Of the instance that choose_connection (connection.h) finds. Connects at the first request.
  static Result<ApiClient> open(const std::string& profile);
  ApiClient(ApiClient&&) noexcept;
  ~ApiClient();

  // `path` is encoded, and may have a query. Errors are the API's own, with their hints; those of
  // the way to it say how far it came (`unavailable`, `upstream`).
  Result<json::Value> get(const std::string& path) const;
  Result<json::Value> post(const std::string& path, const json::Value& body) const;
  Result<json::Value> put(const std::string& path, const json::Value& body) const;
  // A document as it is: JSON or YAML, which the instance tells apart.
  Result<json::Value> post_document(const std::string& path, std::string document) const;
  Result<json::Value> patch(const std::string& path, const json::Value& body) const;
  Result<json::Value> remove(const std::string& path) const;

  using Query = std::vector<std::pair<std::string, std::string>>;  // not encoded; empty values out
  // Every page of a list, up to kMostRecords; says how far it is after a second, and beyond the
  // bound that there is more.
  Result<json::Array> list(const std::string& path, const Query& query = {}) const;

 private:
  struct Impl;
  explicit ApiClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// "/integrated-account/acc_1", its segments encoded.
std::string path_to(std::initializer_list<std::string_view> segments);

}  // namespace patchbay::cli
