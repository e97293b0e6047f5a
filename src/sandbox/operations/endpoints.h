// Paths to what answers them: the standard ones that follow from the resources' declarations, and
// the special ones (ticket search, forecasts, system info, …).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sandbox/operations/actions.h"
#include "sandbox/operations/call.h"

namespace patchbay::sandbox {

using SpecialHandler = std::function<Answer<http::Response>(const Call&)>;

struct SpecialEndpoint {
  http::Method method;
  std::string path;  // "service/tickets/{}/allNotes"; a "{}" is a number, see Call::ids
  SpecialHandler handler;
};
std::vector<SpecialEndpoint> special_endpoints();

class Endpoints {
 public:
  explicit Endpoints(Database& db);

  // `segments`: the decoded path below ".../apis/3.0/", in the case that the client used.
  Answer<http::Response> dispatch(Call& call, const std::vector<std::string>& segments) const;

 private:
  enum class Shape : std::uint8_t { collection, count, record };
  struct Standard {
    Table* table = nullptr;
    Shape shape = Shape::collection;
  };
  Answer<http::Response> answer(Call& call, const Standard& endpoint, const Record* named) const;
  Answer<http::Response> answer_record(const Call& call, Table& table, const Record& record) const;

  // By path in lower case with "{}" for numbers.
  std::unordered_map<std::string, Standard> standard_;
  std::unordered_map<std::string, std::vector<SpecialEndpoint>> special_;
};

}  // namespace patchbay::sandbox
