#include "http/chunk_decoder.h"

#include <algorithm>

#include "base/digit.h"

namespace patchbay::http {

namespace {

constexpr std::size_t kMaxLineBytes = 16 * 1024;

bool is_text(char c) {
  return static_cast<unsigned char>(c) >= ' ' ? c != 0x7f : c == '\t';
}

}  // namespace

ChunkDecoder::Progress ChunkDecoder::put(std::string_view bytes, std::string& body,
                                         std::size_t max_body) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (state_ == State::data) {
      std::size_t piece = std::min<std::uint64_t>(remaining_, bytes.size() - used);
      body.append(bytes.substr(used, piece));
      used += piece;
      remaining_ -= piece;
      if (remaining_ == 0) state_ = State::data_cr;
      continue;
    }
    Step step = take(bytes[used++], max_body - body.size());
    if (step != Step::need_more) return {step, used};
  }
  return {Step::need_more, used};
}

ChunkDecoder::Step ChunkDecoder::take(char c, std::size_t room) {
  auto go = [this](State next) {
    state_ = next;
    return Step::need_more;
  };
  switch (state_) {
    case State::size_start:
    case State::size: {
      int digit = hex_value(c);
      if (digit >= 0) {
        if (remaining_ >> 60 != 0) return Step::malformed;
        remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(digit);
        return remaining_ > room ? Step::body_too_large : go(State::size);
      }
      if (state_ == State::size_start) return Step::malformed;
      if (c == '\r') return go(State::size_lf);
      // "bad white space" before an extension is read by some and not by others: only ';' goes.
      return c == ';' ? go(State::extension) : Step::malformed;
    }
    case State::extension:
      if (c == '\r') return go(State::size_lf);
      if (!is_text(c)) return Step::malformed;
      return ++line_bytes_ > kMaxLineBytes ? Step::lines_too_long : Step::need_more;
    case State::size_lf:
      if (c != '\n') return Step::malformed;
      return go(remaining_ > 0 ? State::data : State::line_start);
    case State::data_cr:
      return c == '\r' ? go(State::data_lf) : Step::malformed;
    case State::data_lf:
      return c == '\n' ? go(State::size_start) : Step::malformed;
    case State::line_start:
      if (c == '\r') return go(State::end_lf);
      [[fallthrough]];
    case State::trailer:
      if (c == '\r') return go(State::trailer_lf);
      if (!is_text(c)) return Step::malformed;
      state_ = State::trailer;
      return ++line_bytes_ > kMaxLineBytes ? Step::lines_too_long : Step::need_more;
    case State::trailer_lf:
      return c == '\n' ? go(State::line_start) : Step::malformed;
    case State::end_lf:
      return c == '\n' ? Step::done : Step::malformed;
    case State::data:
      break;  // taken in put()
  }
  return Step::malformed;
}

}  // namespace patchbay::http
