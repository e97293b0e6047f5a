#include "definitions/folder_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace patchbay::definitions {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Not what is written to a file, but that the writing has ended: half a file is no definition.
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_DELETE_SELF |
                                  IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR;
// So often a folder that was taken away is looked for.
constexpr milliseconds kLookFor{500};

int milliseconds_until(steady_clock::time_point moment) {
  const auto left = std::chrono::ceil<milliseconds>(moment - steady_clock::now());
  return static_cast<int>(std::max(left, milliseconds(0)).count());
}

}  // namespace

Result<FolderWatch> FolderWatch::open(std::string folder) {
  const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0) {
    return fail(ErrorCode::unavailable,
                "Changes in " + folder + " are not heard: " +
                    std::error_code(errno, std::generic_category()).message() + ".",
                "Raise fs.inotify.max_user_instances, or send SIGHUP after each change.");
  }
  return FolderWatch(std::move(folder), descriptor);
}

FolderWatch::FolderWatch(std::string folder, int descriptor)
    : folder_(std::move(folder)), descriptor_(descriptor) {}

FolderWatch::FolderWatch(FolderWatch&& other) noexcept
    : folder_(std::move(other.folder_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      is_there_(other.is_there_) {}

FolderWatch::~FolderWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

// What is no folder, or has gone meanwhile, needs none.
bool FolderWatch::add(const std::string& path) {
  return ::inotify_add_watch(descriptor_, path.c_str(), kEvents) >= 0 ||
         (errno != ENOSPC && errno != ENOMEM);
}

bool FolderWatch::look() {
  is_there_ = ::inotify_add_watch(descriptor_, folder_.c_str(), kEvents) >= 0;
  bool all = is_there_ || (errno != ENOSPC && errno != ENOMEM);
  std::error_code code;
  for (fs::directory_iterator entry(folder_, code), end; !code && entry != end;
       entry.increment(code)) {
    const fs::path& pack = entry->path();
    if (pack.filename().string().starts_with('.')) continue;
    all = add(pack.string()) && all;
    for (const char* part : {"resources", "prompts", "reports"})
      all = add((pack / part).string()) && all;
  }
  return all;
}

bool FolderWatch::take_events() const {
  alignas(inotify_event) std::array<char, 16'384> events;
  bool any = false;
  while (::read(descriptor_, events.data(), events.size()) > 0) any = true;
  return any;
}

FolderWatch::Heard FolderWatch::wait(int other) {
  std::array<pollfd, 2> on{{{.fd = other, .events = POLLIN, .revents = 0},
                            {.fd = descriptor_, .events = POLLIN, .revents = 0}}};
  while (true) {
    const int ready =
        ::poll(on.data(), on.size(), is_there_ ? -1 : static_cast<int>(kLookFor.count()));
    if (on[0].revents != 0) return Heard::other;
    if (ready == 0) return Heard::folder;
    if (take_events()) break;
  }
  const auto until = steady_clock::now() + kLongest;
  while (true) {
    const int patience = std::min(static_cast<int>(kQuiet.count()), milliseconds_until(until));
    const int ready = ::poll(on.data(), on.size(), patience);
    if (on[0].revents != 0) return Heard::other;
    if (ready == 0) return Heard::folder;
    take_events();
    if (steady_clock::now() >= until) return Heard::folder;
  }
}

}  // namespace patchbay::definitions
