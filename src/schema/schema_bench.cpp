// What checking a tool call's arguments costs.
#include <benchmark/benchmark.h>

#include "json/parse.h"
#include "schema/validator.h"

namespace patchbay::schema {
namespace {

constexpr std::string_view kSchema = R"({"type":"object","properties":{
  "board":{"type":"string"},"status":{"type":"string"},"company":{"type":"string"},
  "priority":{"type":"string"},"severity":{"type":"string","enum":["Low","Medium","High"]},
  "closed":{"type":"boolean"},"createdAfter":{"type":"string"},"summaryContains":{"type":"string"},
  "limit":{"type":"integer","minimum":1,"maximum":1000},"next_cursor":{"type":"string"},
  "fields":{"type":"array","items":{"type":"string"}}},"additionalProperties":false})";
constexpr std::string_view kArguments = R"({"board":"Triage","closed":false,"severity":"High",
  "createdAfter":"2026-11-22T13:00:00Z","limit":25,"fields":["id","summary","status"]})";

void check_arguments(benchmark::State& state) {
  const auto validator = Validator::compile(*json::parse(kSchema));
  json::Value arguments = *json::parse(kArguments);
  for (auto _ : state) benchmark::DoNotOptimize(validator->check(arguments, {}));
}
BENCHMARK(check_arguments);

void compile_schema(benchmark::State& state) {
  const json::Value schema = *json::parse(kSchema);
  for (auto _ : state) benchmark::DoNotOptimize(Validator::compile(schema));
}
BENCHMARK(compile_schema);

}  // namespace
}  // namespace patchbay::schema
