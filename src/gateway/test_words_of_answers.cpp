// Words of the format that change what a caller is told.
#include "gateway/test_words.h"

namespace patchbay::gateway {
namespace {

// ---- what a credential may be, and who may see it ----------------------------------------------

AcmePack with_key_of(const std::string& type) {
  return {.key = ", type: " + type + (type == "select" ? ", options: [eu, us]" : "")};
}

// What is said of a key that the upstream refuses and repeats, or of an account that it cannot
// open.
std::string key_as_told(const Tools& tools) {
  std::map<std::string, Secret> credentials;
  credentials.emplace("site", Secret("http://127.0.0.1:1"));
  for (const auto& [name, value] : kAcmeCredentials) credentials.emplace(name, Secret(value));
  const auto opened = upstream::Account::open(
      "acc_test", std::shared_ptr<const integration::Integration>(tools, &tools->integration()),
      credentials, TimeZone::utc());
  if (!opened) return opened.error().message;
  AcmeWorld world(tools, always(R"({"message":"there is no moonbase"})", 400));
  const auto answered = world.call(kGetTask, R"({"id":7})");
  REQUIRE(answered.result.is_error);
  return std::string(answered.value.find("error")->string_or("message", ""));
}

const Trial kCredentialType = {"credentials.type",
                               with_key_of,
                               key_as_told,
                               {{"text", "there is no moonbase"},
                                {"password", "there is no [secret]"},
                                {"select", "Key (key) must be one of: eu, us"}}};

// ---- what an answer is -------------------------------------------------------------------------

AcmePack answering_with(const std::string& kind) {
  return {.methods =
              "  download:\n"
              "    description: What a task says, by its id.\n"
              "    path: /tasks/{id}/download\n"
              "    answer: " +
              kind + '\n'};
}

std::string record_or_file(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"title":"t"})"));
  const auto answered = world.call("acme_tasks_download", R"({"id":7})");
  REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
  const auto& file = answered.result.file;
  return file ? "a file: " + file->content : "a record: " + answered.result.text;
}

const Trial kAnswer = {
    "answer",
    answering_with,
    record_or_file,
    {{"json", R"(a record: {"title":"t"})"}, {"file", R"(a file: {"title":"t"})"}}};

// ---- what a refusal means ----------------------------------------------------------------------

AcmePack refusing_like(const std::string& family) {
  return {.integration = family == kLeftOut ? "" : "dialects: {errors: " + family + "}\n"};
}

std::string advice(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"code":"InvalidObject","message":"task object is invalid",)"
                                R"("errors":[{"code":"MissingRequiredField","field":"title",)"
                                R"("message":"title is required"}]})",
                                400));
  const auto answered = world.call(kGetTask, R"({"id":7})");
  REQUIRE(answered.result.is_error);
  return std::string(answered.value.find("error")->string_or("hint", ""));
}

const Trial kErrors = {"dialects.errors",
                       refusing_like,
                       advice,
                       {{"connectwise", "Give title and call again."},
                        {kLeftOut, "Correct the named fields and call again."}}};

// ---- what a composite makes of a list ----------------------------------------------------------

// The last one's time is none. On the day of the test's clock (TestDay) the first is ten days old.
constexpr const char* kTasks =
    R"([{"id":1,"size":5,"due":"2026-11-12T00:00:00Z","done":"2026-11-25T00:00:00Z"},)"
    R"({"id":2,"size":2,"due":"2026-11-22T00:00:00Z","done":"2026-11-20T00:00:00Z"},)"
    R"({"id":3,"size":4,"due":"2026-11-23T00:00:00Z","done":"2026-11-24T00:00:00Z"},)"
    R"({"id":4,"size":4,"due":"soon","done":"2026-11-25T00:00:00Z"}])";

AcmePack reducing(const std::string& reduction) {
  return {.methods =
              "  list: Tasks of all people.\n"
              "  review:\n"
              "    description: Looks at all tasks.\n"
              "    composite:\n"
              "      steps:\n"
              "        work:\n"
              "          call: tasks.list\n"
              "          reduce:\n" +
              reduction};
}

json::Value review(const Tools& tools) {
  AcmeWorld world(tools, always(kTasks));
  const auto answered = world.call("acme_tasks_review", "{}");
  REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
  const auto* work = answered.value.find("work");
  REQUIRE(work != nullptr);
  return *work;
}

AcmePack keeping(const std::string& test) {
  std::string than = "\"2026-11-22T00:00:00Z\"";
  if (test == "shorter_than") than = "10";
  if (test == "before_field") than = "done";
  if (test == "one_of") than = "[\"2026-11-22T00:00:00Z\", soon]";
  return reducing(
      "            records: 10\n"
      "            keep: {due: {" +
      test + ": " + than + "}}\n");
}

std::string kept_ids(const Tools& tools) {
  const auto work = review(tools);
  const auto* records = work.find("result");
  REQUIRE(records != nullptr);
  std::string ids;
  for (const auto& record : *records->if_array()) ids += std::to_string(record.int64_or("id", 0));
  return ids;
}

const Trial kKeep = {"keep",
                     keeping,
                     kept_ids,
                     {{"equal", "2"},
                      {"shorter_than", "4"},
                      {"from", "23"},
                      {"before", "1"},
                      {"before_field", "13"},
                      {"one_of", "24"}}};

AcmePack adding_up(const std::string& word) {
  const std::string field = word == "count" ? "" : word == "age" ? " due" : " size";
  return reducing("            values: {n: " + word + field + "}\n");
}

std::string total(const Tools& tools) {
  const auto work = review(tools);
  const auto* all = work.find("total");
  const auto* n = all != nullptr ? all->find("n") : nullptr;
  return n != nullptr ? json::to_string(*n) : "none";
}

const Trial kValues = {"values",
                       adding_up,
                       total,
                       {{"count", "4"}, {"sum", "15"}, {"min", "2"}, {"max", "5"}, {"age", "10"}}};

}  // namespace

std::vector<Trial> trials_of_answers() {
  return {kCredentialType, kAnswer, kErrors, kKeep, kValues};
}

}  // namespace patchbay::gateway
