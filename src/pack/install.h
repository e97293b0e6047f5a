// A pack's files to a folder of integrations, as `--integrations` reads it: whole, or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pack/loader.h"

namespace patchbay::pack {

// Puts the files into `folder`/`name`, in place of what was there, at one moment: who reads
// meanwhile sees the old pack or the new one. What is there is replaced only if its
// integration.yaml begins with `mark`, so that nobody loses what he wrote by hand. Errors: conflict
// (it does not), not_found (there is no such folder), unavailable (the disk).
Result<> install_pack(const std::filesystem::path& folder, const std::string& name,
                      const std::vector<PackFile>& files, std::string_view mark);

}  // namespace patchbay::pack
