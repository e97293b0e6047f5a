#include "cli/documents.h"

#include <fstream>
#include <iostream>

#include "pack/openapi/document.h"

namespace patchbay::cli {
namespace {

std::string read_all(std::istream& stream) {
  std::string text;
  std::string block(1 << 16, '\0');
  while (stream && text.size() <= openapi::kMaxDocumentBytes) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  }
  return text;
}

}  // namespace

Result<std::string> read_document(const std::string& file) {
  if (file == kStandardInput) return read_all(std::cin);
  std::ifstream stream(file, std::ios::binary);
  std::string text = stream ? read_all(stream) : std::string();
  if (!stream.is_open() || stream.bad()) {
    return fail(ErrorCode::not_found, "Cannot read " + file + ".",
                "Name a file with an OpenAPI or Swagger document, or - for standard input.");
  }
  return text;
}

}  // namespace patchbay::cli
