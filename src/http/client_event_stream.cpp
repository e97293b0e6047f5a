// An answer that goes on: handed over piece by piece as it comes.
#include <algorithm>

#include "base/text.h"
#include "http/chunk_decoder.h"
#include "http/client_exchange.h"

namespace patchbay::http {

bool ClientExchange::goes_on() const {
  if (!request_.on_event_stream || answer_.status < 200 || answer_.status >= 300) return false;
  const std::string_view type = answer_.headers.find("Content-Type").value_or("");
  return equal_ignoring_case(trim(type.substr(0, type.find(';'))), "text/event-stream");
}

// The deadline is for the silence between the pieces.
io::Task<bool> ClientExchange::read_event_stream() {
  if (const auto encoding = answer_.headers.find("Content-Encoding");
      encoding && !equal_ignoring_case(*encoding, "identity")) {
    co_return note(ErrorCode::upstream, "The answer has an encoding that was not asked for.");
  }
  ClientConnection& connection = *connection_;
  const bool until_close = answer_.body == ResponseHead::Body::until_close;
  if (until_close) answer_.keep_alive = false;
  std::uint64_t left = answer_.body == ResponseHead::Body::sized ? answer_.length : 0;
  ChunkDecoder chunks;
  for (std::string piece;; piece.clear()) {
    bool ended = answer_.body == ResponseHead::Body::none;
    bool malformed = false;
    if (answer_.body == ResponseHead::Body::chunked) {
      const auto [step, used] = chunks.put(unread(), piece, request_.max_response_bytes);
      connection.begin += used;
      ended = step == ChunkDecoder::Step::done;
      malformed = !ended && step != ChunkDecoder::Step::need_more;
    } else if (!ended) {
      const std::string_view here = unread();
      piece = until_close
                  ? here
                  : here.substr(
                        0, static_cast<std::size_t>(std::min<std::uint64_t>(left, here.size())));
      connection.begin += piece.size();
      left -= until_close ? 0 : piece.size();
      ended = !until_close && left == 0;
    }
    if (!piece.empty() && !request_.on_event_stream(piece)) {
      answer_.keep_alive = false;  // the rest of it is still to come
      co_return true;
    }
    if (malformed) co_return note(ErrorCode::upstream, "The answer's chunks are malformed.");
    if (ended) co_return true;
    deadline_.expires_after(request_.timeout);
    if (co_await read_more()) continue;
    co_return until_close&& peer_ended_&& stopped_ == Stopped::no;
  }
}

}  // namespace patchbay::http
