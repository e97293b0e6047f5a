// Server-Sent Events read back (WHATWG HTML 9.2.6): the data of each, from bytes that come in
// pieces.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace patchbay::cli {

class EventReader {
 public:
  // Calls `on_data` for each event that ends in this piece. Lines of one event's data are joined by
  // blanks: what MCP sends is JSON, where a line break means as much, and a message must stay on
  // one line here.
  void read(std::string_view piece, const std::function<void(std::string_view)>& on_data);

 private:
  void take_line(std::string_view line, const std::function<void(std::string_view)>& on_data);

  std::string line_;
  std::string data_;
  bool first_ = true;      // a byte order mark may stand before the first line
  bool after_cr_ = false;  // the line feed that may follow is no line of its own
};

}  // namespace patchbay::cli
