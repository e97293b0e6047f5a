#include "store/transfer.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/random.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::store {
namespace {

// 2: previous tokens, and what is counted of servers. 3: events. 4: calls that lie together.
constexpr std::int64_t kFormat = 4;
constexpr std::size_t kTellEvery = 1'000;  // rows
constexpr std::size_t kBuffer = 1 << 20;

std::unexpected<Error> disk_failed(const std::string& path) {
  return fail(ErrorCode::unavailable,
              "The file '" + path + "' failed: " + std::strerror(errno) + ".",
              "Check its folder, the room on its disk and the permissions.");
}

std::unexpected<Error> damaged_backup(const std::string& path, std::size_t line) {
  return fail(ErrorCode::invalid_argument,
              "'" + path + "' is no backup, or it is damaged at line " + std::to_string(line) + ".",
              "Nothing was written. Use another backup.");
}

class Digest {
 public:
  Digest() {
    static_cast<void>(sodium_init());
    crypto_generichash_init(&state_, nullptr, 0, kBytes);
  }
  void add(std::string_view text) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(text.data()),
                              text.size());
  }
  std::string hex() {
    std::string bytes(kBytes, '\0');
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(bytes.data()), kBytes);
    return to_hex(bytes);
  }

 private:
  static constexpr std::size_t kBytes = 32;
  crypto_generichash_state state_{};
};

// ---- rows as lines
// --------------------------------------------------------------------------------

Result<json::Value> to_json(const Cell& cell) {
  switch (cell.type) {
    case Cell::Type::null:
      return json::Value();
    case Cell::Type::integer:
      return json::Value(cell.integer);
    case Cell::Type::text:
      if (is_valid_utf8(cell.bytes)) return json::Value(cell.bytes);
      return fail(ErrorCode::internal, "A row of the database is damaged.",
                  "`patchbay store check` tells which.");
    case Cell::Type::blob:
      break;
  }
  return json::Value(json::Object{{"b64", to_base64(cell.bytes)}});
}

std::optional<Cell> to_cell(const json::Value& value) {
  if (value.is_null()) return Cell();
  if (const std::string* const text = value.if_string()) {
    return Cell{.type = Cell::Type::text, .bytes = *text};
  }
  if (const auto number = value.as_int64()) {
    return Cell{.type = Cell::Type::integer, .integer = *number, .bytes = {}};
  }
  const json::Value* const base64 = value.find("b64");
  if (base64 == nullptr || !base64->is_string()) return {};
  auto bytes = from_base64(*base64->if_string());
  if (!bytes) return {};
  return Cell{.type = Cell::Type::blob, .bytes = std::move(*bytes)};
}

Result<std::string> to_line(const Record& record) {
  json::Array cells;
  for (const Cell& cell : record.cells) {
    auto value = to_json(cell);
    if (!value) return std::unexpected(std::move(value.error()));
    cells.push_back(std::move(*value));
  }
  return json::to_string(json::Array{to_string(record.table), std::move(cells)}) + "\n";
}

std::optional<std::vector<Cell>> to_cells(const json::Array& values) {
  std::vector<Cell> cells;
  for (const json::Value& value : values) {
    auto cell = to_cell(value);
    if (!cell) return {};
    cells.push_back(std::move(*cell));
  }
  return cells;
}

Cell text(std::string_view value) {
  return {.type = Cell::Type::text, .bytes = std::string(value)};
}

// The lines of one file, from the first.
class Lines {
 public:
  std::optional<Record> read(const json::Value& line) {
    const json::Array* const parts = line.if_array();
    if (parts == nullptr || parts->size() != 2 || !(*parts)[0].is_string()) return {};
    const json::Array* const values = (*parts)[1].if_array();
    if (values == nullptr || values->empty()) return {};
    auto cells = to_cells(*values);
    if (!cells) return {};
    const std::string& name = *(*parts)[0].if_string();
    if (name == "write_journal") return event_of(*cells);
    for (std::size_t table = 0; table < kTables; ++table) {
      if (to_string(static_cast<Table>(table)) != name) continue;
      Record record{.table = static_cast<Table>(table), .cells = std::move(*cells)};
      if (record.table == Table::integrated_account && record.cells.size() > 1) {
        environments_.insert_or_assign(record.id(), record.cells[1].bytes);
      }
      return record;
    }
    return {};
  }

 private:
  // Before there were events the key of a write lay in a row of its own: it becomes what opening
  // such a database makes of it.
  std::optional<Record> event_of(const std::vector<Cell>& write) {
    if (write.size() != 7) return {};
    const auto& [id, account, key, digest, state, result, started_at] =
        std::tie(write[0], write[1], write[2], write[3], write[4], write[5], write[6]);
    const auto environment = environments_.find(account.bytes);
    if (environment == environments_.end()) return {};
    const Cell number{.type = Cell::Type::integer, .integer = -(++writes_), .bytes = {}};
    return Record{.table = Table::audit_event,
                  .cells = {id, text(environment->second), number, started_at, text("write"),
                            account, text(""), text(""), state, text("{}"), text(""), text(""),
                            Cell(), text(""), key, digest, state, result}};
  }

  std::map<std::string, std::string> environments_;  // of accounts
  std::int64_t writes_ = 0;
};

// ---- the file
// -------------------------------------------------------------------------------------

