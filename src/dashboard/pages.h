// The dashboard's files as the build packs them into the program (cmake/pages.cmake): each as it
// is, and compressed where that makes it smaller. A pack:
//
//   patchbay-pages 1
//   <path> TAB <coding> TAB <etag> TAB <bytes>     a line for each form of each file, sorted by
//   path (an empty line) the bytes of all, one after the other, in the same order
//
// `coding` is identity, gzip or br. An empty pack is a build without a dashboard.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace patchbay::dashboard {

// One form of a file. Both point into the pack.
struct Form {
  std::string_view etag;  // without quotes
  std::string_view bytes;
};

struct File {
  Form identity;
  std::optional<Form> gzip;
  std::optional<Form> brotli;
};

class Pages {
 public:
  // The pack outlives it. Error invalid_argument: it is none.
  static Result<Pages> read(std::string_view pack);

  bool empty() const { return files_.empty(); }
  // "index.html", "assets/app-1a2b3c.js". Null: there is no such file.
  const File* find(std::string_view path) const;

 private:
  std::map<std::string_view, File> files_;
};

// What is in this program.
const Pages& built_in_pages();

}  // namespace patchbay::dashboard
