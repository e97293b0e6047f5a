#include "cli/mcp/event_reader.h"

#include <algorithm>
#include <utility>

namespace patchbay::cli {

void EventReader::read(std::string_view piece,
                       const std::function<void(std::string_view)>& on_data) {
  while (!piece.empty()) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const std::size_t end = piece.find_first_of("\r\n");
    line_ += piece.substr(0, end);
    if (end == std::string_view::npos) return;
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    std::string_view line = line_;
    if (std::exchange(first_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    take_line(line, on_data);
    line_.clear();
  }
}

void EventReader::take_line(std::string_view line,
                            const std::function<void(std::string_view)>& on_data) {
  if (line.empty()) {
    const std::string data = std::exchange(data_, {});
    if (!data.empty()) on_data(data);
    return;
  }
  if (line != "data" && !line.starts_with("data:")) return;  // a comment, or a field of no use here
  line.remove_prefix(std::min<std::size_t>(line.size(), 5));
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (!data_.empty()) data_ += ' ';
  data_ += line;
}

}  // namespace patchbay::cli
