// Tells that a folder of integrations may be another now, as the kernel tells it (inotify). What
// changed there is for whoever reads it to find out: an editor, a `git checkout` and a volume that
// is swapped as a whole look different from here, and the same once read.
//
// A file system that tells nothing (a network's) is read on SIGHUP and through the admin API only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/error.h"

namespace patchbay::definitions {

class FolderWatch {
 public:
  // Errors: unavailable (the kernel has no watch left to give).
  static Result<FolderWatch> open(std::string folder);
  FolderWatch(FolderWatch&& other) noexcept;
  FolderWatch& operator=(FolderWatch&&) = delete;
  ~FolderWatch();

  // Watches all that is there by now, as deep as definitions lie. Before the folder is read, so
  // that nothing comes in between unheard. False: the kernel takes no more of it.
  bool look();

  enum class Heard : std::uint8_t { folder, other };
  // Waits until something was written and it has been quiet for a moment since, at most for
  // kLongest: who writes all the time is read in between. `other`: a file descriptor that becomes
  // readable when there is something else to do, which ends the waiting at once.
  Heard wait(int other);

  static constexpr std::chrono::milliseconds kQuiet{80};
  static constexpr std::chrono::milliseconds kLongest{400};

 private:
  FolderWatch(std::string folder, int descriptor);
  bool add(const std::string& path);
  bool take_events() const;

  std::string folder_;
  int descriptor_;
  bool is_there_ = true;  // the folder; else it is looked for now and then
};

}  // namespace patchbay::definitions
