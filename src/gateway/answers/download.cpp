#include "gateway/answers/download.h"

#include <utility>

#include "base/encoding.h"
#include "base/text.h"
#include "gateway/arguments/file_types.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "http/content_disposition.h"
#include "http/url.h"
#include "json/mend.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

struct Downloaded {
  std::string name;
  std::string media_type;
  bool is_text = false;
};

Downloaded look_at(const upstream::Answer& answer) {
  Downloaded file;
  file.name =
      http::file_name_of(answer.headers.find("Content-Disposition").value_or("")).value_or("");
  file.media_type =
      believed_type(answer.body, file.name, answer.headers.find("Content-Type").value_or(""));
  file.is_text =
      is_text_type(file.media_type) && is_valid_utf8(answer.body) && !answer.body.contains('\0');
  return file;
}

// Of the path: the last placeholder names the record.
const json::Value* id_of(const Call& call, const Arguments& arguments) {
  const json::Value* id = nullptr;
  for (const auto& argument : call.method().arguments) {
    if (argument.place == integration::ArgumentPlace::path) id = arguments.find(argument.name);
  }
  return id;
}

json::Object metadata_of(const Call& call, const Arguments& arguments, const Downloaded& file,
                         std::size_t bytes) {
  json::Object out;
  if (const auto* id = id_of(call, arguments)) out.append("id", *id);
  if (!file.name.empty()) out.append("fileName", file.name);
  out.append("mimeType", file.media_type);
  out.append("bytes", static_cast<std::int64_t>(bytes));
  return out;
}

// A name for clients that keep what they get; nothing is served there.
std::string uri_of(const Call& call, const Arguments& arguments, const Downloaded& file) {
  std::string uri = "patchbay://" + call.resource().name;
  if (const auto* id = id_of(call, arguments)) {
    uri += '/' + http::percent_encode(as_text(*id));
  }
  return uri + '/' + http::percent_encode(file.name.empty() ? "file" : file.name);
}

// Whatever the reason, the same two ways are open.
std::string elsewhere(const Call& call) {
  return "Have a person open it in " + call.integration().label +
         " itself, or whoever runs this server raise max_result_bytes of this MCP server "
         "(10000000 at most).";
}

Outcome<Content> give_bytes(const Call& call, const Arguments& arguments, const Downloaded& file,
                            const std::string& bytes) {
  auto metadata = json::to_string(metadata_of(call, arguments, file, bytes.size()));
  const auto cap = call.context.max_file_bytes;
  const auto room = cap > metadata.size() ? (cap - metadata.size()) / 4 * 3 : 0;
  if (bytes.size() > room) {
    return refuse(ErrorCode::too_large,
                  (file.name.empty() ? "The file" : file.name) + " (" + file.media_type + ") has " +
                      std::to_string(bytes.size()) +
                      " bytes; results of this server carry files of "
                      "up to " +
                      std::to_string(room) + " bytes (" + std::to_string(cap) +
                      " in base64, with what describes them).",
                  elsewhere(call));
  }
  FileContent content{
      is_shown_as_image(file.media_type) ? FileContent::Kind::image : FileContent::Kind::other,
      to_base64(bytes), file.media_type, uri_of(call, arguments, file)};
  return Content{std::move(metadata), std::move(content)};
}

Outcome<Content> give_text(const Call& call, const Arguments& arguments, const Downloaded& file,
                           const std::string& bytes) {
  std::string_view text = bytes;
  const auto* given = arguments.find("offset");
  const auto asked = given != nullptr ? given->as_int64().value_or(0) : 0;
  if (asked < 0 || (asked > 0 && static_cast<std::size_t>(asked) >= bytes.size())) {
    return refuse(ErrorCode::invalid_argument,
                  "offset " + std::to_string(asked) + " is beyond the text, which has " +
                      std::to_string(bytes.size()) + " bytes.",
                  "Give the offset that the last part's notice named, or leave it out.");
  }
  auto from = static_cast<std::size_t>(asked);
  // Into a character: its rest was read before.
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80) ++from;
  if (from == 0) from = text.size() - json::without_byte_order_mark(text).size();
  auto metadata = metadata_of(call, arguments, file, bytes.size());
  if (asked > 0) metadata.append("offset", static_cast<std::int64_t>(from));
  // What a notice takes at most.
  constexpr std::size_t kNoticeBytes = 200;
  const auto taken = json::to_string(metadata).size() + kNoticeBytes;
  const auto cap = call.context.max_result_bytes;
  const auto shown = cut_utf8(text.substr(from), cap > taken ? cap - taken : 0);
  if (const auto end = from + shown.size(); end < text.size()) {
    metadata.append("notice", "Cut at byte " + std::to_string(end) + " of " +
                                  std::to_string(text.size()) +
                                  " to stay within the size limit. Call again with offset " +
                                  std::to_string(end) + " for what follows.");
  } else if (shown.empty()) {
    metadata.append("notice", "The file is empty.");
  }
  if (shown.empty()) return Content{json::to_string(metadata), std::nullopt};
  return Content{json::to_string(metadata),
                 FileContent{FileContent::Kind::text, std::string(shown), file.media_type,
                             uri_of(call, arguments, file)}};
}

}  // namespace

io::Task<Outcome<Content>> download_file(Call& call, const Prepared& prepared) {
  const auto& arguments = prepared.arguments;
  upstream::Request request;
  request.verb = call.method().verb;
  request.path = prepared.bound.path;
  request.query = prepared.bound.query;
  request.any_media_type = true;
  auto answer = co_await read_upstream(call, arguments, std::move(request));
  if (!answer) {
    if (answer.error().code == ErrorCode::too_large) {
      answer.error().message = "The file is larger than this server fetches from an API (32 MiB).";
      answer.error().hint = "Have a person open it in " + call.integration().label + " itself.";
    }
    co_return std::unexpected(std::move(answer.error()));
  }
  const auto make = [&call, &arguments, &answer]() -> Outcome<Content> {
    const auto file = look_at(*answer);
    return file.is_text ? give_text(call, arguments, file, answer->body)
                        : give_bytes(call, arguments, file, answer->body);
  };
  co_return co_await off_loop(call, answer->body.size(), make);
}

}  // namespace patchbay::gateway
