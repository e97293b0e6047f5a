// Logs: one JSON object per line, written whole. Secrets cannot be passed in by type (Secret has no
// conversion); MCP tokens inside paths are redacted by redact_path before they come here.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace patchbay::telemetry {

enum class Level : std::uint8_t { debug, info, warning, error };

struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
  bool unless_empty = false;  // a text that is empty is left out
};

class Log {
 public:
  // Writes to this file descriptor; lines under `least` are dropped.
  Log(int file_descriptor, Level least) : fd_(file_descriptor), least_(least) {}
  // From now on. Thread-safe.
  void set_least(Level least) { least_.store(least, std::memory_order_relaxed); }
  // {"time":"…","level":"info","message":"…",<fields>}. Thread-safe, never throws.
  void write(Level level, std::string_view message, std::initializer_list<Field> fields = {}) const;
  bool enabled(Level level) const { return level >= least_.load(std::memory_order_relaxed); }

 private:
  int fd_;
  std::atomic<Level> least_;
};

// The path with every secret in it replaced: what follows "/mcp/", and any "pbm_…", "pba_…",
// "pbs_…" or "pbl_…", also percent-encoded or inside /.well-known/ paths. For every place that
// writes a path down.
std::string redact_path(std::string_view path);

}  // namespace patchbay::telemetry
