// What other processes of the machine see of this one: not its memory, and no secret among its
// arguments.
#pragma once

#include <string>
#include <vector>

namespace patchbay::cli {

// No core dumps, and no look into memory and environment for other processes of the same user (nor
// for a debugger). Builds with a sanitizer stay open: those look themselves.
void hide_memory();

// The arguments of main, copied. Where secrets may stand among them, the originals are blotted out:
// from then on /proc/<pid>/cmdline has none.
class Arguments {
 public:
  Arguments(int argc, char** argv);
  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

}  // namespace patchbay::cli
