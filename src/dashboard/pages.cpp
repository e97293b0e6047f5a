#include "dashboard/pages.h"

#include <cassert>
#include <utility>
#include <vector>

#include "base/text.h"

extern "C" {
extern const char kPatchbayPagesBegin[];
extern const char kPatchbayPagesEnd[];
}

namespace patchbay::dashboard {
namespace {

constexpr std::string_view kHead = "patchbay-pages 1\n";

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::invalid_argument,
              "The pages of the dashboard are damaged: " + std::string(what) + ".");
}

bool put(File& file, std::string_view coding, Form form) {
  if (coding == "identity") {
    file.identity = form;
  } else if (coding == "gzip") {
    file.gzip = form;
  } else if (coding == "br") {
    file.brotli = form;
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<Pages> Pages::read(std::string_view pack) {
  Pages pages;
  if (pack.empty()) return pages;
  const auto end = pack.find("\n\n");
  if (!pack.starts_with(kHead) || end == std::string_view::npos) return damaged("no list");
  const std::string_view list = pack.substr(kHead.size(), end + 1 - kHead.size());
  std::string_view rest = pack.substr(end + 2);
  for (const std::string_view line : split(list, '\n')) {
    if (line.empty()) continue;
    const std::vector<std::string_view> columns = split(line, '\t');
    const auto size = columns.size() == 4 ? parse_int64(columns[3]) : std::nullopt;
    if (!size || *size < 0 || static_cast<std::size_t>(*size) > rest.size()) {
      return damaged("a line of the list");
    }
    const auto bytes = rest.substr(0, static_cast<std::size_t>(*size));
    rest.remove_prefix(bytes.size());
    if (!put(pages.files_[columns[0]], columns[1], {.etag = columns[2], .bytes = bytes})) {
      return damaged("a coding");
    }
  }
  if (!rest.empty()) return damaged("more bytes than its list names");
  for (const auto& [path, file] : pages.files_) {
    if (file.identity.etag.empty()) return damaged("a file is there compressed only");
  }
  if (pages.find("index.html") == nullptr) return damaged("no index.html");
  return pages;
}

const File* Pages::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

const Pages& built_in_pages() {
  static const Pages kPages = [] {
    auto read = Pages::read({kPatchbayPagesBegin, kPatchbayPagesEnd});
    assert(read.has_value());  // the build made it, and its test reads it
    return read ? std::move(*read) : Pages();
  }();
  return kPages;
}

}  // namespace patchbay::dashboard
