// What a call of many records answers: first how many were written, then a line for each of them.
//
//   {"applied":2,"failed":1,"result":[
//   {"index":0,"id":5012,"was_applied":"yes","priority":{…}},
//   {"index":1,"id":5013,"was_applied":"no","code":"not_found","message":"…","hint":"…"},
//   {"index":2,"id":5014,"was_applied":"yes","priority":{…}}
//   ]}
//
// It is an error only where nothing was written. What is too long tells less of each record, of
// those that were written first, and at last of fewer records: never of fewer verdicts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "catalog/tool.h"
#include "gateway/call/context.h"
#include "json/value.h"

namespace patchbay::gateway {

class Told {
 public:
  // `tool` outlives it.
  Told(const catalog::Tool& tool, const std::vector<json::Object>& records);

  void take(std::size_t index, const CallResult& result);
  void not_begun(std::size_t index);

  // Text, was_applied and is_error; in at most `most_bytes`.
  CallResult result(std::size_t most_bytes, const std::string& request_id) const;

 private:
  enum class Verdict : std::uint8_t { applied, failed, not_sent, waiting, unknown, shown };
  struct Line {
    Verdict verdict = Verdict::not_sent;
    json::Object head;  // index, id, was_applied
    json::Object rest;  // what was told of it
    int status = 0;     // of an error
  };

  std::size_t count(Verdict verdict) const;
  std::string counts() const;
  json::Value error() const;
  json::Object shorter(const Line& line, int level) const;

  const catalog::Tool& tool_;
  std::vector<Line> lines_;
};

}  // namespace patchbay::gateway
