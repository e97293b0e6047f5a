// Reading definitions with every problem told, not only the first: where, what, and how to mend it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "integration/path_template.h"
#include "pack/loader.h"
#include "pack/words.h"
#include "yaml/yaml.h"

namespace patchbay::pack {

// The problems of one pack. Knows which file is being read.
class ProblemList {
 public:
  void begin_file(std::string path) { file_ = std::move(path); }
  const std::string& file() const { return file_; }
  void error(std::size_t line, std::string message, std::string fix);
  void warning(std::size_t line, std::string message, std::string fix);
  void add(Problem problem) { problems_.push_back(std::move(problem)); }
  bool has_errors() const;
  std::size_t size() const { return problems_.size(); }
  std::vector<Problem> take();  // by file and line

 private:
  std::string file_;
  std::vector<Problem> problems_;
};

// A mapping whose keys are asked for one by one; what was not asked for is unknown, and is reported
// with the nearest known key when the reader goes.
class MappingReader {
 public:
  // `what` names the thing in messages ("field 'board'"). A node that is no mapping is a problem,
  // and reads as an empty one.
  MappingReader(const yaml::Node& node, std::string what, ProblemList& problems);
  MappingReader(const MappingReader&) = delete;
  MappingReader& operator=(const MappingReader&) = delete;
  ~MappingReader();

  // Each `key` is a literal, or stands in the node: it is kept.
  const yaml::Node* find(std::string_view key);
  std::string text(std::string_view key, std::string fallback = {});
  std::string required_text(std::string_view key, std::string_view example);
  integration::PathTemplate path(std::string_view key,
                                 const integration::PathTemplate& fallback = {});
  std::optional<integration::PathTemplate> optional_path(std::string_view key);
  // A JSON pointer (RFC 6901, without escapes): "/paging/next". "" if the key is not there.
  std::string pointer(std::string_view key, std::string fallback = {});
  bool flag(std::string_view key, bool fallback);
  std::optional<bool> optional_flag(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t fallback);
  std::vector<std::string> texts(std::string_view key);
  std::vector<std::pair<std::string, std::string>> text_map(std::string_view key);
  // What one of the words means; told with those that there are if it is another.
  template <class Meaning, std::size_t N>
  Meaning word(std::string_view key, const Words<Meaning, N>& words, Meaning fallback) {
    const yaml::Node* const node = find(key);
    if (node == nullptr) return fallback;
    for (const auto& word : words) {
      if (node->is_scalar() && node->text == word.text) return word.means;
    }
    refuse_word(key, *node, texts_of(words));
    return fallback;
  }
  // One of the names, for those that only others know; the fallback is none of them.
  std::string name(std::string_view key, const std::vector<std::string>& names,
                   std::string fallback = {});

  // Its keys are names of the definition's own, none of which is unknown.
  void has_own_names() { are_own_names_ = true; }
  // For a key that is known and says nothing here: tells so, with a fix, if it is given.
  void refuse(std::string_view key, std::string_view why, std::string_view fix);

  std::size_t line() const { return node_.line; }
  const std::string& what() const { return what_; }

 private:
  void refuse_word(std::string_view key, const yaml::Node& node,
                   const std::vector<std::string>& known);
  std::string about(std::string_view key) const;

  const yaml::Node& node_;
  std::string what_;
  ProblemList& problems_;
  bool are_own_names_ = false;
  // Literals, and keys of the node; some twice. A method has sixty of them: room for most, so that
  // a whole API's thousands do not go to the heap for it.
  boost::container::small_vector<std::string_view, 72> asked_;
};

// A scalar's text; a problem and nothing otherwise.
std::optional<std::string> scalar_text(const yaml::Node& node, std::string_view what,
                                       ProblemList& problems);
std::optional<bool> scalar_flag(const yaml::Node& node, std::string_view what,
                                ProblemList& problems);
std::vector<std::string> scalar_texts(const yaml::Node& node, std::string_view what,
                                      ProblemList& problems);

// Whether it is a regular expression in RE2's syntax.
bool is_pattern(const std::string& text);

// "did you mean 'x'?" with the nearest name, or "known: …".
std::string suggest(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace patchbay::pack
