// The door: files in, integration and problems out. Nothing is thrown across it.
#include "pack/loader.h"

#include <algorithm>
#include <deque>
#include <exception>
#include <future>
#include <thread>
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

bool is_integration_file(const KeptFile& file) {
  return below_pack(file.path) == "integration.yaml";
}

// The file's name without its folder and ".yaml" if it stands in that folder, else empty.
std::string_view name_in(std::string_view folder, const KeptFile& file) {
  std::string_view path = below_pack(file.path);
  if (!path.starts_with(folder) || !path.ends_with(".yaml")) return {};
  path.remove_prefix(folder.size());
  path.remove_suffix(std::string_view(".yaml").size());
  return path.find('/') == std::string_view::npos ? path : std::string_view{};
}

// The resource's, the prompt's or the report's name if the file describes one, else empty.
std::string_view resource_of(const KeptFile& file) {
  return name_in("resources/", file);
}
std::string_view prompt_of(const KeptFile& file) {
  return name_in("prompts/", file);
}
std::string_view report_of(const KeptFile& file) {
  return name_in("reports/", file);
}

void read_file(const KeptFile& file, Definition& definition,
               void (*read)(const Node&, const KeptFile&, Definition&)) {
  definition.problems.begin_file(file.path);
  const auto root = file.tree();
  if (!root) {
    const yaml::ParseError& error = root.error();
    definition.problems.error(error.line, error.message, error.fix);
    definition.unreadable_file = true;
    return;
  }
  read(*root, file, definition);
}

// Each `step`th of the files, from the one at `first` on.
void read_resources(const std::vector<KeptFile>& files, std::size_t first, std::size_t step,
                    Definition& into) {
  for (std::size_t at = first; at < files.size(); at += step) {
    if (resource_of(files[at]).empty()) continue;
    read_file(files[at], into, [](const Node& root, const KeptFile& of, Definition& definition) {
      read_resource(root, std::string(resource_of(of)), definition);
    });
  }
}

// Half a start with a whole API is reading its resources, each by itself: on several cores, in
// turns, since large ones stand together. What is looked at for faults is read by one.
void read_all_resources(const std::vector<KeptFile>& files, Definition& definition) {
  constexpr std::size_t kWorthATask = 100;
  const std::size_t tasks = definition.is_known_sound
                                ? std::min<std::size_t>({files.size() / kWorthATask,
                                                         std::thread::hardware_concurrency(), 4})
                                : 1;
  if (tasks < 2) return read_resources(files, 0, 1, definition);
  struct Part {
    explicit Part(const Definition& of) : definition(of.part(problems)) {}
    ProblemList problems;
    Definition definition;
  };
  std::deque<Part> parts;
  std::vector<std::future<void>> others;
  for (std::size_t first = 0; first < tasks; ++first) {
    Part& part = parts.emplace_back(definition);
    others.push_back(std::async(std::launch::async | std::launch::deferred, [&, first] {
      read_resources(files, first, tasks, part.definition);
    }));
  }
  for (auto& other : others) other.get();
  for (Part& part : parts) definition.add(std::move(part.definition));
  // As one after another would have read them.
  std::ranges::sort(definition.integration.resources, {}, &Resource::name);
}

void read_all(std::vector<KeptFile> files, Definition& definition) {
  // By name, whatever order they came in.
  std::ranges::sort(files, {}, &KeptFile::path);
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
  read_file(*main, definition, [](const Node& root, const KeptFile&, Definition& into) {
    read_integration(root, into);
  });
  read_all_resources(files, definition);
  for (const KeptFile& file : files) {
    if (report_of(file).empty()) continue;
    read_file(file, definition, [](const Node& root, const KeptFile& of, Definition& into) {
      read_report(root, std::string(report_of(of)), into);
    });
  }
  for (const KeptFile& file : files) {
    if (prompt_of(file).empty()) continue;
    read_file(file, definition, [](const Node& root, const KeptFile& of, Definition& into) {
      read_prompt(root, std::string(prompt_of(of)), into);
    });
  }
  // Without one file, what others say of it would look wrong: that is not their problem.
  if (!definition.unreadable_file) link(definition);
}

// A tree that is there already is given away once.
std::vector<KeptFile> to_be_read(std::vector<ParsedFile>& parsed) {
  std::vector<KeptFile> files;
  files.reserve(parsed.size());
  for (ParsedFile& file : parsed) {
    files.push_back({file.path, [&file] { return std::move(file.root); }});
  }
  return files;
}

// `files()` gives them: reading them may throw as well.
template <class Files>
LoadOutcome load(Files files, bool with_lint, bool known_sound = false) {
  ProblemList problems;
  LoadOutcome outcome;
  try {
    Definition definition(problems, known_sound);
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

LoadOutcome load(const std::vector<PackFile>& files, bool with_lint) {
  std::vector<ParsedFile> parsed;
  return load(
      [&] {
        parsed = parse_files(files);
        return to_be_read(parsed);
      },
      with_lint);
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

LoadOutcome load_parsed(std::vector<ParsedFile> files) {
  return load([&] { return to_be_read(files); }, false);
}
LoadOutcome load_kept(std::vector<KeptFile> files) {
  return load([&] { return std::move(files); }, false, true);
}
LoadOutcome load_pack(const std::vector<PackFile>& files) {
  return load(files, false);
}
LoadOutcome lint_pack(const std::vector<PackFile>& files) {
  return load(files, true);
}

}  // namespace patchbay::pack
