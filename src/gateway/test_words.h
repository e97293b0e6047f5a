// For tests: each word of the format in a small pack, and what comes of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/test_harness.h"

namespace patchbay::gateway {

using Tools = std::shared_ptr<const catalog::ToolCatalog>;

// A pack of one resource, tasks, and what of it differs from trial to trial.
struct AcmePack {
  std::string integration = {};  // further lines of integration.yaml
  std::string key = {};          // what the credential `key` has beside its name: ", type: text"
  std::string value = "string";  // the type of the field `value`
  std::string methods = "  get: One task with all of its fields, by its id.\n";

  std::vector<pack::PackFile> files() const {
    return {{"acme/integration.yaml",
             "name: acme\n"
             "base_url: \"{site}/v4_6_release/apis/3.0\"\n"
             "allow_loopback_http: true\n"
             "credentials:\n"
             "  - {name: site}\n"
             "  - {name: user}\n"
             "  - {name: key" +
                 key + "}\n" + integration},
            {"acme/resources/tasks.yaml",
             "resource: tasks\n"
             "path: /tasks\n"
             "fields:\n"
             "  id: integer\n"
             "  title: string\n"
             "  fileName: string\n"
             "  text: string\n"
             "  size: number\n"
             "  due: date_time\n"
             "  done: date_time\n"
             "  value: " +
                 value + "\nmethods:\n" + methods}};
  }
};

inline constexpr const char* kListTasks = "list_all_acme_tasks";
inline constexpr const char* kGetTask = "get_single_acme_task_by_id";
inline constexpr const char* kCreateTask = "create_a_acme_task";
inline constexpr const char* kUpdateTask = "update_a_acme_task_by_id";

// Beside the site, which the harness gives.
inline const std::map<std::string, std::string> kAcmeCredentials = {{"user", "ann"},
                                                                    {"key", "moonbase"}};

// A gateway with that pack's tools before an upstream that the test plays.
struct AcmeWorld {
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream;
  Harness harness;

  AcmeWorld(const Tools& tools, StubUpstream::Answers answers)
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port(), {}, kAcmeCredentials, tools) {}
  ~AcmeWorld() { runtime.stop(); }

  Answered call(const std::string& tool, const std::string& arguments) {
    return harness.call(tool, arguments);
  }
  StubUpstream::Seen last_seen() const {
    const auto seen = upstream.seen();
    REQUIRE_FALSE(seen.empty());
    return seen.back();
  }
};

// Answers every request alike.
inline StubUpstream::Answers always(std::string body, int status = 200) {
  return [body = std::move(body), status](const StubUpstream::Seen&) {
    return http::Response::json(status, body);
  };
}

// In place of a word: the key is not there. For keys of one word, which nothing else sets off.
inline constexpr const char* kLeftOut = "";

// The words of one key, all tried in the same way.
struct Trial {
  std::string_view key;  // as pack::vocabularies() calls it
  AcmePack (*pack_with)(const std::string& word);
  // What the upstream was asked, or what the caller was told. The calls are the same for every
  // word: what differs is the word's doing.
  std::string (*effect)(const Tools& tools);
  std::vector<std::pair<std::string, std::string>> effects;  // by word, each another
};

// Those whose effect the upstream sees, and those whose effect the caller does.
std::vector<Trial> trials_of_requests();
std::vector<Trial> trials_of_answers();

}  // namespace patchbay::gateway
