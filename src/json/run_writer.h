// Copies parts of a JSON text in runs: a run grows as long as what is copied is adjacent in the
// source, and is written when it is not. Compact JSON of which little is dropped gives long runs.
// Escapes are checked once, over all that was written: a backslash outside of a string is no valid
// token, so there is no need to know which bytes are strings. (Looking for backslashes while
// copying cost more: runs are short, and each would have to sum up what it saw.)
//
// What was copied can be taken back and mended, each at no more than its own size in cost.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "json/token.h"

namespace patchbay::json {

class RunWriter {
 public:
  // Bytes that copying moves at once. Source and output are overshot by fewer than that.
  static constexpr std::size_t kStep = 32;

  RunWriter(const char* source, char* out) : source_(source), out_(out) {}

  // A place to go back to.
  struct Mark {
    std::size_t written;
    std::size_t run_begin;
    std::size_t run_end;
  };

  // Source bytes from `begin` to `end`: whole tokens.
  void copy(std::size_t begin, std::size_t end) {
    if (begin != run_end_) {
      flush();
      run_begin_ = begin;
    }
    run_end_ = end;
  }

  // Bytes that do not stand in the source like this.
  void put(std::string_view bytes) {
    flush();
    std::memcpy(out_ + written_, bytes.data(), bytes.size());
    written_ += bytes.size();
  }

  // Where the next byte will stand in the output.
  std::size_t offset() const { return written_ + (run_end_ - run_begin_); }

  void flush() {
    const std::size_t size = run_end_ - run_begin_;
    for (std::size_t i = 0; i < size; i += kStep) {
      std::memcpy(out_ + written_ + i, source_ + run_begin_ + i, kStep);
    }
    written_ += size;
    run_begin_ = run_end_;
  }

  Mark mark() const { return {written_, run_begin_, run_end_}; }

  // If something was written since, it began with the marked run, which is in its place then.
  void take_back(const Mark& mark) {
    if (written_ == mark.written) {
      run_begin_ = mark.run_begin;
      run_end_ = mark.run_end;
    } else {
      written_ = mark.written + (mark.run_end - mark.run_begin);
      run_begin_ = run_end_ = mark.run_end;
    }
  }

  // After flush(): moves output bytes to the front, and ends the output there.
  std::size_t move(std::size_t to, std::size_t begin, std::size_t end) {
    std::memmove(out_ + to, out_ + begin, end - begin);
    return to + (end - begin);
  }
  void cut(std::size_t end) { written_ = end; }

  std::size_t written() const { return written_; }
  bool has_valid_escapes() const { return json::has_valid_escapes({out_, written_}); }

 private:
  const char* source_;
  char* out_;
  std::size_t written_ = 0;
  std::size_t run_begin_ = 0;
  std::size_t run_end_ = 0;
};

}  // namespace patchbay::json