// Under another name until it is whole: one that nobody can guess or have laid something at, in the
// same folder, so that it can be renamed.
class NewFile {
 public:
  static Result<std::unique_ptr<NewFile>> create(const std::string& path) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return there_already(path);
    std::unique_ptr<NewFile> file(new NewFile(path));
    file->descriptor_ =
        ::open(file->part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file->descriptor_ < 0) return disk_failed(path);
    return file;
  }
  ~NewFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!kept_) ::unlink(part_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  Result<> append(std::string_view text) {
    buffer_ += text;
    return buffer_.size() < kBuffer ? Result<>() : flush();
  }
  // On the disk, and there by its name.
  Result<> keep() {
    if (auto flushed = flush(); !flushed) return flushed;
    if (::fsync(descriptor_) != 0) return disk_failed(path_);
    if (::renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno == EEXIST) return there_already(path_);
      return disk_failed(path_);
    }
    kept_ = true;
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (directory < 0) return disk_failed(path_);
    const bool synced = ::fsync(directory) == 0;
    ::close(directory);
    return synced ? Result<>() : disk_failed(path_);
  }

 private:
  explicit NewFile(std::string path)
      : path_(std::move(path)), part_(path_ + "." + random_id("part")) {}
  static std::unexpected<Error> there_already(const std::string& path) {
    return fail(ErrorCode::conflict, "There is a file '" + path + "' already.",
                "Name another one, or remove it first.");
  }
  Result<> flush() {
    for (std::string_view left = buffer_; !left.empty();) {
      const ssize_t count = ::write(descriptor_, left.data(), left.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return disk_failed(path_);
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    buffer_.clear();
    return {};
  }

  const std::string path_;
  const std::string part_;
  int descriptor_ = -1;
  std::string buffer_;
  bool kept_ = false;
};

// Calls `visit` with each row of the file; the error says where it is damaged. Returns how many.
Result<std::size_t> read_file(const std::string& path, const VisitRecord& visit) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return disk_failed(path);
  Digest digest;
  Lines lines;
  std::string line;
  std::size_t number = 0;
  std::size_t rows = 0;
  while (std::getline(file, line)) {
    ++number;
    const auto value = json::parse(line);
    if (!value) return damaged_backup(path, number);
    if (number == 1) {
      const std::int64_t format = value->int64_or("patchbay_store", 0);
      if (format < 1) return damaged_backup(path, number);
      if (format > kFormat) {
        return fail(ErrorCode::unsupported, "'" + path + "' is of a newer version.",
                    "Use the program that made it, or a newer one.");
      }
    } else if (value->is_object()) {
      const bool whole = value->int64_or("rows", -1) == static_cast<std::int64_t>(rows) &&
                         value->string_or("blake2b", "") == digest.hex() &&
                         file.peek() == std::ifstream::traits_type::eof();
      if (!whole) return damaged_backup(path, number);
      return rows;
    } else {
      const auto record = lines.read(*value);
      if (!record) return damaged_backup(path, number);
      if (auto visited = visit(*record); !visited) return std::unexpected(visited.error());
      ++rows;
    }
    digest.add(line);
    digest.add("\n");
  }
  return damaged_backup(path, number + 1);  // cut off
}

void tell(const Progress& progress, const Done& done, bool end = false) {
  if (progress && (end || done.rows % kTellEvery == 0)) progress(done);
}

}  // namespace

Result<std::size_t> backup(Repository& repository, const std::string& path,
                           const Progress& progress) {
  auto file = NewFile::create(path);
  if (!file) return std::unexpected(std::move(file.error()));
  Digest digest;
  const auto append = [&](const std::string& line) {
    digest.add(line);
    return (*file)->append(line);
  };
  Done done{.what = "written", .rows = 0, .total = 1};
  for (std::size_t table = 1; table < kTables; ++table) {
    const auto count = repository.everything().count(static_cast<Table>(table));
    if (!count) return std::unexpected(count.error());
    done.total += *count;
  }
  const std::string head = json::to_string(json::Object{{"patchbay_store", kFormat}}) + "\n";
  if (auto begun = append(head); !begun) return std::unexpected(std::move(begun.error()));
  auto read = repository.everything().read([&](const Record& record) -> Result<> {
    const auto line = to_line(record);
    if (!line) return std::unexpected(line.error());
    ++done.rows;
    tell(progress, done);
    return append(*line);
  });
  if (!read) return std::unexpected(std::move(read.error()));
  const std::string end =
      json::to_string(json::Object{{"rows", done.rows}, {"blake2b", digest.hex()}}) + "\n";
  if (auto ended = (*file)->append(end); !ended) return std::unexpected(std::move(ended.error()));
  if (auto kept = (*file)->keep(); !kept) return std::unexpected(std::move(kept.error()));
  tell(progress, done, true);
  return done.rows;
}

Result<std::size_t> look_at_backup(const std::string& path) {
  return read_file(path, [](const Record&) -> Result<> { return {}; });
}

Result<std::size_t> restore(Repository& repository, const std::string& path,
                            const Progress& progress) {
  auto whole = look_at_backup(path);
  if (!whole) return whole;
  Done done{.what = "restored", .rows = 0, .total = *whole};
  auto written = repository.everything().write([&](const VisitRecord& write) -> Result<> {
    done.rows = 0;
    const auto read = read_file(path, [&](const Record& record) -> Result<> {
      ++done.rows;
      tell(progress, done);
      return write(record);
    });
    return read ? Result<>() : std::unexpected(read.error());
  });
  if (!written) return std::unexpected(std::move(written.error()));
  tell(progress, done, true);
  return done.rows;
}

}  // namespace patchbay::store
