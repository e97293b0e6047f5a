#include "servers/file_block.h"

#include <string_view>

#include "json/write.h"

namespace patchbay::servers {
namespace {

using Kind = gateway::FileContent::Kind;

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  json::append_string(out, value);
}

}  // namespace

std::string file_block(const gateway::FileContent& file) {
  std::string out;
  out.reserve(file.content.size() + file.content.size() / 16 + file.uri.size() + 160);
  switch (file.kind) {
    case Kind::text:
      out += R"(,{"type":"text")";
      append_member(out, "text", file.content);
      break;
    case Kind::image:
      out += R"(,{"type":"image")";
      append_member(out, "data", file.content);
      append_member(out, "mimeType", file.media_type);
      break;
    case Kind::other:
      out += R"(,{"type":"resource","resource":{"uri":)";
      json::append_string(out, file.uri);
      append_member(out, "mimeType", file.media_type);
      append_member(out, "blob", file.content);
      out += '}';
      break;
  }
  out += '}';
  return out;
}

}  // namespace patchbay::servers
