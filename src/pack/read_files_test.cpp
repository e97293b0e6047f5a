// Files in definitions: multipart bodies, downloads, and what a request needs.
#include <algorithm>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kIntegration = R"(name: acme
base_url: "{site}/api"
credentials:
  - {name: site}
pagination: {fields_parameter: fields, filter_parameter: where}
dialects: {filter: connectwise_conditions, update: json_patch}
references:
  group: groups
custom_fields: {field: extra, filter: extraConditions}
)";

constexpr std::string_view kGroups = R"(resource: groups
path: /groups
fields: {id: integer, name: string}
methods:
  list:
    description: Groups of files, which files belong to, by name.
    default_fields: [id, name]
)";

constexpr std::string_view kFiles = R"(resource: files
tags: [stuff]
path: /files
fields: {id: integer, title: string, extra: array}
methods:
  list:
    description: Files of a group or of whatever else has some, newest first.
    parameters:
      ownerId: integer
      ownerType: string
      group: {type: group, target: ownerId, also: {ownerType: Group}}
    needs: [ownerId, ownerType]
    default_fields: [id, title]
  create:
    description: Uploads a file to a group, which is looked up by its name.
    encoding: multipart
    file: upload
    parts:
      group: {type: group, target: ownerId, required: true}
      hidden: {type: boolean, target: hidden_flay}
    examples: [{group: Tools, fileName: a.txt, text: x}]
  download:
    description: The content of a file, whose id the list of files gives.
    path: /files/{id}/content
    answer: file
)";

LoadOutcome load(std::string_view files) {
  return lint_pack({{"acme/integration.yaml", std::string(kIntegration)},
                    {"acme/resources/groups.yaml", std::string(kGroups)},
                    {"acme/resources/files.yaml", std::string(files)}});
}

std::string problem_of(std::string_view from, std::string_view to) {
  std::string text(kFiles);
  const auto at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  for (const Problem& problem : load(text.replace(at, from.size(), to)).problems) {
    if (!problem.warning) return problem.message + " (" + problem.fix + ")";
  }
  return "none";
}

const integration::Argument* find_argument(const integration::Method& method,
                                           std::string_view name) {
  const auto found = std::ranges::find(method.arguments, name, &integration::Argument::name);
  return found == method.arguments.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a multipart method takes a file and the other parts by their own names") {
  const LoadOutcome outcome = load(kFiles);
  for (const Problem& problem : outcome.problems) MESSAGE(problem.line << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  const integration::Resource& files = *outcome.integration->find_resource("files");
  const integration::Method& upload = *files.find_method("create");
  CHECK(upload.encoding == integration::Encoding::multipart);
  CHECK(upload.file_part == "upload");
  for (const std::string_view name : {"fileName", "content", "text", "mimeType"}) {
    REQUIRE_MESSAGE(find_argument(upload, name) != nullptr, name);
    CHECK(find_argument(upload, name)->place == integration::ArgumentPlace::file);
    CHECK(find_argument(upload, name)->required == (name == "fileName"));
  }
  CHECK(find_argument(upload, "hidden")->place == integration::ArgumentPlace::body);
  CHECK(find_argument(upload, "hidden")->target == "hidden_flay");
  CHECK(find_argument(upload, "group")->reference.has_value());

  const integration::Method& list = *files.find_method("list");
  CHECK(list.needs == std::vector<std::string>{"ownerId", "ownerType"});
  CHECK(find_argument(list, "group")->place == integration::ArgumentPlace::query);
  CHECK(find_argument(list, "group")->also.at("ownerType") == json::Value("Group"));
  CHECK(find_argument(list, integration::kCustomFieldFilter)->place ==
        integration::ArgumentPlace::platform);

  const integration::Method& download = *files.find_method("download");
  CHECK(download.answer == integration::AnswerKind::file);
  CHECK_FALSE(download.writes());
  CHECK(find_argument(download, "offset") != nullptr);
  CHECK(find_argument(download, "fields") == nullptr);
  const auto tools = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(tools.has_value());
  CHECK((*tools)->find("create_a_acme_file") != nullptr);
  CHECK((*tools)->find("acme_files_download") != nullptr);
}

TEST_CASE("what cannot carry or be a file is told") {
  CHECK(problem_of("    encoding: multipart\n", "").contains("only a multipart body has parts"));
  CHECK(problem_of("encoding: multipart", "encoding: multipart\n    verb: get")
            .contains("needs a verb that takes it"));
  CHECK(problem_of("encoding: multipart", "encoding: mime").contains("multipart"));
  CHECK(problem_of("    answer: file", "    answer: file\n    verb: post")
            .contains("only a custom method that gets"));
  CHECK(problem_of("needs: [ownerId, ownerType]", "needs: [ownerld]")
            .contains("did you mean ownerId"));
}

}  // namespace patchbay::pack
