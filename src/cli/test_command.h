// The command line as a person types it, for tests: the exit code, and what was written.
#pragma once

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"

namespace patchbay::cli::testing {

// Takes what goes to a file descriptor, as long as it lives.
class Captured {
 public:
  explicit Captured(int descriptor)
      : descriptor_(descriptor), own_(::dup(descriptor)), file_(std::tmpfile()) {
    REQUIRE(own_ >= 0);
    REQUIRE(file_ != nullptr);
    flush();
    ::dup2(::fileno(file_), descriptor_);
  }
  ~Captured() { give_back(); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string text() {
    give_back();
    std::string text(static_cast<std::size_t>(std::ftell(file_)), '\0');
    if (std::fseek(file_, 0, SEEK_SET) != 0) return {};
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    return text;
  }

 private:
  static void flush() {
    std::cout.flush();
    std::cerr.flush();
    std::fflush(stdout);
    std::fflush(stderr);
  }
  void give_back() {
    if (own_ < 0) return;
    flush();
    ::dup2(own_, descriptor_);
    ::close(own_);
    own_ = -1;
    std::fseek(file_, 0, SEEK_END);
  }

  const int descriptor_;
  int own_;
  std::FILE* file_;
};

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

// As "patchbay <words>" would.
inline Outcome typed(const std::vector<std::string>& words) {
  std::vector<const char*> arguments{"patchbay"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  Captured out(STDOUT_FILENO);
  Captured err(STDERR_FILENO);
  const int exit_code = run(static_cast<int>(arguments.size()), arguments.data());
  return {exit_code, out.text(), err.text()};
}

inline bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

// A folder that goes when this does.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "patchbay-cli-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace patchbay::cli::testing
