// The door: files in, integration and problems out. Nothing is thrown across it.
#include "pack/loader.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "pack/definition.h"
#include "pack/link.h"
#include "pack/lint.h"
#include "pack/read_integration.h"
#include "pack/read_prompt.h"
#include "pack/read_report.h"
#include "pack/read_resource.h"
#include "yaml/yaml.h"

namespace patchbay::pack {
namespace {

constexpr std::size_t kMaxFiles = 5'000;

// "connectwise_psa/resources/tickets.yaml" → "resources/tickets.yaml"
std::string_view below_pack(std::string_view path) {
  const auto slash = path.find('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_integration_file(const ParsedFile& file) {
  return below_pack(file.path) == "integration.yaml";
}

// The file's name without its folder and ".yaml" if it stands in that folder, else empty.
std::string_view name_in(std::string_view folder, const ParsedFile& file) {
  std::string_view path = below_pack(file.path);
  if (!path.starts_with(folder) || !path.ends_with(".yaml")) return {};
  path.remove_prefix(folder.size());
  path.remove_suffix(std::string_view(".yaml").size());
  return path.find('/') == std::string_view::npos ? path : std::string_view{};
}

// The resource's, the prompt's or the report's name if the file describes one, else empty.
std::string_view resource_of(const ParsedFile& file) {
  return name_in("resources/", file);
}
std::string_view prompt_of(const ParsedFile& file) {
  return name_in("prompts/", file);
}
std::string_view report_of(const ParsedFile& file) {
  return name_in("reports/", file);
}

void read_file(ParsedFile& file, Definition& definition,
               void (*read)(const Node&, const ParsedFile&, Definition&)) {
  definition.problems.begin_file(file.path);
  if (!file.root) {
    const yaml::ParseError& error = file.root.error();
    definition.problems.error(error.line, error.message, error.fix);
    definition.unreadable_file = true;
    return;
  }
  read(*file.root, file, definition);
  // Nothing points into it, and what is read next has use for its memory.
  file.root = Node();
}

void read_all(std::vector<ParsedFile> files, Definition& definition) {
  // By name, whatever order they came in.
  std::ranges::sort(files, {}, &ParsedFile::path);
  if (files.size() > kMaxFiles) {
    definition.problems.error(0, "more than 5,000 files", "split the integration");
    return;
  }
  const auto main = std::ranges::find_if(files, is_integration_file);
  if (main == files.end()) {
    definition.problems.begin_file("integration.yaml");
    definition.problems.error(0, "integration.yaml is missing",
                              "add it beside the folder resources/");
    return;
  }
  const std::string_view main_path = main->path;
  definition.folder = main_path.substr(0, main_path.size() - below_pack(main_path).size());
  read_file(*main, definition, [](const Node& root, const ParsedFile&, Definition& into) {
    read_integration(root, into);
  });
  for (ParsedFile& file : files) {
    if (resource_of(file).empty()) continue;
    read_file(file, definition, [](const Node& root, const ParsedFile& of, Definition& into) {
      read_resource(root, std::string(resource_of(of)), into);
    });
  }
  for (ParsedFile& file : files) {
    if (report_of(file).empty()) continue;
    read_file(file, definition, [](const Node& root, const ParsedFile& of, Definition& into) {
      read_report(root, std::string(report_of(of)), into);
    });
  }
  for (ParsedFile& file : files) {
    if (prompt_of(file).empty()) continue;
    read_file(file, definition, [](const Node& root, const ParsedFile& of, Definition& into) {
      read_prompt(root, std::string(prompt_of(of)), into);
    });
  }
  // Without one file, what others say of it would look wrong: that is not their problem.
  if (!definition.unreadable_file) link(definition);
}

// `files()` gives them: reading them may throw as well.
template <class Files>
LoadOutcome load(Files files, bool with_lint, Trees trees = Trees::unknown) {
  ProblemList problems;
  LoadOutcome outcome;
  try {
    Definition definition(problems, trees);
    read_all(files(), definition);
    if (!problems.has_errors()) {
      auto integration = std::make_shared<Integration>(std::move(definition.integration));
      if (with_lint) lint(integration, definition.folder, definition.method_lines, problems);
      if (!problems.has_errors()) outcome.integration = std::move(integration);
    }
  } catch (const std::exception& error) {
    // Out of memory, most likely: libyaml and the standard library have nothing else to throw.
    problems.error(0, std::string("could not be read: ") + error.what(), "make the file smaller");
  }
  outcome.problems = problems.take();
  return outcome;
}

}  // namespace

std::vector<ParsedFile> parse_files(const std::vector<PackFile>& files) {
  std::vector<ParsedFile> parsed;
  // More are refused whatever stands in them.
  const std::size_t most = std::min(files.size(), kMaxFiles + 1);
  parsed.reserve(most);
  for (std::size_t i = 0; i < most; ++i) {
    parsed.push_back({files[i].path, yaml::parse(files[i].text)});
  }
  return parsed;
}

LoadOutcome load_parsed(std::vector<ParsedFile> files, Trees trees) {
  return load([&] { return std::move(files); }, false, trees);
}
LoadOutcome load_pack(const std::vector<PackFile>& files) {
  return load([&] { return parse_files(files); }, false);
}
LoadOutcome lint_pack(const std::vector<PackFile>& files) {
  return load([&] { return parse_files(files); }, true);
}

}  // namespace patchbay::pack
