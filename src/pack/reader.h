// Reading definitions with every fault told, not only the first: where, what, and how to mend it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/path_template.h"
#include "pack/loader.h"
#include "yaml/yaml.h"

namespace patchbay::pack {

// The faults of one pack. Knows which file is being read.
class FaultList {
 public:
  void begin_file(std::string path) { file_ = std::move(path); }
  const std::string& file() const { return file_; }
  void error(std::size_t line, std::string message, std::string fix);
  void warning(std::size_t line, std::string message, std::string fix);
  bool has_errors() const;
  std::vector<Fault> take();  // by file and line

 private:
  std::string file_;
  std::vector<Fault> faults_;
};

// A mapping whose keys are asked for one by one; what was not asked for is unknown, and is reported
// with the nearest known key when the reader goes.
class MappingReader {
 public:
  // `what` names the thing in messages ("field 'board'"). A node that is no mapping is a fault, and
  // reads as an empty one.
  MappingReader(const yaml::Node& node, std::string what, FaultList& faults);
  MappingReader(const MappingReader&) = delete;
  MappingReader& operator=(const MappingReader&) = delete;
  ~MappingReader();

  const yaml::Node* find(std::string_view key);
  std::string text(std::string_view key, std::string fallback = {});
  std::string required_text(std::string_view key, std::string_view example);
  integration::PathTemplate path(std::string_view key,
                                 const integration::PathTemplate& fallback = {});
  // A JSON pointer (RFC 6901, without escapes): "/paging/next". "" if the key is not there.
  std::string pointer(std::string_view key, std::string fallback = {});
  bool flag(std::string_view key, bool fallback);
  std::optional<bool> optional_flag(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t fallback);
  std::vector<std::string> texts(std::string_view key);
  std::vector<std::pair<std::string, std::string>> text_map(std::string_view key);
  // One of the names, which the caller maps to a value.
  std::size_t choice(std::string_view key, const std::vector<std::string>& names,
                     std::size_t fallback);

  std::size_t line() const { return node_.line; }
  const std::string& what() const { return what_; }

 private:
  const yaml::Node& node_;
  std::string what_;
  FaultList& faults_;
  std::vector<std::string> asked_;
};

// A scalar's text; a fault and nothing otherwise.
std::optional<std::string> scalar_text(const yaml::Node& node, std::string_view what,
                                       FaultList& faults);
std::optional<bool> scalar_flag(const yaml::Node& node, std::string_view what, FaultList& faults);
std::vector<std::string> scalar_texts(const yaml::Node& node, std::string_view what,
                                      FaultList& faults);

// "did you mean 'x'?" with the nearest name, or "known: …".
std::string suggest(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace patchbay::pack
