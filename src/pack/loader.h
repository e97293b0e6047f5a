// YAML to Integration. The format is told in docs/authoring-integrations.md.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "integration/model.h"
#include "yaml/yaml.h"

namespace patchbay::pack {

// A file of a pack, wherever it came from.
struct PackFile {
  std::string path;  // "connectwise_psa/resources/tickets.yaml"
  std::string text;
};

// A problem in a definition, with its place and a fix.
struct Problem {
  std::string file;
  std::size_t line = 0;  // from 1; 0: the whole file
  std::string message;
  std::string fix;
  bool warning = false;  // lint: worth mending, but it loads
};

struct LoadOutcome {
  // The caller's own. Null if there is an error among the problems.
  std::shared_ptr<integration::Integration> integration;
  std::vector<Problem> problems;
};

// A file that was read as YAML, or what kept it from being so.
struct ParsedFile {
  std::string path;
  std::expected<yaml::Node, yaml::ParseError> root;
};
std::vector<ParsedFile> parse_files(const std::vector<PackFile>& files);

// Loads one pack: its integration.yaml, resources/*.yaml and prompts/*.yaml. Reports every problem,
// not only the first.
LoadOutcome load_pack(const std::vector<PackFile>& files);
LoadOutcome load_parsed(std::vector<ParsedFile> files);
// A file of which this program made tools before. Its tree is made when it is read and gone
// afterwards: those of a whole API are 30 MB side by side, and one after another some hundred KB.
struct KeptFile {
  std::string path;
  std::function<std::expected<yaml::Node, yaml::ParseError>()> tree;
};
// What takes long to check is not checked again: schemas and patterns are compiled when they are
// used first, and a schema that cannot be after all refuses the calls of its tool.
LoadOutcome load_kept(std::vector<KeptFile> files);
// The same with the quality warnings: methods that make no tool, thin descriptions, missing
// examples.
LoadOutcome lint_pack(const std::vector<PackFile>& files);

// Reads the files of a pack's folder. Errors: not_found, too_large (1 MiB a file, 5,000 files).
Result<std::vector<PackFile>> read_pack(const std::filesystem::path& folder);

// The packs that are built into the binary, by name.
std::vector<std::string> embedded_packs();
std::vector<PackFile> embedded_pack(std::string_view name);

}  // namespace patchbay::pack
